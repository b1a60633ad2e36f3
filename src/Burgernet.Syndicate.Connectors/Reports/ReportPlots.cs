using System.Globalization;
using System.Text.RegularExpressions;
using Burgernet.Syndicate.Reports;
using Burgernet.Syndicate.Routing;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace Burgernet.Syndicate.Connectors.Reports;

/// <summary>A plot that stands beside the table of the same key.</summary>
/// <param name="Key">The key of its <see cref="ReportTable"/>.</param>
/// <param name="Alternative">What there is to see, in words (Dutch).</param>
/// <param name="Svg">The <c>svg</c> element: no script, no style, letters as text.</param>
public sealed record ReportPlot(string Key, string Alternative, string Svg);

/// <summary>Draws the plots of a report, the same for a page and a file.</summary>
public static partial class ReportPlots
{
    const string Font = "DejaVu Sans";
    const int Width = 760;
    const int Height = 300;
    const string UnknownMark = "?";

    // More municipalities, or months, are not told apart any more.
    const int MostBars = 15;
    const int MostMonths = 36;

    static readonly CultureInfo Dutch = CultureInfo.GetCultureInfo("nl-NL");
    static readonly Color Now = Color.FromHex("#003b7a");
    static readonly Color Before = Color.FromHex("#a9bfda");
    static readonly Color Goal = Color.FromHex("#9b1c1c");
    static readonly Color Ink = Color.FromHex("#14213d");
    static readonly Color[] Lines = [Color.FromHex("#003b7a"), Color.FromHex("#b45309"), Color.FromHex("#17663a"), Color.FromHex("#6b21a8")];

    static ReportPlots()
    {
        Fonts.AddFontFile(Font, Path.Combine(AppContext.BaseDirectory, "fonts", "DejaVuSans.ttf"));
        Fonts.Default = Font;
    }

    public static IReadOnlyDictionary<string, ReportPlot> Of(Report report)
    {
        var plots = new List<ReportPlot?>
        {
            Success(report), Months(report), Across("soorten", "acties", report.Categories.Select(c => (RouteWords.Of(c.Category), (double)c.Actions))),
            report.Area is null ? Across("gemeenten", "acties", report.Municipalities.OrderByDescending(m => m.Actions).Take(MostBars).Where(m => m.Actions > 0).Select(m => (m.Name, (double)m.Actions)), $"de {MostBars} gemeenten met de meeste acties: ") : null,
            Across("dekking", "% van de acties", report.Coverage.Where(c => c.WentOut.Percentage is not null).Select(c => (c.Channel, c.WentOut.Percentage!.Value))),
            Across("bereik-per-kanaal", "keer getoond", report.ReachByChannel.Where(r => r.Impressions is not null).Select(r => (r.Key!, (double)r.Impressions!))),
            Hours(report), Curve(report),
        };
        return plots.OfType<ReportPlot>().ToDictionary(p => p.Key);
    }

    static ReportPlot? Months(Report report)
    {
        if (report.Months.Count is < 2 or > MostMonths)
            return null;
        var plot = Begin();
        var both = report.Months.Any(m => m.YearBefore?.Actions > 0);
        foreach (var (at, month) in report.Months.Index())
        {
            if (both)
                Column(plot, at - 0.2, month.YearBefore?.Actions, Before, 0.36);
            Column(plot, both ? at + 0.2 : at, month.Now?.Actions, Now, both ? 0.36 : 0.6);
        }

        var unknown = report.Months.Any(m => m.Now is null || both && m.YearBefore is null);
        if (both || unknown)
            Legend(plot, unknown, both ? [("deze periode", Now), ("jaar eerder", Before)] : []);
        Bottom(plot, report.Months.Select(m => m.Month.ToString("MMM yy", Dutch)));
        FromZero(plot);
        return Finish(plot, "maanden", $"Staven per maand. {string.Join(", ", report.Months.Select(m => string.Create(Dutch, $"{m.Month:MMMM yyyy}: {ReportTables.Shown(m.Now?.Actions)}, jaar eerder {ReportTables.Shown(m.YearBefore?.Actions)}")))} (acties).");
    }

    static ReportPlot? Success(Report report)
    {
        var months = report.Months.Select(m => (m.Month, Share: m.Now?.HardSuccess)).ToList();
        if (months.Count > MostMonths || months.All(m => m.Share?.Percentage is null))
            return null;
        var plot = Begin();
        foreach (var (at, month) in months.Index())
            Column(plot, at, month.Share?.Percentage, Now, 0.6);
        var goal = plot.Add.HorizontalLine(ReportTables.HardSuccessGoal, 2, Goal, LinePattern.Dashed);
        Legend(plot, months.Any(m => m.Share?.Percentage is null), ("hard succes in % van alle acties", Now), ("8 %", goal.Color));
        Bottom(plot, months.Select(m => m.Month.ToString("MMM yy", Dutch)));
        FromZero(plot, atLeast: 12);
        return Finish(plot, "hard-succes", $"Staven per maand met een lijn bij 8 %; {ReportTables.OutcomesOf(report.Figures)}. {string.Join(", ", months.Select(m => string.Create(Dutch, $"{m.Month:MMMM yyyy}: {m.Share switch { null => ReportTables.Unknown, { Percentage: { } p } => $"{p.ToString("0.0", Dutch)} %", _ => "te weinig acties" }}")))}.");
    }

