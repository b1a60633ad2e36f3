using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace Burgernet.Syndicate.Connectors.Sources;

/// <summary>Makes plain text of what a feed wrote, HTML or not. No word a reader would see may be lost.</summary>
static partial class PlainText
{
    static readonly HashSet<string> Dropped = new(StringComparer.OrdinalIgnoreCase) { "script", "style", "template", "noscript", "iframe", "object", "svg" };

    static readonly HashSet<string> Blocks = new(StringComparer.OrdinalIgnoreCase)
    {
        "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption", "figure", "footer", "form",
        "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table", "tr", "ul",
    };

    /// <summary>Lines that belong together, at most one blank one between them.</summary>
    public static string FromBody(string raw) => Tidy(Strip(raw));

    /// <summary>One line; null when there is nothing.</summary>
    public static string? FromTitle(string? raw) =>
        raw is not null && AnySpace().Replace(Strip(raw), " ").Trim() is { Length: > 0 } title ? title : null;

    static string Tidy(string text) =>
        BlankLines().Replace(SpaceAroundBreak().Replace(text, "\n"), "\n\n").Trim();

    static string Strip(string raw)
    {
        var text = raw.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        if (text.AsSpan().IndexOfAny('<', '&') >= 0)
            text = FromHtml(text);
        return Unseen().Replace(text, "").Replace('\u00A0', ' ');
    }

    static string FromHtml(string text)
    {
        // A browser would take "&reg" out of a web address and lose everything after a tag that never closes.
        var html = NotMarkup().Replace(text, sign => sign.Value == "<" ? "&lt;" : "&amp;");
        using var document = new HtmlParser().ParseDocument(html);
        var plain = new StringBuilder(text.Length);

        // Walked by hand, because a thousand nested tags must not cost a thousand frames of the stack.
        INode root = document.DocumentElement;
        for (var node = root; node is not null;)
        {
            var enters = node is not IElement element || !Dropped.Contains(element.LocalName);
            if (node is IText words)
                plain.Append(words.Data);
            else if (IsBlock(node))
                plain.Append('\n');

            if (enters && node.FirstChild is { } child)
            {
                node = child;
                continue;
            }

            while (node != root && node!.NextSibling is null)
            {
                node = node.Parent;
                if (IsBlock(node))
                    plain.Append('\n');
            }

            node = node == root ? null : node.NextSibling;
        }

        return plain.ToString();
    }

    static bool IsBlock(INode? node) => node is IElement element && Blocks.Contains(element.LocalName);

    /// <summary>A &lt; that opens no tag ("man &lt; 30 jaar"), a &amp; that opens no entity ("R&amp;B").</summary>
    [GeneratedRegex(@"<(?!/?[a-zA-Z][^<>]*>|!--.*?-->)|&(?!(?:#[0-9]+|#[xX][0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]*);)", RegexOptions.Singleline)]
    private static partial Regex NotMarkup();

    [GeneratedRegex(@"[^\S\n]*\n[^\S\n]*")]
    private static partial Regex SpaceAroundBreak();

    [GeneratedRegex(@"\n{3,}")]
    private static partial Regex BlankLines();

    [GeneratedRegex(@"\s+")]
    private static partial Regex AnySpace();

    /// <summary>Control characters; a database does not take all of them, and no reader sees them.</summary>
    [GeneratedRegex(@"[\p{Cc}-[\n\t]]")]
    private static partial Regex Unseen();
}
