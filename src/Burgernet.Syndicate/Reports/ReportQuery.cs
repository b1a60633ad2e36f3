using System.Globalization;
using System.Text.Json;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Reach;
using Burgernet.Syndicate.Storage;
using Burgernet.Syndicate.Templates;

namespace Burgernet.Syndicate.Reports;

/// <summary>What the rows of <see cref="ReportQuery.ReachAsync"/> are about.</summary>
public enum ReachBy
{
    Channel,
    Municipality,
    Category,

    /// <summary>The hour in which the alert was issued (Dutch time), 00 to 23.</summary>
    Hour,

    /// <summary>The day on which the alert was issued (Dutch time), yyyy-MM-dd.</summary>
    Day,
}

/// <summary>
/// Counts what was done and reached. The database adds up the deliveries per post; what depends on Dutch time or on a
/// network's own names is grouped here.
/// </summary>
public sealed class ReportQuery(Database database, ReportFrame frame, TimeProvider time)
{
    /// <summary>How many posts of each channel are shown as its best and as its weakest.</summary>
    public const int Ranked = 5;

    // What was never opened here, such as the end of an alert of elsewhere, asked nobody anything.
    const string Counted = $"""
        a.issued_at >= @start and a.issued_at < @end and not a.exercise and (@everywhere or a.municipality in @codes) and {Appeal.IsLast}
            and exists (select 1 from alert e join alert_message m on m.alert_id = e.id where {Appeal.IsSame} and m.phase = 'Opened')
        """;

    // What intake notes of the history that it takes at its first start.
    const string StoodAlready = "stond er al bij de eerste start";

    const string Alerts = $"""
        select a.id, e.id as episode_id, a.source, a.kind, a.category, a.municipality, a.issued_at, a.note, ({Appeal.Outcome}) as outcome
        from alert a join alert e on {Appeal.IsSame} where {Counted} order by a.issued_at, a.id
        """;

    // The episodes that count are known by then: found anew for each statement, they take longer than all the rest.
    const string Posted = "each(@episodes) e join delivery d on d.alert_id = e.value ->> 'id'";

    // Words that take the place of others are no post of their own, and to take one down is none at all.
    const string Posts = $"""
        select d.alert_id as episode_id, d.channel, d.reference, d.operation, d.state, p.has_link, count(*) as owed, count(d.published_at) as published, count(r.measured_at) as measured,
            cast(sum(r.impressions) as bigint) as impressions, cast(sum(r.reach) as bigint) as reach, cast(sum(r.engagements) as bigint) as engagements,
            cast(sum(coalesce(r.impressions, r.reach)) as bigint) as views,
            count(r.impressions) as with_impressions, count(r.reach) as with_reach, count(r.engagements) as with_engagements, count(coalesce(r.impressions, r.reach)) as with_views, min(d.published_at) as first_at, max(r.measured_at) as measured_at
        from {Posted} join post p on p.reference = d.reference and p.channel = d.channel left join reach r on r.delivery_id = d.id
        where d.operation <> 'Takedown' and not d.in_place
        group by d.alert_id, d.channel, d.reference, d.operation, d.state, p.has_link
        """;

    const string Openings = $"""
        select d.alert_id as episode_id, d.channel, d.target, min(d.published_at) as published_at from {Posted}
        where d.operation = 'Create' and not d.in_place and d.published_at is not null group by d.alert_id, d.channel, d.target
        """;

    // The last answer of each moment.
    const string Samples = $"""
        select d.channel, s.delivery_id, d.published_at, s.asked_at, s.after_seconds, s.metrics from {Posted} join reach_sample s on s.delivery_id = d.id
        where d.operation = 'Create' and not d.in_place and d.published_at is not null and s.answer = 'Given' and s.after_seconds is not null order by s.asked_at
        """;

    const string Context = "select municipality, period, participants, downloads, inhabitants from context_figure";

    static readonly AlertCategory[] HighImpact = [AlertCategory.Robbery, AlertCategory.StreetRobbery, AlertCategory.Burglary, AlertCategory.Violence];

