using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Deliveries;
using Burgernet.Syndicate.Reach;
using Burgernet.Syndicate.Tests.Support;
using Xunit;

namespace Burgernet.Syndicate.Tests.Reach;

/// <summary>When networks are asked how posts do, and what is kept of their answers.</summary>
public abstract class ReachHarvesterTests : IDisposable
{
    static readonly TimeSpan[] Planned = [.. new HarvestOptions().At];

    readonly MeteredChannel _x = new("x");
    readonly Pipeline _pipeline;

    protected ReachHarvesterTests(StorageProvider on)
    {
        _pipeline = new Pipeline(channels =>
        {
            channels.Clear();
            channels.Add(new("x") { Channel = _x });
        }, on: on);
        _x.Time = _pipeline.Time;
    }

    public void Dispose() => _pipeline.Dispose();

    Task<int> HarvestAsync() => _pipeline.Harvester.HarvestAsync(TestContext.Current.CancellationToken);

    async Task<Delivery> PostAsync(string id = "990001")
    {
        await _pipeline.AcceptAsync(SomeAlert.Actie(id, at: _pipeline.Time.GetUtcNow(), text: $"Gezocht: rode step {id}."));
        await _pipeline.DrainAsync();
        return (await _pipeline.DeliveriesAsync("x")).Single(d => d.Reference is not null && d.Operation is DeliveryOperation.Create && d.CreatedAt == _pipeline.Time.GetUtcNow());
    }

    Task<IReadOnlyList<ReachSample>> SamplesAsync(Delivery delivery) => _pipeline.Reach.SamplesAsync(delivery.Id);

    Task<Newest?> NewestAsync(Delivery delivery) => _pipeline.Database.ReadAsync(s => s.FirstOrDefaultAsync<Newest>("select impressions, reach, engagements, shrank, next_at from reach where delivery_id = @id", new { id = delivery.Id }));

    sealed record Newest
    {
        public long? Impressions { get; init; }
        public long? Reach { get; init; }
        public long? Engagements { get; init; }
        public bool Shrank { get; init; }
        public DateTimeOffset? NextAt { get; init; }
    }

    [Fact]
    public async Task A_post_is_asked_about_at_each_moment_and_never_in_between()
    {
        var post = await PostAsync();
        foreach (var (after, number) in Planned.Select((after, number) => (after, number)))
        {
            _pipeline.Time.SetUtcNow(Pipeline.Noon + after - TimeSpan.FromMinutes(1));
            await HarvestAsync();
            Assert.Equal(number, _x.Asked.Count);
            _pipeline.Time.SetUtcNow(Pipeline.Noon + after + TimeSpan.FromMinutes(1));
            Assert.Equal(1, await HarvestAsync());
            Assert.Equal(0, await HarvestAsync());
        }

        _pipeline.Time.Advance(TimeSpan.FromDays(400));
        Assert.Equal(0, await HarvestAsync());
        Assert.Equal(Planned, (await SamplesAsync(post)).Select(s => s.After!.Value));
    }

    [Fact]
    public async Task What_the_network_said_is_kept_as_it_said_it_and_the_newest_in_shared_words()
    {
        var post = await PostAsync();
        _pipeline.Time.Advance(TimeSpan.FromMinutes(16));
        await HarvestAsync();
        Assert.Equal((100, null, 5), ((await NewestAsync(post))!.Impressions, (await NewestAsync(post))!.Reach, (await NewestAsync(post))!.Engagements));

        // Another name for the same, a smaller figure, and one that is not given any more.
        _x.Figures = new Dictionary<string, long> { ["views"] = 90, ["people"] = 70 };
        _pipeline.Time.Advance(TimeSpan.FromHours(1));
        await HarvestAsync();
        var newest = (await NewestAsync(post))!;
        Assert.Equal((90L, 70L, 5L, true), (newest.Impressions, newest.Reach, newest.Engagements, newest.Shrank));
        var samples = await SamplesAsync(post);
        Assert.Equal([ReachAnswer.Given, ReachAnswer.Given], samples.Select(s => s.Answer));
        Assert.Equal(new Dictionary<string, long> { ["shown"] = 100, ["liked"] = 3, ["shared"] = 2 }, samples[0].Metrics);
        Assert.Equal(new Dictionary<string, long> { ["views"] = 90, ["people"] = 70 }, samples[1].Metrics);
    }

