using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Burgernet.Syndicate.Reports;

namespace Burgernet.Syndicate.Connectors.Reports;

/// <summary>A report as HTML: as a file of its own that needs nothing else, or as the sections of a page.</summary>
public static class ReportHtml
{
    static readonly CultureInfo Dutch = CultureInfo.GetCultureInfo("nl-NL");
    static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>How the sections look, for the file and for pages.</summary>
    public static string Style { get; } = ReadStyle();

    /// <summary>A whole file: no script, no other files, nothing from a network.</summary>
    /// <param name="link">Where more is to be seen of an alert or a municipality; null: nowhere.</param>
    public static string File(Report report, Func<ReportLinkKind, string, string>? link = null)
    {
        var title = $"Burgernet, {ReportTables.AreaOf(report)}, {report.Period}";
        return $"""
            <!DOCTYPE html>
            <html lang="nl">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{E(title)}</title>
            <style>{Style}</style>
            </head>
            <body class="report-file">
            <header><h1>Wat Burgernet bereikte</h1><p>{E(ReportTables.Heading(report))}</p></header>
            <main>
            {Sections(report, link)}
            </main>
            <footer><p>Gemaakt op {E(ReportTables.Shown(report.MadeAt))} uur met Burgernet.Syndicate.</p></footer>
            </body>
            </html>

            """;
    }

    /// <summary>The sections: what counts at a glance, then every plot with its table, then the lines for newsletters.</summary>
    /// <param name="link">Where more is to be seen of an alert or a municipality; null: nowhere.</param>
    public static string Sections(Report report, Func<ReportLinkKind, string, string>? link = null)
    {
        var html = new StringBuilder();
        if (report.Invented > 0)
            html.Append(Dutch, $"<p class=\"invented\" role=\"note\"><strong>{E(ExampleYear.Label)}.</strong> {report.Invented:N0} van de {report.Figures.Actions + report.Figures.Mails:N0} berichten in dit overzicht zijn een voorbeeld en hebben nooit bestaan.</p>\n");
        Glance(html, report);
        var (tables, plots) = (ReportTables.Of(report), ReportPlots.Of(report));
        Contents(html, tables);
        foreach (var table in tables)
            Section(html, table, plots.GetValueOrDefault(table.Key), link);
        Newsletters(html, report);
        return html.ToString();
    }

    static void Glance(StringBuilder html, Report report)
    {
        var figures = report.Figures;
        html.Append("<dl class=\"glance\">\n");
        Tile("Acties", figures.Actions);
        Tile($"Hard succes (doel {ReportTables.HardSuccessGoal:0}\u00a0%)", figures.HardSuccess, figures.Actions == 0 ? null : ReportTables.OutcomesOf(figures));
        Tile("Geplaatst op ten minste één kanaal", figures.Covered);
        Tile("Keer getoond", figures.Reach.Impressions, $"bekend van {ReportTables.Shown(figures.Basis.Impressions)} van de {ReportTables.Shown(figures.Reach.Posts)} berichten");
        Tile("Helft van de oproepen stond er binnen", figures.Speed.P50 is { } seconds ? new Seconds(seconds) : null);
        Tile("Vermissingen tegenover overval, straatroof, inbraak en geweld", $"{figures.MissingPersons} / {figures.HighImpactCrime}");
        html.Append("</dl>\n");

        void Tile(string name, object? value, string? rest = null)
        {
            var shown = ReportTables.Alone(value);
            // The number first and large; what it is made of and rests on small behind it.
            var at = shown.IndexOf(" (", StringComparison.Ordinal);
            string?[] small = [at < 0 ? null : shown[(at + 1)..], rest];
            html.Append(Dutch, $"<div><dt>{E(name)}</dt><dd>{E(at < 0 ? shown : shown[..at])}{string.Concat(small.OfType<string>().Select(s => $" <small>{E(s)}</small>"))}</dd></div>\n");
        }
    }

    static void Contents(StringBuilder html, IReadOnlyList<ReportTable> tables)
    {
        html.Append("<nav class=\"contents\" aria-label=\"Wat hieronder staat\"><ul>\n");
        foreach (var table in tables)
            html.Append(Dutch, $"<li><a href=\"#{table.Key}\">{E(table.Title)}</a></li>\n");
        html.Append("</ul></nav>\n");
    }

