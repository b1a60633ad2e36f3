using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace Burgernet.Syndicate.Connectors.Sources.Mailbox;

/// <summary>A link as its reader sees it and where it really goes.</summary>
sealed record MailLink(string Shown, string Target);

/// <summary>
/// What a reader sees of a mail's HTML, as lines of plain text: nothing hidden, nothing loaded. Of a link only its words
/// remain; where it goes is told apart.
/// </summary>
static partial class MailHtml
{
    // A mail of ten pages has a tenth of it. A browser's rules for tags that are never closed cost the square of their number.
    const int LongestHtml = 512 * 1024;
    const int MostTags = 20_000;
    const int MostUnclosed = 40;

    static readonly HashSet<string> Dropped = new(StringComparer.OrdinalIgnoreCase)
    {
        "script", "style", "template", "noscript", "iframe", "object", "embed", "svg", "math", "head", "title", "select", "textarea", "button", "input", "audio", "video", "canvas", "map",
    };

    static readonly HashSet<string> Blocks = new(StringComparer.OrdinalIgnoreCase)
    {
        "address", "article", "aside", "blockquote", "dd", "div", "dl", "dt", "figcaption", "figure", "footer", "form", "header", "hr", "li", "main", "nav", "ol", "pre", "section", "table", "tr", "ul",
    };

    // Between these a reader sees a blank line.
    static readonly HashSet<string> Paragraphs = new(StringComparer.OrdinalIgnoreCase) { "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote" };

    /// <summary>The text and the links; null where the markup is too much or too tangled to be read within bounds.</summary>
    public static (string Text, IReadOnlyList<MailLink> Links)? Read(string html)
    {
        if (html.Length > LongestHtml || !IsSimple(html))
            return null;

        using var document = new HtmlParser().ParseDocument(html);
        var styles = new MailStyles(document);
        var (plain, links) = (new StringBuilder(html.Length / 2), new List<MailLink>());
        var anchors = new Stack<(IElement Element, int Start)>();
        var quotes = 0;

        // Walked by hand, because a thousand nested tags must not cost a thousand frames of the stack.
        INode root = document.DocumentElement;
        for (var node = root; node is not null;)
        {
            var enters = node is not IElement element || !Dropped.Contains(element.LocalName) && !styles.Of(element).IsGone;
            if (enters)
                Open(node);
            if (enters && node.FirstChild is { } child)
            {
                node = child;
                continue;
            }

            if (enters)
                Close(node);
            while (node != root && node!.NextSibling is null)
            {
                node = node.Parent!;
                Close(node);
            }

            node = node == root ? null : node.NextSibling;
        }

        if (styles.IsTooMuch)
            return null;
        return (Tidy(plain.ToString()), links);

        void Open(INode node)
        {
            switch (node)
            {
                case IText or IElement { LocalName: "li" } when node.ParentElement is { } around && !styles.Of(node as IElement ?? around).ShowsText:
                    return;
                case IText words:
                    // Line breaks in the source are no line breaks for its reader.
                    Words(IsPreformatted(words) ? words.Data : AnySpace().Replace(words.Data, " "));
                    return;
                case IElement { LocalName: "br" }:
                    plain.Append('\n');
                    return;
                case IElement { LocalName: "a" } anchor:
                    anchors.Push((anchor, plain.Length));
                    return;
                case IElement { LocalName: "li" }:
                    Break(1);
                    Words("- ");
                    return;
                case IElement { LocalName: "td" or "th" }:
                    plain.Append(' ');
                    return;
                case IElement its:
                    Break(BreaksOf(its));
                    quotes += its.LocalName == "blockquote" ? 1 : 0;
                    return;
            }
        }

        void Close(INode node)
        {
            if (node is not IElement its)
                return;
            if (its.LocalName == "a" && anchors.Count > 0 && anchors.Peek().Element == its)
            {
                var (_, start) = anchors.Pop();
                if (its.GetAttribute("href") is { Length: > 0 } target)
                    links.Add(new MailLink(AnySpace().Replace(Unseen().Replace(plain.ToString(Math.Min(start, plain.Length), plain.Length - Math.Min(start, plain.Length)), ""), " ").Trim(), target.Trim()));
                return;
            }

            quotes -= its.LocalName == "blockquote" ? 1 : 0;
            Break(BreaksOf(its));
        }

        // As a mail program writes a quotation in plain text.
        void Words(string words)
        {
            if (quotes > 0 && words.Trim().Length > 0 && (plain.Length == 0 || plain[^1] == '\n'))
                plain.Append("> ");
            plain.Append(words);
        }

        // At least so many line ends; those that are there already count.
        void Break(int ends)
        {
            if (ends == 0)
                return;
            var at = plain.Length;
            while (at > 0 && plain[at - 1] == ' ')
                at--;
            plain.Length = at;
            for (; ends > 0 && at > 0 && plain[at - 1] == '\n'; at--)
                ends--;
            plain.Append('\n', ends);
        }
    }

    static int BreaksOf(IElement element) => Paragraphs.Contains(element.LocalName) ? 2 : Blocks.Contains(element.LocalName) ? 1 : 0;

    static string Tidy(string text) =>
        BlankLines().Replace(SpaceAroundBreak().Replace(Unseen().Replace(text, "").Replace('\u00A0', ' '), "\n"), "\n\n").Trim();

    static bool IsPreformatted(IText words) => words.Parent is IElement { LocalName: "pre" };

    static bool IsSimple(string html)
    {
        var (tags, unclosed) = (0, 0);
        for (var at = html.IndexOf('<', StringComparison.Ordinal); at >= 0 && at + 1 < html.Length; at = html.IndexOf('<', at + 1))
        {
            var closes = html[at + 1] == '/';
            var name = html.AsSpan(closes ? at + 2 : at + 1);
            if (name.IsEmpty || !char.IsAsciiLetter(name[0]))
                continue;
            if (++tags > MostTags)
                return false;
            var length = name.IndexOfAnyExcept(Letters);
            if (Formatting.Contains(name[..(length < 0 ? name.Length : length)].ToString().ToLowerInvariant()))
                unclosed += closes ? -1 : 1;
            if (unclosed > MostUnclosed)
                return false;
        }

        return true;
    }

    static readonly System.Buffers.SearchValues<char> Letters = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

    static readonly HashSet<string> Formatting = ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];

    [GeneratedRegex(@"[^\S\u00A0]+")]
    private static partial Regex AnySpace();

    [GeneratedRegex(@"[^\S\n]*\n[^\S\n]*")]
    private static partial Regex SpaceAroundBreak();

    [GeneratedRegex(@"\n{3,}")]
    private static partial Regex BlankLines();

    /// <summary>What no reader sees: control and format characters; the emoji joiner stays.</summary>
    [GeneratedRegex(@"[\p{Cc}\p{Cf}-[\n\t\u200D]]")]
    private static partial Regex Unseen();
}
