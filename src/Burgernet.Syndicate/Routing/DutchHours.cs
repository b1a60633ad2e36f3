using System.Globalization;
using Burgernet.Syndicate.Templates;

namespace Burgernet.Syndicate.Routing;

/// <summary>
/// Hours of the day as the clock in the Netherlands shows them, on some or all days of the week. They may pass midnight;
/// then the day is the one on which they begin. In the night that has an hour twice they begin at the first and end at
/// the second of it; an hour that a night does not have is the moment the clock jumps.
/// </summary>
/// <param name="From">When they begin.</param>
/// <param name="To">When they end; not after <paramref name="From"/> means on the next day.</param>
/// <param name="Days">The days on which they begin; never empty.</param>
public sealed record DutchHours(TimeOnly From, TimeOnly To, IReadOnlySet<DayOfWeek> Days)
{
    static readonly CultureInfo Dutch = CultureInfo.GetCultureInfo("nl-NL");
    static readonly DayOfWeek[] Week = [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday, DayOfWeek.Saturday, DayOfWeek.Sunday];

    /// <summary>How people write the days, Monday first.</summary>
    public static IReadOnlyList<string> DayNames { get; } = ["ma", "di", "wo", "do", "vr", "za", "zo"];

    /// <summary>The day that is written so; null when none is.</summary>
    public static DayOfWeek? DayNamed(string name) => DayNames.ToList().IndexOf(name) is var at and >= 0 ? Week[at] : null;

    public static IReadOnlySet<DayOfWeek> EveryDay { get; } = Week.ToHashSet();

    // What began yesterday may still go on.
    public bool Contains(DateTimeOffset moment) => On(DutchTime.DayOf(moment).AddDays(-1), days: 2).Any(open => open.From <= moment && moment < open.To);

    /// <summary>The moment itself if it lies within, or else when they begin next (UTC).</summary>
    public DateTimeOffset NextWithin(DateTimeOffset moment) =>
        Contains(moment) ? moment : On(DutchTime.DayOf(moment), days: 8).First(open => open.From > moment).From;

    /// <summary>How long they last on an ordinary day.</summary>
    public TimeSpan Length => To > From ? To - From : TimeSpan.FromDays(1) - (From - To);

    /// <summary>"22.00-07.00 uur", with the days where not all count.</summary>
    public override string ToString()
    {
        var hours = string.Create(Dutch, $"{From:H.mm}-{To:H.mm} uur");
        return Days.Count == Week.Length ? hours : $"{string.Join(", ", Week.Zip(DayNames).Where(d => Days.Contains(d.First)).Select(d => d.Second))} {hours}";
    }

    IEnumerable<(DateTimeOffset From, DateTimeOffset To)> On(DateOnly first, int days) =>
        from day in Enumerable.Range(0, days).Select(first.AddDays)
        where Days.Contains(day.DayOfWeek)
        select (Moment(day, From), Moment(To > From ? day : day.AddDays(1), To, last: true));

    /// <summary>When the clock shows this (UTC), the first time or the last.</summary>
    internal static DateTimeOffset Moment(DateOnly day, TimeOnly at, bool last = false)
    {
        var clock = day.ToDateTime(at);
        while (DutchTime.Zone.IsInvalidTime(clock))
            clock = clock.AddMinutes(1);
        var offsets = DutchTime.Zone.IsAmbiguousTime(clock) ? DutchTime.Zone.GetAmbiguousTimeOffsets(clock) : [DutchTime.Zone.GetUtcOffset(clock)];
        return new DateTimeOffset(clock, last ? offsets.Min() : offsets.Max()).ToUniversalTime();
    }
}