    static void Section(StringBuilder html, ReportTable table, ReportPlot? plot, Func<ReportLinkKind, string, string>? link)
    {
        html.Append(Dutch, $"<section aria-labelledby=\"{table.Key}\">\n<h2 id=\"{table.Key}\">{E(table.Title)}</h2>\n<p class=\"meaning\">{E(table.Meaning)}</p>\n");
        if (plot is not null)
            html.Append(Dutch, $"<div class=\"wide\" role=\"region\" aria-label=\"{E(table.Title)}, in beeld\" tabindex=\"0\">{plot.Svg}</div>\n");
        html.Append(Dutch, $"<div class=\"wide\" role=\"region\" aria-label=\"{E(table.Title)}, in getallen\" tabindex=\"0\"><table>\n<thead><tr>");
        foreach (var (at, column) in table.Columns.Index())
            html.Append(Dutch, $"<th scope=\"col\"{(IsNumber(table, at) ? " class=\"number\"" : "")}>{E(column)}</th>");
        html.Append("</tr></thead>\n<tbody>\n");
        foreach (var (line, row) in table.Rows.Index())
        {
            html.Append("<tr>");
            foreach (var (at, cell) in row.Index())
            {
                var shown = E(ReportTables.Shown(cell));
                var isId = table.Links is { Kind: ReportLinkKind.Alert } && table.Links.Column == at;
                if (link is not null && table.Links is { } links && links.Column == at && links.Keys[line] is { } key)
                    // Nobody reads our ids.
                    shown = $"<a href=\"{E(link(links.Kind, key))}\"{(isId ? $" aria-label=\"bekijk actie {shown}\"" : "")}>{(isId ? "bekijk" : shown)}</a>";
                html.Append(at == 0 ? $"<th scope=\"row\">{shown}</th>" : $"<td{(IsNumber(table, at) ? " class=\"number\"" : isId ? " class=\"id\"" : cell is string { Length: > 60 } ? " class=\"words\"" : "")}>{shown}</td>");
            }

            html.Append("</tr>\n");
        }

        html.Append(Dutch, $"</tbody></table></div>\n<p class=\"basis\">Berust op: {E(table.Basis)}</p>\n</section>\n");
    }

    // What holds no text in any row; a column of which nothing is known too.
    static bool IsNumber(ReportTable table, int column) => column > 0 && table.Rows.All(row => row[column] is not (string or DateOnly or DateTimeOffset or TimeSpan)) && table.Rows.Any(row => row[column] is not null);

    static void Newsletters(StringBuilder html, Report report)
    {
        var municipalities = report.Municipalities.Where(m => m.Code is not null && (report.Area is not null || m.Actions > 0)).ToList();
        if (municipalities.Count == 0)
            return;
        html.Append("<section aria-labelledby=\"nieuwsbrief\" class=\"newsletter\">\n<h2 id=\"nieuwsbrief\">Voor de nieuwsbrief</h2>\n<p class=\"meaning\">Klaar om te plakken: eerst als gewone tekst, dan als HTML.</p>\n");
        foreach (var municipality in municipalities)
        {
            var (text, code) = (Newsletter.Text(report, municipality), Newsletter.Html(report, municipality));
            html.Append(Dutch, $"<details{(report.Area is null ? "" : " open")}><summary>{E(municipality.Name)}</summary>\n<pre tabindex=\"0\" role=\"region\" aria-label=\"Tekst voor {E(municipality.Name)}\">{E(text)}</pre>\n<pre tabindex=\"0\" role=\"region\" aria-label=\"HTML voor {E(municipality.Name)}\">{E(code)}</pre>\n</details>\n");
        }

        html.Append("</section>\n");
    }

    static string E(string text) => Encoder.Encode(text);

    static string ReadStyle()
    {
        using var reader = new StreamReader(typeof(ReportHtml).Assembly.GetManifestResourceStream("report.css")!);
        return reader.ReadToEnd();
    }
}
