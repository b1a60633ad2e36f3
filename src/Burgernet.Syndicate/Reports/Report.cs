using Burgernet.Syndicate.Alerts;

namespace Burgernet.Syndicate.Reports;

/// <summary>
/// What was done and reached in a period, for the region or one municipality. What each figure means, in Dutch, is in
/// <see cref="ReportTables"/>. Exercises, and alerts that only confirm another, are in none of them.
/// </summary>
public sealed record Report
{
    public required ReportPeriod Period { get; init; }

    /// <summary>CBS code; null: the whole region.</summary>
    public required string? Area { get; init; }

    /// <summary>As it is called; null: the whole region.</summary>
    public required string? AreaName { get; init; }

    /// <summary>UTC.</summary>
    public required DateTimeOffset MadeAt { get; init; }

    /// <summary>How many of its alerts are invented, see <see cref="ExampleYear"/>.</summary>
    public required int Invented { get; init; }

    public required KeyFigures Figures { get; init; }

    /// <summary>Of the same days a year earlier; null: nothing was recorded yet, which is not the same as that nothing happened.</summary>
    public required KeyFigures? YearBefore { get; init; }

    /// <summary>The day of the oldest alert that there is (Dutch time); null: there is none.</summary>
    public required DateOnly? RecordedFrom { get; init; }

    public required IReadOnlyList<CategoryRow> Categories { get; init; }
    public required IReadOnlyList<MunicipalityRow> Municipalities { get; init; }
    public required IReadOnlyList<MonthRow> Months { get; init; }

    /// <summary>Of each channel the share of the actions that went out there, of those that were issued since the program began.</summary>
    public required IReadOnlyList<CoverageRow> Coverage { get; init; }

    public required IReadOnlyList<ReachRow> ReachByChannel { get; init; }

    /// <summary>By the hour in which the alert was issued (Dutch time), all 24.</summary>
    public required IReadOnlyList<ReachRow> ReachByHour { get; init; }

    public required IReadOnlyList<CurvePoint> Curve { get; init; }
    public required IReadOnlyList<SpeedRow> Speed { get; init; }
    public required IReadOnlyList<ReliabilityRow> Reliability { get; init; }
    public required IReadOnlyList<CostRow> Cost { get; init; }

    /// <summary>Of each channel the posts that were seen most, most first.</summary>
    public required IReadOnlyList<PostRow> Best { get; init; }

    /// <summary>Of each channel the posts that were seen least, least first.</summary>
    public required IReadOnlyList<PostRow> Weakest { get; init; }
}

/// <summary>The figures that fit on one line.</summary>
public sealed record KeyFigures
{
    /// <summary>Appeals that ask people to look out: everything but Burgernetmail.</summary>
    public required int Actions { get; init; }

    public required int Mails { get; init; }
    public required int MissingPersons { get; init; }

    /// <summary>Robbery, street robbery, burglary and violence.</summary>
    public required int HighImpactCrime { get; init; }

    public required int Hard { get; init; }
    public required int Soft { get; init; }

    /// <summary>Actions of which is known how they ended.</summary>
    public required int OutcomeKnown { get; init; }

    /// <summary>Hard successes of all actions; null: of none is known yet how it ended.</summary>
    public Share? HardSuccess => Share.Told(Hard, OutcomeKnown, Actions);

    /// <summary>Actions that went out on at least one channel, of those that were issued since the program began.</summary>
    public required Share Covered { get; init; }

    public required ReachRow Reach { get; init; }

    /// <summary>How many of the posts each figure of <see cref="Reach"/> rests on.</summary>
    public required ReachBasis Basis { get; init; }

    public required Durations Speed { get; init; }

    /// <summary>Dollars; null where no channel asks a price.</summary>
    public required decimal? Cost { get; init; }
}

/// <summary>What a group of alerts reached.</summary>
/// <param name="Key">What the group is: a channel, a CBS code (null: none), a category, an hour or a day.</param>
/// <param name="Alerts">How many there are; of a channel how many went out there.</param>
/// <param name="Posts">Posts that went out, updates and closings included.</param>
/// <param name="Reach">People, as the networks say; null where none of them said. Who saw two posts counts twice.</param>
/// <param name="Impressions">Times shown; null where no network said.</param>
/// <param name="Engagements">What people did with it; null where no network said.</param>
/// <param name="MeasuredPosts">Posts of which a network gave any figure at all; what each figure rests on is in <see cref="ReachBasis"/>.</param>
public sealed record ReachRow(string? Key, int Alerts, long Posts, long? Reach, long? Impressions, long? Engagements, long MeasuredPosts);

/// <summary>Posts, counted by the figure that a network gave of them: no network gives all, and some give one without the others.</summary>
/// <param name="Impressions">Times shown is known.</param>
/// <param name="Reach">The number of people is known.</param>
/// <param name="Engagements">What people did with it is known.</param>
/// <param name="Views">Times shown is known, or else the number of people.</param>
public sealed record ReachBasis(long Impressions, long Reach, long Engagements, long Views);

