using System.Drawing;
using System.Globalization;
using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;

namespace Burgernet.Syndicate.Connectors.Sources.Mailbox;

/// <summary>Whether a reader sees an element, as far as that is passed on to what is in it.</summary>
/// <param name="IsGone">Neither it nor anything in it is shown.</param>
/// <param name="IsInvisible">Its own text is not shown.</param>
/// <param name="Size">Of its letters, in pixels.</param>
/// <param name="Ink">The colour of its letters.</param>
/// <param name="Paper">What they stand on; null where that is a picture, or not known.</param>
readonly record struct Look(bool IsGone, bool IsInvisible, double Size, Color Ink, Color? Paper)
{
    const double SmallestSeen = 1;

    // Nobody sees the difference between white and nearly white.
    const int LeastContrast = 10;

    public bool ShowsText => !IsInvisible && Size > SmallestSeen && Ink.A > 0
        && !(Paper is { } paper && Math.Abs(Ink.R - paper.R) < LeastContrast && Math.Abs(Ink.G - paper.G) < LeastContrast && Math.Abs(Ink.B - paper.B) < LeastContrast);
}

/// <summary>
/// What hides something in a mail's HTML: its attributes, its inline styles, and those rules of its style sheets that speak of
/// an element by its name, its classes and its id. Rules that depend on anything else (where it stands, how wide the screen is,
/// which program shows it) are not read: they are mostly there for one program. Where those colour a background, no text is
/// called white on white.
/// </summary>
sealed class MailStyles
{
    // More work than a newsletter of ten pages takes, a hundred times.
    const int MostMatches = 1_000_000;
    const int LongestSelector = 200;
    const double UsualSize = 16;

    static readonly HashSet<string> Read = new(StringComparer.Ordinal)
    {
        "display", "visibility", "mso-hide", "opacity", "font", "font-size", "line-height", "height", "width", "max-height", "max-width", "overflow", "text-indent", "color", "background", "background-color", "background-image",
    };

    readonly Dictionary<string, List<Rule>> _rules = new(StringComparer.Ordinal);
    readonly Dictionary<IElement, Look> _looks = [];
    readonly Look _root;
    int _places;
    int _matches;
    bool _isPaperSure = true;

    public MailStyles(IHtmlDocument document)
    {
        foreach (var sheet in document.QuerySelectorAll("style"))
        {
            if (AppliesEverywhere(sheet.GetAttribute("media") ?? ""))
                Take(WithoutComments(sheet.TextContent));
        }

        _root = new Look(false, false, UsualSize, Color.Black, _isPaperSure ? Color.White : null);
    }

    /// <summary>It was more than could be read within bounds; what was said of its elements means nothing.</summary>
    public bool IsTooMuch => _matches > MostMatches;

    /// <summary>To be asked of its parent first.</summary>
    public Look Of(IElement element)
    {
        if (!_looks.TryGetValue(element, out var look))
            _looks[element] = look = Compute(element, element.ParentElement is { } parent ? _looks.GetValueOrDefault(parent, _root) : _root);
        return look;
    }

    Look Compute(IElement element, Look around)
    {
        var its = Declared(element);
        string? Said(string name) => its.GetValueOrDefault(name);
        bool IsNothing(string name) => Said(name) is { } value && Length(value, UsualSize) is <= 0;

        var isGone = element.HasAttribute("hidden") || Said("display") == "none" || Said("mso-hide") == "all" || Number(Said("opacity")?.TrimEnd('%')) is <= 0
            || IsNothing("max-height") || IsNothing("max-width") || Length(Said("text-indent"), UsualSize) is <= -100
            || Said("overflow") == "hidden" && (IsNothing("height") || IsNothing("width") || IsNothing("line-height"));
        return new Look(
            isGone,
            Said("visibility") is { } seen && seen != "inherit" ? seen is "hidden" or "collapse" : around.IsInvisible,
            // A word for a size is one that can be read.
            Said("font-size") is { } size && size is not ("inherit" or "smaller" or "larger") ? Length(size, around.Size) ?? UsualSize : around.Size,
            // A program colours a link by itself.
            Said("color") == "inherit" ? around.Ink : ColourOf(Said("color")) ?? (element.LocalName == "a" && element.HasAttribute("href") ? Color.Blue : around.Ink),
            Said("background-image") is { } image && image != "none" ? null
                : Said("background") is not { } paper || paper is "none" or "transparent" or "inherit" or "initial" ? around.Paper
                : ColourOf(paper) is { A: 0 or 255 } colour ? colour.A == 0 ? around.Paper : colour
                : null);
    }