    /// <summary>Everything there is to say of a period.</summary>
    /// <param name="area">CBS code; null: the whole region. Of a municipality that merged before the end of the period its successor.</param>
    /// <param name="withWords">Whether posts are quoted.</param>
    public Task<Report> ReportAsync(ReportPeriod period, string? area, bool withWords = true) => database.ReadAsync(async session =>
    {
        var where = WhereOf(area, period);
        area = where.Area;
        var now = await CountsAsync(session, period, where, withOpenings: true, withSamples: true).ConfigureAwait(false);
        DateOnly? recordedFrom = await session.FirstOrDefaultAsync<DateTimeOffset?>("select issued_at from alert order by issued_at limit 1").ConfigureAwait(false) is { } first ? DutchTime.DayOf(first) : null;
        // Its course is not compared, and the samples are most of all there is to read.
        var before = recordedFrom <= period.YearBefore.To ? await CountsAsync(session, period.YearBefore, where, withOpenings: true).ConfigureAwait(false) : null;
        var context = (await session.QueryAsync<ContextFigure>(Context).ConfigureAwait(false)).ToLookup(c => c.Municipality);
        var (best, weakest) = await RankedAsync(session, now, withWords).ConfigureAwait(false);
        return new Report
        {
            Period = period,
            Area = area,
            AreaName = area is null ? null : NameOf(area),
            MadeAt = time.GetUtcNow(),
            Invented = now.Alerts.Count(a => a.Source == ExampleYear.Source),
            Figures = FiguresOf(now),
            YearBefore = before is null ? null : FiguresOf(before),
            RecordedFrom = recordedFrom,
            Categories = [.. Enum.GetValues<AlertCategory>().Select(category => CategoryOf(category, now, before)).Where(row => row.Actions > 0 || row.YearBefore > 0).OrderByDescending(row => row.Actions).ThenBy(row => row.Category)],
            Municipalities = [.. MunicipalitiesOf(period, area, now, before, context)],
            Months = [.. MonthsOf(period, recordedFrom, now, before)],
            Coverage = [.. ChannelsOf(now).Select(channel => new CoverageRow(channel, now.Covered(now.Posts.Where(p => p.Channel == channel))))],
            ReachByChannel = [.. Group(now, ReachBy.Channel)],
            ReachByHour = [.. HoursOf(now)],
            Curve = CurveOf(now.Samples),
            Speed = [.. SpeedOf(now)],
            Reliability = [.. ChannelsOf(now).Select(channel => ReliabilityOf(channel, now))],
            Cost = [.. CostOf(now)],
            Best = best,
            Weakest = weakest,
        };
    });

    /// <summary>What groups of alerts reached; Burgernetmail counts here too.</summary>
    /// <param name="area">CBS code; null: the whole region.</param>
    public Task<IReadOnlyList<ReachRow>> ReachAsync(ReportPeriod period, string? area, ReachBy by) =>
        database.ReadAsync<IReadOnlyList<ReachRow>>(async session => [.. Group(await CountsAsync(session, period, WhereOf(area, period)).ConfigureAwait(false), by)]);

    async Task<Counts> CountsAsync(Session session, ReportPeriod period, Where where, bool withOpenings = false, bool withSamples = false)
    {
        var episodes = (await session.QueryAsync<AlertFact>(Alerts, new { start = period.Start, end = period.End, everywhere = where.Area is null, codes = where.Codes }).ConfigureAwait(false))
            .Select(alert => alert with { Municipality = PresentOf(alert.Municipality, where.On) }).ToDictionary(alert => alert.EpisodeId);
        var (all, ofActions) = (RowsOf(episodes.Values), RowsOf(episodes.Values.Where(alert => alert.IsAction)));
        var posts = await session.QueryAsync<PostFact>(Posts, all).ConfigureAwait(false);
        var openings = withOpenings ? await session.QueryAsync<Opening>(Openings, ofActions).ConfigureAwait(false) : [];
        return new Counts(
            [.. episodes.Values.DistinctBy(alert => alert.Id)], [.. posts.Select(post => post with { AlertId = episodes[post.EpisodeId].Id })],
            // Once for each target: what it was asked again later is not late.
            [.. openings.GroupBy(o => (episodes[o.EpisodeId].Id, o.Channel, o.Target)).Select(same => (same.Key.Channel, same.Min(o => o.PublishedAt) - episodes[same.First().EpisodeId].IssuedAt))],
            withSamples ? await session.QueryAsync<Sample>(Samples, ofActions).ConfigureAwait(false) : []);

        static object RowsOf(IEnumerable<AlertFact> alerts) => new { episodes = Session.Rows(alerts.Select(alert => new { id = alert.EpisodeId })) };
    }

