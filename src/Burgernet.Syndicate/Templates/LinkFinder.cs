using System.Collections;
using System.Collections.Frozen;

namespace Burgernet.Syndicate.Templates;

/// <summary>A stretch of text that X turns into a link.</summary>
/// <param name="Start">Index of the first UTF-16 code unit.</param>
/// <param name="Length">Number of UTF-16 code units.</param>
/// <param name="Url">The link as X takes it from the text.</param>
/// <param name="HasProtocol">It starts with <c>http://</c> or <c>https://</c>.</param>
public readonly record struct FoundLink(int Start, int Length, string Url, bool HasProtocol);

/// <summary>
/// Finds links the way X does: <c>extractUrlsWithIndices</c> of twitter-text 3.1.0 with bare domains included, so that
/// "straat.in" counts as a link where the writer only forgot a space. Same answers as the original, oddities included,
/// but in time linear to the text: the original is one regular expression that some texts slow to a crawl.
/// </summary>
public static class LinkFinder
{
    const int LongestUrl = 4096;
    const int LongestLabel = 63;
    const int LongestShortLinkName = 40;

    // The parentheses, dots and other marks that cannot stand in a label of a domain name. Everything else can, because
    // domain names exist in all scripts.
    static readonly CharSet NotInLabel = new(
        "!'#%&()*+,\\-./:;<=>?@[]^_{|}~$"
        + "\t\n\v\f\r \u0085\u00A0\u1680\u180E\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u2028\u2029\u202F\u205F\u3000"
        + "\uFFFE\uFEFF\uFFFF"
        + "\u202A\u202B\u202C\u202D\u202E\u061C\u200E\u200F\u2066\u2067\u2068\u2069");

    static readonly CharSet LatinWithAccents = CharSet.IgnoringCase(
        ('\u00C0', '\u00D6'), ('\u00D8', '\u00F6'), ('\u00F8', '\u024F'), ('\u0253', '\u0254'), ('\u0256', '\u0257'),
        ('\u0259', '\u0259'), ('\u025B', '\u025B'), ('\u0263', '\u0263'), ('\u0268', '\u0268'), ('\u026F', '\u026F'),
        ('\u0272', '\u0272'), ('\u0289', '\u0289'), ('\u028B', '\u028B'), ('\u02BB', '\u02BB'), ('\u0300', '\u036F'),
        ('\u1E00', '\u1EFF'));

    static readonly CharSet Cyrillic = CharSet.IgnoringCase(('\u0400', '\u04FF'));

    static readonly FrozenSet<string> TopLevel =
        TopLevelDomains.All.Select(domain => CharSet.Fold(domain)).ToFrozenSet(StringComparer.Ordinal);

    static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> TopLevelLookup =
        TopLevel.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>All links in <paramref name="text"/>, in the order in which they stand there.</summary>
    public static IReadOnlyList<FoundLink> Find(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!HasDomainDot(text))
            return [];

        var links = new List<FoundLink>();
        var domainEnds = DomainEnds(text, asciiOnly: false);
        for (var at = 0; at < text.Length;)
        {
            if (MayPrecedeLink(text[at]) && MatchAt(text, at + 1, domainEnds) is { } match
                || at == 0 && (match = MatchAt(text, 0, domainEnds)) is not null)
            {
                AddLinks(links, text, match);
                at = match.End;
            }
            else
            {
                at++;
            }
        }

