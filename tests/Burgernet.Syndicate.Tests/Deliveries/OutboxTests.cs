using System.Data.Common;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Deliveries;
using Burgernet.Syndicate.Tests.Support;
using Microsoft.Data.Sqlite;
using Npgsql;
using Xunit;

namespace Burgernet.Syndicate.Tests.Deliveries;

public abstract class OutboxTests(StorageProvider on) : IDisposable
{
    static readonly TimeSpan Later = TimeSpan.FromMinutes(10);

    readonly Pipeline _pipeline = new(on: on);

    public void Dispose() => _pipeline.Dispose();

    CollectingChannel X => _pipeline["x"].Channel;

    async Task<Delivery> OnXAsync(DeliveryOperation operation = DeliveryOperation.Create) =>
        (await _pipeline.DeliveriesAsync("x")).Single(d => d.Operation == operation);

    [Fact]
    public async Task What_was_not_sent_is_due_again_when_the_platform_says_and_not_before()
    {
        X.Answering(new PublishResult.NotSent("rate limit") { RetryAfter = TimeSpan.FromSeconds(30), WholeChannel = true });
        await _pipeline.AcceptAsync(SomeAlert.Actie("1"), SomeAlert.Actie("2", text: "Ander."));
        await _pipeline.DrainAsync();
        Assert.Single(X.Posts);

        _pipeline.Time.Advance(TimeSpan.FromSeconds(29));
        await _pipeline.DrainAsync();
        Assert.Single(X.Posts);

        _pipeline.Time.Advance(TimeSpan.FromSeconds(1));
        await _pipeline.DrainAsync();
        Assert.Equal(3, X.Posts.Count);
    }

    [Fact]
    public async Task Another_channel_is_not_slowed_by_one_that_is_in_trouble()
    {
        X.Answering(new PublishResult.Stopped("token expired"));
        await _pipeline.AcceptAsync(SomeAlert.Actie());
        await _pipeline.DrainAsync();

        Assert.Single(_pipeline["whatsapp"].Channel.Posts);
    }

    [Fact]
    public async Task A_stopped_channel_keeps_its_deliveries_tells_a_person_once_and_goes_on_when_the_account_works_again()
    {
        X.Answering(new PublishResult.Stopped("token expired"), new PublishResult.Stopped("token expired"));
        await _pipeline.AcceptAsync(SomeAlert.Actie());
        await _pipeline.DrainAsync();
        _pipeline.Time.Advance(TimeSpan.FromMinutes(1));
        await _pipeline.DrainAsync();
        Assert.Equal(DeliveryState.Pending, (await OnXAsync()).State);
        Assert.Contains("staat stil", Assert.Single(await _pipeline.Notices.RecentAsync(9)).Text, StringComparison.Ordinal);
        Assert.NotNull((await _pipeline.Outbox.ChannelsAsync()).Single(c => c.Name == "x").StoppedAt);

        _pipeline.Time.Advance(TimeSpan.FromMinutes(1));
        await _pipeline.DrainAsync();
        Assert.Equal(DeliveryState.Published, (await OnXAsync()).State);
        Assert.Empty(await _pipeline.Notices.RecentAsync(9));
    }

