using System.Text.RegularExpressions;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Mail;

namespace Burgernet.Syndicate.Configuration;

/// <summary>Reads what syndicate.json says of mail: a mailbox among the sources, and <c>mail.rules</c>.</summary>
sealed partial class MailSettings(SyndicateFolders folders)
{
    static readonly string[] TokenKeys = ["oauthClientId", "oauthClientSecret", "oauthRefreshToken", "oauthTokenUrl", "oauthScope"];

    /// <summary>Null when it cannot be used; why is among the faults.</summary>
    public MailboxOptions? Mailbox(string name, ConfigReader entry, bool enabled)
    {
        var host = enabled ? entry.Required("host", "schrijf de naam van de IMAP-server, zoals imap.voorbeeld.nl").Trim() : entry.Text("host")?.Trim() ?? "";
        var tls = entry.Text("tls", "implicit")!.ToLowerInvariant() switch
        {
            "implicit" => MailTls.Implicit,
            "starttls" => MailTls.StartTls,
            "none" => MailTls.None,
            var other => Unknown(other),
        };
        var port = entry.Number("port", tls is MailTls.Implicit ? MailboxOptions.UsualPort : 143, 1, 65535);
        var user = enabled ? entry.Required("user", "schrijf de naam waarmee u zich bij de mailbox aanmeldt").Trim() : entry.Text("user")?.Trim() ?? "";
        var usual = new MailboxOptions { Host = "", User = "", Trust = new MailTrust { AllowedSenders = [] } };
        var mailbox = usual with
        {
            Host = host,
            Port = port,
            Tls = tls,
            User = user,
            Folder = entry.Text("folder", usual.Folder)!.Trim(),
            Processed = entry.Text("processed", usual.Processed)!.Trim(),
            Quarantine = entry.Text("quarantine", usual.Quarantine)!.Trim(),
            Trust = Trust(entry, enabled),
        };
        mailbox = Login(name, entry, enabled, mailbox);

        var named = Uri.CheckHostName(host) is not UriHostNameType.Unknown;
        if (host.Length > 0 && !named)
            entry.Fault("host", $"'{host}' is geen naam van een server; schrijf alleen de naam of het IP-adres, de poort staat bij port");
        if (tls is MailTls.None && named && !mailbox.IsLoopback)
            entry.Fault("tls", "zonder tls gaan het wachtwoord en alle mail leesbaar over het netwerk; kies implicit of starttls (none mag alleen op dit apparaat zelf)");
        if (new[] { mailbox.Folder, mailbox.Processed, mailbox.Quarantine }.Distinct(StringComparer.OrdinalIgnoreCase).Count() < 3)
            entry.Fault("folder", "folder, processed en quarantine zijn niet alle drie verschillend; geef elk een eigen map, anders wordt dezelfde mail steeds opnieuw gelezen");
        return named && enabled ? mailbox : null;

        MailTls Unknown(string other)
        {
            entry.Fault("tls", $"'{other}' is hier niet geldig; verwacht wordt implicit, starttls of none");
            return MailTls.Implicit;
        }
    }

    MailTrust Trust(ConfigReader entry, bool enabled)
    {
        var senders = entry.Texts("allowedSenders");
        foreach (var wrong in senders.Where(s => !MailOptions.IsAddress(s)))
            entry.Fault("allowedSenders", $"'{wrong}' is geen mailadres; schrijf hele adressen, zoals burgernetmail@voorbeeld.nl");
        if (enabled && senders.Count == 0)
            entry.Fault("allowedSenders", "ontbreekt; schrijf de adressen waarvan mail geplaatst mag worden, bijvoorbeeld [\"burgernetmail@voorbeeld.nl\"]. Van een ander adres gaat mail in quarantaine");
        var authservId = entry.Text("authservId")?.Trim();
        if (authservId is not null && (authservId.Length == 0 || authservId.Any(c => char.IsWhiteSpace(c) || c is ';' or '=')))
            entry.Fault("authservId", $"'{authservId}' is geen naam van een mailserver; schrijf de naam die vooraan staat in Authentication-Results, zoals mx.voorbeeld.nl");
        if (enabled && authservId is null)
            entry.Fault("authservId", "ontbreekt; schrijf de naam die uw eigen mailserver vooraan zet in Authentication-Results. 'mail test' laat zien welke dat is; begin met de naam van uw mailserver");
        var keys = entry.Text("dkimKeys");
        var file = keys is null ? null : Path.GetFullPath(keys, Path.GetFullPath(folders.Config));
        if (enabled && file is not null && !File.Exists(file))
            entry.Fault("dkimKeys", $"bestand '{file}' is er niet; zet het neer, of haal de sleutel weg: dan komen de DKIM-sleutels uit DNS");
        return new MailTrust
        {
            AllowedSenders = [.. senders.Select(s => s.ToLowerInvariant())],
            AuthservId = authservId,
            ReceivedAbove = entry.Number("receivedAbove", 0, 0, 10),
            DkimKeys = file,
        };
    }

