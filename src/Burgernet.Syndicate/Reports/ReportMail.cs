using System.Globalization;

namespace Burgernet.Syndicate.Reports;

/// <summary>What stands in the mail that a report comes with (Dutch).</summary>
public static class ReportMail
{
    static readonly CultureInfo Dutch = CultureInfo.GetCultureInfo("nl-NL");

    public static string Subject(Report report) => $"Burgernet: {report.Period}, {report.Figures.Actions.ToString("N0", Dutch)} {(report.Figures.Actions == 1 ? "actie" : "acties")}{(report.Invented > 0 ? $" ({ExampleYear.Label})" : "")}";

    /// <param name="site">Where the pages are; null: they are not named.</param>
    public static string Text(Report report, Uri? site)
    {
        var (now, before) = (report.Figures, report.YearBefore);
        var query = $"van={ReportPeriod.Written(report.Period.From)}&tot={ReportPeriod.Written(report.Period.To)}";
        return $"""
            Burgernet in {ReportTables.AreaOf(report)}, {report.Period}.{(report.Invented > 0 ? $" {ExampleYear.Label}." : "")}

            Acties: {ReportTables.Shown(now.Actions)} (jaar eerder {ReportTables.Shown(before?.Actions)})
            Hard succes: {(now.HardSuccess is { } hard ? $"{ReportTables.Alone(hard)}{(now.Actions == 0 ? "" : $"; {ReportTables.OutcomesOf(now)}")}" : ReportTables.OutcomesOf(now))}; het doel is {ReportTables.HardSuccessGoal:0} %
            Vermissingen: {ReportTables.Shown(now.MissingPersons)}; overval, straatroof, inbraak en geweld: {ReportTables.Shown(now.HighImpactCrime)}
            Geplaatst op ten minste één kanaal: {ReportTables.Alone(now.Covered)}
            Keer getoond: {ReportTables.Shown(now.Reach.Impressions)} (dat is bekend van {ReportTables.Shown(now.Basis.Impressions)} van de {ReportTables.Shown(now.Reach.Posts)} berichten)
            Helft van de oproepen stond er binnen: {ReportTables.Shown(now.Speed.P50 is { } seconds ? new Seconds(seconds) : null)}

            Het hele rapport zit als bijlage bij deze mail; open het in een browser. Het is ook goed te printen.
            {(site is null ? "" : $"Zelf verder kijken, per gemeente en als spreadsheet: {new Uri(site, $"/bereik?{query}")}")}
            """.TrimEnd() + "\n";
    }

    /// <summary>Where more is to be seen of what a report names.</summary>
    public static Func<ReportLinkKind, string, string>? Links(Report report, Uri? site) => site is null ? null : (kind, key) => new Uri(site, kind is ReportLinkKind.Alert
        ? $"/acties/{Uri.EscapeDataString(key)}"
        : $"/bereik/{Uri.EscapeDataString(key)}?van={ReportPeriod.Written(report.Period.From)}&tot={ReportPeriod.Written(report.Period.To)}").AbsoluteUri;
}
