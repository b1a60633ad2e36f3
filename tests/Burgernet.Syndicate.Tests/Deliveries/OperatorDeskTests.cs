using Burgernet.Syndicate.Audit;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Deliveries;
using Burgernet.Syndicate.Tests.Support;
using Xunit;

namespace Burgernet.Syndicate.Tests.Deliveries;

/// <summary>What people decide by hand.</summary>
public abstract class OperatorDeskTests(StorageProvider on) : IDisposable
{
    static readonly Signature Jan = new("Jan", "gezien op het kanaal");

    readonly Pipeline _pipeline = new(on: on);

    public void Dispose() => _pipeline.Dispose();

    CollectingChannel X => _pipeline["x"].Channel;

    async Task<Delivery> OpeningAsync() => (await _pipeline.DeliveriesAsync("x")).Single(d => d.Operation is DeliveryOperation.Create);

    // A network that cannot be read: what is in doubt there is held as soon as the quiet time is over.
    async Task<Delivery> HeldAsync()
    {
        X.Answering(new PublishResult.Ambiguous("500 after 812 bytes"));
        await _pipeline.AcceptAsync(SomeAlert.Actie());
        await _pipeline.DrainAsync();
        _pipeline.Time.Advance(TimeSpan.FromSeconds(90));
        await _pipeline.ReconcileAsync();
        var held = await OpeningAsync();
        Assert.Equal(DeliveryState.Held, held.State);
        return held;
    }

    Task<IReadOnlyList<string>> AuditAsync() => _pipeline.Database.ReadAsync(s => s.QueryAsync<string>("select by_whom || ': ' || action || ' ' || subject || ' (' || coalesce(reason, '') || ')' from audit order by at"));

    [Fact]
    public async Task It_is_there_under_this_number()
    {
        var held = await HeldAsync();
        Assert.Null(await _pipeline.Desk.ResolveAsync(held.Id, Resolution.Adopt, "4711", Jan));
        await _pipeline.DrainAsync();

        Assert.Equal((DeliveryState.Published, "4711"), ((await OpeningAsync()).State, (await OpeningAsync()).PostId));
        Assert.Single(X.Posts);
        Assert.Empty(await _pipeline.Notices.RecentAsync(9));
        Assert.Equal([$"Jan: resolve {held.Id} adopt 4711 (gezien op het kanaal)"], await AuditAsync());
    }

    [Fact]
    public async Task It_is_not_there_and_is_sent()
    {
        var held = await HeldAsync();
        Assert.Null(await _pipeline.Desk.ResolveAsync(held.Id, Resolution.Send, null, Jan));
        await _pipeline.DrainAsync();

        Assert.Equal(DeliveryState.Published, (await OpeningAsync()).State);
        Assert.Equal(2, X.Posts.Count);
    }

    [Fact]
    public async Task It_is_left_alone_and_what_follows_it_too()
    {
        var held = await HeldAsync();
        await _pipeline.AcceptAsync(SomeAlert.Actie().Then(AlertPhase.Updated, "Meer.", TimeSpan.FromMinutes(1)));
        Assert.Null(await _pipeline.Desk.ResolveAsync(held.Id, Resolution.Drop, null, Jan));
        await _pipeline.DrainAsync();

        Assert.Single(X.Posts);
        Assert.All(await _pipeline.DeliveriesAsync("x"), d => Assert.Equal(DeliveryState.Cancelled, d.State));
    }

