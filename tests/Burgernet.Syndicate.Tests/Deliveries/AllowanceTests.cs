using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Deliveries;
using Burgernet.Syndicate.Tests.Support;
using Xunit;

namespace Burgernet.Syndicate.Tests.Deliveries;

/// <summary>What a network lets an account do, and how the account keeps to it.</summary>
public abstract class AllowanceTests : IDisposable
{
    static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    readonly TimelineChannel _x = new("x");
    readonly Pipeline _pipeline;

    readonly StorageProvider _on;

    protected AllowanceTests(StorageProvider on)
    {
        _on = on;
        _pipeline = Make();
    }

    public void Dispose() => _pipeline.Dispose();

    Pipeline Make(Pipeline? beside = null)
    {
        var pipeline = new Pipeline(channels => channels[0] = channels[0] with { Channel = _x }, beside, _pipeline?.Time.GetUtcNow(), _on);
        _x.Time = pipeline.Time;
        return pipeline;
    }

    static Alert[] Actions(int count) => [.. Enumerable.Range(1, count).Select(i => SomeAlert.Actie($"{i}", text: $"Actie {i}."))];

    static PublishResult With(PublishResult result, int remaining) => result with { Allowance = new Allowance(remaining, Window) };

    [Fact]
    public async Task No_more_is_sent_than_the_account_has_left_until_the_network_counts_anew()
    {
        _x.Then(With(new PublishResult.Published("a"), remaining: 2), takesEffect: true);
        await _pipeline.AcceptAsync(Actions(6));
        await _pipeline.DrainAsync();
        Assert.Equal(3, _x.Posts.Count);

        _pipeline.Time.Advance(Window - TimeSpan.FromSeconds(1));
        await _pipeline.DrainAsync();
        Assert.Equal(3, _x.Posts.Count);

        _pipeline.Time.Advance(TimeSpan.FromSeconds(1));
        await _pipeline.DrainAsync();
        Assert.Equal(6, _x.Posts.Count);
    }

    [Fact]
    public async Task What_is_left_is_remembered_over_a_restart()
    {
        _x.Then(With(new PublishResult.Published("a"), remaining: 0), takesEffect: true);
        await _pipeline.AcceptAsync(Actions(3));
        await _pipeline.DrainAsync();

        using var restarted = Make(_pipeline);
        await restarted.RestartAsync();
        await restarted.DrainAsync();
        Assert.Single(_x.Posts);
    }

    [Fact]
    public async Task Answers_that_overtake_each_other_do_not_give_back_what_is_spent()
    {
        _x.Then(With(new PublishResult.Published("a"), remaining: 1), takesEffect: true).Then(With(new PublishResult.Published("b"), remaining: 5), takesEffect: true);
        await _pipeline.AcceptAsync(Actions(6));
        await _pipeline.DrainAsync();

        Assert.Equal(2, _x.Posts.Count);
    }

    [Fact]
    public async Task Too_much_of_posting_does_not_keep_a_post_from_being_taken_down()
    {
        await _pipeline.AcceptAsync(SomeAlert.Actie("1"));
        await _pipeline.DrainAsync();
        _x.Then(new PublishResult.NotSent("429") { RetryAfter = Window, WholeChannel = true });
        await _pipeline.AcceptAsync(SomeAlert.Actie("2", text: "Ander."));
        await _pipeline.DrainAsync();
        await _pipeline.AcceptAsync(SomeAlert.Actie("1").Then(AlertPhase.Closed, "Terecht.", TimeSpan.FromMinutes(1)));
        await _pipeline.DrainAsync();

        Assert.Empty(_x.Shown);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(37)]
    [InlineData(900)]
    public async Task After_a_429_the_next_attempt_comes_not_before_the_network_said_and_less_than_a_second_after(int seconds)
    {
        _x.Then(new PublishResult.NotSent("429") { RetryAfter = TimeSpan.FromSeconds(seconds), WholeChannel = true });
        await _pipeline.AcceptAsync(Actions(2));
        await _pipeline.DrainAsync();
        var refused = _pipeline.Time.GetUtcNow();
        while (_x.Posts.Count == 1)
        {
            _pipeline.Time.Advance(TimeSpan.FromMilliseconds(500));
            await _pipeline.DrainAsync();
        }

        Assert.InRange((_pipeline.Time.GetUtcNow() - refused).TotalSeconds, seconds, seconds + 0.999);
        Assert.Equal(3, _x.Posts.Count);
    }

    [Fact]
    public async Task A_child_alert_overtakes_everything_that_waits_for_the_network()
    {
        _x.Then(With(new PublishResult.Published("a"), remaining: 0), takesEffect: true);
        await _pipeline.AcceptAsync(Actions(5));
        await _pipeline.DrainAsync();
        await _pipeline.AcceptAsync(SomeAlert.Amber());
        _pipeline.Time.Advance(Window);
        await _pipeline.DrainAsync();

        Assert.StartsWith("AMBER Alert", _x.Posts[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stopped_account_is_tried_by_one_delivery_a_minute_not_by_all_that_wait()
    {
        using var pipeline = new Pipeline(channels => channels[1] = channels[1] with { MaxInFlight = 8 });
        var groups = pipeline["whatsapp"].Channel;
        groups.Answering([.. Enumerable.Repeat(new PublishResult.Stopped("session SCAN_QR_CODE"), 20)]);
        await pipeline.AcceptAsync(SomeAlert.Amber());
        await pipeline.DrainAsync();
        var atFirst = groups.Posts.Count;
        pipeline.Time.Advance(TimeSpan.FromMinutes(1));
        await pipeline.DrainAsync();

        Assert.Equal(atFirst + 1, groups.Posts.Count);
    }
}

public sealed class AllowanceOnSqliteTests() : AllowanceTests(StorageProvider.Sqlite);

public sealed class AllowanceOnPostgresTests() : AllowanceTests(StorageProvider.Postgres);
