using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Burgernet.Syndicate.Templates;

/// <summary>
/// Where several characters make one emoji (Unicode UTS #51: skin tones, joined people, flags, keycaps). Follows the
/// rules of the standard instead of a list of all emoji, so that next year's emoji are right too. Agrees with the
/// parser that twitter-text 3.1.0 uses (twemoji 11) on every emoji that one knows.
/// </summary>
public static class EmojiSequences
{
    /// <summary>Before this character nothing combines with a character before it.</summary>
    public const char FirstMark = '\u0300';

    const char Joiner = '\u200D';
    const char EmojiStyle = '\uFE0F';
    const char Keycap = '\u20E3';

    // Of those that a joiner joins, the one that is an emoji without U+FE0F too ("black cat").
    const int BlackSquare = 0x2B1B;

    // The longest that exist: a family of four, a kiss.
    const int MostElements = 4;

    // U+FE0F belongs to these, mostly because they are shown as text without it. Behind any other emoji X counts it on its own.
    static readonly FrozenSet<int> TakesEmojiStyle = SetOf(
        "©®‼⁉™ℹ↔↕↖↗↘↙↩↪⌚⌛⌨⏏⏭⏮⏯⏱⏲⏸⏹⏺Ⓜ▪▫▶◀◻◼◽◾☀☁☂☃☄☎☑☔☕☘☝☠☢☣☦☪☮☯☸☹☺♀♂♈♉♊♋♌♍♎♏♐♑♒♓♟♠♣♥♦♨♻♿"
        + "⚒⚓⚔⚕⚖⚗⚙⚛⚜⚠⚡⚧⚪⚫⚰⚱⚽⚾⛄⛅⛈⛏⛑⛓⛔⛩⛪⛰⛱⛲⛳⛴⛵⛷⛸⛹⛺⛽✂✈✉✌✍✏✒✔✖✝✡✳✴❄❇❗❣❤➡⤴⤵⬅⬆⬇⬛⬜⭐⭕〰〽㊗㊙"
        + "🀄🅰🅱🅾🅿🈂🈚🈯🈷🌡🌤🌥🌦🌧🌨🌩🌪🌫🌬🌶🍽🎖🎗🎙🎚🎛🎞🎟🏋🏌🏍🏎🏔🏕🏖🏗🏘🏙🏚🏛🏜🏝🏞🏟🏳🏵🏷🐿👁📽🕉🕊🕯🕰🕳🕴🕵🕶🕷🕸🕹🖇🖊🖋🖌🖍🖐🖥🖨🖱🖲🖼🗂🗃🗄"
        + "🗑🗒🗓🗜🗝🗞🗡🗣🗨🗯🗳🗺🛋🛍🛎🛏🛠🛡🛢🛣🛤🛥🛩🛰🛳");

    // Hands and people. Behind any other emoji a skin tone is an emoji of its own.
    static readonly FrozenSet<int> TakesSkinTone = SetOf(
        "☝⛷⛹✊✋✌✍🎅🏂🏃🏄🏇🏊🏋🏌👂👃👆👇👈👉👊👋👌👍👎👏👐👦👧👨👩👮👰👱👲👳👴👵👶👷👸👼💁💂💃💅💆💇💪🕴🕵🕺🖐🖕🖖🙅🙆🙇🙋🙌🙍🙎🙏🚣🚴🚵🚶🛀🛌"
        + "🤘🤙🤚🤛🤜🤞🤟🤦🤰🤱🤲🤳🤴🤵🤶🤷🤸🤹🤽🤾🦵🦶🦸🦹🧑🧒🧓🧔🧕🧖🧗🧘🧙🧚🧛🧜🧝"
        + "🫱🫲🫳🫴🫷🫸🤌🤏🫰🫵🫶🤝🦻🧏🥷🫅🫃🫄🧍🧎👯🤼👭👫👬💏💑");