    [Fact]
    public async Task What_is_adopted_after_the_end_comes_down()
    {
        var timeline = new TimelineChannel("x") { Readable = false };
        using var pipeline = new Pipeline(channels => channels[0] = channels[0] with { Channel = timeline }, on: on);
        timeline.Time = pipeline.Time;
        timeline.Then(new PublishResult.Ambiguous("cut"), takesEffect: true);
        timeline.Listed = _ => false;
        await pipeline.AcceptAsync(SomeAlert.Actie());
        await pipeline.DrainAsync();
        await pipeline.AcceptAsync(SomeAlert.Actie().Then(AlertPhase.Closed, "Terecht.", TimeSpan.FromMinutes(1)));
        for (var minute = 0; minute < 40; minute++)
        {
            pipeline.Time.Advance(TimeSpan.FromMinutes(1));
            await pipeline.ReconcileAsync();
        }

        var held = (await pipeline.DeliveriesAsync("x")).Single(d => d.Operation is DeliveryOperation.Create);
        Assert.Equal(DeliveryState.Held, held.State);
        (timeline.Readable, timeline.Listed) = (true, null);
        Assert.Null(await pipeline.Desk.ResolveAsync(held.Id, Resolution.Adopt, "x-1", Jan));
        await pipeline.DrainAsync();
        Assert.Contains("Terecht", Assert.Single(timeline.Shown).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_the_end_nothing_is_sent_any_more()
    {
        var held = await HeldAsync();
        await _pipeline.AcceptAsync(SomeAlert.Actie().Then(AlertPhase.Closed, "Terecht.", TimeSpan.FromMinutes(1)));

        Assert.Contains("al voorbij", (await _pipeline.Desk.ResolveAsync(held.Id, Resolution.Send, null, Jan))?.Reason, StringComparison.Ordinal);
        Assert.Empty(await AuditAsync());
    }

    [Fact]
    public async Task What_needs_no_decision_gets_none_and_what_does_not_exist_is_named()
    {
        await _pipeline.AcceptAsync(SomeAlert.Actie());
        await _pipeline.DrainAsync();
        var published = await OpeningAsync();

        Assert.False((await _pipeline.Desk.ResolveAsync(published.Id, Resolution.Send, null, Jan))!.Unknown);
        Assert.True((await _pipeline.Desk.ResolveAsync("BN-00000-1", Resolution.Send, null, Jan))!.Unknown);
        Assert.True((await _pipeline.Desk.CloseAsync("geen", Jan))!.Unknown);
        Assert.Single(X.Posts);
        Assert.Empty(await AuditAsync());
    }

    [Fact]
    public async Task A_paused_channel_says_nothing_until_it_is_resumed_and_others_go_on()
    {
        await _pipeline.Desk.PauseAsync(["x"], Jan);
        await _pipeline.AcceptAsync(SomeAlert.Actie());
        await _pipeline.DrainAsync();
        Assert.Empty(X.Posts);
        Assert.Single(_pipeline["whatsapp"].Channel.Posts);
        Assert.Equal("Jan", (await _pipeline.Outbox.ChannelsAsync()).Single(c => c.Name == "x").PausedBy);

        await _pipeline.Desk.ResumeAsync(["x"], Jan);
        await _pipeline.DrainAsync();
        Assert.Single(X.Posts);
        Assert.Equal(["Jan: pause x (gezien op het kanaal)", "Jan: resume x (gezien op het kanaal)"], await AuditAsync());
    }

    [Fact]
    public async Task An_alert_closed_by_hand_is_told_to_its_readers_and_stays_closed_when_its_source_still_shows_it()
    {
        await _pipeline.AcceptAsync(SomeAlert.Actie());
        await _pipeline.DrainAsync();
        var alert = (await _pipeline.Log.NewestAsync(1))[0];
        Assert.Null(await _pipeline.Desk.CloseAsync(alert.Id, Jan));
        await _pipeline.AcceptAsync(SomeAlert.Actie());
        await _pipeline.AcceptAsync(SomeAlert.Actie().Then(AlertPhase.Updated, "Meer.", TimeSpan.FromMinutes(1)));
        await _pipeline.DrainAsync();

        Assert.Equal(2, X.Posts.Count);
        Assert.StartsWith("AFGESLOTEN", X.Posts[1].Text, StringComparison.Ordinal);
        Assert.Contains("al afgesloten", (await _pipeline.Desk.CloseAsync(alert.Id, Jan))!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_closed_can_still_be_withdrawn()
    {
        var timeline = new TimelineChannel("x");
        using var pipeline = new Pipeline(channels => channels[0] = channels[0] with { Channel = timeline }, on: on);
        timeline.Time = pipeline.Time;
        var burglary = SomeAlert.Actie(text: "Let op een witte bus.") with { Category = AlertCategory.Burglary };
        await pipeline.AcceptAsync(burglary);
        await pipeline.DrainAsync();
        var alert = (await pipeline.Log.NewestAsync(1))[0];
        Assert.Null(await pipeline.Desk.CloseAsync(alert.Id, Jan));
        await pipeline.DrainAsync();
        Assert.Equal(2, timeline.Shown.Count);

        Assert.Null(await pipeline.Desk.RetractAsync(alert.Id, Jan));
        await pipeline.DrainAsync();
        Assert.DoesNotContain(timeline.Shown, p => p.Text.Contains("witte bus", StringComparison.Ordinal));
        Assert.Equal(AlertPhase.Withdrawn, (await pipeline.Log.GetAsync(alert.Id))!.Phase);
    }
}

public sealed class OperatorDeskOnSqliteTests() : OperatorDeskTests(StorageProvider.Sqlite);

public sealed class OperatorDeskOnPostgresTests() : OperatorDeskTests(StorageProvider.Postgres);