    [Fact]
    public async Task Not_given_is_never_zero()
    {
        _x.Figures = null;
        var post = await PostAsync();
        _pipeline.Time.Advance(TimeSpan.FromMinutes(16));
        await HarvestAsync();

        Assert.Equal(ReachAnswer.NotGiven, Assert.Single(await SamplesAsync(post)).Answer);
        var newest = (await NewestAsync(post))!;
        Assert.Equal((null, null, null), (newest.Impressions, newest.Reach, newest.Engagements));
    }

    [Fact]
    public async Task What_was_missed_is_asked_once_as_what_it_is_by_now()
    {
        var post = await PostAsync();
        _pipeline.Time.Advance(TimeSpan.FromHours(30));
        Assert.Equal(1, await HarvestAsync());

        Assert.Equal([TimeSpan.FromHours(24)], (await SamplesAsync(post)).Select(s => s.After!.Value));
        Assert.Equal(Pipeline.Noon.AddHours(72), (await NewestAsync(post))!.NextAt);
    }

    [Fact]
    public async Task A_short_plan_misses_nothing_between_two_looks()
    {
        _pipeline.Reload(options => options with { Harvest = new HarvestOptions { At = [TimeSpan.FromSeconds(1)] } });
        var post = await PostAsync();
        _pipeline.Time.Advance(TimeSpan.FromDays(3));
        Assert.Equal(1, await HarvestAsync());
        Assert.Single(await SamplesAsync(post));
    }

    [Fact]
    public async Task A_network_that_fails_is_asked_again_and_the_moment_is_not_lost()
    {
        _x.Complete = false;
        var post = await PostAsync();
        _pipeline.Time.Advance(TimeSpan.FromMinutes(16));
        await HarvestAsync();
        _x.Complete = true;
        _pipeline.Time.Advance(TimeSpan.FromMinutes(11));
        await HarvestAsync();

        Assert.Equal([ReachAnswer.Failed, ReachAnswer.Given], (await SamplesAsync(post)).Select(s => s.Answer));
        Assert.Equal(Pipeline.Noon.AddHours(1), (await NewestAsync(post))!.NextAt);
    }

    [Fact]
    public async Task A_figure_that_failed_to_come_is_asked_again_and_what_came_is_kept()
    {
        _x.Lacks = true;
        var post = await PostAsync();
        _pipeline.Time.Advance(TimeSpan.FromMinutes(16));
        await HarvestAsync();
        (_x.Lacks, _x.Figures) = (false, new Dictionary<string, long> { ["shown"] = 120, ["people"] = 80 });
        _pipeline.Time.Advance(TimeSpan.FromMinutes(11));
        await HarvestAsync();

        Assert.Equal([(ReachAnswer.Given, Planned[0]), (ReachAnswer.Given, Planned[0])], (await SamplesAsync(post)).Select(s => (s.Answer, s.After!.Value)));
        Assert.Equal((120, 80, 5), ((await NewestAsync(post))!.Impressions, (await NewestAsync(post))!.Reach, (await NewestAsync(post))!.Engagements));
        Assert.Equal(Pipeline.Noon.AddHours(1), (await NewestAsync(post))!.NextAt);
    }

    [Fact]
    public async Task A_network_that_never_answers_again_is_asked_less_and_less_and_then_no_more()
    {
        _x.Complete = false;
        var post = await PostAsync();
        for (var hours = 0; hours < 40 * 24; hours++)
        {
            _pipeline.Time.Advance(TimeSpan.FromHours(1));
            await HarvestAsync();
        }

        var asked = (await SamplesAsync(post)).Select(s => s.AskedAt - Pipeline.Noon).ToList();
        Assert.InRange(asked.Count, Planned.Length, 100);
        Assert.InRange(asked[^1], Planned[^1], Planned[^1] + TimeSpan.FromDays(8));
        Assert.Null((await NewestAsync(post))!.NextAt);
    }

    [Fact]
    public async Task A_failure_costs_nothing_of_the_budget()
    {
        _pipeline.Reload(options => options with { Harvest = new HarvestOptions { Budgets = new Dictionary<string, int> { ["x"] = 2 } } });
        _x.Complete = false;
        var post = await PostAsync();
        for (var minutes = 15; minutes <= 90; minutes += 15)
        {
            _pipeline.Time.SetUtcNow(Pipeline.Noon.AddMinutes(minutes + 1));
            await HarvestAsync();
        }

        _x.Complete = true;
        _pipeline.Time.Advance(TimeSpan.FromMinutes(16));
        await HarvestAsync();
        _pipeline.Time.SetUtcNow(Pipeline.Noon.AddHours(6).AddMinutes(1));
        await HarvestAsync();
        Assert.Equal([Planned[1], Planned[2]], (await SamplesAsync(post)).Where(s => s.Answer is ReachAnswer.Given).Select(s => s.After!.Value));
    }