    // What a joiner joins in the emoji of Unicode 18: on the right what follows, on the left what it may follow.
    static readonly FrozenDictionary<int, FrozenSet<int>> Joins = new (string Previous, string Next)[]
    {
        ("👨👩🧑", "⚕⚖✈❤🌾🍳🍼🎓🎤🎨🏫🏭🐰💻💼🔧🔬🚀🚒🤝🦯🦰🦱🦲🦳🦼🦽\U0001FAEF"),
        ("⛹🏃🏄🏊🏋🏌👮👯👰👱👳👷💁💂💆💇🕵🙅🙆🙇🙋🙍🙎🚣🚴🚵🚶🤦🤵🤷🤸🤹🤼🤽🤾🦸🦹🧍🧎🧏🧔🧖🧗🧘🧙🧚🧛🧜🧝🧞🧟", "♀♂"),
        ("👦👧👨👩", "👦"), ("👧👨👩", "👧"), ("🧑🧒", "🧒"),
        ("👨❤💋🤝🐰\U0001FAEF", "👨"), ("👨👩❤💋🤝🐰\U0001FAEF", "👩"), ("🧑❤💋🤝🐰\U0001FAEF", "🧑"),
        ("♀♂🏃🚶🦯🦼🦽🧎", "➡"), ("🧑", "🎄🩰"), ("❤", "💋🩹"), ("❤🐦", "🔥"), ("🐈🐦", "⬛"), ("🙂", "↔↕"), ("🏳", "⚧🌈"),
        ("🏴", "☠"), ("😮", "💨"), ("😵", "💫"), ("😶", "🌫"), ("🫱", "🫲"), ("🐕", "🦺"), ("🐻", "❄"), ("🍄", "🟫"), ("🍋", "🟩"), ("⛓", "💥"),
    }.SelectMany(row => SetOf(row.Next).Select(next => (next, previous: SetOf(row.Previous)))).ToFrozenDictionary(pair => pair.next, pair => pair.previous);

    static readonly FrozenSet<int> Adults = SetOf("👨👩🧑");

    // What two persons share: a heart, a kiss, hands, rabbit ears, a fight. It is nothing without the second of them.
    static readonly FrozenSet<int> Shared = SetOf("❤💋🤝🐰\U0001FAEF");

    static readonly FrozenSet<string> FlagRegions = (
        "AC AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ "
        + "CA CC CD CF CG CH CI CK CL CM CN CO CP CQ CR CU CV CW CX CY CZ DE DG DJ DK DM DO DZ EA EC EE EG EH ER ES ET EU FI FJ FK "
        + "FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU IC ID IE IL IM IN IO IQ IR IS IT "
        + "JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP "
        + "MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE "
        + "RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TA TC TD TF TG TH TJ TK TL TM TN TO TR TT "
        + "TV TW TZ UA UG UM UN US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW").Split(' ').ToFrozenSet(StringComparer.Ordinal);

    static readonly string[] RegionFlags = ["gbeng", "gbsct", "gbwls"];

    // "Eye in speech bubble" is the one emoji that twemoji 11 knows without U+FE0F only.
    const string EyeInSpeechBubble = "👁\u200D🗨";

    /// <summary>
    /// Length in UTF-16 code units of the emoji that starts at <paramref name="index"/>; 0 where none starts.
    /// </summary>
    public static int LengthAt(string text, int index)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (KeycapLength(text, index) is var keycap and > 0)
            return keycap;
        if (!TryRuneAt(text, index, out var rune))
            return 0;
        if (IsRegionalIndicator(rune.Value))
            return FlagLength(text, index);
        if (rune.Value == 0x1F3F4 && RegionFlagLength(text, index) is var flag and > 0)
            return flag;
        if (string.CompareOrdinal(text, index, EyeInSpeechBubble, 0, EyeInSpeechBubble.Length) == 0)
            return EyeInSpeechBubble.Length;

        var (length, complete, toned) = ElementAt(text, index, mayBeToned: true);
        var whole = length;
        for (var elements = 1; complete && elements < MostElements; elements++)
        {
            var next = index + length + 1;
            if (next >= text.Length || text[next - 1] != Joiner || !TryRuneAt(text, next, out var follower) || !MayBeJoined(rune, follower, first: elements == 1))
                break;
            (var added, complete, _) = ElementAt(text, next, mayBeToned: toned);
            if (!complete)
                break;
            length += 1 + added;
            // Two adults are an emoji with a child only, and what is shared with the second of two.
            if (!Shared.Contains(follower.Value) && !(Adults.Contains(follower.Value) && Adults.Contains(rune.Value)))
                whole = length;
            rune = follower;
        }