/// <param name="HardSuccess">Null: of none is known yet how it ended.</param>
/// <param name="YearBefore">Actions; null: nothing was recorded then.</param>
public sealed record CategoryRow(AlertCategory Category, int Actions, Share OfAll, Share? HardSuccess, int OutcomeKnown, int? YearBefore);

/// <param name="Code">CBS code; null: centred in none of the region.</param>
/// <param name="HardSuccess">Null: of none is known yet how it ended.</param>
/// <param name="Context">What was last known of the municipality by the end of the period; null: nothing.</param>
/// <param name="YearBefore">Actions; null: nothing was recorded then.</param>
public sealed record MunicipalityRow(string? Code, string Name, int Actions, int MissingPersons, int HighImpactCrime, Share? HardSuccess, int OutcomeKnown, ReachRow Reach, ContextFigure? Context, int? YearBefore);

/// <param name="Month">Its first day.</param>
/// <param name="Now">Null: nothing was recorded yet.</param>
/// <param name="YearBefore">Of the same month a year earlier; null: nothing was recorded yet.</param>
public sealed record MonthRow(DateOnly Month, MonthFigures? Now, MonthFigures? YearBefore);

/// <param name="OutcomeKnown">Actions of which is known how they ended.</param>
public sealed record MonthFigures(int Actions, int Hard, int OutcomeKnown)
{
    /// <summary>Null: of none is known yet how it ended.</summary>
    public Share? HardSuccess => Share.Told(Hard, OutcomeKnown, Actions);
}

public sealed record CoverageRow(string Channel, Share WentOut);

/// <summary>How far openings had come at one moment after they were posted.</summary>
/// <param name="After">How long after.</param>
/// <param name="Posts">Openings that were measured at this moment.</param>
/// <param name="Views">Their views together: times shown, or where a network does not say that, people.</param>
/// <param name="Compared">Of those the ones that were measured at the last moment of this channel too.</param>
/// <param name="OfFinal">How much the compared ones had of what they had at that last moment, from 0 to 100; null where they are too few.</param>
public sealed record CurvePoint(string Channel, TimeSpan After, int Posts, long Views, int Compared, double? OfFinal)
{
    /// <summary>What was asked so long after a post went out stands for this moment; later it would flatter it.</summary>
    /// <param name="moment">How long after posting it was meant to be asked.</param>
    /// <param name="asked">How long after posting it was.</param>
    internal static bool StandsFor(TimeSpan moment, TimeSpan asked) => asked - moment <= (moment / 4 > SmallestDelay ? moment / 4 : SmallestDelay);

    /// <summary>Views per opening.</summary>
    public double Average => (double)Views / Posts;

    static readonly TimeSpan SmallestDelay = TimeSpan.FromMinutes(15);
}

/// <param name="Channel">Null: all channels together.</param>
/// <param name="Seconds">From the issue of an action until an opening of it stood there.</param>
public sealed record SpeedRow(string? Channel, Durations Seconds);

/// <summary>What became of the posts that were owed.</summary>
public sealed record ReliabilityRow
{
    public required string Channel { get; init; }
    public required long Published { get; init; }
    public required long Failed { get; init; }
    public required long Expired { get; init; }

    /// <summary>Waits for a person, or nobody knows yet whether it is there.</summary>
    public required long Held { get; init; }

    /// <summary>Still to go out.</summary>
    public required long Waiting { get; init; }

    /// <summary>Not needed any more before they could go out.</summary>
    public required long Dropped { get; init; }

    /// <summary>Of the published ones: disappeared without us.</summary>
    public required long Vanished { get; init; }

    /// <summary>Published of what was decided.</summary>
    public Share Succeeded => new(Published, Published + Failed + Expired + Held);
}

/// <param name="Dollars">By the prices of today.</param>
public sealed record CostRow(string Channel, long Posts, long WithLink, decimal Dollars);

/// <summary>The words of one opening on one channel, however many groups shared them.</summary>
public sealed record PostRow
{
    public required string Channel { get; init; }
    public required string AlertId { get; init; }
    public required DateTimeOffset IssuedAt { get; init; }
    public required AlertCategory Category { get; init; }
    public required string Municipality { get; init; }
    public required long Views { get; init; }
    public required long? Engagements { get; init; }

    /// <summary>How long it had stood when it was measured last.</summary>
    public required TimeSpan Stood { get; init; }

    /// <summary>Null where they are not for who looks.</summary>
    public required string? Words { get; init; }
}

/// <summary>What is known of a municipality in a period.</summary>
public sealed record ContextFigure
{
    public required string Municipality { get; init; }

    /// <summary>2017, or 2017-11.</summary>
    public required string Period { get; init; }

    /// <summary>The last day of a year or month that is written so; null: it is neither.</summary>
    internal static DateOnly? LastDayOf(string period) =>
        ReportPeriod.Day(period.Length == 4 ? $"{period}-12-31" : $"{period}-01") is not { } day ? null : period.Length == 4 ? day : day.AddMonths(1).AddDays(-1);

    public long? Participants { get; init; }
    public long? Downloads { get; init; }
    public long? Inhabitants { get; init; }
}