    [Fact]
    public async Task A_network_that_asks_to_be_left_alone_is_left_alone_for_so_long()
    {
        (_x.Complete, _x.Pause) = (false, TimeSpan.FromMinutes(40));
        await PostAsync("1");
        _pipeline.Time.Advance(TimeSpan.FromSeconds(30));
        await PostAsync("2");
        _pipeline.Time.SetUtcNow(Pipeline.Noon.AddMinutes(15));
        await HarvestAsync();
        _pipeline.Time.Advance(TimeSpan.FromMinutes(39));
        await HarvestAsync();
        Assert.Single(_x.Asked);

        (_x.Complete, _x.Pause) = (true, null);
        _pipeline.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(2, await HarvestAsync());
    }

    [Fact]
    public async Task A_network_that_does_not_answer_keeps_no_other_waiting_for_longer_than_a_minute()
    {
        var slow = new MeteredChannel("facebook") { Silent = true };
        using var pipeline = new Pipeline(channels =>
        {
            channels.Clear();
            channels.AddRange([new("x") { Channel = _x }, new("facebook") { Channel = slow }]);
        });
        (_x.Time, slow.Time) = (pipeline.Time, pipeline.Time);
        await pipeline.AcceptAsync(SomeAlert.Actie());
        await pipeline.DrainAsync();
        pipeline.Time.Advance(TimeSpan.FromMinutes(16));
        await pipeline.Time.PassUntilAsync(pipeline.Harvester.HarvestAsync(TestContext.Current.CancellationToken), TimeSpan.FromSeconds(1), () => slow.Asked.Count == 1 && _x.Asked.Count == 1);

        pipeline.Time.SetUtcNow(Pipeline.Noon.AddHours(1).AddMinutes(1));
        _x.Asked.Clear();
        await pipeline.Time.PassUntilAsync(pipeline.Harvester.HarvestAsync(TestContext.Current.CancellationToken), TimeSpan.FromSeconds(1), () => slow.Asked.Count == 2);
        Assert.Single(_x.Asked);
    }

    [Fact]
    public async Task A_post_that_the_network_refuses_to_take_down_is_measured_on()
    {
        _x.DeletionAnswer = new PublishResult.Rejected("it refuses");
        var post = await PostAsync();
        _pipeline.Time.Advance(TimeSpan.FromMinutes(16));
        await HarvestAsync();
        await _pipeline.AcceptAsync(SomeAlert.Actie(at: Pipeline.Noon, text: "Gezocht: rode step 990001.") with { Ended = true, Messages = [SomeAlert.Message(AlertPhase.Withdrawn, "Vervallen.", Pipeline.Noon)] });
        // What is about to come down is not asked about besides.
        _pipeline.Time.SetUtcNow(Pipeline.Noon.AddHours(1).AddMinutes(1));
        Assert.Equal(0, await HarvestAsync());
        await _pipeline.DrainAsync();
        Assert.Contains(_x.Shown, p => p.PostId == post.PostId);

        _pipeline.Time.Advance(TimeSpan.FromMinutes(1));
        await HarvestAsync();
        Assert.Equal([Planned[0], null, Planned[1]], (await SamplesAsync(post)).Select(s => s.After));
        Assert.Equal(Pipeline.Noon.AddHours(6), (await NewestAsync(post))!.NextAt);
    }

    [Fact]
    public async Task Nothing_is_asked_after_a_post_is_gone_and_once_just_before()
    {
        var post = await PostAsync();
        await _pipeline.AcceptAsync(SomeAlert.Actie(at: Pipeline.Noon, text: "Gezocht: rode step 990001.") with { Ended = true, Messages = [SomeAlert.Message(AlertPhase.Withdrawn, "Vervallen.", Pipeline.Noon)] });
        await _pipeline.DrainAsync();
        Assert.DoesNotContain(_x.Shown, p => p.PostId == post.PostId);
        Assert.Equal([(ReachAnswer.Given, (TimeSpan?)null)], (await SamplesAsync(post)).Select(s => (s.Answer, s.After)));

        foreach (var after in Planned)
        {
            _pipeline.Time.SetUtcNow(Pipeline.Noon + after + TimeSpan.FromMinutes(1));
            await HarvestAsync();
        }

        Assert.Single(_x.Asked, asked => asked.Contains(post.PostId));
        Assert.DoesNotContain(ReachAnswer.Failed, (await SamplesAsync(post)).Select(s => s.Answer));
    }