        return whole;
    }

    // Complete: certain to be shown as an emoji, which is what a joiner asks for. Joined people have a skin tone only when
    // the first of them has one.
    static (int Length, bool Complete, bool Toned) ElementAt(string text, int index, bool mayBeToned)
    {
        if (!TryRuneAt(text, index, out var rune) || !IsPictograph(rune))
            return default;

        var length = rune.Utf16SequenceLength;
        var takesEmojiStyle = TakesEmojiStyle.Contains(rune.Value);
        var complete = !takesEmojiStyle || rune.Value == BlackSquare;
        if (takesEmojiStyle && index + length < text.Length && text[index + length] == EmojiStyle)
        {
            length++;
            complete = true;
        }
        else if (rune.Value < 0x100)
        {
            // © and ® are letters unless U+FE0F follows.
            return default;
        }

        if (mayBeToned && MayTakeSkinTone(rune) && TryRuneAt(text, index + length, out var tone) && tone.Value is >= 0x1F3FB and <= 0x1F3FF)
            return (length + tone.Utf16SequenceLength, Complete: true, Toned: true);
        return (length, complete, Toned: false);
    }

    static bool IsPictograph(Rune rune) =>
        TakesEmojiStyle.Contains(rune.Value)
        || TakesSkinTone.Contains(rune.Value)
        || rune.Value is (>= 0x1F000 and <= 0x1FAFF) or (>= 0x2190 and <= 0x2BFF) && IsSymbolOrNewer(rune);

    static bool IsSymbolOrNewer(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.OtherSymbol or UnicodeCategory.ModifierSymbol
            or UnicodeCategory.MathSymbol or UnicodeCategory.OtherNotAssigned;

    // Emoji that are too new for these tables get the benefit of the doubt.
    static bool MayTakeSkinTone(Rune rune) => TakesSkinTone.Contains(rune.Value) || IsNewer(rune);

    static bool MayBeJoined(Rune previous, Rune next, bool first) =>
        IsNewer(next) || IsNewer(previous)
        || Joins.TryGetValue(next.Value, out var after) && after.Contains(previous.Value)
            // A heart that comes first is no person's; fire and a plaster go with that one only.
            && (!Shared.Contains(previous.Value) || first == (next.Value is 0x1F525 or 0x1FA79));

    static bool IsNewer(Rune rune) =>
        rune.Value is >= 0x1FA70 and <= 0x1FAFF && Rune.GetUnicodeCategory(rune) == UnicodeCategory.OtherNotAssigned;

    static int KeycapLength(string text, int index)
    {
        if (!char.IsAsciiDigit(text[index]) && text[index] is not ('#' or '*'))
            return 0;
        var next = index + 1 < text.Length && text[index + 1] == EmojiStyle ? index + 2 : index + 1;
        return next < text.Length && text[next] == Keycap ? next + 1 - index : 0;
    }

    static bool IsRegionalIndicator(int codePoint) => codePoint is >= 0x1F1E6 and <= 0x1F1FF;

    static int FlagLength(string text, int index)
    {
        if (!TryRuneAt(text, index + 2, out var second) || !IsRegionalIndicator(second.Value))
            return 2;
        TryRuneAt(text, index, out var first);
        ReadOnlySpan<char> region = [(char)('A' + first.Value - 0x1F1E6), (char)('A' + second.Value - 0x1F1E6)];
        return FlagRegions.GetAlternateLookup<ReadOnlySpan<char>>().Contains(region) ? 4 : 2;
    }

    // England, Scotland and Wales: a black flag and a code in invisible letters.
    static int RegionFlagLength(string text, int index)
    {
        foreach (var region in RegionFlags)
        {
            var tags = string.Concat(region.Select(c => char.ConvertFromUtf32(0xE0000 + c))) + char.ConvertFromUtf32(0xE007F);
            if (text.AsSpan(index + 2).StartsWith(tags))
                return 2 + tags.Length;
        }

        return 0;
    }

    static bool TryRuneAt(string text, int index, out Rune rune)
    {
        rune = default;
        return index < text.Length && Rune.TryGetRuneAt(text, index, out rune);
    }

    static FrozenSet<int> SetOf(string characters) => characters.EnumerateRunes().Select(rune => rune.Value).ToFrozenSet();
}
