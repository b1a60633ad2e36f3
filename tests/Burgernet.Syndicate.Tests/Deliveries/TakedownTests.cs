using Burgernet.Syndicate.Audit;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Deliveries;
using Burgernet.Syndicate.Tests.Support;
using Xunit;

namespace Burgernet.Syndicate.Tests.Deliveries;

/// <summary>How an alert ends on each kind of network, and that nothing stays up that should not (reliability §1.8).</summary>
public abstract class TakedownTests : IDisposable
{
    static readonly TimeSpan Later = TimeSpan.FromMinutes(10);

    readonly TimelineChannel _x = new("x");
    readonly PageChannel _page = new("facebook");
    readonly ChatChannel _chat = new("whatsapp") { Window = TimeSpan.FromHours(48) };
    readonly Pipeline _pipeline;

    readonly StorageProvider _on;

    protected TakedownTests(StorageProvider on)
    {
        _on = on;
        _pipeline = Make();
    }

    public void Dispose() => _pipeline.Dispose();

    Pipeline Make(AtClose? atClose = null)
    {
        var pipeline = new Pipeline(channels =>
        {
            channels.Clear();
            channels.AddRange([new("x") { Channel = _x, AtClose = atClose }, new("facebook") { Channel = _page, Template = "facebook", AtClose = atClose }, new("whatsapp", Pipeline.Options.Groups["whatsapp"].Take(1).ToList()) { Channel = _chat, AtClose = atClose }]);
        }, on: _on);
        _x.Time = _page.Time = _chat.Time = pipeline.Time;
        return pipeline;
    }

    static Alert Burglary() => SomeAlert.Actie(text: "Inbraak, let op een witte bus.") with { Category = AlertCategory.Burglary };

    async Task TakeAsync(params Alert[] reports)
    {
        foreach (var report in reports)
        {
            await _pipeline.AcceptAsync(report);
            await _pipeline.DrainAsync();
        }
    }

    async Task<DeliveryState> StateAsync(string channel, DeliveryOperation operation) =>
        (await _pipeline.DeliveriesAsync(channel)).Single(d => d.Operation == operation).State;