    [Fact]
    public async Task A_network_that_does_not_answer_holds_no_take_down_up_for_longer_than_five_seconds()
    {
        await PostAsync();
        _x.Silent = true;
        await _pipeline.AcceptAsync(SomeAlert.Actie(at: Pipeline.Noon, text: "Gezocht: rode step 990001.") with { Ended = true, Messages = [SomeAlert.Message(AlertPhase.Withdrawn, "Vervallen.", Pipeline.Noon)] });
        await _pipeline.Time.PassUntilAsync(_pipeline.DrainAsync(), TimeSpan.FromSeconds(1));
        Assert.DoesNotContain(_x.Shown, p => p.Text.Contains("rode step", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Many_groups_of_a_network_that_does_not_answer_cost_no_more_than_one()
    {
        using var pipeline = new Pipeline(channels =>
        {
            channels.Clear();
            channels.Add(new("whatsapp", Pipeline.Options.Groups["whatsapp"]) { Channel = _x });
        });
        _x.Time = pipeline.Time;
        var alert = SomeAlert.Amber();
        await pipeline.AcceptAsync(alert);
        await pipeline.DrainAsync();
        Assert.True(_x.Shown.Count > 3, $"{_x.Shown.Count} groups");
        _x.Silent = true;
        await pipeline.AcceptAsync(alert.Then(AlertPhase.Withdrawn, "Vervallen.", TimeSpan.FromMinutes(1)));
        await pipeline.Time.PassUntilAsync(pipeline.DrainAsync(), TimeSpan.FromSeconds(1), () => _x.Asked.Count > 0);
        Assert.DoesNotContain(_x.Shown, p => p.Text.Contains("AMBER", StringComparison.OrdinalIgnoreCase) && !p.Text.Contains("ingetrokken", StringComparison.OrdinalIgnoreCase));
        Assert.Single(_x.Asked);
    }

    [Fact]
    public async Task Posting_goes_first_and_a_channel_in_trouble_is_left_alone()
    {
        await PostAsync();
        _pipeline.Time.Advance(TimeSpan.FromMinutes(16));
        await _pipeline.AcceptAsync(SomeAlert.Actie("2", at: _pipeline.Time.GetUtcNow(), text: "Nog een."));
        Assert.Equal(0, await HarvestAsync());

        _x.Then(new PublishResult.Stopped("the token is dead"));
        await _pipeline.DrainAsync();
        Assert.Equal(0, await HarvestAsync());
        Assert.Empty(_x.Asked);
    }

    [Fact]
    public async Task A_channel_is_asked_about_no_more_posts_a_day_than_its_budget()
    {
        _pipeline.Reload(options => options with { Harvest = new HarvestOptions { Budgets = new Dictionary<string, int> { ["x"] = 2 } } });
        foreach (var id in (string[])["1", "2", "3"])
        {
            await PostAsync(id);
            _pipeline.Time.Advance(TimeSpan.FromSeconds(1));
        }

        _pipeline.Time.Advance(TimeSpan.FromMinutes(17));
        Assert.Equal(2, await HarvestAsync());
        Assert.Equal(0, await HarvestAsync());
        _pipeline.Time.Advance(TimeSpan.FromHours(12));
        Assert.Equal(2, await HarvestAsync());
    }

    [Fact]
    public async Task Many_posts_are_asked_about_a_hundred_at_a_time()
    {
        foreach (var id in Enumerable.Range(1, 250))
            await _pipeline.AcceptAsync(SomeAlert.Actie($"{id}", text: $"Gezocht: rode step {id}."));
        await _pipeline.DrainAsync();
        _pipeline.Time.Advance(TimeSpan.FromMinutes(17));

        Assert.Equal(250, await HarvestAsync());
        Assert.Equal([100, 100, 50], _x.Asked.Select(a => a.Count));
    }

    [Fact]
    public async Task Acknowledgements_are_counted_once_each_and_nobody_is_remembered()
    {
        var post = await PostAsync();
        foreach (var (id, seen) in new[] { ("evt_1", false), ("evt_2", false), ("evt_2", false), ("evt_3", true), ("evt_3", true) })
            await _pipeline.Reach.AcknowledgeAsync("x", post.PostId!, id, seen, _pipeline.Time.GetUtcNow());
        _pipeline.Time.Advance(TimeSpan.FromMinutes(16));
        await HarvestAsync();

        var metrics = Assert.Single(await SamplesAsync(post)).Metrics;
        Assert.Equal((2, 1), (metrics["delivered"], metrics["read"]));
    }
}

public sealed class ReachHarvesterOnSqliteTests() : ReachHarvesterTests(StorageProvider.Sqlite);

public sealed class ReachHarvesterOnPostgresTests() : ReachHarvesterTests(StorageProvider.Postgres);
