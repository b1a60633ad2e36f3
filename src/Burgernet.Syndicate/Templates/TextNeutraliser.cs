using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Burgernet.Syndicate.Templates;

/// <summary>
/// Makes text from outside harmless before it enters a template. A published alert speaks with the voice of the police;
/// whoever can forge or break one message must not be able to let that voice mention people, advertise a site or give a
/// number to call. Words, times, lengths and places stay as they are. The output goes through unchanged a second time.
/// </summary>
public sealed class TextNeutraliser(NeutraliserRules rules)
{
    // Two or three rounds are enough for anything that was seen. Text that still changes after this many is not trusted.
    const int MostRounds = 12;

    const char FirstPlaceholder = '\uE000';
    const int MostPlaceholders = 1000;

    readonly PhoneNumberFinder _phoneNumbers = new(rules.PhoneNumbers);

    /// <summary>The text without what it should not carry; empty for null. Never throws.</summary>
    public NeutralisedText Neutralise(string? text)
    {
        var removed = new RemovalLog();
        var current = text ?? "";
        for (var round = 0; round < MostRounds; round++)
        {
            var next = Pass(current, removed);
            if (next == current)
                return new NeutralisedText(current, removed.Items, removed.LeadsAway);
            current = next;
        }

        removed.Add("de hele tekst", leadsAway: true);
        return new NeutralisedText("", removed.Items, removed.LeadsAway);
    }

    /// <summary>
    /// The first mention, link or number in a whole post that is not on the lists; null when there is none. For the post as
    /// it goes out, with the template's own words and mark-up.
    /// </summary>
    public string? FindElsewhere(string text)
    {
        if (text.AsSpan().IndexOfAny('@', '＠') >= 0 && Mention.Match(text) is { Success: true } mention)
            return mention.Value.Trim();
        foreach (var link in LinkFinder.Find(text))
        {
            if (ListedLink.From(link, rules.LinkHosts) is null)
                return link.Url;
        }

        foreach (var (start, length) in _phoneNumbers.FindUnlisted(text))
            return text.Substring(start, length);
        return null;
    }

    string Pass(string text, RemovalLog removed)
    {
        text = CharacterCleaner.Clean(text, removed);
        text = SetListedLinksAside(text, out var listed);
        text = RemoveAddresses(text, removed);
        text = RemoveSigns(text, removed);
        text = RemoveUnlistedLinks(text, removed);
        text = LookAlikes.Unmask(text, removed);
        text = RemovePhoneNumbers(text, removed);
        return TidySpaces(PutBack(text, listed));
    }

    // ---- Links -----------------------------------------------------------------------------------------------------

    // While the rest is cleaned, each link that may stay is one private-use character: those were dropped before, so the
    // text has none of its own.
    string SetListedLinksAside(string text, out List<string> listed)
    {
        listed = [];
        var result = new StringBuilder(text.Length);
        var copied = 0;
        foreach (var link in LinkFinder.Find(text))
        {
            if (listed.Count == MostPlaceholders || link.Start < copied || !StandsAlone(text, link) || ListedLink.From(link, rules.LinkHosts) is not { } kept)
                continue;
            result.Append(text, copied, link.Start - copied).Append((char)(FirstPlaceholder + listed.Count));
            listed.Add(kept);
            copied = link.Start + link.Length;
        }

        return result.Append(text, copied, text.Length - copied).ToString();
    }

    static string PutBack(string text, List<string> listed)
    {
        if (listed.Count == 0)
            return text;
        var result = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (IsPlaceholder(c))
                result.Append(listed[c - FirstPlaceholder]);
            else
                result.Append(c);
        }

