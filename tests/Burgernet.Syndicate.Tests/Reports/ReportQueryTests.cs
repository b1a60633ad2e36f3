using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Connectors;
using Burgernet.Syndicate.Connectors.Reports;
using Burgernet.Syndicate.Reach;
using Burgernet.Syndicate.Reports;
using Burgernet.Syndicate.Tests.Support;
using Xunit;

namespace Burgernet.Syndicate.Tests.Reports;

/// <summary>Every number of a report, held against the rows that it is made of.</summary>
public abstract class ReportQueryTests : IDisposable
{
    static readonly ReportPeriod Year = new(new DateOnly(2025, 1, 1), new DateOnly(2025, 12, 31));
    static readonly DateTimeOffset Issued = new(2026, 6, 10, 9, 0, 0, TimeSpan.Zero);
    static readonly ReportPeriod June = new(new DateOnly(2026, 6, 1), new DateOnly(2026, 6, 30));

    readonly Pipeline _pipeline;
    readonly ReportQuery _query;

    protected ReportQueryTests(StorageProvider on)
    {
        _pipeline = new Pipeline(on: on, at: Issued);
        _query = new ReportQuery(_pipeline.Database, ReportFrame.Of(Pipeline.Options, ConnectorRegistry.Channels), _pipeline.Time);
    }

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _pipeline.Dispose();

    async Task ExampleAsync(int actions = 160) => Assert.Null(await new ExampleYear(_pipeline.Database, Pipeline.Options).FillAsync(2025, actions));

    Task<RawFigures> RawAsync(ReportPeriod period, string? area = null, DateOnly? on = null) => RawFigures.ReadAsync(_pipeline.Database, period.From, period.To, area, on ?? period.To);

    [Theory]
    [InlineData(null)]
    [InlineData("GM0344")]
    public async Task Key_figures_are_what_the_rows_say(string? area)
    {
        await ExampleAsync();
        var raw = await RawAsync(Year, area);
        Assert.True(raw.Actions.Count() is > 5 and < 200);
        AssertFigures(raw, (await _query.ReportAsync(Year, area)).Figures);
    }

    static void AssertFigures(RawFigures raw, KeyFigures figures)
    {
        var actions = raw.Actions.ToList();
        Assert.Equal(actions.Count, figures.Actions);
        Assert.Equal(raw.Alerts.Count - actions.Count, figures.Mails);
        Assert.Equal(actions.Count(a => a.Category == "MissingPerson"), figures.MissingPersons);
        Assert.Equal(actions.Count(a => a.Category is "Robbery" or "StreetRobbery" or "Burglary" or "Violence"), figures.HighImpactCrime);
        Assert.Equal(raw.Hard(actions), figures.Hard);
        Assert.Equal(actions.Count(a => raw.Outcomes.GetValueOrDefault(a.Id) == "soft"), figures.Soft);
        Assert.Equal(actions.Count(a => raw.Outcomes.GetValueOrDefault(a.Id, "unknown") != "unknown"), figures.OutcomeKnown);
        Assert.Equal(raw.Covered(raw.Deliveries), figures.Covered);
        Assert.Equal(raw.Row(null, raw.Alerts.ToList(), raw.Deliveries.ToList()), figures.Reach);
        Assert.Equal(
            new ReachBasis(Given(RawFigures.Impressions), Given(RawFigures.Reach), Given(RawFigures.Engagements), Given(channel => [.. RawFigures.Impressions(channel), .. RawFigures.Reach(channel)])), figures.Basis);

        var seconds = raw.Seconds(raw.Deliveries);
        Assert.Equal(seconds.Count, figures.Speed.Cases);
        if (seconds.Count > 0)
        {
            // So many lie at or below it, and one fewer do not suffice.
            AssertRank(seconds, 0.50, figures.Speed.P50!.Value);
            AssertRank(seconds, 0.95, figures.Speed.P95!.Value);
        }

        var onX = raw.Deliveries.Where(d => d.Channel == "x" && d.PublishedAt is not null).ToList();
        Assert.Equal(onX.Count(d => d.HasLink) * 0.20m + onX.Count(d => !d.HasLink) * 0.015m, figures.Cost);

        int Given(Func<string, string[]> names) => raw.Newest(raw.Deliveries, names).Count();
    }

    /// <summary>All that a source shows now; the first time is its history.</summary>
    async Task ShowAsync(params Alert[] alerts)
    {
        await _pipeline.Intake.AcceptAsync(new ListingSource(), new SourceAnswer { Alerts = alerts }, Cancel);
        await _pipeline.DrainAsync();
    }

    /// <summary>Has X give one figure of a post.</summary>
    async Task MeasureAsync(string deliveryId, string name, long figure, TimeSpan? after = null)
    {
        var moment = after ?? TimeSpan.FromMinutes(15);
        var log = new ReachLog(_pipeline.Database);
        await log.FollowAsync(["x"], Issued.AddDays(-1), published => published.AddMinutes(15));
        await log.RecordAsync([new ReachSample(deliveryId, Issued + moment, moment, ReachAnswer.Given, new Dictionary<string, long> { [name] = figure })],
            ConnectorRegistry.Channels.Single(c => c.Type == "x").Terms!, new Dictionary<string, (int, DateTimeOffset)>());
    }

    static void AssertRank(List<double> values, double share, double value)
    {
        Assert.Contains(value, values);
        Assert.True(values.Count(v => v <= value) >= share * values.Count);
        Assert.True(values.Count(v => v < value) < share * values.Count);
    }

