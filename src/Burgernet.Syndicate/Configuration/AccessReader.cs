using System.Net;

namespace Burgernet.Syndicate.Configuration;

/// <summary>Reads who may look and act.</summary>
static class AccessReader
{
    /// <param name="access">The section.</param>
    /// <param name="secretPlace">Where a secret of this name belongs (Dutch).</param>
    public static AccessOptions Read(ConfigReader access, Func<string, string> secretPlace)
    {
        var proxies = new List<IPAddress>();
        foreach (var text in access.Texts("proxies"))
        {
            if (IPAddress.TryParse(text, out var address))
                proxies.Add(address);
            else
                access.Fault("proxies", $"'{text}' is geen IP-adres; noem elke proxy met zijn adres, zoals 10.0.0.5");
        }

        var organisation = access.Has("oidc") ? Organisation(access.Object("oidc"), secretPlace) : null;
        access.Expect("oidc");
        access.RejectUnknown();
        return new AccessOptions { Organisation = organisation, Proxies = proxies };
    }

    static OrganisationLogin? Organisation(ConfigReader oidc, Func<string, string> secretPlace)
    {
        var authority = oidc.Url("authority", null);
        if (authority is null && !oidc.Has("authority"))
            oidc.Fault("authority", "ontbreekt; het adres van de inlogdienst, zoals https://login.microsoftonline.com/TENANT/v2.0");
        else if (authority is { Scheme: "http", IsLoopback: false })
            oidc.Fault("authority", "moet met https:// beginnen; anders kan een ander zich voor de inlogdienst uitgeven");
        var clientId = oidc.Required("clientId", "het nummer waaronder dit programma bij de inlogdienst bekend is");
        var secret = oidc.Required("clientSecret", secretPlace("access__oidc__clientSecret"));
        var (nameClaim, roleClaim) = (oidc.Text("nameClaim", "email")!, oidc.Text("roleClaim", "roles")!);
        var roles = oidc.Object("roles");
        var named = new Dictionary<string, string>();
        foreach (var role in (string[])["lezen", "redactie", "beheer"])
            if (roles.Text(role) is { } value)
                named[role] = value;
        roles.RejectUnknown();
        if (named.Count == 0)
            oidc.Fault("roles", "ontbreekt; schrijf welke groep of rol van de inlogdienst hier lezen, redactie of beheer is, zoals { \"redactie\": \"burgernet-redactie\" }");
        oidc.RejectUnknown();
        return authority is null ? null : new OrganisationLogin
        {
            Authority = authority, ClientId = clientId, ClientSecret = new Secret(secret.Trim()), NameClaim = nameClaim, RoleClaim = roleClaim, Roles = named,
        };
    }
}