        return result.ToString();
    }

    static bool IsPlaceholder(char c) => c is >= FirstPlaceholder and < (char)(FirstPlaceholder + MostPlaceholders);

    // X ends a link where another network reads on: "politie.nl@x.example" and "pоlitie.nl" with a Cyrillic o.
    static bool StandsAlone(string text, FoundLink link)
    {
        var end = link.Start + link.Length;
        var startsAlone = link.Start == 0 || char.IsWhiteSpace(text[link.Start - 1]) || "([{\"'“‘„«:;,!?>*~`—–".Contains(text[link.Start - 1], StringComparison.Ordinal);
        var endsAlone = end == text.Length || !(IsWordChar(text[end]) || text[end] is '@' or '\\' or ':' or '%' or '.')
            || text[end] == '.' && !(end + 1 < text.Length && IsWordChar(text[end + 1]));
        // "tips: politie.nl:8080" would be another site; "politie.nl: bel" is not.
        return startsAlone && (endsAlone || text[end] == ':' && (end + 1 == text.Length || char.IsWhiteSpace(text[end + 1])));
    }

    string RemoveUnlistedLinks(string text, RemovalLog removed)
    {
        // Any scheme, also those that X does not turn into a link; "https://" before a name of an unknown kind too.
        if (text.Contains(':', StringComparison.Ordinal))
            text = Cut(text, Scheme, removed, link => "link " + NameOf(link));
        if (!text.Contains('.', StringComparison.Ordinal))
            return text;

        var result = new StringBuilder(text.Length);
        var copied = 0;
        foreach (var (start, length) in LinkSpans(text))
        {
            if (start < copied)
                continue;
            var link = text.Substring(start, length);
            result.Append(text, copied, start - copied);
            copied = start + length;
            if (ForgottenSpace(link) is { } dot)
            {
                result.Append(link, 0, dot + 1).Append(' ').Append(link, dot + 1, link.Length - dot - 1);
            }
            else
            {
                removed.Add("link " + NameOf(link), leadsAway: true);
                CloseGap(result, text, copied);
            }
        }

        return result.Append(text, copied, text.Length - copied).ToString();
    }

    // What X links, and dotted words that other networks may link although X does not ("-x.nl", "/x.nl").
    static IEnumerable<(int Start, int Length)> LinkSpans(string text)
    {
        var spans = new List<(int Start, int Length)>();
        var covered = 0;
        foreach (var link in LinkFinder.Find(text).Where(link => link.Start >= covered))
        {
            var span = Widen(text, link.Start, link.Start + link.Length);
            covered = span.Start + span.Length;
            spans.Add(span);
        }

        foreach (var word in DottedWord.EnumerateMatches(text))
        {
            if (LooksLikeDomain(text.AsSpan(word.Index, word.Length)))
                spans.Add(Widen(text, word.Index, word.Index + word.Length));
        }

        return spans.OrderBy(span => span.Start).ThenByDescending(span => span.Length);
    }

    static bool LooksLikeDomain(ReadOnlySpan<char> word)
    {
        var known = TopLevelDomains.All.GetAlternateLookup<ReadOnlySpan<char>>();
        Span<char> lower = stackalloc char[TopLevelDomains.LongestLength];
        for (var dot = word.IndexOf('.'); dot >= 0;)
        {
            var rest = word[(dot + 1)..];
            var next = rest.IndexOf('.');
            var label = next < 0 ? rest : rest[..next];
            if (label.Length <= lower.Length && known.Contains(lower[..label.ToLowerInvariant(lower)]))
                return true;
            dot = next < 0 ? -1 : dot + 1 + next;
        }

        return false;
    }

    // The whole word goes, not just the part that X would link: half a name is still a name.
    static (int Start, int Length) Widen(string text, int start, int end)
    {
        while (start > 0 && IsNameChar(text[start - 1]))
            start--;
        while (end < text.Length && IsNameChar(text[end]))
            end++;
        while (end > start + 1 && text[end - 1] is '.' or '-')
            end--;
        return (start, end - start);
    }

    static bool IsNameChar(char c) => !IsPlaceholder(c) && (IsWordChar(c) || c is '.' or '-');

    /// <summary>
    /// "straat.Op", "huis.in", "om 20.15.De": a sentence that ends without a space behind it looks like a domain. It is
    /// one when there is a path; otherwise we read a forgotten space where the last part begins like a sentence (with a
    /// capital, or a short Dutch word that happens to be a top-level domain) and only one word, a site of ours, or numbers
    /// and abbreviations stand before it. With the space there is nothing left to link, so reading it wrong does no harm.
    /// </summary>
    /// <returns>Index of the dot that lacks its space.</returns>
    int? ForgottenSpace(string link)
    {
        if (!link.All(c => IsWordChar(c) || c is '.' or '-') || !link.Contains('.', StringComparison.Ordinal))
            return null;
        var dot = link.LastIndexOf('.');
        var last = link[(dot + 1)..];
        var earlier = link[..dot].Split('.');
        var oneSentence = earlier.Length == 1 || ListedLink.IsListed(link[..dot], rules.LinkHosts) || earlier.All(part => part.Length <= 1 || part.All(char.IsAsciiDigit));
        var beginsSentence = last.Length > 0 && (char.IsUpper(last[0]) || DutchWords.Contains(last));
        return oneSentence && beginsSentence ? dot : null;
    }

    static readonly HashSet<string> DutchWords = new(StringComparer.Ordinal)
    {
        "al", "auto", "be", "bus", "de", "er", "ga", "in", "is", "ma", "man", "me", "men", "mr", "na", "no", "nr", "nu", "om", "pa", "so", "st", "to",
    };

    static string NameOf(string link)
    {
        var name = Scheme.IsMatch(link) ? link[(link.IndexOf(':', StringComparison.Ordinal) + 1)..].TrimStart('/', '\\') : link;
        var end = name.AsSpan().IndexOfAny("/?#\\ ");
        name = end < 0 ? name : name[..end];
        return name.Length <= 60 ? name : name[..60] + "…";
    }

    // ---- Signs -----------------------------------------------------------------------------------------------------

    static string RemoveAddresses(string text, RemovalLog removed)
    {
        if (!text.Contains('@', StringComparison.Ordinal))
            return text;
        text = Cut(text, FacebookMention, removed, _ => "@");
        return Cut(text, Email, removed, address => "e-mailadres " + address[address.IndexOf('@', StringComparison.Ordinal)..]);
    }

    // WhatsApp has no way to escape its mark-up, so the characters go for every channel: all channels show one text.
    static string RemoveSigns(string text, RemovalLog removed)
    {
        if (text.AsSpan().IndexOfAny(Signs) < 0)
            return text;

        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var next = i + 1 < text.Length ? text[i + 1] : ' ';
            switch (c)
            {
                case '@':
                    removed.Add("@", leadsAway: IsWordChar(next));
                    if (next != '@')
                        AppendAt(result, next);
                    break;
                case '#' or '*' or '~' or '`':
                case '$' when !char.IsAsciiDigit(next) && next != ' ':
                case '>' when result.Length == 0 || result[^1] == '\n':
                    removed.Add(c.ToString());
                    break;
                case '_':
                    removed.Add("_");
                    if (result.Length > 0 && IsWordChar(result[^1]) && IsWordChar(next))
                        result.Append(' ');
                    break;
                case ' ' when result.Length == 0 || result[^1] == '\n':
                    break;
                default:
                    result.Append(c);
                    break;
            }
        }

        return result.ToString();
    }

    static void AppendAt(StringBuilder result, char next)
    {
        if (result.Length > 0 && (IsWordChar(result[^1]) || IsClosing(result[^1])))
            result.Append(' ');
        result.Append("at");
        if (next is not (' ' or '\n'))
            result.Append(' ');
    }

    static bool IsClosing(char c) => c is '.' or ',' or ';' or ':' or '!' or '?' or ')' or ']';

    // ---- Telephone numbers -----------------------------------------------------------------------------------------

    string RemovePhoneNumbers(string text, RemovalLog removed)
    {
        var result = new StringBuilder(text.Length);
        var copied = 0;
        foreach (var (start, length) in _phoneNumbers.FindUnlisted(text))
        {
            removed.Add("telefoonnummer", leadsAway: true);
            result.Append(text, copied, start - copied);
            copied = start + length;
            CloseGap(result, text, copied);
        }

        return result.Append(text, copied, text.Length - copied).ToString();
    }

    // ---- Spaces ----------------------------------------------------------------------------------------------------

    static string TidySpaces(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (c == ' ' && (result.Length == 0 || result[^1] is ' ' or '\n'))
                continue;
            if (c == '\n')
            {
                if (result.Length > 0 && result[^1] == ' ')
                    result.Length--;
                if (result.Length == 0 || result.Length > 1 && result[^1] == '\n' && result[^2] == '\n')
                    continue;
            }

            result.Append(c);
        }

        while (result.Length > 0 && result[^1] is ' ' or '\n')
            result.Length--;
        return result.ToString();
    }

    static string Cut(string text, Regex shape, RemovalLog removed, Func<string, string> describe)
    {
        var result = new StringBuilder(text.Length);
        var copied = 0;
        foreach (Match match in shape.Matches(text))
        {
            // The full stop belongs to the sentence.
            var found = match.Value.TrimEnd('.', ',', ';', ':', '!', '?');
            removed.Add(describe(found), leadsAway: true);
            result.Append(text, copied, match.Index - copied);
            copied = match.Index + found.Length;
            CloseGap(result, text, copied);
        }

        return result.Append(text, copied, text.Length - copied).ToString();
    }

    // What was left and right of something removed must not run together into something new.
    static void CloseGap(StringBuilder result, string text, int next)
    {
        var endsSentence = next < text.Length && IsClosing(text[next]) && (next + 1 == text.Length || char.IsWhiteSpace(text[next + 1]));
        if (endsSentence && result.Length > 0 && result[^1] == ' ')
            result.Length--;
        else
            result.Append(' ');
    }

    static bool IsWordChar(char c) => char.IsLetterOrDigit(c) || char.IsSurrogate(c) || c == '_' || char.GetUnicodeCategory(c)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    static readonly SearchValues<char> Signs = SearchValues.Create("@#$*~`_>");

    static readonly Regex Scheme = new(
        @"[A-Za-z][A-Za-z0-9+.\-]{0,30}:(?://|\\\\|/\\|\\/)[^\s]*|(?i:javascript|vbscript|intent|whatsapp|sms|mailto|https?):[^\s]+",
        RegexOptions.NonBacktracking);

    static readonly Regex DottedWord = new(@"[\p{L}\p{M}\p{N}_\-]+(?:\.[\p{L}\p{M}\p{N}_\-]+)+", RegexOptions.NonBacktracking);

    // With a dot in the host; "jan@werk" is no address that a network links.
    static readonly Regex Email = new(@"[\p{L}\p{M}\p{N}_.+\-]+@[\p{L}\p{M}\p{N}\-]+(?:\.[\p{L}\p{M}\p{N}\-]+)+", RegexOptions.NonBacktracking);

    // As X has it, but for an e-mail address, which it leaves alone.
    static readonly Regex Mention = new(@"(?:^|[^A-Za-z0-9_!#$%&*@＠.+\-])[@＠][A-Za-z0-9_\[]+", RegexOptions.NonBacktracking);

    static readonly Regex FacebookMention = new(@"@\[[^\]\n]{0,200}\]", RegexOptions.NonBacktracking);
}
