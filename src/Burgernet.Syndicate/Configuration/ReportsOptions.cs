using Burgernet.Syndicate.Reports;

namespace Burgernet.Syndicate.Configuration;

/// <summary>When a report is mailed and to whom: <c>reports</c> in syndicate.json, checked.</summary>
public sealed record ReportsOptions
{
    /// <summary>Null: no report is mailed.</summary>
    public ReportSchedule? Schedule { get; init; }

    public IReadOnlyList<string> MailTo { get; init; } = [];

    /// <summary>Where the pages are for who reads a report; null: it leads nowhere.</summary>
    public Uri? Site { get; init; }
}

/// <summary>Reads it.</summary>
static class ReportsReader
{
    public static ReportsOptions Reports(ConfigReader reports)
    {
        var rhythm = reports.Has("schedule") ? reports.Choice("schedule", "", ReportRhythm.Weekly, required: false) : (ReportRhythm?)null;
        reports.Expect("schedule");
        var span = reports.Choice("period", "", rhythm switch { ReportRhythm.Monthly => ReportSpan.Month, ReportRhythm.Yearly => ReportSpan.Year, _ => ReportSpan.Week }, required: false);
        var to = reports.Texts("mailTo");
        foreach (var address in to.Where(a => !MailOptions.IsAddress(a)))
            reports.Fault("mailTo", $"'{address}' is geen mailadres; schrijf adressen als naam@voorbeeld.nl, met een komma ertussen");
        if (rhythm is not null && to.Count == 0)
            reports.Fault("mailTo", "ontbreekt; schrijf aan wie het rapport moet, of haal schedule weg");
        if (rhythm is null && to.Count > 0)
            reports.Fault("schedule", $"ontbreekt; schrijf hoe vaak het rapport moet komen: {string.Join(", ", Wire.All<ReportRhythm>())}");
        var site = reports.Url("site", null);
        reports.RejectUnknown();
        return new ReportsOptions { Schedule = rhythm is { } often && to.Count > 0 ? new ReportSchedule(often, span) : null, MailTo = to, Site = site };
    }
}
