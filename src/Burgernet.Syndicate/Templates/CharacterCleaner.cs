using System.Globalization;
using System.Text;

namespace Burgernet.Syndicate.Templates;

/// <summary>Takes away the characters that nobody sees but that change how a text reads or what a network makes of it.</summary>
static class CharacterCleaner
{
    const int MostMarks = 3;

    /// <summary>Text in normal form C with line feeds only, and without hidden, private, unassigned or broken characters.</summary>
    public static string Clean(string text, RemovalLog removed)
    {
        if (IsPlain(text))
            return text;

        var cleaned = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length;)
        {
            if (!Rune.TryGetRuneAt(text, at, out var rune))
            {
                removed.Add("kapotte tekens");
                at++;
            }
            else if (!rune.IsAscii && EmojiSequences.LengthAt(text, at) is var emoji and > 0)
            {
                // Joiners and variation selectors stay where they make an emoji, and nowhere else.
                foreach (var part in text.Substring(at, emoji).EnumerateRunes())
                    Append(cleaned, part, removed, withinEmoji: true);
                at += emoji;
            }
            else
            {
                Append(cleaned, rune, removed, withinEmoji: false);
                at += rune.Utf16SequenceLength;
            }
        }

        // Capped first: putting thousands of marks in order takes longer than reading them.
        return CapMarks(cleaned.Replace("\r\n", "\n").Replace('\r', '\n').ToString(), removed).Normalize();
    }

    static bool IsPlain(string text) => text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0;

    static void Append(StringBuilder cleaned, Rune rune, RemovalLog removed, bool withinEmoji)
    {
        if (rune.Value is '\n' or '\r')
        {
            cleaned.Append((char)rune.Value);
        }
        else if (IsLineBreak(rune))
        {
            cleaned.Append('\n');
        }
        else if (rune.Value == '\t' || Rune.GetUnicodeCategory(rune) == UnicodeCategory.SpaceSeparator)
        {
            cleaned.Append(' ');
        }
        else if (IsHidden(rune) && !(withinEmoji && rune.Value is 0x200D or 0xFE0F))
        {
            removed.Add("onzichtbare tekens");
        }
        else
        {
            cleaned.Append(Unmask(rune, afterLetter: cleaned.Length > 0 && char.IsLetter(cleaned[^1])));
        }
    }

    static bool IsLineBreak(Rune rune) => rune.Value is 0x0B or 0x0C or 0x85 or 0x2028 or 0x2029;

    static bool IsHidden(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate or UnicodeCategory.EnclosingMark
        // Letters and marks that are drawn as nothing (Default_Ignorable_Code_Point); variation selectors among them.
        || rune.Value is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x3164 or 0xFFA0 or 0x2800
            or (>= 0x180B and <= 0x180F) or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF);

    // Full width, mathematical, circled and other fancy letters, digits and signs become the plain ones that they stand
    // for, so that the rules that follow have to know one spelling only.
    static string Unmask(Rune rune, bool afterLetter)
    {
        if (rune.Value < 0xB2)
            return rune.ToString();
        if (rune.Value is 0x3002 or 0xFF61)
            return ".";
        if (IsFancy(rune.Value))
            return rune.ToString().Normalize(NormalizationForm.FormKC);
        if (rune.Value is (>= 0x1F150 and <= 0x1F169) or (>= 0x1F170 and <= 0x1F189 and not (0x1F170 or 0x1F171 or 0x1F17E or 0x1F17F)))
            return ((char)('A' + (rune.Value - 0x1F150) % 0x20)).ToString();
        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.DecimalDigitNumber => ((int)Rune.GetNumericValue(rune)).ToString(CultureInfo.InvariantCulture),
            // Not in "80 m²".
            UnicodeCategory.OtherNumber or UnicodeCategory.LetterNumber when !afterLetter => PlainNumber(rune),
            _ => rune.ToString(),
        };
    }

    // All but ℹ, ™, ℠ and Ⓜ, which are signs or emoji of their own.
    static bool IsFancy(int codePoint) => codePoint is (>= 0xFF01 and <= 0xFF5E) or (>= 0xFE50 and <= 0xFE6F) or (>= 0x1D400 and <= 0x1D7FF) or 0x2024
        or (>= 0x210A and <= 0x2138 and not (0x2120 or 0x2122 or 0x2126 or 0x212A or 0x212B or 0x212E)) or (>= 0x2160 and <= 0x217F)
        or (>= 0x24B6 and <= 0x24E9 and not 0x24C2) or (>= 0x1F110 and <= 0x1F12B) or (>= 0x1F130 and <= 0x1F149);

    static string PlainNumber(Rune rune)
    {
        if (rune.ToString().Normalize(NormalizationForm.FormKC) is var plain && System.Text.Ascii.IsValid(plain))
            return plain;
        return Rune.GetNumericValue(rune) is var value && value is >= 0 and <= 9 && value == Math.Floor(value) ? ((int)value).ToString(CultureInfo.InvariantCulture) : rune.ToString();
    }

    static string CapMarks(string text, RemovalLog removed)
    {
        var capped = new StringBuilder(text.Length);
        var marks = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            marks = Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
                && rune.Value != 0xFE0F ? marks + 1 : 0;
            if (marks > MostMarks)
                removed.Add("gestapelde accenten");
            else
                capped.Append(rune.ToString());
        }

        return capped.ToString();
    }
}
