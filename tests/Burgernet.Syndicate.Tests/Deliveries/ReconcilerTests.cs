using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Deliveries;
using Burgernet.Syndicate.Tests.Support;
using Xunit;

namespace Burgernet.Syndicate.Tests.Deliveries;

/// <summary>What becomes of a delivery of which nobody knows whether it is there (reliability §1.4, the decision table).</summary>
public abstract class ReconcilerTests : IDisposable
{
    static readonly TimeSpan Quiet = TimeSpan.FromSeconds(90);
    static readonly PublishResult Doubt = new PublishResult.Ambiguous("500 after 812 bytes");

    readonly TimelineChannel _x = new("x");
    readonly Pipeline _pipeline;

    protected ReconcilerTests(StorageProvider on)
    {
        _pipeline = new Pipeline(channels => channels[0] = channels[0] with { Channel = _x }, on: on);
        _x.Time = _pipeline.Time;
    }

    public void Dispose() => _pipeline.Dispose();

    async Task<Delivery> OpeningAsync() => (await _pipeline.DeliveriesAsync("x")).Single(d => d.Operation is DeliveryOperation.Create);

    async Task PostAsync(params Alert[] alerts)
    {
        await _pipeline.AcceptAsync(alerts is [] ? [SomeAlert.Actie()] : alerts);
        await _pipeline.DrainAsync();
    }

    async Task AfterAsync(TimeSpan time)
    {
        _pipeline.Time.Advance(time);
        await _pipeline.ReconcileAsync();
        await _pipeline.DrainAsync();
    }

    async Task<string[]> ToldAsync() => [.. (await _pipeline.Notices.RecentAsync(99)).Select(n => n.Text)];

    [Fact]
    public async Task What_did_take_effect_is_found_and_adopted_and_never_sent_again()
    {
        _x.Then(Doubt, takesEffect: true);
        await PostAsync();
        await AfterAsync(Quiet);

        var opening = await OpeningAsync();
        Assert.Equal((DeliveryState.Published, "x-1", "https://x.example/x-1"), (opening.State, opening.PostId, opening.Url));
        Assert.Equal(Pipeline.Noon, opening.PublishedAt);
        Assert.Single(_x.Posts);
    }

    [Fact]
    public async Task Nothing_is_read_and_nothing_is_sent_before_the_quiet_time_is_over()
    {
        _x.Then(Doubt);
        await PostAsync();
        await AfterAsync(Quiet - TimeSpan.FromSeconds(1));

        Assert.Equal(0, _x.Reads);
        Assert.Equal(DeliveryState.Unknown, (await OpeningAsync()).State);
    }

    [Fact]
    public async Task Only_a_second_complete_reading_without_it_allows_another_attempt()
    {
        _x.Then(Doubt);
        await PostAsync();
        await AfterAsync(Quiet);
        Assert.Equal((DeliveryState.Unknown, 1), ((await OpeningAsync()).State, (await OpeningAsync()).AbsentReads));
        Assert.Single(_x.Posts);

        await AfterAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(DeliveryState.Published, (await OpeningAsync()).State);
        Assert.Equal(2, _x.Posts.Count);
        Assert.Single(_x.Shown);
    }

    [Fact]
    public async Task What_shows_only_at_the_second_reading_is_adopted()
    {
        _x.Then(Doubt, takesEffect: true);
        _x.Listed = _ => false;
        await PostAsync();
        await AfterAsync(Quiet);
        _x.Listed = null;
        await AfterAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(DeliveryState.Published, (await OpeningAsync()).State);
        Assert.Single(_x.Posts);
    }