    [Fact]
    public async Task Actions_are_counted_by_category_municipality_and_month()
    {
        await ExampleAsync();
        var raw = await RawAsync(Year);
        var report = await _query.ReportAsync(Year, null);

        var byCategory = raw.Actions.GroupBy(a => a.Category).ToDictionary(g => g.Key, g => (g.Count(), raw.Success([.. g]), raw.Known(g)));
        Assert.Equal(byCategory.OrderBy(c => c.Key, StringComparer.Ordinal), report.Categories.ToDictionary(c => c.Category.ToString(), c => (c.Actions, c.HardSuccess, c.OutcomeKnown)).OrderBy(c => c.Key, StringComparer.Ordinal));
        Assert.All(report.Categories, c => Assert.Equal((c.Actions, raw.Actions.Count()), ((int)c.OfAll.Part, (int)c.OfAll.Whole)));

        Assert.Equal(Pipeline.Options.Areas.Existing(Year.End.AddDays(-1)).Select(m => m.Code).Order(StringComparer.Ordinal), report.Municipalities.Select(m => m.Code!).Order(StringComparer.Ordinal));
        foreach (var row in report.Municipalities)
        {
            var alerts = raw.Alerts.Where(a => a.Municipality == row.Code).ToList();
            var actions = alerts.Where(a => a.Kind != "Burgernetmail").ToList();
            Assert.Equal((actions.Count, actions.Count(a => a.Category == "MissingPerson"), raw.Success(actions), raw.Known(actions)), (row.Actions, row.MissingPersons, row.HardSuccess, row.OutcomeKnown));
            Assert.Equal(raw.Row(row.Code, alerts, [.. alerts.SelectMany(raw.Of)]), row.Reach);
        }

        Assert.Equal(
            Enumerable.Range(1, 12).Select(month => (new DateOnly(2025, month, 1), FiguresOf(raw, month))),
            report.Months.Select(m => (m.Month, m.Now!)));
        var before = await RawAsync(Year.YearBefore, on: Year.To);
        Assert.Equal(Enumerable.Range(1, 12).Select(month => FiguresOf(before, month)), report.Months.Select(m => m.YearBefore!));

        static MonthFigures FiguresOf(RawFigures raw, int month) => raw.Actions.Where(a => a.Local.Month == month).ToList() is var actions ? new MonthFigures(actions.Count, raw.Hard(actions), raw.Known(actions)) : null!;
    }

    [Fact]
    public async Task Channels_are_judged_by_every_delivery_of_theirs()
    {
        await ExampleAsync();
        var raw = await RawAsync(Year);
        var report = await _query.ReportAsync(Year, null);

        Assert.Equal(Pipeline.Options.Channels.Select(c => c.Name), report.Coverage.Select(c => c.Channel));
        foreach (var channel in report.Coverage.Select(c => c.Channel))
        {
            var its = raw.Deliveries.Where(d => d.Channel == channel).ToList();
            Assert.Equal(raw.Covered(its), report.Coverage.Single(c => c.Channel == channel).WentOut);

            var reliability = report.Reliability.Single(r => r.Channel == channel);
            Assert.Equal(
                (its.Count(d => d.PublishedAt is not null), its.Count(d => d.State == "Failed"), its.Count(d => d.State == "Expired"), its.Count(d => d.State is "Held" or "Unknown")),
                ((int)reliability.Published, (int)reliability.Failed, (int)reliability.Expired, (int)reliability.Held));
            Assert.Equal(its.Count, reliability.Succeeded.Whole + reliability.Waiting + reliability.Dropped);

            var posted = its.Where(d => d.PublishedAt is not null).Select(d => d.AlertId).ToHashSet();
            Assert.Equal(raw.Row(channel, [.. raw.Alerts.Where(a => posted.Contains(a.Id))], its), report.ReachByChannel.Single(r => r.Key == channel));

            var seconds = raw.Seconds(its);
            var speed = report.Speed.Single(s => s.Channel == channel).Seconds;
            Assert.Equal(seconds.Count, speed.Cases);
            AssertRank(seconds, 0.50, speed.P50!.Value);
            AssertRank(seconds, 0.95, speed.P95!.Value);
        }

        var cost = Assert.Single(report.Cost);
        Assert.Equal((raw.Deliveries.Count(d => d.Channel == "x" && d.PublishedAt is not null), raw.Deliveries.Count(d => d.Channel == "x" && d.PublishedAt is not null && d.HasLink)), ((int)cost.Posts, (int)cost.WithLink));
    }

    [Fact]
    public async Task The_curve_is_what_networks_answered_at_each_moment()
    {
        await ExampleAsync();
        var raw = await RawAsync(Year);
        var curve = (await _query.ReportAsync(Year, null)).Curve;

        Assert.Equal(3 * 7, curve.Count);
        var actions = raw.Actions.Select(a => a.Id).ToHashSet();
        foreach (var channel in curve.GroupBy(c => c.Channel))
        {
            var openings = raw.Deliveries.Where(d => d.Channel == channel.Key && d.Operation == "Create" && actions.Contains(d.AlertId)).Select(d => d.Id).ToHashSet();
            var views = raw.Samples.Where(s => openings.Contains(s.DeliveryId) && s.AfterSeconds is not null).ToLookup(s => s.AfterSeconds!.Value, s => (s.DeliveryId, Views: RawFigures.Sum(s, RawFigures.Impressions(channel.Key))!.Value));
            var final = views[28 * 86_400].ToDictionary(v => v.DeliveryId, v => v.Views);
            foreach (var point in channel)
            {
                var at = views[(int)point.After.TotalSeconds].ToList();
                Assert.Equal((at.Count, at.Sum(v => v.Views)), (point.Posts, point.Views));
                var compared = at.Where(v => final.ContainsKey(v.DeliveryId)).ToList();
                Assert.Equal(compared.Count, point.Compared);
                if (compared.Count < 20)
                    Assert.Null(point.OfFinal);
                else
                    Assert.Equal(100.0 * compared.Sum(v => v.Views) / compared.Sum(v => final[v.DeliveryId]), point.OfFinal!.Value, 6);
            }
        }
    }

