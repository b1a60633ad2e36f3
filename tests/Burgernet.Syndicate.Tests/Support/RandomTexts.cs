using System.Text;

namespace Burgernet.Syndicate.Tests.Support;

/// <summary>
/// Texts that nobody would write but somebody may send: pieces of appeals, links, numbers and signs, hidden and broken
/// characters, in any order. The same ones for the same seed.
/// </summary>
sealed class RandomTexts(int seed, IReadOnlyList<string>? more = null)
{
    static readonly string[] Parts =
    [
        "Vermist: ", "meisje ", "van 9 jaar. ", "om 20.15 uur", " ", " ", " ", " ", "\n", "\r\n", "\t", ".", ".", ",", ":", "/", "//", "-", "_", "*", "~", "`", ">", "(", ")", "[", "]", "?", "&", "=", "%", "\\", "!", "+",
        "@", "＠", "﹫", "@[12", "#", "＃", "$", "$A", "a@b.nl", "jan", "politie.nl", "https://politie.nl/", "www.burgernet.nl/meer?utm_source=a&b=1", "https://", "HTTP://", "ftp://", "javascript:", "www.", "evil.com", "x.in", "straat.Op", "huis.In",
        ".nl", ".com", "Is", "de", "nl", "utm_source=a", "politie.nl@evil.com", "http://politie.nl:pw@evil.com", "xn--80ak6aa92e.com", "bücher.de", "t.co/abc", "(zie politie.nl/a_(b))",
        "06", "0612345678", "+31", "0031", "0900-8844", "0800", "112", "24-11-2026", "18.30-19.30", "1", "23", "456", "€", "🚨", "👨‍👩‍👧", "👮", "🏽", "\u200D", "\uFE0F", "\u20E3", "1️⃣", "🇳", "🇳🇱", "\u200B", "\u202E", "\u2066", "\uFEFF", "\uFFFE", "\uFFFF",
        "\uD83D", "\uDE00", "\uE000", "\uE001", "\u00AD", "\u0000", "\u0301", "\u0316", "e\u0301", "\u0344", "é", "ß", "о", "аbс", "роlіtіе", "Ω", "жук", "сор", "日本", "한", ".рф", "。", "．", "．ｃｏｍ", "𝐞", "ⓐ", "①", "⑥", "²", "\u0660", "\u3164", "\u2028", "\u00A0",
        "\u1100\u1161", "\u037E", "\u212A", "\u2126", "\u217C", "\n> ", "\n- ", "\n* ", "\n1. ", "```", "De verdachte is gevlucht in de richting van het station. ", "Benader de persoon niet zelf. ", "Bel direct 112. ",
    ];

    readonly Random _random = new(seed);
    readonly string[] _parts = [.. Parts, .. more ?? []];

    public string Next()
    {
        var text = new StringBuilder();
        for (var count = _random.Next(1, 30); count > 0; count--)
        {
            if (_random.Next(10) == 0)
                text.Append((char)_random.Next(0x10000));
            else
                text.Append(_parts[_random.Next(_parts.Length)]);
        }

        return text.ToString();
    }

    public IEnumerable<string> Take(int count)
    {
        for (var i = 0; i < count; i++)
            yield return Next();
    }
}