    MailboxOptions Login(string name, ConfigReader entry, bool enabled, MailboxOptions mailbox)
    {
        var password = entry.Text("password");
        var clientId = entry.Text("oauthClientId")?.Trim();
        var clientSecret = entry.Text("oauthClientSecret")?.Trim();
        var refreshToken = entry.Text("oauthRefreshToken")?.Trim();
        var tokenUrl = entry.Url("oauthTokenUrl", null);
        var scope = entry.Text("oauthScope")?.Trim();
        var withToken = TokenKeys.Any(entry.Has);
        if (!enabled)
            return mailbox;

        if (password is not null && withToken)
            entry.Fault("password", "er staat een wachtwoord en een aanmelding met een token (oauth…); houd er een van over");
        if (password is null && !withToken)
            entry.Fault("password", $"ontbreekt; zet het {Place("password")}, of meld aan met een token (oauthClientId, oauthTokenUrl en oauthClientSecret of oauthRefreshToken)");
        if (!withToken)
            return mailbox with { Password = password is null ? null : new Secret(password.TrimEnd('\r', '\n')) };

        if (string.IsNullOrEmpty(clientId))
            entry.Fault("oauthClientId", "ontbreekt; dat is het nummer van de app die u bij uw mailprovider aanmaakte");
        if (string.IsNullOrEmpty(refreshToken) && string.IsNullOrEmpty(clientSecret))
            entry.Fault("oauthClientSecret", $"ontbreekt, en er is ook geen oauthRefreshToken; zet het {Place("oauthClientSecret")}");
        if (string.IsNullOrEmpty(refreshToken) && !string.IsNullOrEmpty(clientSecret) && string.IsNullOrEmpty(scope))
            entry.Fault("oauthScope", "ontbreekt; zonder oauthRefreshToken vraagt de app voor zichzelf, en dan moet erbij staan waarvoor. Bij Microsoft 365 is het https://outlook.office365.com/.default");
        if (tokenUrl is null && !entry.Has("oauthTokenUrl"))
            entry.Fault("oauthTokenUrl", "ontbreekt; bij Microsoft 365 is het https://login.microsoftonline.com/TENANT/oauth2/v2.0/token, bij Google https://oauth2.googleapis.com/token");
        if (tokenUrl is { Scheme: "http", IsLoopback: false })
            entry.Fault("oauthTokenUrl", "zonder https gaat het token leesbaar over het netwerk; schrijf het adres met https://");
        return string.IsNullOrEmpty(clientId) || string.IsNullOrEmpty(refreshToken) && string.IsNullOrEmpty(clientSecret) || tokenUrl is null ? mailbox : mailbox with
        {
            OAuth = new MailboxOAuth(clientId, SecretOf(clientSecret), SecretOf(refreshToken), tokenUrl, string.IsNullOrEmpty(scope) ? null : scope),
        };

        static Secret? SecretOf(string? text) => string.IsNullOrEmpty(text) ? null : new Secret(text);
        string Place(string key) => folders.PlaceOfSecret($"sources__{name}__{key}");
    }

    /// <summary>The rules of <c>mail</c>, or those that ship where it has none.</summary>
    public static MailRules Rules(ConfigReader mail)
    {
        var entries = mail.Items("rules");
        mail.RejectUnknown();
        if (entries is null)
            return MailRules.Default;
        if (entries.Count == 0)
            mail.Fault("rules", "de lijst is leeg; vul haar, of haal de sleutel weg: dan gelden de regels die bij het programma horen");
        return new MailRules([.. entries.Select(Rule)]);
    }

    static MailRule Rule(ConfigReader entry)
    {
        var kind = entry.Required("kind", "schrijf wat voor mail het is, zoals getuigenoproep");
        if (kind.Length > 0 && !Kind().IsMatch(kind))
            entry.Fault("kind", $"'{kind}' is hier niet geldig; schrijf kleine letters en streepjes, zoals digitaal-buurtonderzoek");
        var headers = entry.Object("headers");
        var rule = new MailRule
        {
            Kind = kind,
            Decision = entry.Choice("decision", $"kies {string.Join(" of ", Wire.All<SubmissionDecision>())}", SubmissionDecision.Hold),
            Reason = entry.Required("reason", "schrijf in één zin waarom; wie ernaar kijkt leest dat"),
            Headers = headers.Keys.ToDictionary(name => name, name => Words(headers, name, isHeader: true), StringComparer.OrdinalIgnoreCase),
            Subject = Words(entry, "subject"),
            Text = Words(entry, "text"),
            Without = Words(entry, "without"),
        };
        entry.RejectUnknown();
        if (rule.Headers.Count + rule.Subject.Count + rule.Text.Count == 0)
            entry.Fault("text", "deze regel heeft geen voorwaarde en zou voor elke mail gelden; noem woorden bij subject of text, of een kopregel bij headers");
        return rule;
    }

    static IReadOnlyList<string> Words(ConfigReader entry, string key, bool isHeader = false)
    {
        var there = entry.Has(key);
        var words = entry.List(key, []);
        // Of a header an empty list says something: that it is not there.
        if (there && words.Count == 0 && !isHeader)
            entry.Fault(key, "de lijst is leeg; vul haar, of haal de sleutel weg als het niet uitmaakt");
        foreach (var fault in words.Where(w => !isHeader || w is not ("*" or "<>")).Select(MailWords.FaultOf).OfType<string>())
            entry.Fault(key, fault);
        return words;
    }

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex Kind();
}