    [Fact]
    public async Task The_posts_that_were_seen_most_and_least_are_shown_with_their_words()
    {
        await ExampleAsync();
        var raw = await RawAsync(Year);
        var report = await _query.ReportAsync(Year, null);

        var actions = raw.Actions.Select(a => a.Id).ToHashSet();
        foreach (var channel in (string[])["x", "facebook", "whatsapp"])
        {
            var views = raw.Deliveries.Where(d => d.Channel == channel && d.Operation == "Create" && actions.Contains(d.AlertId)).GroupBy(d => d.AlertId)
                .Select(post => raw.Newest(post, RawFigures.Impressions).ToList()).Where(given => given.Count > 0).Select(given => given.Sum()).OrderDescending().ToList();
            Assert.Equal(views.Take(5), report.Best.Where(p => p.Channel == channel).Select(p => p.Views));
            Assert.Equal(views.AsEnumerable().Reverse().Take(5), report.Weakest.Where(p => p.Channel == channel).Select(p => p.Views));
        }

        Assert.All(report.Best.Concat(report.Weakest), post => Assert.StartsWith("Burgernet ", post.Words!, StringComparison.Ordinal));
        Assert.All((await _query.ReportAsync(Year, null, withWords: false)).Best, post => Assert.Null(post.Words));
    }

    [Theory]
    [InlineData(ReachBy.Channel)]
    [InlineData(ReachBy.Municipality)]
    [InlineData(ReachBy.Category)]
    [InlineData(ReachBy.Hour)]
    [InlineData(ReachBy.Day)]
    public async Task What_groups_of_alerts_reached_is_the_sum_of_the_raw_answers(ReachBy by)
    {
        await ExampleAsync(60);
        var raw = await RawAsync(Year);
        var rows = await _query.ReachAsync(Year, null, by);

        var expected = by is ReachBy.Channel
            ? raw.Deliveries.GroupBy(d => d.Channel).Select(c => raw.Row(c.Key, [.. raw.Alerts.Where(a => c.Any(d => d.AlertId == a.Id && d.PublishedAt is not null))], [.. c]))
            : raw.Alerts.GroupBy(a => by switch
            {
                ReachBy.Municipality => a.Municipality,
                ReachBy.Category => System.Text.RegularExpressions.Regex.Replace(a.Category, "(?<!^)([A-Z])", "-$1").ToLowerInvariant(),
                ReachBy.Hour => $"{a.Local.Hour:00}",
                _ => $"{a.Local:yyyy-MM-dd}",
            }).Select(group => raw.Row(group.Key, [.. group], [.. group.SelectMany(raw.Of)]));
        Assert.Equal(expected.OrderBy(r => r.Key, StringComparer.Ordinal), rows);
        Assert.True(rows.Count > 2);
    }

    [Fact]
    public async Task The_hours_of_a_report_are_all_there_and_those_of_the_rows()
    {
        await ExampleAsync(60);
        var rows = await _query.ReachAsync(Year, null, ReachBy.Hour);
        var hours = (await _query.ReportAsync(Year, null)).ReachByHour;
        Assert.Equal(Enumerable.Range(0, 24).Select(h => $"{h:00}"), hours.Select(h => h.Key!));
        Assert.Equal(rows, hours.Where(h => h.Alerts > 0));
    }

    [Fact]
    public async Task A_day_is_a_Dutch_day()
    {
        // Midnight in the Netherlands is two hours before that of UTC in summer, and one in winter.
        await _pipeline.AcceptAsync(SomeAlert.Actie("1", new DateTimeOffset(2026, 5, 31, 21, 59, 59, TimeSpan.Zero)));
        await _pipeline.AcceptAsync(SomeAlert.Actie("2", new DateTimeOffset(2026, 5, 31, 22, 0, 0, TimeSpan.Zero), "Gezocht: rode step."));
        await _pipeline.AcceptAsync(SomeAlert.Actie("3", new DateTimeOffset(2026, 6, 10, 8, 59, 59, TimeSpan.Zero), "Gezocht: blauwe auto."));

        Assert.Equal(2, (await _query.ReportAsync(June, null)).Figures.Actions);
        Assert.Equal(1, (await _query.ReportAsync(June with { From = new DateOnly(2026, 5, 31), To = new DateOnly(2026, 5, 31) }, null)).Figures.Actions);
        var winter = new ReportPeriod(new DateOnly(2026, 10, 24), new DateOnly(2026, 10, 25));
        Assert.Equal((new DateTimeOffset(2026, 10, 23, 22, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 10, 25, 23, 0, 0, TimeSpan.Zero)), (winter.Start, winter.End));
    }

    [Fact]
    public async Task Exercises_and_alerts_that_only_confirm_count_nowhere()
    {
        await _pipeline.AcceptAsync(SomeAlert.Actie("1", Issued));
        await _pipeline.AcceptAsync(SomeAlert.Actie("2", Issued, "Oefening: gezocht een rode step.") with { Exercise = true });
        await _pipeline.AcceptAsync(SomeAlert.Actie("1", Issued, source: "meldkamer"));
        await _pipeline.DrainAsync();
        Assert.Equal(3, (await _pipeline.Log.NewestAsync(9)).Count);

        var report = await _query.ReportAsync(June, null);
        Assert.Equal((1, new Share(1, 1)), (report.Figures.Actions, report.Figures.Covered));
        Assert.Equal(1, (await _query.ReachAsync(June, null, ReachBy.Day)).Single().Alerts);
    }