    // Municipalities merge: what happened in one that is another by the end of the period happened in that other one, a year earlier too.
    Where WhereOf(string? area, ReportPeriod period) => PresentOf(area, period.To) is { } present ? new Where(present, [.. frame.Areas.CodesOf(present, period.To)], period.To) : new Where(null, [], period.To);

    string? PresentOf(string? code, DateOnly day) => code is null ? null : frame.Areas.Present(code, day)?.Code ?? code;

    // ---- the parts

    KeyFigures FiguresOf(Counts counts) => new()
    {
        Actions = counts.Actions.Count,
        Mails = counts.Alerts.Count - counts.Actions.Count,
        MissingPersons = counts.Actions.Count(a => a.Category is AlertCategory.MissingPerson),
        HighImpactCrime = counts.Actions.Count(a => HighImpact.Contains(a.Category)),
        Hard = counts.Actions.Count(a => a.Outcome == Outcome.Hard),
        Soft = counts.Actions.Count(a => a.Outcome == Outcome.Soft),
        OutcomeKnown = counts.Actions.Count(a => a.OutcomeKnown),
        Covered = counts.Covered(counts.Posts),
        Reach = RowOf(null, counts.Alerts.Count, counts.Posts),
        Basis = new ReachBasis(counts.Posts.Sum(p => p.WithImpressions), counts.Posts.Sum(p => p.WithReach), counts.Posts.Sum(p => p.WithEngagements), counts.Posts.Sum(p => p.WithViews)),
        Speed = Durations.Of(counts.Speed.Select(s => s.After)),
        Cost = CostOf(counts).ToList() is { Count: > 0 } costs ? costs.Sum(c => c.Dollars) : null,
    };

    static CategoryRow CategoryOf(AlertCategory category, Counts now, Counts? before)
    {
        var its = now.Actions.Where(a => a.Category == category).ToList();
        return new CategoryRow(category, its.Count, new Share(its.Count, now.Actions.Count), Hard(its), its.Count(a => a.OutcomeKnown), before?.Actions.Count(a => a.Category == category));
    }

    IEnumerable<MunicipalityRow> MunicipalitiesOf(ReportPeriod period, string? area, Counts now, Counts? before, ILookup<string, ContextFigure> context)
    {
        var alerts = now.Alerts.ToLookup(a => a.Municipality);
        var posts = now.Posts.ToLookup(p => now.ById[p.AlertId].Municipality);
        var actionsBefore = before?.Actions.ToLookup(a => a.Municipality);
        IEnumerable<string?> codes = area is not null ? [area]
            : frame.Areas.Existing(period.End.AddTicks(-1)).Select(m => (string?)m.Code).Union(alerts.Select(a => a.Key)).Union(actionsBefore?.Select(a => a.Key) ?? []);
        return codes.Select(code =>
        {
            var actions = alerts[code].Where(a => a.IsAction).ToList();
            return new MunicipalityRow(
                code, NameOf(code), actions.Count, actions.Count(a => a.Category is AlertCategory.MissingPerson), actions.Count(a => HighImpact.Contains(a.Category)), Hard(actions), actions.Count(a => a.OutcomeKnown),
                RowOf(code, alerts[code].Count(), posts[code]), code is null ? null : Newest(context[code], period.To), actionsBefore?[code].Count());
        }).OrderBy(row => row.Code is null).ThenBy(row => row.Name, StringComparer.Create(CultureInfo.GetCultureInfo("nl-NL"), CompareOptions.IgnoreCase));
    }

    // What a later one does not tell stays as it was told before. Of a year and its December, December says more of its end.
    static ContextFigure? Newest(IEnumerable<ContextFigure> figures, DateOnly until) =>
        figures.Select(f => (Figure: f, Last: ContextFigure.LastDayOf(f.Period))).Where(f => f.Last <= until).OrderBy(f => f.Last).ThenBy(f => f.Figure.Period.Length).Select(f => f.Figure)
            .Aggregate((ContextFigure?)null, (known, next) => next with
            {
                Participants = next.Participants ?? known?.Participants, Downloads = next.Downloads ?? known?.Downloads, Inhabitants = next.Inhabitants ?? known?.Inhabitants,
            });