    [Fact]
    public async Task Of_two_the_oldest_is_adopted_and_a_person_is_told_of_the_other()
    {
        _x.Then(Doubt, takesEffect: true);
        await PostAsync();
        _x.Shown.Add(_x.Shown[0] with { PostId = "copy", CreatedAt = Pipeline.Noon.AddSeconds(5) });
        await AfterAsync(Quiet);

        Assert.Equal("x-1", (await OpeningAsync()).PostId);
        Assert.Contains("nummer copy", Assert.Single(await ToldAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_incomplete_reading_proves_nothing_and_after_half_an_hour_a_person_decides()
    {
        _x.Then(Doubt);
        _x.Readable = false;
        await PostAsync();
        for (var minute = 0; minute < 29; minute++)
            await AfterAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(DeliveryState.Unknown, (await OpeningAsync()).State);

        await AfterAsync(TimeSpan.FromMinutes(10));
        Assert.Equal(DeliveryState.Held, (await OpeningAsync()).State);
        Assert.Contains("kunnen niet gelezen worden", Assert.Single(await ToldAsync()), StringComparison.Ordinal);
        Assert.Single(_x.Posts);
    }

    [Fact]
    public async Task An_AMBER_alert_waits_only_ten_minutes_for_a_person()
    {
        _x.Then(Doubt);
        _x.Readable = false;
        await PostAsync(SomeAlert.Amber());
        for (var minute = 0; minute < 16; minute++)
            await AfterAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(DeliveryState.Held, (await OpeningAsync()).State);
    }

    [Fact]
    public async Task What_is_held_is_still_looked_for_and_adopted_when_it_shows()
    {
        _x.Then(Doubt, takesEffect: true);
        _x.Readable = false;
        _x.Listed = _ => false;
        await PostAsync();
        for (var minute = 0; minute < 40; minute++)
            await AfterAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(DeliveryState.Held, (await OpeningAsync()).State);

        _x.Listed = null;
        await AfterAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(DeliveryState.Published, (await OpeningAsync()).State);
        Assert.Empty(await ToldAsync());
    }

    [Fact]
    public async Task What_is_held_is_not_sent_however_often_it_is_not_there()
    {
        _x.Then(Doubt);
        _x.Readable = false;
        await PostAsync();
        for (var minute = 0; minute < 40; minute++)
            await AfterAsync(TimeSpan.FromMinutes(1));
        _x.Readable = true;
        for (var minute = 0; minute < 40; minute++)
            await AfterAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(DeliveryState.Held, (await OpeningAsync()).State);
        Assert.Single(_x.Posts);
    }

    [Fact]
    public async Task What_the_network_calls_a_duplicate_is_held_when_it_cannot_be_found()
    {
        _x.Then(new PublishResult.Ambiguous("duplicate content") { SaysDuplicate = true });
        await PostAsync();
        await AfterAsync(Quiet);
        await AfterAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(DeliveryState.Held, (await OpeningAsync()).State);
        Assert.Single(_x.Posts);
        Assert.Contains("toont hem niet", Assert.Single(await ToldAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_three_attempts_with_an_uncertain_end_a_person_decides()
    {
        _x.Then(Doubt).Then(Doubt).Then(Doubt);
        await PostAsync();
        for (var minute = 0; minute < 20; minute++)
            await AfterAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(3, _x.Posts.Count);
        Assert.Equal(DeliveryState.Held, (await OpeningAsync()).State);
    }

    [Fact]
    public async Task An_attempt_that_was_never_sent_is_none_with_an_uncertain_end()
    {
        var never = new PublishResult.NotSent("503") { RetryAfter = TimeSpan.Zero };
        _x.Then(never).Then(never).Then(Doubt);
        await PostAsync();
        for (var minute = 0; minute < 5; minute++)
            await AfterAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(DeliveryState.Published, (await OpeningAsync()).State);
        Assert.Equal(4, _x.Posts.Count);
    }

    [Fact]
    public async Task Once_the_alert_is_over_what_did_not_make_it_is_let_go()
    {
        _x.Then(Doubt);
        await PostAsync();
        await _pipeline.AcceptAsync(SomeAlert.Actie().Then(AlertPhase.Closed, "Terecht.", TimeSpan.FromMinutes(1)));
        await AfterAsync(Quiet);
        await AfterAsync(TimeSpan.FromSeconds(60));

        Assert.All(await _pipeline.DeliveriesAsync("x"), d => Assert.Equal(DeliveryState.Cancelled, d.State));
        Assert.Empty(_x.Shown);
    }

    [Fact]
    public async Task Once_the_alert_is_over_what_did_make_it_comes_down()
    {
        _x.Then(Doubt, takesEffect: true);
        await PostAsync();
        await _pipeline.AcceptAsync(SomeAlert.Actie().Then(AlertPhase.Closed, "Terecht.", TimeSpan.FromMinutes(1)));
        await AfterAsync(Quiet);

        Assert.Contains("AFGESLOTEN", Assert.Single(_x.Shown).Text, StringComparison.Ordinal);
        Assert.Equal(DeliveryState.Gone, (await OpeningAsync()).State);
    }

    [Fact]
    public async Task Follow_ups_wait_until_it_is_known_whether_the_opening_is_there()
    {
        _x.Then(Doubt, takesEffect: true);
        await PostAsync();
        await _pipeline.AcceptAsync(SomeAlert.Actie().Then(AlertPhase.Updated, "Meer.", TimeSpan.FromMinutes(1)));
        await _pipeline.DrainAsync();
        Assert.Single(_x.Posts);

        await AfterAsync(Quiet);
        Assert.Equal("x-1", _x.Posts[1].InReplyTo);
    }

    [Fact]
    public async Task A_claim_that_nobody_came_back_from_becomes_unknown_after_its_lease_and_never_pending()
    {
        await _pipeline.AcceptAsync(SomeAlert.Actie());
        await _pipeline.ClaimAsync("x");
        await AfterAsync(TimeSpan.FromSeconds(44));
        Assert.Equal(DeliveryState.Sending, (await OpeningAsync()).State);

        await AfterAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(DeliveryState.Unknown, (await OpeningAsync()).State);
        Assert.Empty(_x.Posts);
    }

    [Fact]
    public async Task A_frozen_worker_that_comes_back_with_proof_is_believed_as_long_as_nothing_was_sent_since()
    {
        await _pipeline.AcceptAsync(SomeAlert.Actie());
        var claimed = Assert.Single(await _pipeline.ClaimAsync("x"));
        await AfterAsync(TimeSpan.FromSeconds(45));
        await _pipeline.RecordAsync(claimed, new PublishResult.Published("77", "https://x.example/77"));

        Assert.Equal((DeliveryState.Published, "77"), ((await OpeningAsync()).State, (await OpeningAsync()).PostId));
    }

    [Fact]
    public async Task A_frozen_worker_that_comes_back_with_doubt_changes_nothing()
    {
        await _pipeline.AcceptAsync(SomeAlert.Actie());
        var claimed = Assert.Single(await _pipeline.ClaimAsync("x"));
        await AfterAsync(TimeSpan.FromSeconds(45));
        await AfterAsync(Quiet);
        await _pipeline.RecordAsync(claimed, Doubt);

        Assert.Equal((DeliveryState.Unknown, 1), ((await OpeningAsync()).State, (await OpeningAsync()).AbsentReads));
    }

    [Fact]
    public async Task Evidence_of_a_second_post_is_never_thrown_away()
    {
        await _pipeline.AcceptAsync(SomeAlert.Actie());
        var claimed = Assert.Single(await _pipeline.ClaimAsync("x"));
        await AfterAsync(TimeSpan.FromSeconds(45));
        await AfterAsync(Quiet);
        await AfterAsync(TimeSpan.FromSeconds(60));
        Assert.Equal((DeliveryState.Published, "x-1"), ((await OpeningAsync()).State, (await OpeningAsync()).PostId));

        await _pipeline.RecordAsync(claimed, new PublishResult.Published("late"));
        Assert.Equal("x-1", (await OpeningAsync()).PostId);
        Assert.Contains("nummer late", Assert.Single(await ToldAsync()), StringComparison.Ordinal);
        Assert.Equal(["1 Published late", "2 Published x-1"], await _pipeline.Database.ReadAsync(s => s.QueryAsync<string>("select number || ' ' || outcome || ' ' || post_id from attempt where delivery_id like '%-1' and post_id not like 'whatsapp%' order by number")));
    }

    [Fact]
    public async Task What_turns_up_after_it_was_given_up_is_adopted_and_taken_down_when_the_alert_is_over()
    {
        await _pipeline.AcceptAsync(SomeAlert.Actie());
        var claimed = Assert.Single(await _pipeline.ClaimAsync("x"));
        await _pipeline.AcceptAsync(SomeAlert.Actie().Then(AlertPhase.Closed, "Terecht.", TimeSpan.FromMinutes(1)));
        await AfterAsync(TimeSpan.FromSeconds(45));
        await AfterAsync(Quiet);
        await AfterAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(DeliveryState.Cancelled, (await OpeningAsync()).State);

        _x.Shown.Add(new FoundPost("late", claimed.Text, _pipeline.Time.GetUtcNow(), null));
        await _pipeline.RecordAsync(claimed, new PublishResult.Published("late"));
        await _pipeline.DrainAsync();
        Assert.Equal(DeliveryState.Gone, (await OpeningAsync()).State);
        Assert.DoesNotContain(_x.Shown, p => p.PostId == "late");
        Assert.Contains("staat toch op x", Assert.Single(await ToldAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_sweep_finds_what_was_given_up_and_what_stands_there_twice()
    {
        await PostAsync();
        _x.Shown.Add(_x.Shown[0] with { PostId = "copy", CreatedAt = Pipeline.Noon.AddHours(1) });
        await _pipeline.Reconcilers[0].SweepAsync(TestContext.Current.CancellationToken);

        Assert.Contains("nummer copy", Assert.Single(await ToldAsync()), StringComparison.Ordinal);
        Assert.Equal("x-1", (await OpeningAsync()).PostId);
    }

    [Fact]
    public async Task The_sweep_takes_down_again_what_reappeared()
    {
        await PostAsync();
        var post = _x.Shown[0];
        await _pipeline.AcceptAsync(SomeAlert.Actie().Then(AlertPhase.Closed, "Terecht.", TimeSpan.FromMinutes(1)));
        await _pipeline.DrainAsync();
        Assert.Equal(DeliveryState.Gone, (await OpeningAsync()).State);

        _x.Shown.Add(post);
        await _pipeline.Reconcilers[0].SweepAsync(TestContext.Current.CancellationToken);
        await _pipeline.DrainAsync();
        Assert.DoesNotContain(post, _x.Shown);
        Assert.Equal(DeliveryState.Gone, (await OpeningAsync()).State);
    }

    [Fact]
    public async Task A_published_post_is_looked_up_and_verified()
    {
        await PostAsync();
        await AfterAsync(TimeSpan.FromSeconds(5));

        Assert.Equal(Pipeline.Noon.AddSeconds(5), (await OpeningAsync()).VerifiedAt);
        await AfterAsync(TimeSpan.FromHours(1));
        Assert.Equal(1, _x.Reads);
    }

    [Fact]
    public async Task A_post_that_disappears_without_us_is_told_and_not_posted_again()
    {
        await PostAsync();
        _x.Shown.Clear();
        for (var minute = 0; minute < 5; minute++)
            await AfterAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(DeliveryState.Vanished, (await OpeningAsync()).State);
        Assert.Contains("verdwenen", Assert.Single(await ToldAsync()), StringComparison.Ordinal);
        Assert.Single(_x.Posts);
    }

    [Fact]
    public async Task A_listing_that_is_slower_than_the_quiet_time_allows_is_measured_and_told()
    {
        _x.Listed = _ => false;
        await PostAsync();
        await AfterAsync(TimeSpan.FromSeconds(5));
        _x.Listed = null;
        await AfterAsync(TimeSpan.FromSeconds(60));

        Assert.NotNull((await OpeningAsync()).VerifiedAt);
        Assert.Contains("ten minste 195 seconden", Assert.Single(await ToldAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_we_name_our_messages_one_is_found_by_its_name_in_a_chat_that_cannot_be_read_back()
    {
        var chat = new ChatChannel("x") { Readable = false };
        using var pipeline = new Pipeline(channels => channels[0] = channels[0] with { Channel = chat });
        chat.Time = pipeline.Time;
        chat.Listed = _ => false;
        chat.Then(Doubt, takesEffect: true);
        await pipeline.AcceptAsync(SomeAlert.Actie());
        await pipeline.DrainAsync();
        pipeline.Time.Advance(Quiet);
        await pipeline.ReconcileAsync();

        var opening = (await pipeline.DeliveriesAsync("x"))[0];
        Assert.Equal((DeliveryState.Published, $"named-{opening.Id}"), (opening.State, opening.PostId));
    }

    // A backup from before the post was made is put back, and the program is started again.
    async Task<Pipeline> RestoreAsync()
    {
        await _pipeline.Database.WriteAsync(async session =>
        {
            await session.ExecuteAsync("delete from attempt");
            await session.ExecuteAsync("update delivery set state = 'Pending', attempts = 0, post_id = null, url = null, published_at = null, verify_at = null");
        }, TestContext.Current.CancellationToken);
        return new Pipeline(channels => channels[0] = channels[0] with { Channel = _x }, beside: _pipeline, at: Pipeline.Noon.AddMinutes(10));
    }

    [Fact]
    public async Task After_a_backup_is_put_back_what_was_posted_since_is_found_and_not_posted_again()
    {
        await PostAsync(SomeAlert.Actie("1"), SomeAlert.Actie("2", text: "Een ander."));
        using var restored = await RestoreAsync();
        await restored.DrainAsync();

        Assert.Equal(2, _x.Shown.Count);
        Assert.Equal(["x-1", "x-2"], (await restored.DeliveriesAsync("x")).Select(d => d.PostId).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task When_nothing_is_left_of_the_database_the_same_alert_is_recognised_by_its_code()
    {
        await PostAsync();
        using var fresh = new Pipeline(channels => channels[0] = channels[0] with { Channel = _x }, at: Pipeline.Noon.AddMinutes(10));
        await fresh.AcceptAsync(SomeAlert.Actie());
        await fresh.DrainAsync();

        Assert.Single(_x.Shown);
        Assert.Equal((DeliveryState.Published, "x-1"), (await fresh.DeliveriesAsync("x")).Select(d => (d.State, d.PostId)).Single());
    }

    [Fact]
    public async Task A_network_that_cannot_be_read_keeps_no_appeal_waiting()
    {
        await _pipeline.AcceptAsync(SomeAlert.Actie());
        (_x.Readable, _x.Listed) = (false, _ => false);
        using var restarted = new Pipeline(channels => channels[0] = channels[0] with { Channel = _x }, beside: _pipeline, at: Pipeline.Noon.AddMinutes(10));
        await restarted.DrainAsync();

        Assert.Single(_x.Shown);
    }

    [Fact]
    public async Task What_was_issued_since_the_start_is_posted_without_asking_first()
    {
        await PostAsync();
        Assert.Equal(0, _x.Reads);
    }

    [Fact]
    public async Task The_name_of_a_message_is_the_same_at_every_attempt()
    {
        _x.Then(Doubt).Then(new PublishResult.NotSent("refused"));
        await PostAsync();
        await AfterAsync(Quiet);
        await AfterAsync(TimeSpan.FromSeconds(60));
        await AfterAsync(TimeSpan.FromMinutes(5));

        Assert.Equal(3, _x.Posts.Count);
        Assert.Single(_x.Posts.Select(p => p.Key).Distinct());
    }
}

public sealed class ReconcilerOnSqliteTests() : ReconcilerTests(StorageProvider.Sqlite);

public sealed class ReconcilerOnPostgresTests() : ReconcilerTests(StorageProvider.Postgres);