    [Fact]
    public async Task The_end_of_an_alert_that_was_never_opened_here_asked_nobody_anything()
    {
        await _pipeline.AcceptAsync(SomeAlert.Actie("1", Issued));
        var elsewhere = SomeAlert.Amber("7", Issued).Then(AlertPhase.Withdrawn, "Ingetrokken.", TimeSpan.FromMinutes(30));
        await _pipeline.AcceptAsync(elsewhere with { Messages = [elsewhere.Messages[^1]] });
        await _pipeline.DrainAsync();
        Assert.Equal(2, (await _pipeline.Log.NewestAsync(9)).Count);

        var report = await _query.ReportAsync(June, null);
        Assert.Equal((1, 1), (report.Figures.Actions, report.Figures.MissingPersons));
        AssertFigures(await RawAsync(June), report.Figures);
        Assert.Equal(1, (await _query.ReachAsync(June, null, ReachBy.Day)).Single().Alerts);
    }

    [Fact]
    public async Task A_missing_person_who_is_asked_for_anew_after_a_silence_is_one_appeal_with_all_that_was_posted()
    {
        var missing = SomeAlert.Actie("1", Issued);
        await ShowAsync();
        await ShowAsync(missing);
        for (var minute = 0; minute < 32; minute++)
        {
            _pipeline.Time.Advance(TimeSpan.FromMinutes(1));
            await ShowAsync();
        }

        await ShowAsync(missing);
        var episodes = await _pipeline.Log.NewestAsync(9);
        Assert.Equal([1, 2], episodes.Select(e => e.Episode).Order());
        var first = episodes.Single(e => e.Episode == 1);
        await MeasureAsync((await _pipeline.DeliveriesAsync("x")).Single(d => d.AlertId == first.Id).Id, "impression_count", 100);

        var (raw, report) = (await RawAsync(June), await _query.ReportAsync(June, null));
        AssertFigures(raw, report.Figures);
        Assert.Equal((1, new Share(1, 1), 100L), (report.Figures.Actions, report.Figures.Covered, report.Figures.Reach.Impressions));
        Assert.Equal(2, report.ReachByChannel.Single(r => r.Key == "x").Posts);
        Assert.True(report.Figures.Speed.P95 < 60, $"{report.Figures.Speed.P95} s");
        Assert.Equal(1, Assert.Single(report.Categories).Actions);
        // Who wants to see the post goes to where it was posted.
        Assert.Equal(first.Id, report.Best.Single(p => p.Channel == "x").AlertId);
        foreach (var by in Enum.GetValues<ReachBy>().Where(by => by is not ReachBy.Channel))
            Assert.Equal((1, raw.Deliveries.Count(d => d.PublishedAt is not null)), Assert.Single(await _query.ReachAsync(June, null, by)) is var row ? (row.Alerts, (int)row.Posts) : default);
    }

    [Fact]
    public async Task An_opening_that_came_after_its_update_is_one_appeal_and_what_is_issued_anew_is_another()
    {
        var missing = SomeAlert.Actie("1", Issued);
        await _pipeline.AcceptAsync(missing with { Messages = [SomeAlert.Message(AlertPhase.Updated, "Nu met rode jas.", Issued)] });
        await _pipeline.AcceptAsync(missing);
        await _pipeline.DrainAsync();
        Assert.Equal(2, (await _pipeline.Log.NewestAsync(9)).Count);
        Assert.Equal(1, (await _query.ReportAsync(June, null)).Figures.Actions);

        var closed = missing.Then(AlertPhase.Closed, "Terecht.", TimeSpan.FromMinutes(20));
        await _pipeline.AcceptAsync(closed);
        _pipeline.Time.Advance(TimeSpan.FromHours(1));
        await _pipeline.AcceptAsync(closed.Then(AlertPhase.Opened, "Vermist: meisje van 9 jaar, opnieuw.", TimeSpan.FromMinutes(35), ended: false));
        await _pipeline.DrainAsync();
        var report = await _query.ReportAsync(June, null);
        Assert.Equal(2, report.Figures.Actions);
        AssertFigures(await RawAsync(June), report.Figures);
    }

    [Fact]
    public async Task What_no_network_gave_is_null_and_never_zero()
    {
        await _pipeline.AcceptAsync(SomeAlert.Actie("1", Issued));
        await _pipeline.DrainAsync();
        var before = (await _query.ReachAsync(June, null, ReachBy.Day)).Single();
        Assert.Equal((null, null, null, 0L), (before.Reach, before.Impressions, before.Engagements, before.MeasuredPosts));

        var x = (await _pipeline.DeliveriesAsync("x")).Single();
        var log = new ReachLog(_pipeline.Database);
        await log.FollowAsync(["x"], Issued.AddDays(-1), published => published.AddMinutes(15));
        await log.RecordAsync(
        [
            new ReachSample(x.Id, Issued.AddMinutes(15), TimeSpan.FromMinutes(15), ReachAnswer.Given, new Dictionary<string, long> { ["impression_count"] = 120, ["like_count"] = 3, ["reply_count"] = 1 }),
            new ReachSample(x.Id, Issued.AddHours(1), TimeSpan.FromHours(1), ReachAnswer.Given, new Dictionary<string, long> { ["impression_count"] = 300 }),
            new ReachSample(x.Id, Issued.AddHours(6), TimeSpan.FromHours(6), ReachAnswer.NotGiven, new Dictionary<string, long>()),
        ], ConnectorRegistry.Channels.Single(c => c.Type == "x").Terms!, new Dictionary<string, (int, DateTimeOffset)>());

        var after = (await _query.ReachAsync(June, null, ReachBy.Channel)).Single(r => r.Key == "x");
        Assert.Equal((null, 300L, 4L, 1L), (after.Reach, after.Impressions, after.Engagements, after.MeasuredPosts));
        var raw = await RawAsync(June);
        Assert.Equal(raw.Row("x", [.. raw.Alerts], [.. raw.Deliveries.Where(d => d.Channel == "x")]), after);
        Assert.Equal([(900.0, 120L), (3600.0, 300L)], (await _query.ReportAsync(June, null)).Curve.Select(c => (c.After.TotalSeconds, c.Views)));
    }

