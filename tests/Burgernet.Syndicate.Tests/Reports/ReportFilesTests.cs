using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Burgernet.Syndicate.Connectors;
using Burgernet.Syndicate.Connectors.Reports;
using Burgernet.Syndicate.Reports;
using Burgernet.Syndicate.Tests.Support;
using MiniExcelLibs;
using Xunit;

namespace Burgernet.Syndicate.Tests.Reports;

/// <summary>A report as files: everything that it says is in each of them.</summary>
public sealed partial class ReportFilesTests : IAsyncLifetime
{
    static readonly ReportPeriod Year = new(new DateOnly(2025, 1, 1), new DateOnly(2025, 12, 31));

    readonly Pipeline _pipeline = new();
    Report _report = null!;

    public async ValueTask InitializeAsync()
    {
        await new ExampleYear(_pipeline.Database, Pipeline.Options).FillAsync(2025, 300);
        // Words that would do something where they are shown.
        await _pipeline.Database.WriteAsync(s => s.ExecuteAsync("update post set text = '=1+1;<script>alert(1)</script> ' || text"), TestContext.Current.CancellationToken);
        _report = await Query().ReportAsync(Year, null);
    }

    public ValueTask DisposeAsync()
    {
        _pipeline.Dispose();
        return ValueTask.CompletedTask;
    }

    ReportQuery Query() => new(_pipeline.Database, ReportFrame.Of(Pipeline.Options, ConnectorRegistry.Channels), _pipeline.Time);

    string Text(ReportFormat format, Uri? site = null) => Encoding.UTF8.GetString(ReportFiles.Bytes(_report, format, site));

