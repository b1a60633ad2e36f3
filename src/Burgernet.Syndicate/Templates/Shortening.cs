using System.Globalization;
using System.Text.RegularExpressions;

namespace Burgernet.Syndicate.Templates;

/// <summary>Where a text may be cut off so that what is left reads well: never within a word, a link or a telephone number.</summary>
static partial class Shortening
{
    const string More = " …";

    // A sentence is worth this much of the room that is there.
    const double WorthOfSentence = 2.0 / 3;

    /// <summary>The text up to <paramref name="end"/>, with a sign that there was more; empty when nothing is left.</summary>
    public static string At(string text, int end) => end == 0 ? "" : text[..end].TrimEnd(' ', '\n', ',', ';', ':', '-') + More;

    /// <summary>Where it may be cut, shortest first. A first word that is too long by itself is cut between two characters.</summary>
    public static List<int> Cuts(string text)
    {
        var cuts = new List<int>();
        var number = NumberShape().Match(text);
        for (var at = text.IndexOfAny([' ', '\n']); at >= 0; at = text.IndexOfAny([' ', '\n'], at + 1))
        {
            while (number.Success && number.Index + number.Length <= at)
                number = number.NextMatch();
            if (at > 0 && !(number.Success && number.Index < at))
                cuts.Add(at);
        }

        // Not where it has a dot: half an address is another address.
        var first = cuts.Count > 0 ? text[..cuts[0]] : text;
        cuts.InsertRange(0, first.AsSpan().IndexOfAny("./@:") < 0 && first.Length > 0 ? StringInfo.ParseCombiningCharacters(first) : [0]);
        return cuts;
    }

    /// <summary>The cut at the end of a sentence, where one ends not far before <paramref name="end"/>; otherwise that itself.</summary>
    public static int PreferSentence(string text, int end)
    {
        var last = 0;
        foreach (var sentence in SentenceEnd().EnumerateMatches(text))
        {
            if (sentence.Index + sentence.Length > end)
                break;
            last = sentence.Index + sentence.Length;
        }

        return last >= end * WorthOfSentence ? last : end;
    }

    /// <summary>The text in at most <paramref name="most"/> characters.</summary>
    public static string To(string text, int most)
    {
        if (text.Length <= most)
            return text;
        var end = Cuts(text).LastOrDefault(cut => cut + More.Length <= most);
        return At(text, PreferSentence(text, end));
    }

    // Not behind "a.u.b." or "J.", and not before a small letter.
    [GeneratedRegex(@"(?<=[^\s.]{2})[.!?]+(?=\s+\P{Ll}|\s*$)|\n")]
    private static partial Regex SentenceEnd();

    // Also one that is written with spaces.
    [GeneratedRegex(@"[0-9](?:[-+ ./()–—]{0,4}[0-9])+")]
    private static partial Regex NumberShape();
}
