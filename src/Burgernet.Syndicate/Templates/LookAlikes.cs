using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Burgernet.Syndicate.Templates;

/// <summary>
/// Letters of another alphabet that pose as ours: "роlitie" with a Cyrillic р and о. They become the letters for which
/// they pose, so that what follows reads what people read; a letter that poses as none goes. A word that is wholly of
/// another alphabet stays when the text has more of it: somebody may be called Алёна.
/// </summary>
static class LookAlikes
{
    // By what they look like, not by what they are; after Unicode's table of confusables (UTS #39), Latin targets only.
    static readonly FrozenDictionary<char, char> Latin = Pairs(
        "АAВBЕEЅSІIЈJКKМMНHОOРPСCТTУYХXҮYԌGԚQԜWѴVӀI" + "аaеeѕsіiјjкkоoрpсcуyхxһhԁdԛqԝwүyѵvӏlёëїïЁËЇÏ"
        + "ΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧX" + "αaγyιiκkνvοoρpυuχxάáέéίíόó" + "օoսuոnհhցgզqյjՕOՏS");

    /// <summary>The text with the letters for which others pose; the same instance where none does.</summary>
    public static string Unmask(string text, RemovalLog removed)
    {
        var span = text.AsSpan();
        if (span.IndexOfAnyInRange('\u0370', '\uABBF') < 0)
            return text;

        var words = Words(text);
        var isHome = words.Any(word => word is { Foreign: true, Latin: false, Poses: false });
        var result = new StringBuilder(text.Length);
        var copied = 0;
        foreach (var word in words.Where(word => word.Foreign && (word.Latin || word.Poses && word.Length > 1 && !isHome)))
        {
            removed.Add("letters uit een ander alfabet", leadsAway: true);
            result.Append(text, copied, word.Start - copied);
            foreach (var c in span.Slice(word.Start, word.Length))
            {
                if (Latin.TryGetValue(c, out var latin))
                    result.Append(latin);
                else if (!IsForeign(c))
                    result.Append(c);
            }

            copied = word.Start + word.Length;
        }

        return copied == 0 ? text : result.Append(text, copied, text.Length - copied).ToString();
    }

    /// <param name="Foreign">It has a letter of an alphabet that has letters like ours.</param>
    /// <param name="Latin">It has a letter of ours.</param>
    /// <param name="Poses">Each letter of it looks like one of ours.</param>
    readonly record struct Word(int Start, int Length, bool Foreign, bool Latin, bool Poses);

    static List<Word> Words(string text)
    {
        var words = new List<Word>();
        for (var at = 0; at < text.Length;)
        {
            var (start, foreign, latin, poses) = (at, false, false, true);
            for (; at < text.Length && IsPartOfWord(text[at]); at++)
            {
                var c = text[at];
                foreign |= IsForeign(c);
                latin |= IsLatin(c);
                poses &= Latin.ContainsKey(c);
            }

            if (foreign)
                words.Add(new Word(start, at - start, foreign, latin, poses));
            if (at == start)
                at++;
        }

        return words;
    }

    static bool IsPartOfWord(char c) => char.IsLetter(c) || char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark;

    static bool IsLatin(char c) => char.IsAsciiLetter(c) || c is (>= '\u00C0' and <= '\u02AF' and not ('×' or '÷')) or (>= '\u1E00' and <= '\u1EFF');

    // Greek and Coptic, Cyrillic, Armenian, Cherokee, Lisu.
    static bool IsForeign(char c) => c is (>= '\u0370' and <= '\u058F') or (>= '\u1F00' and <= '\u1FFF') or (>= '\u2C80' and <= '\u2CFF')
        or (>= '\u1C80' and <= '\u1C8F') or (>= '\u2DE0' and <= '\u2DFF') or (>= '\uA640' and <= '\uA69F')
        or (>= '\u13A0' and <= '\u13FF') or (>= '\uAB70' and <= '\uABBF') or (>= '\uA4D0' and <= '\uA4FF');

    static FrozenDictionary<char, char> Pairs(string pairs) =>
        Enumerable.Range(0, pairs.Length / 2).ToFrozenDictionary(i => pairs[2 * i], i => pairs[2 * i + 1]);
}