    [Fact]
    public void The_page_needs_nothing_else_and_shows_every_table_with_what_it_means_and_rests_on()
    {
        var html = Text(ReportFormat.Html);
        Assert.True(html.Length < 1_000_000, $"{html.Length} bytes");
        Assert.DoesNotMatch(Outside(), html);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Verzonnen gegevens", html, StringComparison.Ordinal);
        foreach (var table in ReportTables.Of(_report))
        {
            Assert.Contains($"<h2 id=\"{table.Key}\">", html, StringComparison.Ordinal);
            Assert.Contains($"Berust op: {table.Basis}", System.Net.WebUtility.HtmlDecode(html), StringComparison.Ordinal);
            Assert.True(table.Meaning.Length > 20, table.Key);
            Assert.All(table.Rows, row => Assert.Equal(table.Columns.Count, row.Count));
            Assert.Equal(table.Rows.Any(row => row.Any(cell => cell is Share { TooFew: true, Whole: > 0 })), table.Basis.Contains("minder dan 20 gevallen", StringComparison.Ordinal));
        }

        // A link only leads somewhere where somebody said what the address is.
        Assert.DoesNotMatch("<a href=\"(?!#)", html);
        Assert.Equal(ReportTables.Of(_report).Select(t => t.Key), Contents().Matches(html).Select(m => m.Groups[1].Value));
        Assert.Contains("<a href=\"https://syndicate.example/bereik/GM0307?van=2025-01-01&amp;tot=2025-12-31\">", Text(ReportFormat.Html, new Uri("https://syndicate.example")), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_plot_has_words_for_who_does_not_see_it_and_stands_with_its_table()
    {
        var plots = ReportPlots.Of(_report);
        var tables = ReportTables.Of(_report).Select(t => t.Key).ToHashSet();
        Assert.True(plots.Count >= 7, $"{plots.Count} plots");
        Assert.All(plots.Keys, key => Assert.Contains(key, tables));
        foreach (var plot in plots.Values)
        {
            var svg = System.Xml.Linq.XElement.Parse(plot.Svg);
            Assert.Equal(("img", plot.Alternative), (svg.Attribute("role")?.Value, svg.Attribute("aria-label")?.Value));
            Assert.DoesNotContain("style=", plot.Svg, StringComparison.Ordinal);
            // Without a font there would be no letters.
            Assert.Contains(svg.Descendants(), e => e.Name.LocalName == "text" && e.Value.Trim().Length > 0);
        }

        var ids = plots.Values.SelectMany(p => Ids().Matches(p.Svg).Select(m => m.Value)).ToList();
        Assert.Equal(ids.Distinct().Count(), ids.Count);
        Assert.Contains($"vermissing {_report.Categories[0].Actions}", plots["soorten"].Alternative, StringComparison.Ordinal);
    }

    [Fact]
    public void The_workbook_has_a_sheet_per_table_with_numbers_that_can_be_added_up()
    {
        using var stream = new MemoryStream(ReportFiles.Bytes(_report, ReportFormat.Xlsx));
        var sheets = MiniExcel.GetSheetNames(stream);
        Assert.Equal(ReportTables.Of(_report).Select(t => t.Key).Prepend("toelichting"), sheets);

        var municipalities = stream.Query(useHeaderRow: true, sheetName: "gemeenten").Cast<IDictionary<string, object?>>().ToList();
        Assert.Equal(_report.Municipalities.Select(m => m.Name), municipalities.Select(m => (string)m["Gemeente"]!));
        Assert.Equal(_report.Figures.Actions, municipalities.Sum(m => Convert.ToInt32(m["Acties"], null)));
        Assert.Equal(_report.Figures.Hard, municipalities.Sum(m => Convert.ToInt32(m["Hard succes: aantal"], null)));
        foreach (var (row, municipality) in municipalities.Zip(_report.Municipalities))
            Assert.Equal(municipality.HardSuccess?.Percentage is { } p ? Math.Round(p, 1) : null, row["Hard succes (%)"] as double?);
        // Who opens it reads every heading.
        using var workbook = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        using var sheet = workbook.GetEntry("xl/worksheets/sheet2.xml")!.Open();
        var widths = System.Xml.Linq.XElement.Load(sheet).Descendants().Where(e => e.Name.LocalName == "col").Select(e => double.Parse(e.Attribute("width")!.Value, System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.All(stream.Query(useHeaderRow: true, sheetName: "kerncijfers").Cast<IDictionary<string, object?>>().First().Keys.Zip(widths), c => Assert.True(c.Second > c.First.Length, c.First));
        // Text stays text.
        Assert.Contains(stream.Query(useHeaderRow: true, sheetName: "beste-berichten").Cast<IDictionary<string, object?>>(), row => ((string)row["Woorden"]!).StartsWith("=1+1", StringComparison.Ordinal));
    }

    [Fact]
    public void The_table_for_spreadsheets_has_every_cell_and_runs_nothing()
    {
        var bytes = ReportFiles.Bytes(_report, ReportFormat.Csv);
        Assert.Equal(Encoding.UTF8.Preamble, bytes.AsSpan(0, 3));
        var csv = Encoding.UTF8.GetString(bytes.AsSpan(3));
        Assert.StartsWith("tabel;regel;kolom;waarde\r\nkerncijfers;1;Wat;Acties\r\nkerncijfers;1;Deze periode;300\r\n", csv, StringComparison.Ordinal);
        Assert.Contains($"hard-succes;13;Hard succes (%);{Math.Round(_report.Figures.HardSuccess!.Value.Percentage!.Value, 1).ToString(System.Globalization.CultureInfo.GetCultureInfo("nl-NL"))}\r\n", csv, StringComparison.Ordinal);
        Assert.Contains(";Woorden;\"'=1+1;<script>", csv, StringComparison.Ordinal);
        Assert.DoesNotMatch("(?m)^[^;\r\n]+;\\d+;[^;\r\n]+;\"?[=@]", csv);
    }

    [Fact]
    public void The_figures_for_programs_are_those_of_the_report()
    {
        using var json = JsonDocument.Parse(ReportFiles.Bytes(_report, ReportFormat.Json));
        var root = json.RootElement;
        Assert.Equal("Verzonnen gegevens", root.GetProperty("label").GetString());
        var figures = root.GetProperty("report").GetProperty("figures");
        Assert.Equal((300, _report.Figures.Hard), (figures.GetProperty("actions").GetInt32(), figures.GetProperty("hardSuccess").GetProperty("part").GetInt32()));
        Assert.Equal(("2025-01-01", "2025-12-31"), (root.GetProperty("report").GetProperty("period").GetProperty("from").GetString(), root.GetProperty("report").GetProperty("period").GetProperty("to").GetString()));
        Assert.Contains(root.GetProperty("report").GetProperty("categories").EnumerateArray(), c => c.GetProperty("category").GetString() == "missing-person");
        Assert.Equal(ReportTables.Of(_report).Count, root.GetProperty("tables").GetArrayLength());
    }

    [Fact]
    public async Task A_period_without_anything_is_a_report_too()
    {
        var empty = await Query().ReportAsync(new ReportPeriod(new DateOnly(2030, 1, 1), new DateOnly(2030, 1, 7)), "GM0307");
        foreach (var format in Enum.GetValues<ReportFormat>())
            Assert.NotEmpty(ReportFiles.Bytes(empty, format));
        var html = ReportHtml.File(empty);
        Assert.Contains("geen gevallen", html, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", html, StringComparison.Ordinal);
        Assert.Contains("waren er geen acties van Burgernet in Amersfoort", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_municipality_gets_lines_for_its_newsletter()
    {
        var report = await Query().ReportAsync(Year, "GM0344");
        var row = Assert.Single(report.Municipalities);
        var text = Newsletter.Text(report, row);
        Assert.StartsWith("Burgernet in Utrecht: 2025 (Verzonnen gegevens)\n\nIn deze periode (2025) vroeg de politie ", text, StringComparison.Ordinal);
        Assert.Contains($" {row.Actions} keer via Burgernet", text, StringComparison.Ordinal);
        Assert.Contains($"{row.MissingPersons} keer naar een vermiste persoon en {row.HighImpactCrime} keer na een overval", text, StringComparison.Ordinal);
        Assert.Contains("<p>In deze periode (2025)", Newsletter.Html(report, row), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "geen gevallen", "")]
    [InlineData(19, "1\u00a0van\u00a019", " (te weinig voor een percentage)")]
    [InlineData(20, "5,0\u00a0% (1\u00a0van\u00a020)", "")]
    public void A_percentage_says_of_how_many_and_of_too_few_it_is_none(int whole, string shown, string alone)
    {
        var share = new Share(Math.Min(1, whole), whole);
        Assert.Equal((shown, shown + alone), (ReportTables.Shown(share), ReportTables.Alone(share)));
    }

    [GeneratedRegex(@"(?:src|href)\s*=\s*""?(?:https?:)?//|url\(\s*[""']?(?!#)|@import")]
    private static partial Regex Outside();

    [GeneratedRegex("<li><a href=\"#([^\"]+)\">")]
    private static partial Regex Contents();

    [GeneratedRegex(@"(?<= id="")[^""]+")]
    private static partial Regex Ids();
}