    [Fact]
    public async Task A_missing_person_who_is_found_comes_down_everywhere_and_a_closing_without_the_name_takes_the_place()
    {
        var opened = SomeAlert.Actie(text: "Vermist: Fenna (9).");
        await TakeAsync(opened, opened.Then(AlertPhase.Updated, "Fenna draagt een rode jas.", Later));
        await TakeAsync(opened.Then(AlertPhase.Updated, "Fenna draagt een rode jas.", Later).Then(AlertPhase.Closed, "Terecht, dank u wel.", Later));

        foreach (var channel in new TimelineChannel[] { _x, _page, _chat })
        {
            var closing = Assert.Single(channel.Shown);
            Assert.Contains("Terecht", closing.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("Fenna", closing.Text, StringComparison.Ordinal);
        }

        Assert.All(await _pipeline.DeliveriesAsync(), d => Assert.Equal(d.Operation is DeliveryOperation.Close ? DeliveryState.Published : DeliveryState.Gone, d.State));
    }

    [Fact]
    public async Task On_a_timeline_the_closing_stands_alone_and_in_a_chat_it_quotes_what_it_ends()
    {
        await TakeAsync(SomeAlert.Actie(), SomeAlert.Actie().Then(AlertPhase.Closed, "Terecht.", Later));

        Assert.Null(_x.Posts[^1].InReplyTo);
        Assert.Equal(_chat.PostIdOf(_chat.Posts[0]), _chat.Posts[^1].InReplyTo);
    }

    [Fact]
    public async Task What_names_nobody_stays_with_a_closing_under_it_and_on_a_page_its_words_are_replaced()
    {
        await TakeAsync(Burglary(), Burglary().Then(AlertPhase.Closed, "Aangehouden.", Later));

        Assert.Equal(2, _x.Shown.Count);
        Assert.Equal("x-1", _x.Posts[1].InReplyTo);
        Assert.Equal(2, _chat.Shown.Count);
        Assert.Contains("Aangehouden", Assert.Single(_page.Shown).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(await _pipeline.DeliveriesAsync(), d => d.Operation is DeliveryOperation.Takedown);
    }

    [Theory]
    [InlineData(AtClose.Delete, 1, 1, 1)]
    [InlineData(AtClose.Edit, 2, 1, 1)]
    [InlineData(AtClose.Keep, 2, 2, 2)]
    public async Task The_configuration_says_otherwise(AtClose atClose, int onX, int onPage, int inChat)
    {
        using var pipeline = Make(atClose);
        await pipeline.AcceptAsync(Burglary());
        await pipeline.DrainAsync();
        await pipeline.AcceptAsync(Burglary().Then(AlertPhase.Closed, "Aangehouden.", Later));
        await pipeline.DrainAsync();

        Assert.Equal((onX, onPage, inChat), (_x.Shown.Count, _page.Shown.Count, _chat.Shown.Count));
        Assert.All(new TimelineChannel[] { _x, _page, _chat }, c => Assert.Contains("Aangehouden", c.Shown[^1].Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task In_a_chat_the_words_can_be_changed_for_a_quarter_of_an_hour_and_are_answered_after_that()
    {
        using var pipeline = Make(AtClose.Edit);
        await pipeline.AcceptAsync(Burglary());
        await pipeline.DrainAsync();
        pipeline.Time.Advance(TimeSpan.FromMinutes(16));
        await pipeline.AcceptAsync(Burglary().Then(AlertPhase.Closed, "Aangehouden.", Later));
        await pipeline.DrainAsync();

        Assert.Equal(2, _chat.Shown.Count);
        Assert.Equal(_chat.PostIdOf(_chat.Posts[0]), _chat.Posts[1].InReplyTo);
    }

    [Fact]
    public async Task What_is_withdrawn_comes_down_whatever_it_was()
    {
        await TakeAsync(Burglary(), Burglary().Then(AlertPhase.Withdrawn, "Ingetrokken.", Later));

        Assert.All(new TimelineChannel[] { _x, _page, _chat }, c => Assert.DoesNotContain("witte bus", Assert.Single(c.Shown).Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Deleted_is_only_what_cannot_be_read_any_more_and_until_then_it_is_tried_again()
    {
        await TakeAsync(SomeAlert.Actie());
        var cached = _x.Shown[0];
        await TakeAsync(SomeAlert.Actie().Then(AlertPhase.Closed, "Terecht.", Later));
        Assert.Equal(DeliveryState.Gone, await StateAsync("x", DeliveryOperation.Takedown));

        using var pipeline = Make();
        await pipeline.AcceptAsync(SomeAlert.Actie());
        await pipeline.DrainAsync();
        _x.Readable = false;
        await pipeline.AcceptAsync(SomeAlert.Actie().Then(AlertPhase.Closed, "Terecht.", Later));
        await pipeline.DrainAsync();
        var takedown = (await pipeline.DeliveriesAsync("x")).Single(d => d.Operation is DeliveryOperation.Takedown);
        Assert.Equal((DeliveryState.Pending, "verwijderd, maar het netwerk was niet te lezen om dat te bewijzen"), (takedown.State, takedown.Error));

        _x.Readable = true;
        pipeline.Time.Advance(TimeSpan.FromMinutes(1));
        await pipeline.DrainAsync();
        Assert.Equal(DeliveryState.Gone, (await pipeline.DeliveriesAsync("x")).Single(d => d.Operation is DeliveryOperation.Takedown).State);
        Assert.DoesNotContain(cached, _x.Shown);
    }

    [Fact]
    public async Task A_copy_that_nobody_knew_of_comes_down_with_it()
    {
        await TakeAsync(SomeAlert.Actie());
        _x.Shown.Add(_x.Shown[0] with { PostId = "copy" });
        await TakeAsync(SomeAlert.Actie().Then(AlertPhase.Closed, "Terecht.", Later));
        _pipeline.Time.Advance(TimeSpan.FromMinutes(1));
        await _pipeline.DrainAsync();

        Assert.Contains("Terecht", Assert.Single(_x.Shown).Text, StringComparison.Ordinal);
        Assert.Equal(DeliveryState.Gone, await StateAsync("x", DeliveryOperation.Takedown));
    }

    [Fact]
    public async Task A_page_that_refuses_to_delete_has_its_words_replaced_and_a_person_is_told()
    {
        _page.DeletionAnswer = new PublishResult.Rejected("(#200) no permission");
        await TakeAsync(SomeAlert.Actie(text: "Vermist: Fenna (9)."), SomeAlert.Actie(text: "Vermist: Fenna (9).").Then(AlertPhase.Closed, "Terecht.", Later));

        Assert.All(_page.Shown, p => Assert.DoesNotContain("Fenna", p.Text, StringComparison.Ordinal));
        Assert.Contains("weigerde een bericht te verwijderen", Assert.Single(await _pipeline.ToldAsync()), StringComparison.Ordinal);
        Assert.Equal(DeliveryState.Published, await StateAsync("facebook", DeliveryOperation.Takedown));
    }

    [Fact]
    public async Task A_timeline_that_refuses_to_delete_is_told_at_once()
    {
        _x.DeletionAnswer = new PublishResult.Rejected("not permitted");
        await TakeAsync(SomeAlert.Actie(), SomeAlert.Actie().Then(AlertPhase.Closed, "Terecht.", Later));

        Assert.Equal(DeliveryState.Failed, await StateAsync("x", DeliveryOperation.Takedown));
        Assert.Contains("Haal het met de hand weg", Assert.Single(await _pipeline.ToldAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_network_in_trouble_is_asked_at_least_once_a_minute_and_after_five_a_person_is_told_once()
    {
        await TakeAsync(SomeAlert.Actie());
        _x.DeletionAnswer = new PublishResult.Ambiguous("503");
        await TakeAsync(SomeAlert.Actie().Then(AlertPhase.Closed, "Terecht.", Later));
        for (var minute = 0; minute < 30; minute++)
        {
            _pipeline.Time.Advance(TimeSpan.FromMinutes(1));
            await _pipeline.DrainAsync();
            await _pipeline.Outbox.ExpireAsync();
            Assert.Equal(minute < 4, (await _pipeline.ToldAsync()).Length == 0);
        }

        Assert.InRange(_x.Deletions.Count, 30, 45);
        Assert.Contains("nog niet bewezen", Assert.Single(await _pipeline.ToldAsync()), StringComparison.Ordinal);

        _x.DeletionAnswer = null;
        _pipeline.Time.Advance(TimeSpan.FromMinutes(1));
        await _pipeline.DrainAsync();
        Assert.Equal(DeliveryState.Gone, await StateAsync("x", DeliveryOperation.Takedown));
        Assert.Empty(await _pipeline.ToldAsync());
    }

    [Fact]
    public async Task After_the_window_of_the_network_a_person_must_take_it_down()
    {
        await TakeAsync(SomeAlert.Amber());
        _pipeline.Time.Advance(TimeSpan.FromHours(49));
        await TakeAsync(SomeAlert.Amber().Then(AlertPhase.Closed, "Terecht.", TimeSpan.FromHours(49)));

        Assert.Equal(DeliveryState.Failed, await StateAsync("whatsapp", DeliveryOperation.Takedown));
        Assert.Equal(DeliveryState.Gone, await StateAsync("x", DeliveryOperation.Takedown));
        Assert.Contains(await _pipeline.ToldAsync(), t => t.Contains("48 uur", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_takedown_goes_before_everything_that_waits()
    {
        await TakeAsync(SomeAlert.Actie());
        await _pipeline.AcceptAsync(SomeAlert.Amber());
        await _pipeline.AcceptAsync(SomeAlert.Actie().Then(AlertPhase.Closed, "Terecht.", Later));

        Assert.Equal(DeliveryOperation.Takedown, Assert.Single(await _pipeline.ClaimAsync("x")).Operation);
    }

    [Fact]
    public async Task A_takedown_passes_a_pause_and_what_speaks_waits()
    {
        await TakeAsync(SomeAlert.Actie());
        Assert.Null(await _pipeline.Desk.PauseAsync(["x"], new Signature("Jan", null)));
        await TakeAsync(SomeAlert.Actie().Then(AlertPhase.Closed, "Terecht.", Later));

        Assert.Empty(_x.Shown);
        Assert.Equal((DeliveryState.Gone, DeliveryState.Pending), (await StateAsync("x", DeliveryOperation.Takedown), await StateAsync("x", DeliveryOperation.Close)));
    }

    [Fact]
    public async Task A_takedown_waits_for_a_post_that_is_in_the_air()
    {
        await _pipeline.AcceptAsync(SomeAlert.Actie());
        var claimed = Assert.Single(await _pipeline.ClaimAsync("x"));
        await TakeAsync(SomeAlert.Actie().Then(AlertPhase.Closed, "Terecht.", Later));
        Assert.Equal(DeliveryState.Planned, await StateAsync("x", DeliveryOperation.Takedown));

        _x.Shown.Add(new FoundPost("air", claimed.Text, _pipeline.Time.GetUtcNow(), null));
        await _pipeline.RecordAsync(claimed, new PublishResult.Published("air"));
        await _pipeline.DrainAsync();
        Assert.DoesNotContain(_x.Shown, p => p.PostId == "air");
        Assert.Equal(DeliveryState.Gone, await StateAsync("x", DeliveryOperation.Takedown));
    }

    [Fact]
    public async Task Pictures_that_are_objects_of_their_own_are_deleted_too()
    {
        _page.Then(new PublishResult.Published("facebook-1") { PhotoIds = ["photo-1", "photo-2"] }, takesEffect: true);
        await TakeAsync(SomeAlert.Actie(), SomeAlert.Actie().Then(AlertPhase.Closed, "Terecht.", Later));

        Assert.Equal(["facebook-1", "photo-1", "photo-2"], _page.Deletions);
    }

    [Fact]
    public async Task An_alert_that_is_past_its_own_time_comes_down_and_nothing_is_posted()
    {
        await TakeAsync(SomeAlert.Actie());
        _pipeline.Time.Advance(TimeSpan.FromHours(24));
        Assert.Equal(1, await _pipeline.Ending.EndOverdueAsync());
        await _pipeline.DrainAsync();

        Assert.All(new TimelineChannel[] { _x, _page, _chat }, c => Assert.Empty(c.Shown));
        Assert.Equal(AlertPhase.Expired, (await _pipeline.Log.NewestAsync(1))[0].Phase);
        Assert.Contains("over zijn tijd", Assert.Single(await _pipeline.ToldAsync()), StringComparison.Ordinal);
        Assert.Equal(0, await _pipeline.Ending.EndOverdueAsync());
    }

    [Fact]
    public async Task News_keeps_an_alert_up_longer()
    {
        await TakeAsync(SomeAlert.Actie());
        _pipeline.Time.Advance(TimeSpan.FromHours(23));
        await TakeAsync(SomeAlert.Actie().Then(AlertPhase.Updated, "Nog steeds vermist.", TimeSpan.FromHours(23)));
        _pipeline.Time.Advance(TimeSpan.FromHours(2));

        Assert.Equal(0, await _pipeline.Ending.EndOverdueAsync());
    }

    [Fact]
    public async Task A_closing_that_comes_after_all_is_still_told()
    {
        await TakeAsync(SomeAlert.Actie());
        _pipeline.Time.Advance(TimeSpan.FromHours(24));
        await _pipeline.Ending.EndOverdueAsync();
        await _pipeline.DrainAsync();
        await TakeAsync(SomeAlert.Actie().Then(AlertPhase.Closed, "Terecht.", TimeSpan.FromHours(24)));

        Assert.Equal(AlertPhase.Closed, (await _pipeline.Log.NewestAsync(1))[0].Phase);
        Assert.All(new TimelineChannel[] { _x, _page, _chat }, c => Assert.Contains("Terecht", Assert.Single(c.Shown).Text, StringComparison.Ordinal));
    }
}

public sealed class TakedownOnSqliteTests() : TakedownTests(StorageProvider.Sqlite);

public sealed class TakedownOnPostgresTests() : TakedownTests(StorageProvider.Postgres);