    /// <summary>What counts for an element, each later one above those before it (CSS Cascading, 6).</summary>
    Dictionary<string, string> Declared(IElement element)
    {
        var its = new Dictionary<string, string>(StringComparer.Ordinal);
        if (element.GetAttribute(element.LocalName == "body" ? "text" : "color") is { } ink && element.LocalName is "body" or "font")
            its["color"] = Hashed(ink);
        if (element.GetAttribute("bgcolor") is { } paper)
            its["background"] = Hashed(paper);
        if (element.GetAttribute("background") is { Length: > 0 })
            its["background-image"] = "url()";

        var classes = (element.GetAttribute("class") ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
        var rules = classes.Select(c => $".{c}").Append(element.LocalName).Append("*").Append($"#{element.Id}")
            .SelectMany(key => _rules.GetValueOrDefault(key) ?? []).TakeWhile(_ => ++_matches <= MostMatches)
            .Where(r => r.IsOf(element, classes)).OrderBy(r => r.Weight).ThenBy(r => r.Place).ToList();
        var inline = element.GetAttribute("style") is { Length: > 0 } style ? Declarations(style).ToList() : [];
        foreach (var important in (bool[])[false, true])
        {
            foreach (var (name, value, _) in rules.SelectMany(r => r.Declarations).Concat(inline).Where(d => d.Important == important))
                its[name] = value;
        }

        return its;
    }

    // ---- style sheets

    sealed record Rule(string? Name, string? Id, IReadOnlyList<string> Classes, IReadOnlyList<(string Name, string Value, bool Important)> Declarations, int Place)
    {
        public int Weight => (Id is null ? 0 : 10_000) + 100 * Classes.Count + (Name is null ? 0 : 1);

        public string Key => Id is not null ? $"#{Id}" : Classes.Count > 0 ? $".{Classes[0]}" : Name ?? "*";

        public bool IsOf(IElement element, HashSet<string> classes) =>
            (Name is null || Name == element.LocalName) && (Id is null || Id == element.Id) && Classes.All(classes.Contains);
    }

    void Take(string sheet)
    {
        for (var at = 0; at < sheet.Length;)
        {
            var stop = sheet.AsSpan(at).IndexOfAny('{', '}', ';');
            if (stop < 0)
                return;
            var (before, sign) = (sheet[at..(at + stop)].Trim(), sheet[at + stop]);
            at += stop + 1;
            // The end of a block that counts as if it stood outside, or a statement without one.
            if (sign != '{')
                continue;
            if (before.StartsWith('@'))
            {
                if (!before.StartsWith("@media", StringComparison.OrdinalIgnoreCase) || !AppliesEverywhere(before["@media".Length..]))
                    at = EndOfBlock(sheet, at);
                continue;
            }

            var end = sheet.IndexOf('}', at);
            var declarations = Declarations(sheet[at..(end < 0 ? sheet.Length : end)]).ToList();
            if (declarations.Count > 0)
            {
                foreach (var selector in before.Split(','))
                    Add(selector.Trim(), declarations);
            }

            at = end < 0 ? sheet.Length : end + 1;
        }
    }

    void Add(string selector, IReadOnlyList<(string Name, string Value, bool Important)> declarations)
    {
        var (name, id, classes) = ((string?)null, (string?)null, new List<string>());
        var isRead = selector.Length is > 0 and <= LongestSelector;
        for (var at = 0; isRead && at < selector.Length;)
        {
            var kind = selector[at] is '.' or '#' or '*' ? selector[at++] : ' ';
            var length = selector.AsSpan(at).IndexOfAnyExcept(NameLetters);
            var word = selector[at..(length < 0 ? selector.Length : at + length)];
            at += word.Length;
            isRead = kind switch
            {
                '*' => word.Length == 0,
                ' ' => word.Length > 0 && at == word.Length,
                _ => word.Length > 0,
            };
            (name, id) = (kind == ' ' ? word.ToLowerInvariant() : name, kind == '#' ? word : id);
            if (kind == '.')
                classes.Add(word);
        }

        if (!isRead)
        {
            // What waits for a mouse, or is for one program, colours nothing here.
            _isPaperSure &= selector.AsSpan().IndexOfAny(":[+~") >= 0 || !declarations.Any(d => d.Name.StartsWith("background", StringComparison.Ordinal));
            return;
        }

        var rule = new Rule(name, id, classes, declarations, _places++);
        if (!_rules.TryGetValue(rule.Key, out var its))
            _rules[rule.Key] = its = [];
        its.Add(rule);
    }

    /// <summary>Not only on some screens: what has a condition is for other ones than ours.</summary>
    static bool AppliesEverywhere(string media) =>
        media.Split(',').Any(m => m.Trim().ToLowerInvariant() is "" or "all" or "screen" or "only screen" or "only all");

    static int EndOfBlock(string sheet, int at)
    {
        for (var open = 1; open > 0 && at < sheet.Length; at++)
            open += sheet[at] switch { '{' => 1, '}' => -1, _ => 0 };
        return at;
    }

    static string WithoutComments(string sheet)
    {
        var plain = new StringBuilder(sheet.Length);
        for (var at = 0; at < sheet.Length;)
        {
            var start = sheet.IndexOf("/*", at, StringComparison.Ordinal);
            plain.Append(sheet, at, (start < 0 ? sheet.Length : start) - at);
            var end = start < 0 ? -1 : sheet.IndexOf("*/", start + 2, StringComparison.Ordinal);
            at = end < 0 ? sheet.Length : end + 2;
        }

        // For programs of the last century.
        return plain.Replace("<!--", "").Replace("-->", "").ToString();
    }

    // ---- values

    static IEnumerable<(string Name, string Value, bool Important)> Declarations(string text)
    {
        foreach (var declaration in text.Split(';'))
        {
            if (declaration.IndexOf(':', StringComparison.Ordinal) is not (> 0 and var sign))
                continue;
            var name = declaration[..sign].Trim().ToLowerInvariant();
            if (!Read.Contains(name))
                continue;
            var value = declaration[(sign + 1)..].Trim().ToLowerInvariant();
            var important = value.EndsWith("!important", StringComparison.Ordinal) || value.EndsWith("! important", StringComparison.Ordinal);
            value = important ? value[..value.LastIndexOf('!')].TrimEnd() : value;
            yield return name switch
            {
                "background-color" => ("background", value, important),
                "font" => ("font-size", SizeOf(value), important),
                _ => (name, value, important),
            };
        }
    }

    // A number alone is how bold it is.
    static string SizeOf(string font) => font == "inherit" ? font
        : font.Split(' ').Select(part => part.Split('/')[0]).FirstOrDefault(part => part == "0" || part.Length > 0 && !char.IsAsciiDigit(part[^1]) && Length(part, UsualSize) is not null) ?? "medium";

    static double? Number(string? text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>In pixels; null where it is not said as a length.</summary>
    static double? Length(string? text, double around)
    {
        if (text is null)
            return null;
        var unit = text.AsSpan().IndexOfAnyExcept(NumberSigns);
        return Number(unit < 0 ? text : text[..unit]) is { } number && (unit < 0 ? "" : text[unit..]) switch
        {
            "" or "px" => 1,
            "pt" => 4.0 / 3,
            "em" => around,
            "rem" => UsualSize,
            "%" => around / 100,
            _ => double.NaN,
        } is var times && !double.IsNaN(times) ? number * times : null;
    }

    /// <summary>Null where it is none, or is not alone.</summary>
    static Color? ColourOf(string? text)
    {
        if (text is null)
            return null;
        if (text is ['#', .. var digits] && digits.Length is 3 or 4 or 6 or 8 && uint.TryParse(digits.Length <= 4 ? string.Concat(digits.SelectMany(c => new[] { c, c })) : digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var number))
            return digits.Length is 3 or 6 ? Color.FromArgb((int)(number | 0xFF000000)) : Color.FromArgb((int)(number << 24 | number >> 8));
        if (text.StartsWith("rgb", StringComparison.Ordinal) && text.EndsWith(')') && text.IndexOf('(', StringComparison.Ordinal) is > 0 and var open)
        {
            var parts = text[(open + 1)..^1].Split([',', ' ', '/'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Number).ToList();
            return parts is [>= 0 and <= 255, >= 0 and <= 255, >= 0 and <= 255, ..]
                ? Color.FromArgb(parts.Count == 3 ? 255 : parts[3] switch { <= 0 => 0, >= 1 => 255, _ => 128 }, (int)parts[0]!.Value, (int)parts[1]!.Value, (int)parts[2]!.Value) : null;
        }

        return Color.FromName(text) is { IsKnownColor: true, IsSystemColor: false } named ? named : null;
    }

    static string Hashed(string colour) => (colour.Length == 6 && colour.All(char.IsAsciiHexDigit) ? $"#{colour}" : colour).Trim().ToLowerInvariant();

    static readonly System.Buffers.SearchValues<char> NumberSigns = System.Buffers.SearchValues.Create("+-.0123456789");

    static readonly System.Buffers.SearchValues<char> NameLetters = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");
}
