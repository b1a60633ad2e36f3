using System.Text.RegularExpressions;

namespace Burgernet.Syndicate.Templates;

/// <summary>Decides whether a link leads to a site of ours, and what of it is worth keeping.</summary>
static class ListedLink
{
    /// <summary>The link over https and without what only serves to follow readers; null when it must not stay.</summary>
    public static string? From(FoundLink link, IReadOnlyList<string> hosts)
    {
        if (!PlainLink.IsMatch(link.Url))
            return null;

        var rest = link.HasProtocol ? link.Url[(link.Url.IndexOf("://", StringComparison.Ordinal) + 3)..] : link.Url;
        var hostEnd = rest.AsSpan().IndexOfAny("/?#");
        var host = (hostEnd < 0 ? rest : rest[..hostEnd]).ToLowerInvariant();
        if (!IsListed(host, hosts))
            return null;

        var path = WithoutTracking(hostEnd < 0 ? "" : rest[hostEnd..]);
        return (link.HasProtocol ? "https://" + host : rest[..host.Length]) + path;
    }

    /// <summary>The host itself or a subdomain of it.</summary>
    public static bool IsListed(string host, IReadOnlyList<string> hosts) => hosts.Any(allowed =>
        host.Equals(allowed, StringComparison.OrdinalIgnoreCase) || host.EndsWith("." + allowed, StringComparison.OrdinalIgnoreCase));

    static string WithoutTracking(string path)
    {
        var fragmentStart = path.IndexOf('#', StringComparison.Ordinal);
        var fragment = fragmentStart < 0 ? "" : path[fragmentStart..];
        path = fragmentStart < 0 ? path : path[..fragmentStart];
        var queryStart = path.IndexOf('?', StringComparison.Ordinal);
        if (queryStart < 0)
            return path + fragment;

        var kept = path[(queryStart + 1)..].Split('&').Where(parameter => parameter.Length > 0 && !IsTracking(parameter.Split('=')[0])).ToList();
        return path[..queryStart] + (kept.Count > 0 ? "?" + string.Join('&', kept) : "") + fragment;
    }

    static bool IsTracking(string name) =>
        name.StartsWith("utm_", StringComparison.OrdinalIgnoreCase) || TrackingParameters.Contains(name);

    static readonly HashSet<string> TrackingParameters = new(StringComparer.OrdinalIgnoreCase)
    {
        "fbclid", "gclid", "dclid", "gbraid", "wbraid", "msclkid", "twclid", "yclid", "igshid", "mc_cid", "mc_eid", "_ga",
    };

    // Letters and signs that mean nothing but a link to any network: no user name, no port, no other script, no mark-up.
    static readonly Regex PlainLink = new(@"^(?i:https?://)?[A-Za-z0-9.\-]+(?:[/?#][A-Za-z0-9./?=&%_+#,;!:\-]*)?$", RegexOptions.NonBacktracking);
}
