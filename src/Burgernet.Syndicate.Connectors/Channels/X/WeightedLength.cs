using System.Buffers;
using System.Text;
using Burgernet.Syndicate.Templates;

namespace Burgernet.Syndicate.Connectors.Channels.X;

/// <summary>
/// The length of a post as X counts it: configuration 3 of twitter-text (npm 3.1.0). Most Latin characters weigh 1, any
/// other character 2, an emoji 2 however many characters it is made of, a link 23 however long it is. X refuses a post
/// over 280 without saying why, so count before sending.
/// </summary>
public static class WeightedLength
{
    /// <summary>The longest post that an account without a subscription may place.</summary>
    public const int Maximum = 280;

    /// <summary>Characters that no post may have.</summary>
    public const string Refused = "\uFFFE\uFEFF\uFFFF";

    // What is in form C already and does not compose with what follows: Latin, and the dashes, quotes and signs of print.
    static readonly SearchValues<char> Composed = SearchValues.Create(
        [.. Enumerable.Range(0, 0x300).Concat(Enumerable.Range(0x2010, 0x18)).Append(0x20AC).Select(c => (char)c)]);

    const int LinkWeight = 23;
    const int EmojiWeight = 2;

    /// <summary>The weight of the whole text.</summary>
    public static int Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        text = Normalize(text);
        var links = LinkFinder.Find(text);
        var (weight, nextLink) = (0, 0);
        for (var at = 0; at < text.Length;)
        {
            while (nextLink < links.Count && (links[nextLink].Start < at || nextLink + 1 < links.Count && links[nextLink + 1].Start == at))
                nextLink++;
            if (nextLink < links.Count && links[nextLink].Start == at)
            {
                weight += LinkWeight;
                at += links[nextLink].Url.Length;
            }
            else if (PlainLength(text, at, end: nextLink < links.Count ? links[nextLink].Start : text.Length) is var plain and > 0)
            {
                weight += plain;
                at += plain;
            }
            else if (EmojiSequences.LengthAt(text, at) is var emoji and > 0)
            {
                weight += EmojiWeight;
                at += emoji;
            }
            else
            {
                weight += WeightOf(text[at]);
                at += char.IsSurrogatePair(text, at) ? 2 : 1;
            }
        }

        return weight;
    }

    /// <summary>X takes it: not empty, not too long, and without U+FFFE, U+FEFF and U+FFFF.</summary>
    public static bool IsValid(string text) => Of(text) is > 0 and <= Maximum && text.AsSpan().IndexOfAny(Refused) < 0;

    // Most of every text is ASCII. The last character before another may begin a keycap with it.
    static int PlainLength(string text, int start, int end)
    {
        var plain = text.AsSpan(start, end - start).IndexOfAnyExceptInRange('\0', '\u007F');
        return plain < 0 ? end - start : text[start + plain] < EmojiSequences.FirstMark ? plain : Math.Max(0, plain - 1);
    }

    static int WeightOf(char c) => c is <= '\u10FF' or (>= '\u2000' and <= '\u200D') or (>= '\u2010' and <= '\u201F') or (>= '\u2032' and <= '\u2037') ? 1 : 2;

    /// <summary>Form C. .NET throws on a lone surrogate and on U+FFFE; no character composes with those, so they divide the text.</summary>
    static string Normalize(string text)
    {
        if (text.AsSpan().IndexOfAnyExcept(Composed) < 0)
            return text;

        var normalized = new StringBuilder(text.Length);
        var start = 0;
        for (var at = 0; at < text.Length; at++)
        {
            if (char.IsSurrogatePair(text, at))
            {
                at++;
            }
            else if (char.IsSurrogate(text[at]) || text[at] == '\uFFFE')
            {
                normalized.Append(text[start..at].Normalize()).Append(text[at]);
                start = at + 1;
            }
        }

        return normalized.Append(text[start..].Normalize()).ToString();
    }
}