    static IEnumerable<MonthRow> MonthsOf(ReportPeriod period, DateOnly? recordedFrom, Counts now, Counts? before)
    {
        var (these, those) = (now.Actions.ToLookup(MonthOf), (before?.Actions ?? []).ToLookup(MonthOf));
        return period.Months.Select(month => new MonthRow(month, Of(these, month), Of(those, month.AddYears(-1))));

        MonthFigures? Of(ILookup<DateOnly, AlertFact> actions, DateOnly month) => recordedFrom < month.AddMonths(1)
            ? new MonthFigures(actions[month].Count(), actions[month].Count(a => a.Outcome == Outcome.Hard), actions[month].Count(a => a.OutcomeKnown)) : null;

        static DateOnly MonthOf(AlertFact alert) => DutchTime.DayOf(alert.IssuedAt) is var day ? new DateOnly(day.Year, day.Month, 1) : default;
    }

    static IEnumerable<ReachRow> HoursOf(Counts counts)
    {
        var rows = Group(counts, ReachBy.Hour).ToDictionary(row => row.Key!);
        return Enumerable.Range(0, 24).Select(hour => hour.ToString("00", CultureInfo.InvariantCulture)).Select(hour => rows.GetValueOrDefault(hour) ?? new ReachRow(hour, 0, 0, null, null, null, 0));
    }

    List<CurvePoint> CurveOf(IReadOnlyList<Sample> samples)
    {
        var points = new List<CurvePoint>();
        foreach (var channel in frame.Channels.Where(c => c.Terms is not null))
        {
            string[] names = [.. channel.Terms!.Impressions, .. channel.Terms.Reach];
            // By moment, and within it by post.
            var views = new SortedDictionary<int, Dictionary<string, long>>();
            foreach (var sample in samples.Where(s => s.Channel == channel.Name))
            {
                if (!CurvePoint.StandsFor(TimeSpan.FromSeconds(sample.AfterSeconds), sample.AskedAt - sample.PublishedAt) || ViewsOf(sample, names) is not { } seen)
                    continue;
                if (!views.TryGetValue(sample.AfterSeconds, out var posts))
                    views[sample.AfterSeconds] = posts = [];
                posts[sample.DeliveryId] = seen;
            }

            if (views.Count == 0)
                continue;
            var final = views.Last().Value;
            foreach (var (after, posts) in views)
            {
                var compared = posts.Keys.Where(final.ContainsKey).ToList();
                var whole = compared.Sum(id => final[id]);
                points.Add(new CurvePoint(channel.Name, TimeSpan.FromSeconds(after), posts.Count, posts.Values.Sum(), compared.Count,
                    compared.Count >= Share.Minimum && whole > 0 ? 100.0 * compared.Sum(id => posts[id]) / whole : null));
            }
        }

        return points;
    }

    // There are half a million of them where a year reached many groups: no dictionary for each.
    static long? ViewsOf(Sample sample, string[] names)
    {
        using var metrics = JsonDocument.Parse(sample.Metrics ?? "{}");
        foreach (var name in names)
            if (metrics.RootElement.TryGetProperty(name, out var figure))
                return figure.GetInt64();
        return null;
    }

    IEnumerable<SpeedRow> SpeedOf(Counts counts)
    {
        var byChannel = counts.Speed.ToLookup(s => s.Channel, s => s.After);
        return ChannelsOf(counts).Select(channel => new SpeedRow(channel, Durations.Of(byChannel[channel]))).Append(new SpeedRow(null, Durations.Of(byChannel.SelectMany(c => c))));
    }

    static ReliabilityRow ReliabilityOf(string channel, Counts counts)
    {
        var posts = counts.Posts.Where(p => p.Channel == channel).ToList();
        return new ReliabilityRow
        {
            Channel = channel,
            Published = posts.Sum(p => p.Published),
            Failed = Unpublished("Failed"),
            Expired = Unpublished("Expired"),
            Held = Unpublished("Held") + Unpublished("Unknown"),
            Waiting = Unpublished("Planned") + Unpublished("Pending") + Unpublished("Sending"),
            Dropped = Unpublished("Cancelled") + Unpublished("Superseded"),
            Vanished = posts.Where(p => p.State == "Vanished").Sum(p => p.Published),
        };

        long Unpublished(string state) => posts.Where(p => p.State == state).Sum(p => p.Owed - p.Published);
    }

