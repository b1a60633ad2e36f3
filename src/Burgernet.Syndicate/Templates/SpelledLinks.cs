namespace Burgernet.Syndicate.Templates;

/// <summary>Words without links, for where a link costs too much: the address is spelled out, so that who reads it still knows where to look.</summary>
public static class SpelledLinks
{
    const int LongestPath = 30;

    /// <summary>The same text with every link as "politie punt nl/amberalert"; a long path is left out.</summary>
    public static string In(string text)
    {
        // What stands beside a link can become one when that is gone; every round has fewer dots.
        while (LinkFinder.Find(text) is { Count: > 0 } links)
            foreach (var link in links.Reverse())
                text = string.Concat(text.AsSpan(0, link.Start), Spelled(link.Url), text.AsSpan(link.Start + link.Length));
        return text;
    }

    static string Spelled(string url)
    {
        var address = url[(url.IndexOf("://", StringComparison.Ordinal) is var scheme and >= 0 ? scheme + 3 : 0)..];
        if (address.StartsWith("www.", StringComparison.OrdinalIgnoreCase))
            address = address[4..];
        var end = address.IndexOfAny(['/', '?', '#']);
        var (site, path) = end < 0 ? (address, "") : (address[..end], address[end..].TrimEnd('/'));
        return (path.Length <= LongestPath && !path.Contains('?', StringComparison.Ordinal) ? site + path : site).Replace(".", " punt ", StringComparison.Ordinal);
    }
}