    [Fact]
    public async Task A_stopped_channel_lets_go_of_what_is_too_late_and_says_so()
    {
        X.Answering([.. Enumerable.Repeat(new PublishResult.Stopped("no credit"), 500)]);
        await _pipeline.AcceptAsync(SomeAlert.Actie());
        for (var minute = 0; minute < 125; minute++)
        {
            await _pipeline.DrainAsync();
            _pipeline.Time.Advance(TimeSpan.FromMinutes(1));
            await _pipeline.Outbox.ExpireAsync();
        }

        Assert.Equal(DeliveryState.Expired, (await OnXAsync()).State);
        Assert.Contains(await _pipeline.Notices.RecentAsync(9), n => n.Text.Contains("vervallen", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_in_doubt_on_a_network_that_cannot_be_read_is_never_sent_again_and_held_for_a_person()
    {
        X.Answering(new PublishResult.Ambiguous("500 after 812 bytes"));
        await _pipeline.AcceptAsync(SomeAlert.Actie());
        await _pipeline.AcceptAsync(SomeAlert.Actie().Then(AlertPhase.Updated, "Meer.", Later));
        for (var i = 0; i < 50; i++)
        {
            await _pipeline.DrainAsync();
            await _pipeline.ReconcileAsync();
            _pipeline.Time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Single(X.Posts);
        Assert.Equal(DeliveryState.Held, (await OnXAsync()).State);
        Assert.Equal(DeliveryState.Planned, (await OnXAsync(DeliveryOperation.Update)).State);
        Assert.Contains("Onbekend", Assert.Single(await _pipeline.Notices.RecentAsync(9)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_under_way_when_the_program_died_is_parked_as_unknown()
    {
        await _pipeline.AcceptAsync(SomeAlert.Actie());
        await _pipeline.ClaimAsync("x");

        using var restarted = new Pipeline(beside: _pipeline);
        await restarted.RestartAsync();
        await restarted.DrainAsync();

        Assert.Empty(restarted["x"].Channel.Posts);
        Assert.Equal(DeliveryState.Unknown, (await restarted.DeliveriesAsync("x"))[0].State);
        Assert.Single(restarted["whatsapp"].Channel.Posts);
    }

    [Fact]
    public async Task The_intent_is_committed_before_the_channel_is_called()
    {
        Delivery? seen = null;
        var watching = new WatchingChannel("x", async () => seen = Assert.Single(await _pipeline.DeliveriesAsync("x")));
        await _pipeline.AcceptAsync(SomeAlert.Actie());
        var options = new ChannelOptions { Name = "x", Type = "test", BaseUrl = new Uri("http://localhost") };
        await new Dispatcher(_pipeline.Attempts, watching, options, _pipeline.Slots, _pipeline.Photos, _pipeline.Time, Microsoft.Extensions.Logging.Abstractions.NullLogger<Dispatcher>.Instance).DispatchDueAsync(TestContext.Current.CancellationToken);

        Assert.Equal(DeliveryState.Sending, seen?.State);
        Assert.NotNull(seen?.IntentAt);
    }

    [Fact]
    public async Task A_channel_that_throws_may_have_sent_so_its_delivery_is_unknown()
    {
        using var pipeline = new Pipeline(channels => channels[0] = channels[0] with { Channel = new WatchingChannel("x", () => throw new InvalidOperationException("bug")) }, on: on);
        await pipeline.AcceptAsync(SomeAlert.Actie());
        await pipeline.DrainAsync();

        Assert.Equal(DeliveryState.Unknown, (await pipeline.DeliveriesAsync("x"))[0].State);
    }

    [Fact]
    public async Task A_refused_reply_is_sent_again_at_once_standing_alone()
    {
        await _pipeline.AcceptAsync(SomeAlert.Actie());
        await _pipeline.DrainAsync();
        X.Answering(new PublishResult.NotSent("reply refused") { ReplyRefused = true });
        await _pipeline.AcceptAsync(SomeAlert.Actie().Then(AlertPhase.Updated, "Meer.", Later));
        await _pipeline.DrainAsync();

        Assert.Equal([null, "x-1", null], X.Posts.Select(p => p.InReplyTo));
        Assert.Equal(DeliveryState.Published, (await OnXAsync(DeliveryOperation.Update)).State);
    }

    [Fact]
    public async Task A_rejected_opening_takes_its_updates_and_closing_with_it_and_a_person_is_told()
    {
        var opened = SomeAlert.Actie();
        await _pipeline.AcceptAsync(opened);
        await _pipeline.AcceptAsync(opened.Then(AlertPhase.Updated, "Meer.", Later));
        X.Answering(new PublishResult.Rejected("not permitted"));
        await _pipeline.DrainAsync();
        await _pipeline.AcceptAsync(opened.Then(AlertPhase.Updated, "Meer.", Later).Then(AlertPhase.Closed, "Klaar.", Later));
        await _pipeline.DrainAsync();

        Assert.Single(X.Posts);
        Assert.Equal([DeliveryState.Failed, DeliveryState.Cancelled], (await _pipeline.DeliveriesAsync("x")).Select(d => d.State));
        Assert.Contains("weigerde", Assert.Single(await _pipeline.Notices.RecentAsync(9)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_opens_after_its_alert_has_ended_not_even_what_was_on_its_way()
    {
        await _pipeline.AcceptAsync(SomeAlert.Actie());
        var claimed = Assert.Single(await _pipeline.ClaimAsync("x"));
        await _pipeline.AcceptAsync(SomeAlert.Actie().Then(AlertPhase.Closed, "Klaar.", Later));
        await _pipeline.RecordAsync(claimed, new PublishResult.NotSent("connection refused"));
        _pipeline.Time.Advance(TimeSpan.FromMinutes(30));
        await _pipeline.DrainAsync();

        Assert.Empty(X.Posts);
        Assert.Equal([DeliveryState.Cancelled, DeliveryState.Cancelled], (await _pipeline.DeliveriesAsync("x")).Select(d => d.State));
    }

    [Fact]
    public async Task A_closing_waits_for_an_opening_that_is_on_its_way()
    {
        await _pipeline.AcceptAsync(SomeAlert.Actie());
        var claimed = Assert.Single(await _pipeline.ClaimAsync("x"));
        await _pipeline.AcceptAsync(SomeAlert.Actie().Then(AlertPhase.Closed, "Klaar.", Later));
        await _pipeline.DrainAsync();
        Assert.Empty(X.Posts);

        await _pipeline.RecordAsync(claimed, new PublishResult.Published("77"));
        await _pipeline.DrainAsync();
        Assert.Equal("77", Assert.Single(X.Posts).InReplyTo);
    }

    [Fact]
    public async Task An_update_that_still_waits_makes_room_for_a_newer_one()
    {
        var opened = SomeAlert.Actie();
        var first = opened.Then(AlertPhase.Updated, "Eerste.", Later);
        foreach (var report in new[] { opened, first, first.Then(AlertPhase.Updated, "Tweede.", Later) })
            await _pipeline.AcceptAsync(report);
        await _pipeline.DrainAsync();

        Assert.Equal(2, X.Posts.Count);
        Assert.Contains("Tweede.", X.Posts[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_words_can_be_changed_in_place_updates_and_closings_edit_the_opening()
    {
        var page = new EditingChannel("facebook");
        using var pipeline = new Pipeline(channels => channels.Add(new TestChannel("facebook") { Channel = page, Template = "facebook" }), on: on);
        var updated = SomeAlert.Actie().Then(AlertPhase.Updated, "Gezien bij Emiclaer.", Later);
        foreach (var report in new[] { SomeAlert.Actie(), updated, updated.Then(AlertPhase.Closed, "Terecht.", Later) })
        {
            await pipeline.AcceptAsync(report);
            await pipeline.DrainAsync();
        }

        Assert.Single(page.Posts);
        Assert.Equal(["facebook-1", "facebook-1"], page.Edits.Select(e => e.PostId));
        Assert.All(await pipeline.DeliveriesAsync("facebook"), d => Assert.Equal(("facebook-1", "https://facebook.example/1"), (d.PostId, d.Url)));
    }

    [Fact]
    public async Task Never_two_are_under_way_for_one_target_whatever_the_room()
    {
        await _pipeline.AcceptAsync(SomeAlert.Actie("1"), SomeAlert.Actie("2", text: "Ander."));
        Assert.Single(await _pipeline.ClaimAsync("x"));
        Assert.Empty(await _pipeline.ClaimAsync("x"));
    }

    [Fact]
    public async Task One_process_has_no_more_under_way_than_it_may_have_over_all_its_channels_and_all_have_their_turn()
    {
        var (now, most) = (0, 0);
        using var slots = new SendSlots(3);
        var names = Enumerable.Range(1, 6).Select(i => $"x{i}").ToList();
        async Task CountAsync()
        {
            most = Math.Max(most, Interlocked.Increment(ref now));
            await Task.Yield();
            Interlocked.Decrement(ref now);
        }

        using var pipeline = new Pipeline(channels =>
        {
            channels.Clear();
            channels.AddRange(names.Select(name => new TestChannel(name) { Channel = new WatchingChannel(name, CountAsync) }));
        }, storage: TestStorage.Make(on));
        await pipeline.AcceptAsync([.. Enumerable.Range(1, 5).Select(i => SomeAlert.Actie($"{i}", text: $"Actie {i}."))]);
        await Task.WhenAll(pipeline.Channels.Select(c => new Dispatcher(pipeline.Attempts, c.Channel, c.ToOptions(), slots, pipeline.Photos, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<Dispatcher>.Instance))
            .Select(async dispatcher => { while (await dispatcher.DispatchDueAsync(TestContext.Current.CancellationToken) > 0) { } }));

        Assert.InRange(most, 1, 3);
        Assert.All(pipeline.Channels, c => Assert.Equal(5, c.Channel.Posts.Count));
    }

    [Fact]
    public async Task A_child_alert_goes_before_an_action_and_a_closing_before_both()
    {
        await _pipeline.AcceptAsync(SomeAlert.Actie("1"));
        await _pipeline.DrainAsync();
        await _pipeline.AcceptAsync(SomeAlert.Actie("2", text: "Nieuwe actie."));
        await _pipeline.AcceptAsync(SomeAlert.Amber());
        await _pipeline.AcceptAsync(SomeAlert.Actie("1").Then(AlertPhase.Closed, "Klaar.", Later));
        await _pipeline.DrainAsync();

        Assert.StartsWith("AFGESLOTEN", X.Posts[1].Text, StringComparison.Ordinal);
        Assert.StartsWith("AMBER Alert", X.Posts[2].Text, StringComparison.Ordinal);
        Assert.Contains("Nieuwe actie.", X.Posts[3].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_paced_channel_rests_between_two_posts()
    {
        var pace = new Pacing(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(20));
        using var pipeline = new Pipeline(channels => channels[1] = channels[1] with { Pacing = pace, MaxInFlight = 4 }, on: on);
        await pipeline.AcceptAsync(SomeAlert.Amber());
        var groups = Pipeline.Options.Groups["whatsapp"].Count(g => g.Active);
        var sent = new List<int>();
        for (var second = 0; second < 20 * groups; second++)
        {
            await pipeline.DrainAsync();
            sent.Add(pipeline["whatsapp"].Channel.Posts.Count);
            pipeline.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(groups, sent[^1]);
        Assert.All(sent.Skip(5).Zip(sent), pair => Assert.InRange(pair.First - pair.Second, 0, 1));
    }

    [Fact]
    public async Task The_database_itself_refuses_a_second_delivery_under_way_for_one_target()
    {
        await _pipeline.AcceptAsync(SomeAlert.Actie("1"), SomeAlert.Actie("2", text: "Ander."));
        var exception = await Assert.ThrowsAnyAsync<DbException>(() => _pipeline.Database.WriteAsync(s => s.ExecuteAsync("update delivery set state = 'Sending' where channel = 'x'"), TestContext.Current.CancellationToken));
        Assert.True(exception is SqliteException { SqliteErrorCode: 19 } or PostgresException { SqlState: PostgresErrorCodes.UniqueViolation }, exception.Message);
    }

    [Fact]
    public void A_reference_is_five_characters_that_can_be_read_out_and_differs_by_revision_operation_and_draw()
    {
        var codes = new[] { Reference.Make("a", 1, DeliveryOperation.Create, 0), Reference.Make("a", 2, DeliveryOperation.Create, 0), Reference.Make("a", 1, DeliveryOperation.Close, 0), Reference.Make("a", 1, DeliveryOperation.Create, 1) };
        Assert.Equal(4, codes.Distinct().Count());
        Assert.All(codes, c => Assert.Matches("^BN-[0-9A-HJKMNP-TV-Z]{5}$", c));
    }

    [Fact]
    public async Task A_reference_that_is_taken_is_drawn_again()
    {
        await _pipeline.AcceptAsync(SomeAlert.Actie());
        var alert = (await _pipeline.Log.NewestAsync(1))[0] with { Revision = 7 };
        var identity = $"{alert.Source}/{alert.SourceId}/{alert.Kind}/{alert.Episode}";
        var drawn = await _pipeline.Database.WriteAsync(async session =>
        {
            await session.ExecuteAsync("insert into reference (code, alert_id, revision, operation) values (@code, @id, 99, 'Update')", new { code = Reference.Make(identity, 7, DeliveryOperation.Update, 0), id = alert.Id });
            return await Reference.DrawAsync(session, alert, DeliveryOperation.Update);
        }, TestContext.Current.CancellationToken);

        Assert.Equal(Reference.Make(identity, 7, DeliveryOperation.Update, 1), drawn);
    }

    [Theory]
    [InlineData(1, 1, 2)]
    [InlineData(2, 2, 4)]
    [InlineData(8, 128, 256)]
    [InlineData(100, 150, 300)]
    public void Back_off_doubles_up_to_five_minutes_and_is_spread(int attempt, double least, double most)
    {
        Assert.Equal(least, Backoff.After(attempt, 0).TotalSeconds);
        Assert.Equal(most, Backoff.After(attempt, 1).TotalSeconds);
    }

    sealed class WatchingChannel(string name, Func<Task> watch) : CollectingChannel(name), IChannel
    {
        async Task<PublishResult> IChannel.PublishAsync(Post post, CancellationToken cancellationToken)
        {
            await watch();
            return Take(post);
        }
    }
}

public sealed class OutboxOnSqliteTests() : OutboxTests(StorageProvider.Sqlite);

public sealed class OutboxOnPostgresTests() : OutboxTests(StorageProvider.Postgres);