    IEnumerable<CostRow> CostOf(Counts counts) =>
        from channel in frame.Channels
        where channel.Price > 0
        let posts = counts.Posts.Where(p => p.Channel == channel.Name).ToLookup(p => p.HasLink, p => p.Published)
        let linked = posts[true].Sum()
        let plain = posts[false].Sum()
        select new CostRow(channel.Name, linked + plain, linked, linked * channel.LinkPrice + plain * channel.Price);

    async Task<(IReadOnlyList<PostRow> Best, IReadOnlyList<PostRow> Weakest)> RankedAsync(Session session, Counts counts, bool withWords)
    {
        var (best, weakest) = (new List<(PostRow Row, string Reference)>(), new List<(PostRow Row, string Reference)>());
        var openings = counts.Posts.Where(p => p.Operation == "Create" && counts.ById[p.AlertId].IsAction && p.Views is not null).ToLookup(p => p.Channel);
        foreach (var channel in ChannelsOf(counts))
        {
            var ranked = openings[channel].GroupBy(p => p.Reference).Select(same => (Row: RowOf(same.ToList()), Reference: same.Key)).OrderByDescending(p => p.Row.Views).ThenBy(p => p.Row.AlertId, StringComparer.Ordinal).ToList();
            best.AddRange(ranked.Take(Ranked));
            weakest.AddRange(ranked.Skip(Ranked).Reverse().Take(Ranked));
        }

        if (!withWords)
            return ([.. best.Select(p => p.Row)], [.. weakest.Select(p => p.Row)]);
        var words = (await session.QueryAsync<(string Reference, string Channel, string Text)>("select reference, channel, text from post where reference in @references", new
        {
            references = best.Concat(weakest).Select(p => p.Reference).Distinct().ToArray(),
        }).ConfigureAwait(false)).ToDictionary(p => (p.Reference, p.Channel), p => p.Text);
        return ([.. best.Select(Quoted)], [.. weakest.Select(Quoted)]);

        PostRow Quoted((PostRow Row, string Reference) post) => post.Row with { Words = words[(post.Reference, post.Row.Channel)] };

        PostRow RowOf(List<PostFact> same)
        {
            var alert = counts.ById[same[0].AlertId];
            return new PostRow
            {
                Channel = same[0].Channel, AlertId = same[0].EpisodeId, IssuedAt = alert.IssuedAt, Category = alert.Category, Municipality = NameOf(alert.Municipality),
                Views = same.Sum(p => p.Views ?? 0), Engagements = Sum(same, p => p.Engagements), Stood = (same.Max(p => p.MeasuredAt) - same.Min(p => p.FirstAt)) ?? TimeSpan.Zero, Words = null,
            };
        }
    }

    // ---- grouping

    static IEnumerable<ReachRow> Group(Counts counts, ReachBy by)
    {
        if (by is ReachBy.Channel)
            return counts.Posts.GroupBy(p => p.Channel).OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => RowOf(c.Key, c.Where(p => p.Published > 0).Select(p => p.AlertId).Distinct().Count(), c));