    static ReportPlot? Hours(Report report)
    {
        if (report.ReachByHour.All(h => h.Impressions is null))
            return null;
        var plot = Begin();
        // Where nothing was posted there is nothing to know.
        foreach (var (at, hour) in report.ReachByHour.Index().Where(h => h.Item.Posts > 0))
            Column(plot, at, hour.Impressions, Now, 0.8);
        var silent = report.ReachByHour.Where(h => h is { Posts: > 0, Impressions: null }).Select(h => h.Key).ToList();
        if (silent.Count > 0)
            Legend(plot, unknown: true);
        Bottom(plot, report.ReachByHour.Select(h => h.Key!));
        FromZero(plot);
        plot.Axes.SetLimitsX(-0.6, report.ReachByHour.Count - 0.4);
        var most = report.ReachByHour.MaxBy(h => h.Impressions)!;
        return Finish(plot, "bereik-per-uur", string.Create(Dutch, $"Staven per uur van de dag. Het meest getoond is wat tussen {most.Key} en {int.Parse(most.Key!, Dutch) + 1} uur is uitgegeven: {most.Impressions:N0} keer.{(silent.Count == 0 ? "" : $" Niet bekend: {string.Join(", ", silent)} uur.")}"));
    }

    static ReportPlot? Curve(Report report)
    {
        var moments = report.Curve.Select(p => p.After).Distinct().Order().ToList();
        var channels = report.Curve.Where(p => p.OfFinal is not null).GroupBy(p => p.Channel).ToList();
        if (channels.Count == 0)
            return null;
        var plot = Begin();
        foreach (var (number, channel) in channels.Index())
        {
            var line = plot.Add.Scatter([.. channel.Select(p => (double)moments.IndexOf(p.After))], channel.Select(p => p.OfFinal!.Value).ToArray(), Lines[number % Lines.Length]);
            (line.LineWidth, line.MarkerSize, line.MarkerShape) = (2, 8, (MarkerShape)(number % 4));
        }

        Legend(plot, unknown: false, [.. channels.Select((c, number) => (c.Key, Lines[number % Lines.Length]))]);
        Bottom(plot, moments.Select(m => ReportTables.Shown(m)));
        FromZero(plot, atLeast: 105);
        return Finish(plot, "verloop", $"Lijnen per kanaal: welk deel van het eindbereik er op vaste momenten was. {string.Join(". ", channels.Select(c => $"{c.Key}: {string.Join(", ", c.Select(p => string.Create(Dutch, $"na {ReportTables.Shown(p.After)} {p.OfFinal:0} %")))}"))}.");
    }

    static ReportPlot? Across(string key, string unit, IEnumerable<(string Name, double Value)> rows, string first = "")
    {
        var bars = rows.ToList();
        if (bars.Count == 0)
            return null;
        var plot = Begin();
        plot.Axes.Left.FrameLineStyle.Width = 0;
        foreach (var (at, (_, value)) in bars.Index())
        {
            var bar = plot.Add.Bar(new Bar { Position = -at, Value = value, FillColor = Now, LineWidth = 0, Size = 0.7, Orientation = Orientation.Horizontal, ValueLabel = Number(value), CenterLabel = false });
            bar.ValueLabelStyle.FontName = Font;
            bar.ValueLabelStyle.FontSize = 13;
            bar.ValueLabelStyle.ForeColor = Ink;
        }

        plot.Axes.Left.TickGenerator = new NumericManual([.. bars.Select((_, at) => (double)-at)], [.. bars.Select(b => b.Name)]);
        plot.Axes.Left.MajorTickStyle.Length = 0;
        // Each bar says its number.
        plot.Axes.Bottom.TickGenerator = new EmptyTickGenerator();
        plot.Axes.Bottom.FrameLineStyle.Width = 0;
        plot.Axes.Bottom.Label.Text = unit;
        plot.HideGrid();
        // Room for the number behind the longest bar.
        plot.Axes.SetLimits(0, Math.Max(1, bars.Max(b => b.Value)) * 1.15, -bars.Count + 0.4, 0.6);
        return Finish(plot, key, $"Liggende staven, {first}{string.Join(", ", bars.Select(b => $"{b.Name} {Number(b.Value)}"))} ({unit}).", Math.Max(130, 70 + 26 * bars.Count));

        static string Number(double value) => value.ToString(value == Math.Floor(value) ? "N0" : "0.0", Dutch);
    }