        return links;
    }

    // Most dots end a sentence or stand in a number; no top-level domain begins like that.
    static bool HasDomainDot(string text)
    {
        for (var dot = text.IndexOf('.', StringComparison.Ordinal); dot >= 0 && dot + 1 < text.Length; dot = text.IndexOf('.', dot + 1))
        {
            if (char.IsAsciiLetter(text[dot + 1]) || !char.IsAscii(text[dot + 1]))
                return true;
        }

        return false;
    }

    sealed record Match(int Start, int DomainStart, int DomainEnd, int PathStart, int PathEnd, int End)
    {
        public bool HasProtocol => DomainStart > Start;
    }

    static Match? MatchAt(string text, int start, int[] domainEnds)
    {
        var domainStart = start + ProtocolLength(text, start);
        if (domainStart >= text.Length || domainEnds[domainStart] == 0)
            return null;

        var domainEnd = domainEnds[domainStart];
        var pathStart = EndOfPort(text, domainEnd);
        var pathEnd = EndOfPath(text, pathStart);
        return new Match(start, domainStart, domainEnd, pathStart, pathEnd, EndOfQuery(text, pathEnd));
    }

    static void AddLinks(List<FoundLink> links, string text, Match match)
    {
        var url = text[match.Start..match.End];
        var domain = text[match.DomainStart..match.DomainEnd];
        if (!IsPossibleDomain(domain) || (match.HasProtocol ? 0 : "https://".Length) + url.Length > LongestUrl)
            return;

        if (!match.HasProtocol)
        {
            AddBareDomains(links, text, match, domain);
        }
        else if (ShortLinkLength(url) is { } length)
        {
            // t.co takes one name; what follows it is text.
            if (length > 0)
                links.Add(new FoundLink(match.Start, length, url[..length], HasProtocol: true));
        }
        else
        {
            links.Add(new FoundLink(match.Start, url.Length, url, HasProtocol: true));
        }
    }

    // Without http(s):// only the Latin parts of a domain become links, and only the last of them takes the path along.
    static void AddBareDomains(List<FoundLink> links, string text, Match match, string domain)
    {
        if (match.Start > 0 && text[match.Start - 1] is '-' or '_' or '.' or '/')
            return;

        var ends = DomainEnds(domain, asciiOnly: true);
        var first = links.Count;
        var searchFrom = 0;
        for (var at = 0; at < domain.Length;)
        {
            if (ends[at] == 0)
            {
                at++;
                continue;
            }

            // The original looks its finding up again in the domain instead of keeping its place; so do we.
            var found = domain[at..ends[at]];
            var start = domain.IndexOf(found, searchFrom, StringComparison.Ordinal);
            searchFrom = start + found.Length;
            links.Add(new FoundLink(match.Start + start, found.Length, found, HasProtocol: false));
            at = ends[at];
        }

        if (links.Count > first && match.PathEnd > match.PathStart)
        {
            var last = links[^1];
            var url = last.Url + text[match.DomainEnd..match.End];
            links[^1] = last with { Length = match.End - last.Start, Url = url };
        }
    }

    static bool MayPrecedeLink(char c) =>
        !char.IsAsciiLetterOrDigit(c) && c is not ('@' or '＠' or '$' or '#' or '＃' or '\uFFFE' or '\uFEFF' or '\uFFFF');

    static int ProtocolLength(string text, int start)
    {
        if (string.Compare(text, start, "http", 0, 4, StringComparison.OrdinalIgnoreCase) != 0 || !char.IsAscii(text[start]))
            return 0;

        var length = start + 4 < text.Length && text[start + 4] is 's' or 'S' ? 5 : 4;
        return string.CompareOrdinal(text, start + length, "://", 0, 3) == 0 ? length + 3 : 0;
    }

    /// <summary>
    /// For every index the end of the longest domain name that starts there, or 0. Worked out from the back, because
    /// the answer for "www.politie.nl" follows from the one for "politie.nl".
    /// </summary>
    static int[] DomainEnds(string text, bool asciiOnly)
    {
        var ends = new int[text.Length + 1];
        var labelEnd = text.Length;
        var underscore = int.MaxValue;
        var afterLabel = 0;
        for (var at = text.Length - 1; at >= 0; at--)
        {
            var c = text[at];
            if (!(asciiOnly ? IsBareLabelChar(c) : IsLabelChar(c) || c is '-' or '_'))
            {
                labelEnd = at;
                underscore = int.MaxValue;
                afterLabel = c == '.' ? EndOfTopLevelDomain(text, at + 1) : 0;
                continue;
            }

            if (c == '_')
                underscore = Math.Min(at, underscore);
            if (labelEnd == text.Length || text[labelEnd] != '.' || !asciiOnly && !(IsLabelChar(c) && IsLabelChar(text[labelEnd - 1])))
                continue;

            var longer = labelEnd + 1 < text.Length ? ends[labelEnd + 1] : 0;
            // An underscore may stand in a subdomain, but not in the name right before the top-level domain.
            ends[at] = longer > 0 ? longer : underscore == int.MaxValue ? afterLabel : 0;
        }

        return ends;
    }

    static bool IsLabelChar(char c) => !NotInLabel.Contains(c);

    static bool IsBareLabelChar(char c) => char.IsAsciiLetterOrDigit(c) || c == '-' || LatinWithAccents.Contains(c);

    static int EndOfTopLevelDomain(string text, int start)
    {
        Span<char> folded = stackalloc char[TopLevelDomains.LongestLength];
        var available = Math.Min(text.Length - start, TopLevelDomains.LongestLength);
        for (var i = 0; i < available; i++)
            folded[i] = CharSet.Fold(text[start + i]);

        for (var length = available; length > 0; length--)
        {
            var next = start + length;
            var ends = next == text.Length || !char.IsAsciiLetterOrDigit(text[next]) && text[next] is not ('@' or '+' or '-');
            if (ends && TopLevelLookup.Contains(folded[..length]))
                return next;
        }

        return EndOfPunycode(text, start);
    }

    static int EndOfPunycode(string text, int start)
    {
        if (string.Compare(text, start, "xn--", 0, 4, StringComparison.OrdinalIgnoreCase) != 0)
            return 0;
        var end = start + 4;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '-'))
            end++;
        return end > start + 4 ? end : 0;
    }

    static int EndOfPort(string text, int start)
    {
        var end = start + 1;
        if (start >= text.Length || text[start] != ':')
            return start;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
            end++;
        return end > start + 1 ? end : start;
    }

    // A path ends in a character that may end one, or in balanced parentheses: "(zie politie.nl/a_(b))." ends at "(b)".
    static int EndOfPath(string text, int start)
    {
        if (start >= text.Length || text[start] != '/')
            return start;

        var end = start + 1;
        for (var at = end; at < text.Length;)
        {
            if (IsPathChar(text[at]))
            {
                if (MayEndPath(text[at++]))
                    end = at;
            }
            else if (EndOfParentheses(text, at) is var closed and > 0)
            {
                if (end == at)
                    end = closed;
                at = closed;
            }
            else
            {
                break;
            }
        }

        return end;
    }

    // At most one pair of parentheses within the outer pair.
    static int EndOfParentheses(string text, int start)
    {
        if (text[start] != '(')
            return 0;
        var at = SkipPathChars(text, start + 1);
        if (at < text.Length && text[at] == ')')
            return at > start + 1 ? at + 1 : 0;
        if (at >= text.Length || text[at] != '(')
            return 0;

        var inner = at + 1;
        at = SkipPathChars(text, inner);
        if (at == inner || at >= text.Length || text[at] != ')')
            return 0;
        at = SkipPathChars(text, at + 1);
        return at < text.Length && text[at] == ')' ? at + 1 : 0;
    }

    static int SkipPathChars(string text, int at)
    {
        while (at < text.Length && IsPathChar(text[at]))
            at++;
        return at;
    }

    static bool IsPathChar(char c) => IsPathLetterOrDigit(c) || "!*';:=+,.$/%#[]-\u2013_~@|&".Contains(c, StringComparison.Ordinal);

    static bool MayEndPath(char c) => IsPathLetterOrDigit(c) || c is '+' or '-' or '=' or '_' or '#' or '/';

    static bool IsPathLetterOrDigit(char c) => char.IsAsciiLetterOrDigit(c) || Cyrillic.Contains(c) || LatinWithAccents.Contains(c);

    static int EndOfQuery(string text, int start)
    {
        var end = start;
        if (start >= text.Length || text[start] != '?')
            return start;
        for (var at = start + 1; at < text.Length && IsQueryChar(text[at]); at++)
        {
            if (MayEndQuery(text[at]))
                end = at + 1;
        }

        return end;
    }

    static bool IsQueryChar(char c) =>
        char.IsAsciiLetterOrDigit(c) || "!?*'@();:&=+$/%#[]-_.,~|".Contains(c, StringComparison.Ordinal);

    static bool MayEndQuery(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '&' or '=' or '#' or '/';

    /// <summary>Null: not a t.co link. 0: one whose name is too long to be one. Otherwise how much of it is the link.</summary>
    static int? ShortLinkLength(string url)
    {
        var nameStart = url.StartsWith("https", StringComparison.OrdinalIgnoreCase) ? 13 : 12;
        if (!url.AsSpan(url.IndexOf(':', StringComparison.Ordinal)).StartsWith("://t.co/", StringComparison.OrdinalIgnoreCase))
            return null;

        var nameEnd = nameStart;
        while (nameEnd < url.Length && char.IsAsciiLetterOrDigit(url[nameEnd]))
            nameEnd++;
        if (nameEnd == nameStart)
            return null;
        return nameEnd - nameStart > LongestShortLinkName ? 0 : EndOfQuery(url, nameEnd);
    }

    static bool IsPossibleDomain(string domain)
    {
        if (domain.StartsWith("xn--", StringComparison.Ordinal) && DomainEnds(domain, asciiOnly: true).All(end => end == 0))
            return false;
        return domain.Split('.').All(label => PunycodeLength(label) is > 0 and <= LongestLabel);
    }

    // RFC 3490 has more dots than the one on the keyboard; they divide a label for the encoding only.
    static int PunycodeLength(string label)
    {
        var parts = label.Split('\u3002', '\uFF0E', '\uFF61');
        return parts.Sum(Punycode.EncodedLength) + parts.Length - 1;
    }

    /// <summary>A set of UTF-16 code units.</summary>
    sealed class CharSet
    {
        readonly BitArray _members = new(char.MaxValue + 1);

        public CharSet(string characters)
        {
            foreach (var c in characters)
                _members[c] = true;
        }

        public bool Contains(char c) => _members[c];

        /// <summary>The given ranges and whatever equals one of their members but for case.</summary>
        public static CharSet IgnoringCase(params ReadOnlySpan<(char First, char Last)> ranges)
        {
            var folded = new BitArray(char.MaxValue + 1);
            foreach (var (first, last) in ranges)
            {
                for (int c = first; c <= last; c++)
                    folded[Fold((char)c)] = true;
            }

            var set = new CharSet("");
            for (int c = 0; c <= char.MaxValue; c++)
                set._members[c] = folded[Fold((char)c)];
            return set;
        }

        /// <summary>What JavaScript compares when a regular expression ignores case: upper case, but never from outside ASCII into it.</summary>
        public static char Fold(char c)
        {
            var upper = char.ToUpperInvariant(c);
            return char.IsAscii(upper) && !char.IsAscii(c) ? c : upper;
        }

        public static string Fold(string text) => string.Create(text.Length, text, (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = Fold(source[i]);
        });
    }
}