        var posts = counts.Posts.ToLookup(p => p.AlertId);
        return counts.Alerts.GroupBy(alert => by switch
        {
            ReachBy.Municipality => alert.Municipality,
            ReachBy.Category => Wire.Name(alert.Category),
            ReachBy.Hour => DutchTime.Of(alert.IssuedAt).Hour.ToString("00", CultureInfo.InvariantCulture),
            _ => ReportPeriod.Written(DutchTime.DayOf(alert.IssuedAt)),
        }).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => RowOf(group.Key, group.Count(), group.SelectMany(a => posts[a.Id])));
    }

    static ReachRow RowOf(string? key, int alerts, IEnumerable<PostFact> posts)
    {
        var list = posts.ToList();
        return new ReachRow(key, alerts, list.Sum(p => p.Published), Sum(list, p => p.Reach), Sum(list, p => p.Impressions), Sum(list, p => p.Engagements), list.Sum(p => p.Measured));
    }

    // What nobody gave is not zero.
    static long? Sum(IEnumerable<PostFact> posts, Func<PostFact, long?> figure) => posts.Select(figure).Where(f => f is not null).ToList() is { Count: > 0 } given ? given.Sum() : null;

    static Share? Hard(IReadOnlyCollection<AlertFact> actions) => Share.Told(actions.Count(a => a.Outcome == Outcome.Hard), actions.Count(a => a.OutcomeKnown), actions.Count);

    // As they are configured, and then those of before.
    IEnumerable<string> ChannelsOf(Counts counts) =>
        frame.Channels.Select(c => c.Name).Union(counts.Posts.Select(p => p.Channel).Distinct().Order(StringComparer.Ordinal));

    string NameOf(string? code) => code is null ? "buiten de regio of landelijk" : frame.Areas.WithCode(code)?.Name ?? code;

    /// <summary>Where a report is about.</summary>
    /// <param name="Area">CBS code; null: the whole region.</param>
    /// <param name="Codes">All codes under which that may be stored.</param>
    /// <param name="On">The day by which municipalities are told apart.</param>
    sealed record Where(string? Area, string[] Codes, DateOnly On);

    // ---- what the database gives

    /// <param name="Alerts">One for each appeal.</param>
    /// <param name="Speed">From the issue of an action until it first stood at each target.</param>
    sealed record Counts(IReadOnlyList<AlertFact> Alerts, IReadOnlyList<PostFact> Posts, IReadOnlyList<(string Channel, TimeSpan After)> Speed, IReadOnlyList<Sample> Samples)
    {
        public IReadOnlyList<AlertFact> Actions { get; } = [.. Alerts.Where(a => a.IsAction)];

        public Dictionary<string, AlertFact> ById { get; } = Alerts.ToDictionary(a => a.Id);

        /// <summary>The actions of which an opening is among these posts, of all that were ours to post.</summary>
        public Share Covered(IEnumerable<PostFact> posts) =>
            new(posts.Where(p => p is { Operation: "Create", Published: > 0 } && ById[p.AlertId] is { IsAction: true, StoodAlready: false }).Select(p => p.AlertId).Distinct().Count(), Actions.Count(a => !a.StoodAlready));
    }

    sealed record AlertFact
    {
        public required string Id { get; init; }

        /// <summary>One of the alerts that it stands for.</summary>
        public required string EpisodeId { get; init; }
        public required string Source { get; init; }
        public required AlertKind Kind { get; init; }
        public required AlertCategory Category { get; init; }
        public string? Municipality { get; init; }
        public required DateTimeOffset IssuedAt { get; init; }
        public string? Note { get; init; }
        public bool StoodAlready => Note == ReportQuery.StoodAlready;

        /// <summary>One of <see cref="Reports.Outcome"/>.</summary>
        public string? Outcome { get; init; }
        public bool OutcomeKnown => Outcome is Reports.Outcome.Hard or Reports.Outcome.Soft or Reports.Outcome.None;
        public bool IsAction => Kind is not AlertKind.Burgernetmail;
    }

    sealed record PostFact
    {
        /// <summary>The alert that stands for its appeal.</summary>
        public string AlertId { get; init; } = "";

        /// <summary>The alert that it was posted for.</summary>
        public required string EpisodeId { get; init; }
        public required string Channel { get; init; }
        public required string Reference { get; init; }
        public required string Operation { get; init; }
        public required string State { get; init; }
        public required bool HasLink { get; init; }
        public required long Owed { get; init; }
        public required long Published { get; init; }
        public required long Measured { get; init; }
        public long? Impressions { get; init; }
        public long? Reach { get; init; }
        public long? Engagements { get; init; }
        public long? Views { get; init; }

        /// <summary>Of how many the network gave this one.</summary>
        public required long WithImpressions { get; init; }
        public required long WithReach { get; init; }
        public required long WithEngagements { get; init; }
        public required long WithViews { get; init; }
        public DateTimeOffset? FirstAt { get; init; }
        public DateTimeOffset? MeasuredAt { get; init; }
    }

    sealed record Opening
    {
        public required string EpisodeId { get; init; }
        public required string Channel { get; init; }
        public required string Target { get; init; }
        public required DateTimeOffset PublishedAt { get; init; }
    }

    sealed record Sample
    {
        public required string Channel { get; init; }
        public required string DeliveryId { get; init; }
        public required DateTimeOffset PublishedAt { get; init; }
        public required DateTimeOffset AskedAt { get; init; }
        public required int AfterSeconds { get; init; }
        public string? Metrics { get; init; }
    }
}