    [Fact]
    public async Task Each_figure_says_of_how_many_posts_a_network_gave_it_and_not_of_how_many_it_gave_another()
    {
        await _pipeline.AcceptAsync(SomeAlert.Actie("1", Issued));
        await _pipeline.AcceptAsync(SomeAlert.Actie("2", Issued, "Gezocht: rode step."));
        await _pipeline.DrainAsync();
        var (one, other) = ((await _pipeline.DeliveriesAsync("x"))[0].Id, (await _pipeline.DeliveriesAsync("x"))[1].Id);
        await MeasureAsync(one, "impression_count", 120);
        await MeasureAsync(other, "like_count", 3);

        var report = await _query.ReportAsync(June, null);
        AssertFigures(await RawAsync(June), report.Figures);
        Assert.Equal((new ReachBasis(1, 0, 1, 1), 2L), (report.Figures.Basis, report.Figures.Reach.MeasuredPosts));
        var posts = report.Figures.Reach.Posts;
        Assert.Contains($"Keer getoond: 120 (dat is bekend van 1 van de {posts} berichten)", ReportMail.Text(report, null), StringComparison.Ordinal);
        var tables = ReportTables.Of(report).ToDictionary(t => t.Key);
        Assert.Contains(tables["kerncijfers"].Rows, row => row[0] is "Berichten waarvan bekend is hoe vaak ze zijn getoond" && row[1] is Share share && share == new Share(1, posts));
        Assert.Contains(tables["kerncijfers"].Rows, row => row[0] is "Berichten waarvan bekend is hoeveel mensen ze bereikten" && row[1] is Share share && share == new Share(0, posts));
        Assert.Contains($"Van 1 van de {posts} berichten is bekend hoe vaak ze zijn getoond, van 0 hoeveel mensen ze bereikten en van 1 wat mensen ermee deden; van 2 gaf het netwerk enig cijfer.", tables["bereik-per-kanaal"].Basis, StringComparison.Ordinal);
        Assert.Contains($"is bekend van 1 van de {posts} berichten", tables["gemeenten"].Basis, StringComparison.Ordinal);
        Assert.Contains($"<small>bekend van 1 van de {posts} berichten</small>", ReportHtml.Sections(report), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_roll_up_of_each_post_is_the_newest_of_its_raw_answers()
    {
        await ExampleAsync(60);
        var raw = await RawAsync(Year);
        var rolled = await _pipeline.Database.ReadAsync(s => s.QueryAsync<(string Id, long? Impressions, long? Reach, long? Engagements)>("select delivery_id, impressions, reach, engagements from reach"));
        Assert.True(rolled.Count > 200);
        var byId = raw.Deliveries.ToDictionary(d => d.Id);
        foreach (var post in rolled.Take(400))
        {
            long? Newest(Func<string, string[]> names) => raw.Newest([byId[post.Id]], names).Cast<long?>().SingleOrDefault();
            Assert.Equal((Newest(RawFigures.Impressions), Newest(RawFigures.Reach), Newest(RawFigures.Engagements)), (post.Impressions, post.Reach, post.Engagements));
        }
    }

    [Fact]
    public async Task From_few_cases_there_is_no_percentage()
    {
        Assert.Null(new Share(3, 19).Percentage);
        Assert.Equal(15.0, new Share(3, 20).Percentage);
        await ExampleAsync(60);
        var small = (await _query.ReportAsync(Year, null)).Municipalities.Where(m => m.Actions < 20).ToList();
        Assert.NotEmpty(small);
        Assert.All(small, m => Assert.Null(m.HardSuccess?.Percentage));
    }

    [Fact]
    public async Task A_year_is_held_against_the_same_days_of_the_year_before()
    {
        await ExampleAsync(60);
        var next = new ReportPeriod(new DateOnly(2026, 3, 1), new DateOnly(2026, 4, 30));
        var raw = await RawAsync(next.YearBefore, on: next.To);
        var report = await _query.ReportAsync(next, null);
        Assert.Equal((0, raw.Actions.Count()), (report.Figures.Actions, report.YearBefore!.Actions));
        AssertFigures(raw, report.YearBefore);
        Assert.Equal([raw.Actions.Count(a => a.Local.Month == 3), raw.Actions.Count(a => a.Local.Month == 4)], report.Months.Select(m => m.YearBefore!.Actions));
        Assert.Equal(raw.Actions.Count(), report.Municipalities.Sum(m => m.YearBefore));
        Assert.Equal(raw.Actions.Count(), report.Categories.Sum(c => c.YearBefore));
    }

    [Theory]
    [InlineData("2024-02-29", "2024-02-29", "2023-02-28", "2023-02-28")]
    [InlineData("2024-02-01", "2024-02-29", "2023-02-01", "2023-02-28")]
    [InlineData("2025-02-01", "2025-02-28", "2024-02-01", "2024-02-29")]
    [InlineData("2025-01-01", "2025-02-28", "2024-01-01", "2024-02-29")]
    [InlineData("2025-01-01", "2025-12-31", "2024-01-01", "2024-12-31")]
    [InlineData("2025-02-22", "2025-02-28", "2024-02-22", "2024-02-28")]
    [InlineData("2025-04-01", "2025-04-30", "2024-04-01", "2024-04-30")]
    public void A_year_earlier_whole_months_are_whole_months_and_a_week_has_as_many_days(string from, string to, string first, string last)
    {
        var before = new ReportPeriod(ReportPeriod.Day(from)!.Value, ReportPeriod.Day(to)!.Value).YearBefore;
        Assert.Equal((first, last), (ReportPeriod.Written(before.From), ReportPeriod.Written(before.To)));
    }

    [Fact]
    public async Task What_happened_in_a_municipality_that_merged_happened_in_its_successor()
    {
        // Vianen became part of Vijfheerenlanden with the year 2019.
        await _pipeline.AcceptAsync(SomeAlert.Actie("1", new DateTimeOffset(2018, 9, 10, 9, 0, 0, TimeSpan.Zero)) with { Municipality = "Vianen", Area = null });
        await _pipeline.AcceptAsync(SomeAlert.Actie("2", new DateTimeOffset(2019, 3, 10, 9, 0, 0, TimeSpan.Zero), "Gezocht: rode step.") with { Municipality = "Vijfheerenlanden", Area = null });
        Assert.Equal(["GM0620", "GM1961"], (await _pipeline.Log.NewestAsync(9)).Select(a => a.Municipality!).Order(StringComparer.Ordinal));

        var season = new ReportPeriod(new DateOnly(2018, 7, 1), new DateOnly(2019, 6, 30));
        var report = await _query.ReportAsync(season, "GM1961");
        AssertFigures(await RawAsync(season, "GM1961"), report.Figures);
        Assert.Equal((2, 2), (report.Figures.Actions, Assert.Single(report.Municipalities).Actions));
        Assert.Equal(2, (await _query.ReportAsync(season, null)).Municipalities.Single(m => m.Actions > 0).Actions);
        Assert.Equal(("GM1961", 2), Assert.Single(await _query.ReachAsync(season, null, ReachBy.Municipality)) is var row ? (row.Key, row.Alerts) : default);
        Assert.Equal(2, Assert.Single(await _query.ReachAsync(season, "GM1961", ReachBy.Municipality)).Alerts);

        var next = new ReportPeriod(new DateOnly(2019, 7, 1), new DateOnly(2019, 12, 31));
        foreach (var area in (string?[])["GM1961", "GM0620", null])
            Assert.Equal(1, (await _query.ReportAsync(next, area)).Municipalities.Single(m => m.YearBefore > 0).YearBefore);
        Assert.Equal(("GM1961", "Vijfheerenlanden"), ((await _query.ReportAsync(next, "GM0620")) is var successor ? (successor.Area, successor.AreaName) : default));
        AssertFigures(await RawAsync(next.YearBefore, "GM1961", next.To), (await _query.ReportAsync(next, "GM1961")).YearBefore!);

        // Before that they were two.
        var then = new ReportPeriod(new DateOnly(2018, 1, 1), new DateOnly(2018, 12, 31));
        Assert.Equal((1, 0), ((await _query.ReportAsync(then, "GM0620")).Figures.Actions, (await _query.ReportAsync(then, "GM1961")).Figures.Actions));
    }

    [Fact]
    public async Task What_was_asked_much_later_than_its_moment_is_no_point_of_the_curve()
    {
        await _pipeline.AcceptAsync(SomeAlert.Actie("1", Issued));
        await _pipeline.DrainAsync();
        var x = (await _pipeline.DeliveriesAsync("x")).Single();
        var (log, published) = (new ReachLog(_pipeline.Database), x.PublishedAt!.Value);
        (TimeSpan Moment, TimeSpan Asked, long Shown)[] answers =
        [
            (TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(30), 10), (TimeSpan.FromHours(1), TimeSpan.FromMinutes(76), 20),
            (TimeSpan.FromHours(6), TimeSpan.FromHours(7.5), 30), (TimeSpan.FromHours(24), TimeSpan.FromHours(30) + TimeSpan.FromSeconds(1), 40),
        ];
        await log.FollowAsync(["x"], Issued.AddDays(-1), at => at.AddMinutes(15));
        await log.RecordAsync([.. answers.Select(a => new ReachSample(x.Id, published + a.Asked, a.Moment, ReachAnswer.Given, new Dictionary<string, long> { ["impression_count"] = a.Shown }))],
            ConnectorRegistry.Channels.Single(c => c.Type == "x").Terms!, new Dictionary<string, (int, DateTimeOffset)>());

        var report = await _query.ReportAsync(June, null);
        Assert.Equal([(0.25, 10L), (6, 30L)], report.Curve.Select(c => (c.After.TotalHours, c.Views)));
        Assert.Equal(40, report.Figures.Reach.Impressions);
        var timeline = await new TimelineQuery(_pipeline.Database, ReportFrame.Of(Pipeline.Options, ConnectorRegistry.Channels)).OfAsync(x.AlertId);
        Assert.Equal([(0.25, 10L), (6, 30L)], timeline.Measurements.Select(m => (m.After!.Value.TotalHours, m.Views)));
    }

    [Fact]
    public async Task A_post_tells_that_its_network_corrected_a_figure_downward()
    {
        await _pipeline.AcceptAsync(SomeAlert.Actie("1", Issued));
        await _pipeline.DrainAsync();
        var posts = await _pipeline.DeliveriesAsync();
        var x = posts.Single(d => d.Channel == "x");
        await MeasureAsync(x.Id, "impression_count", 300);
        Assert.False(await ShrankAsync());
        await MeasureAsync(x.Id, "impression_count", 200, TimeSpan.FromHours(1));
        Assert.True(await ShrankAsync());

        async Task<bool> ShrankAsync()
        {
            var timeline = await new TimelineQuery(_pipeline.Database, ReportFrame.Of(Pipeline.Options, ConnectorRegistry.Channels)).OfAsync(x.AlertId);
            Assert.All(timeline.Deliveries.Where(d => d.Id != x.Id), d => Assert.False(d.Shrank));
            return timeline.Deliveries.Single(d => d.Id == x.Id).Shrank;
        }
    }

    [Fact]
    public async Task What_stood_there_at_the_first_start_is_not_held_against_the_channels()
    {
        await ShowAsync(SomeAlert.Actie("1", Issued));
        await ShowAsync(SomeAlert.Actie("1", Issued), SomeAlert.Actie("2", Issued, "Gezocht: rode step."));
        var report = await _query.ReportAsync(June, null);
        AssertFigures(await RawAsync(June), report.Figures);
        Assert.Equal((2, new Share(1, 1), new Share(1, 1)), (report.Figures.Actions, report.Figures.Covered, report.Coverage.Single(c => c.Channel == "x").WentOut));
        Assert.Equal("1 actie; bij de eerste start stond er al een.", ReportTables.Of(report).Single(t => t.Key == "dekking").Basis.Split(" Van minder")[0]);
    }

    [Fact]
    public async Task A_year_of_which_nothing_was_recorded_is_unknown_and_not_a_year_without_actions()
    {
        await _pipeline.AcceptAsync(SomeAlert.Actie("1", Issued));
        var first = await _query.ReportAsync(June, null);
        Assert.Equal((null, new DateOnly(2026, 6, 10)), (first.YearBefore, first.RecordedFrom));
        Assert.All(first.Municipalities, m => Assert.Null(m.YearBefore));
        Assert.All(first.Categories, c => Assert.Null(c.YearBefore));
        Assert.All(first.Months, m => Assert.Equal((1, null), (m.Now!.Actions, m.YearBefore)));
        foreach (var table in ReportTables.Of(first))
            foreach (var (column, at) in table.Columns.Select((column, at) => (column, at)).Where(c => c.column.EndsWith("aar eerder", StringComparison.Ordinal) || c.column == "Verschil"))
                Assert.All(table.Rows, row => Assert.True(row[at] is null, $"{table.Key}, {column}: {row[at]}"));
        Assert.Contains("Acties: 1 (jaar eerder niet bekend)", ReportMail.Text(first, null), StringComparison.Ordinal);
        Assert.Contains("De gegevens beginnen op 10 juni 2026; van een jaar eerder is niets bekend.", ReportTables.Of(first)[0].Basis, StringComparison.Ordinal);

        // A year later the first days of the year before are unknown still.
        var next = await _query.ReportAsync(new ReportPeriod(new DateOnly(2027, 5, 1), new DateOnly(2027, 6, 30)), null);
        Assert.Equal(1, next.YearBefore!.Actions);
        Assert.Equal([(0, null), (0, 1)], next.Months.Select(m => (m.Now!.Actions, m.YearBefore?.Actions)));
        foreach (var key in (string[])["kerncijfers", "hard-succes", "soorten", "verhouding", "maanden", "gemeenten"])
            Assert.Contains(" De gegevens beginnen op 10 juni 2026.", ReportTables.Of(next).Single(t => t.Key == key).Basis, StringComparison.Ordinal);
        Assert.Contains("mei 2027: 0, jaar eerder niet bekend, juni 2027: 0, jaar eerder 1", ReportPlots.Of(next)["maanden"].Alternative, StringComparison.Ordinal);
        Assert.Contains(">? = niet bekend</text>", ReportPlots.Of(next)["maanden"].Svg, StringComparison.Ordinal);
        Assert.DoesNotContain("De gegevens beginnen", (await _query.ReportAsync(new ReportPeriod(new DateOnly(2028, 1, 1), new DateOnly(2028, 6, 30)), null)) is var later ? ReportTables.Of(later)[0].Basis : "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Outcomes_that_nobody_wrote_down_are_no_failures()
    {
        await ExampleAsync(60);
        Assert.Contains($"; van {(await _query.ReportAsync(Year, null)).Figures.OutcomeKnown} is de afloop vastgelegd; het doel is 8 %", ReportMail.Text(await _query.ReportAsync(Year, null), null), StringComparison.Ordinal);
        Assert.Contains(" is de afloop vastgelegd</small>", ReportHtml.Sections(await _query.ReportAsync(Year, null)), StringComparison.Ordinal);
        await _pipeline.Database.WriteAsync(s => s.ExecuteAsync("update outcome set outcome = 'unknown'"), Cancel);

        var report = await _query.ReportAsync(Year, null);
        AssertFigures(await RawAsync(Year), report.Figures);
        Assert.Null(report.Figures.HardSuccess);
        Assert.All(report.Months, m => Assert.Equal(m.Now!.Actions == 0, m.Now.HardSuccess is not null));
        Assert.All(report.Municipalities.Where(m => m.Actions > 0), m => Assert.Null(m.HardSuccess));
        Assert.Contains("Hard succes: nog van geen enkele actie is de afloop vastgelegd; het doel is 8 %", ReportMail.Text(report, null), StringComparison.Ordinal);
        Assert.Contains("<dd>niet bekend <small>nog van geen enkele actie is de afloop vastgelegd</small></dd>", ReportHtml.Sections(report), StringComparison.Ordinal);
        Assert.DoesNotContain("hard-succes", ReportPlots.Of(report).Keys);
        var municipality = ReportTables.Of(report).Single(t => t.Key == "gemeenten");
        Assert.All(municipality.Rows.Where(row => row[1] is > 0), row => Assert.Equal((null, 0), (row[5], (int)row[6]!)));
    }

    [Fact]
    public async Task Hours_of_which_no_network_said_anything_are_marked_as_unknown_in_the_plot()
    {
        await _pipeline.AcceptAsync(SomeAlert.Actie("1", Issued));
        await _pipeline.DrainAsync();
        await MeasureAsync((await _pipeline.DeliveriesAsync("x")).Single().Id, "impression_count", 120);
        await _pipeline.AcceptAsync(SomeAlert.Actie("2", Issued.AddMinutes(-10), "Gezocht: rode step."));
        await _pipeline.DrainAsync();
        var plot = ReportPlots.Of(await _query.ReportAsync(June, null))["bereik-per-uur"];
        Assert.Contains("tussen 11 en 12 uur is uitgegeven: 120 keer. Niet bekend: 10 uur.", plot.Alternative, StringComparison.Ordinal);
        Assert.Equal(1, System.Text.RegularExpressions.Regex.Count(plot.Svg, @">\?</text>"));
    }

    [Fact]
    public async Task Of_a_municipality_is_told_what_was_last_known_by_the_end_of_the_period()
    {
        await _pipeline.Database.WriteAsync(s => s.ExecuteAsync("""
            insert into context_figure (municipality, period, participants, downloads, inhabitants, imported_at) values
                ('GM0307', '2025', 9000, 12000, 160000, @now), ('GM0307', '2026-05', 9500, null, null, @now), ('GM0307', '2026-07', 1, 1, 1, @now), ('GM0307', '2026', 9700, 12700, null, @now), ('GM0307', '2026-12', 9800, null, null, @now)
            """, new { now = Issued }), Cancel);
        var row = Assert.Single((await _query.ReportAsync(June, "GM0307")).Municipalities);
        Assert.Equal(("Amersfoort", 9500L, 12000L, 160000L, "2026-05"), (row.Name, row.Context!.Participants, row.Context.Downloads, row.Context.Inhabitants, row.Context.Period));

        // A year is over when its December is.
        var whole = Assert.Single((await _query.ReportAsync(new ReportPeriod(new DateOnly(2026, 1, 1), new DateOnly(2026, 12, 31)), "GM0307")).Municipalities).Context!;
        Assert.Equal((9800L, 12700L, 1L, "2026-12"), (whole.Participants, whole.Downloads, whole.Inhabitants, whole.Period));
        Assert.Equal("2025", (await _query.ReportAsync(new ReportPeriod(new DateOnly(2026, 1, 1), new DateOnly(2026, 1, 31)), "GM0307")).Municipalities[0].Context!.Period);
    }

    [Fact]
    public async Task An_example_year_is_the_same_every_time_marked_as_invented_and_only_for_an_empty_database()
    {
        await ExampleAsync(40);
        var first = await _query.ReportAsync(Year, null);
        using (var other = new Pipeline())
        {
            await new ExampleYear(other.Database, Pipeline.Options).FillAsync(2025, 40);
            var second = await new ReportQuery(other.Database, ReportFrame.Of(Pipeline.Options, ConnectorRegistry.Channels), _pipeline.Time).ReportAsync(Year, null);
            Assert.Equal(first.Figures, second.Figures);
            Assert.Equal(first.Curve, second.Curve);
            Assert.Equal(first.Best, second.Best);
        }

        Assert.Equal(first.Figures.Actions + first.Figures.Mails, first.Invented);
        Assert.Equal(3, first.Figures.Hard);
        Assert.Equal("deze database bevat al berichten; kies een lege map met --data", (await new ExampleYear(_pipeline.Database, Pipeline.Options).FillAsync(2025, 40))?.Reason);
    }

    [Theory]
    [InlineData("insert into context_figure (municipality, period, participants, imported_at) values ('GM0307', '2025', 1, @now)", "cijfers over gemeenten")]
    [InlineData("insert into submission (source, id, sender, subject, sent_at, received_at, decision, kind, reason, original, municipalities, text, state) values ('m', '1', '', '', @now, @now, 'Hold', '', '', '', '', '', 'Waiting')", "inzendingen")]
    public async Task An_example_year_never_stands_beside_what_is_real(string insert, string held)
    {
        await _pipeline.Database.WriteAsync(s => s.ExecuteAsync(insert, new { now = Issued }), Cancel);
        Assert.Equal($"deze database bevat al {held}; kies een lege map met --data", (await new ExampleYear(_pipeline.Database, Pipeline.Options).FillAsync(2025, 5))?.Reason);
        Assert.Empty(await _pipeline.Log.NewestAsync(9));
    }

    [Fact]
    public async Task An_example_year_that_fails_at_its_end_leaves_nothing_behind()
    {
        await _pipeline.Database.WriteAsync(async s =>
        {
            await s.ExecuteAsync("drop table context_figure");
            await s.ExecuteAsync("create table context_figure (municipality text, period text, participants bigint, downloads bigint, inhabitants bigint, imported_at timestamptz, nobody_gives_this text not null)");
        }, Cancel);
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => new ExampleYear(_pipeline.Database, Pipeline.Options).FillAsync(2025, 5));
        Assert.Empty(await _pipeline.Log.NewestAsync(9));
    }

    sealed class ListingSource : IAlertSource
    {
        public string Name => "acties";
        public bool TakesBaseline => true;
        public Task<SourceAnswer?> FetchAsync(CancellationToken cancellationToken) => Task.FromResult<SourceAnswer?>(null);
        public Task ConfirmAsync(SourceAnswer answer, IReadOnlyList<IntakeResult> results, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

public sealed class ReportQueryOnSqliteTests() : ReportQueryTests(StorageProvider.Sqlite);

public sealed class ReportQueryOnPostgresTests() : ReportQueryTests(StorageProvider.Postgres);
