using Burgernet.Syndicate.Routing;
using Burgernet.Syndicate.Templates;

namespace Burgernet.Syndicate.Reports;

/// <summary>How often a report comes.</summary>
public enum ReportRhythm
{
    /// <summary>On Monday morning.</summary>
    Weekly,

    /// <summary>On the morning of the first.</summary>
    Monthly,

    /// <summary>On the morning of New Year's Day.</summary>
    Yearly,
}

/// <summary>How far back a report goes from the last day that it is about.</summary>
public enum ReportSpan
{
    /// <summary>To the Monday.</summary>
    Week,

    /// <summary>To the first of the month.</summary>
    Month,

    /// <summary>To the first of January.</summary>
    Year,
}

/// <summary>When a report is due, and what it is about.</summary>
public sealed record ReportSchedule(ReportRhythm Rhythm, ReportSpan Span)
{
    /// <summary>Before the first meeting of the day (Dutch time).</summary>
    public static readonly TimeOnly At = new(7, 0);

    /// <summary>The period of the newest report that is due; it ends with the last whole week, month or year.</summary>
    public ReportPeriod Due(DateTimeOffset now)
    {
        // Before that hour it is as if it were still yesterday.
        var today = DutchTime.DayOf(now);
        if (now < DutchHours.Moment(today, At))
            today = today.AddDays(-1);
        var last = Rhythm switch { ReportRhythm.Weekly => Monday(today), ReportRhythm.Monthly => new DateOnly(today.Year, today.Month, 1), _ => new DateOnly(today.Year, 1, 1) };
        last = last.AddDays(-1);
        return new ReportPeriod(Span switch { ReportSpan.Week => Monday(last), ReportSpan.Month => new DateOnly(last.Year, last.Month, 1), _ => new DateOnly(last.Year, 1, 1) }, last);
    }

    static DateOnly Monday(DateOnly day) => day.AddDays(-(((int)day.DayOfWeek + 6) % 7));
}
