using Burgernet.Syndicate.Areas;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Connectors;
using Burgernet.Syndicate.Connectors.Reports;
using Burgernet.Syndicate.Reports;
using Burgernet.Syndicate.Storage;
using Burgernet.Syndicate.Templates;

namespace Burgernet.Syndicate.Worker.Services;

/// <summary>Makes what reports need, of the configuration as it is now.</summary>
sealed class ReportSetup(Database database, LiveConfiguration live, TimeProvider time)
{
    SyndicateOptions Options => live.Current.Options;

    public ReportQuery Query => QueryOf(Options, database, time);

    public TimelineQuery Timeline => new(database, FrameOf(Options));

    public static ReportQuery QueryOf(SyndicateOptions options, Database database, TimeProvider time) => new(database, FrameOf(options), time);

    /// <summary>The municipality that is written so, by code or by name; null: there is none.</summary>
    public Municipality? Find(string written) => Options.Areas.WithCode(written) ?? Options.Areas.Find(written, time.GetUtcNow());

    /// <summary>The period that is asked for; where that is none, this year until today.</summary>
    /// <param name="fault">What is wrong with what was asked (Dutch); null: nothing.</param>
    public ReportPeriod PeriodOf(string? from, string? to, out string? fault)
    {
        var today = DutchTime.DayOf(time.GetUtcNow());
        var (first, last) = (ReportPeriod.Day(from), ReportPeriod.Day(to));
        fault = string.IsNullOrEmpty(from) && string.IsNullOrEmpty(to) ? null
            : first is null || last is null ? "Vul twee dagen in, als jjjj-mm-dd. Hieronder staat dit jaar tot nu toe."
            : last < first ? "De laatste dag ligt voor de eerste. Hieronder staat dit jaar tot nu toe." : null;
        return fault is null && first is { } start && last is { } end ? new ReportPeriod(start, end) : new ReportPeriod(new DateOnly(today.Year, 1, 1), today);
    }

    /// <summary>Periods that people ask for most, by what they are called.</summary>
    public IEnumerable<(string Name, ReportPeriod Period)> Usual()
    {
        var today = DutchTime.DayOf(time.GetUtcNow());
        var monday = today.AddDays(-(((int)today.DayOfWeek + 6) % 7));
        var month = new DateOnly(today.Year, today.Month, 1);
        yield return ("vorige week", new ReportPeriod(monday.AddDays(-7), monday.AddDays(-1)));
        yield return ("deze maand", new ReportPeriod(month, today));
        yield return ("vorige maand", new ReportPeriod(month.AddMonths(-1), month.AddDays(-1)));
        yield return ("dit jaar", new ReportPeriod(new DateOnly(today.Year, 1, 1), today));
        yield return ("vorig jaar", new ReportPeriod(new DateOnly(today.Year - 1, 1, 1), new DateOnly(today.Year - 1, 12, 31)));
    }

    static ReportFrame FrameOf(SyndicateOptions options) => ReportFrame.Of(options, ConnectorRegistry.Channels);
}