    // ---- how they all look

    static Plot Begin()
    {
        var plot = new Plot();
        plot.Axes.Right.IsVisible = false;
        plot.Axes.Top.IsVisible = false;
        plot.Axes.Right.FrameLineStyle.Width = 0;
        plot.Axes.Top.FrameLineStyle.Width = 0;
        plot.Grid.XAxisStyle.IsVisible = false;
        plot.Axes.Left.TickGenerator = Whole();
        return plot;
    }

    // What is not known looks like something else than nought.
    static void Column(Plot plot, double at, double? value, Color color, double size)
    {
        if (value is { } known)
        {
            plot.Add.Bar(new Bar { Position = at, Value = known, FillColor = color, LineWidth = 0, Size = size });
            return;
        }

        var mark = plot.Add.Text(UnknownMark, at, 0);
        (mark.LabelFontName, mark.LabelFontSize, mark.LabelFontColor, mark.LabelAlignment) = (Font, 13, Ink, Alignment.LowerCenter);
    }

    static void Bottom(Plot plot, IEnumerable<string> names)
    {
        var labels = names.ToArray();
        plot.Axes.Bottom.TickGenerator = new NumericManual([.. labels.Select((_, at) => (double)at)], labels);
        (plot.Axes.Bottom.MajorTickStyle.Length, plot.Axes.Bottom.MajorTickStyle.Color) = (5, Colors.Transparent);
    }

    static void FromZero(Plot plot, double atLeast = 1)
    {
        plot.Axes.AutoScale();
        var limits = plot.Axes.GetLimits();
        plot.Axes.SetLimits(limits.Left, limits.Right, 0, Math.Max(atLeast, limits.Top * 1.04));
    }

    static NumericAutomatic Whole() => new() { IntegerTicksOnly = true, LabelFormatter = value => value.ToString("N0", Dutch) };

    /// <param name="unknown">Something in it is not known.</param>
    static void Legend(Plot plot, bool unknown, params (string Name, Color Color)[] entries)
    {
        foreach (var (name, color) in entries)
            plot.Legend.ManualItems.Add(new LegendItem { LabelText = name, FillColor = color, LineColor = color, LabelFontName = Font });
        if (unknown)
            plot.Legend.ManualItems.Add(new LegendItem { LabelText = $"{UnknownMark} = {ReportTables.Unknown}", LabelFontName = Font });
        plot.ShowLegend(Edge.Top);
        plot.Legend.Orientation = Orientation.Horizontal;
        plot.Legend.OutlineWidth = 0;
        plot.Legend.ShadowColor = Colors.Transparent;
    }

    static ReportPlot Finish(Plot plot, string key, string alternative, int height = Height)
    {
        plot.Font.Set(Font);
        plot.Axes.Color(Ink);
        foreach (var axis in plot.Axes.GetAxes())
        {
            axis.MinorTickStyle.Length = 0;
            (axis.TickLabelStyle.FontSize, axis.Label.FontSize, axis.Label.Bold) = (13, 13, false);
        }

        var svg = plot.GetSvgXml(Width, height);
        svg = svg[svg.IndexOf("<svg", StringComparison.Ordinal)..];
        // Several plots stand in one page, and the library numbers them through as long as the program runs.
        var numbers = new Dictionary<string, int>();
        svg = Identifier().Replace(svg, match =>
        {
            numbers.TryAdd(match.Groups[2].Value, numbers.Count + 1);
            return $"{match.Groups[1].Value}{key}-{numbers[match.Groups[2].Value]}";
        });
        // Where each letter goes depends on a font that whoever looks may not have: where the first goes is enough.
        svg = Letters().Replace(svg, match => $" {match.Groups[1].Value}=\"{match.Groups[2].Value}\"");
        svg = Text().Replace(svg, match => $"{match.Groups[1].Value}{match.Groups[2].Value.Trim()}</text>");
        svg = svg.Replace($"font-family=\"{Font}\"", $"font-family=\"'{Font}', Verdana, sans-serif\"", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal).Replace("\t", "", StringComparison.Ordinal);
        var label = System.Net.WebUtility.HtmlEncode(alternative);
        return new ReportPlot(key, alternative, Head().Replace(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"plot\" viewBox=\"0 0 {Width} {height}\" width=\"{Width}\" height=\"{height}\" role=\"img\" aria-label=\"{label}\">", 1));
    }

    [GeneratedRegex(@"(id=""|url\(#)(cl_\w+)")]
    private static partial Regex Identifier();

    [GeneratedRegex(@"\s(x|y)=""(-?[\d.]+)(?:, ?-?[\d.]*)+""")]
    private static partial Regex Letters();

    [GeneratedRegex(@"(<text[^>]*>)([^<]*)</text>")]
    private static partial Regex Text();

    [GeneratedRegex("^<svg[^>]*>")]
    private static partial Regex Head();
}
