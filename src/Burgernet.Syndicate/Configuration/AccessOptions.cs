using System.Net;

namespace Burgernet.Syndicate.Configuration;

/// <summary>Who may look at the pages and act there: <c>access</c> in syndicate.json, checked.</summary>
public sealed record AccessOptions
{
    /// <summary>The login of the organisation, by OpenID Connect; null: only accounts of our own.</summary>
    public OrganisationLogin? Organisation { get; init; }

    /// <summary>Proxies whose word about who asks is taken (<c>X-Forwarded-For</c>, <c>X-Forwarded-Proto</c>), beside those on this machine.</summary>
    public IReadOnlyList<IPAddress> Proxies { get; init; } = [];
}

/// <summary>An OpenID Connect provider (OpenID Connect Core 1.0, authorization code with PKCE).</summary>
public sealed record OrganisationLogin
{
    /// <summary>Where its <c>/.well-known/openid-configuration</c> is.</summary>
    public required Uri Authority { get; init; }

    public required string ClientId { get; init; }

    public required Secret ClientSecret { get; init; }

    /// <summary>The claim that says who it is; it stands in the log of what people did.</summary>
    public required string NameClaim { get; init; }

    /// <summary>The claim that says what she may.</summary>
    public required string RoleClaim { get; init; }

    /// <summary>What that claim must say, by role: <c>lezen</c>, <c>redactie</c>, <c>beheer</c>.</summary>
    public required IReadOnlyDictionary<string, string> Roles { get; init; }
}
