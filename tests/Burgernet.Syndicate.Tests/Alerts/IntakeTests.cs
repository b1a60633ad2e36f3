using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Deliveries;
using Burgernet.Syndicate.Tests.Support;
using Xunit;

namespace Burgernet.Syndicate.Tests.Alerts;

public abstract class IntakeTests(StorageProvider on) : IDisposable
{
    static readonly TimeSpan Later = TimeSpan.FromMinutes(10);

    readonly Pipeline _pipeline = new(on: on);

    public void Dispose() => _pipeline.Dispose();

    CollectingChannel X => _pipeline["x"].Channel;

    CollectingChannel WhatsApp => _pipeline["whatsapp"].Channel;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_opened_action_becomes_one_post_on_x_and_one_message_in_each_touched_group_and_the_ids_are_kept()
    {
        await _pipeline.AcceptAsync(SomeAlert.Actie());
        await _pipeline.DrainAsync();

        Assert.Single(X.Posts);
        Assert.Equal(["120363000000000001@g.us"], WhatsApp.Posts.Select(p => p.Address));
        var deliveries = await _pipeline.DeliveriesAsync();
        Assert.All(deliveries, d => Assert.Equal(DeliveryState.Published, d.State));
        Assert.Equal("x-1", deliveries.Single(d => d.Channel == "x").PostId);
        Assert.Equal("https://x.example/1", deliveries.Single(d => d.Channel == "x").Url);
        Assert.Single(deliveries.Select(d => d.Reference).Distinct());
    }

    [Fact]
    public async Task What_would_lead_readers_elsewhere_is_left_out_the_rest_is_posted_and_a_person_is_told_once()
    {
        await _pipeline.AcceptAsync(SomeAlert.Actie(text: "Man met rode jas. Volg @iemand, kijk op www.example.com, *nu*."));
        await _pipeline.DrainAsync();

        Assert.Contains("Man met rode jas.", Assert.Single(X.Posts).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("example", X.Posts[0].Text, StringComparison.Ordinal);
        var notice = Assert.Single(await _pipeline.Notices.RecentAsync(10));
        Assert.Contains("@, *, link www.example.com", notice.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_only_looks_odd_is_tidied_without_a_word()
    {
        await _pipeline.AcceptAsync(SomeAlert.Actie(text: "Man met *rode* jas\u200B. #gezocht"));

        Assert.Empty(await _pipeline.Notices.RecentAsync(10));
    }

    [Fact]
    public async Task The_same_report_again_changes_nothing()
    {
        for (var i = 0; i < 3; i++)
            await _pipeline.AcceptAsync(SomeAlert.Actie());
        await _pipeline.DrainAsync();

        Assert.Single(X.Posts);
    }

    [Fact]
    public async Task Opened_updated_and_closed_go_out_once_each_in_order_and_survive_a_restart()
    {
        var opened = SomeAlert.Actie();
        var updated = opened.Then(AlertPhase.Updated, "Gezien bij Emiclaer.", Later);
        var closed = updated.Then(AlertPhase.Closed, "Zij is terecht.", Later);
        await _pipeline.AcceptAsync(opened);
        await _pipeline.DrainAsync();

        using var restarted = new Pipeline(beside: _pipeline, at: Pipeline.Noon + Later);
        foreach (var report in new[] { opened, updated, updated, closed, closed, opened, updated })
            await restarted.AcceptAsync(report);
        await restarted.DrainAsync();

        var x = await restarted.DeliveriesAsync("x");
        Assert.Equal([DeliveryOperation.Create, DeliveryOperation.Update, DeliveryOperation.Close], x.Select(d => d.Operation));
        Assert.Equal([DeliveryState.Published, DeliveryState.Superseded, DeliveryState.Published], x.Select(d => d.State).Select(s => s is DeliveryState.Cancelled ? DeliveryState.Superseded : s));
    }

    [Fact]
    public async Task An_update_answers_our_own_opening_and_a_closing_too()
    {
        var opened = SomeAlert.Actie();
        var updated = opened.Then(AlertPhase.Updated, "Gezien bij Emiclaer.", Later);
        foreach (var report in new[] { opened, updated, updated.Then(AlertPhase.Closed, "Zij is terecht.", Later) })
        {
            await _pipeline.AcceptAsync(report);
            await _pipeline.DrainAsync();
        }

        Assert.Equal([null, "x-1", "x-1"], X.Posts.Select(p => p.InReplyTo));
        Assert.Contains("Gezien bij Emiclaer.", X.Posts[1].Text, StringComparison.Ordinal);
        Assert.StartsWith("UPDATE", X.Posts[1].Text, StringComparison.Ordinal);
        Assert.StartsWith("AFGESLOTEN", X.Posts[2].Text, StringComparison.Ordinal);
        Assert.Equal(3, WhatsApp.Posts.Count);
    }

    [Fact]
    public async Task All_changes_seen_at_once_are_one_update_with_the_newest_message()
    {
        var opened = SomeAlert.Actie();
        await _pipeline.AcceptAsync(opened);
        await _pipeline.DrainAsync();
        await _pipeline.AcceptAsync(opened.Then(AlertPhase.Updated, "Eerste aanvulling.", Later).Then(AlertPhase.Updated, "Tweede aanvulling.", Later));
        await _pipeline.DrainAsync();

        Assert.Equal(2, X.Posts.Count);
        Assert.Contains("Tweede aanvulling.", X.Posts[1].Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Eerste aanvulling.", X.Posts[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_edited_body_alone_is_an_update_with_the_corrected_text()
    {
        await _pipeline.AcceptAsync(SomeAlert.Actie(text: "Zilvergrijze Golf."));
        await _pipeline.DrainAsync();
        var corrected = SomeAlert.Actie() with { Messages = [SomeAlert.Message(AlertPhase.Opened, "Grijze Seat Leon.", Pipeline.Noon + Later)] };
        await _pipeline.AcceptAsync(corrected);
        await _pipeline.AcceptAsync(corrected);
        await _pipeline.DrainAsync();

        Assert.Equal(2, X.Posts.Count);
        Assert.StartsWith("UPDATE", X.Posts[1].Text, StringComparison.Ordinal);
        Assert.Contains("Grijze Seat Leon.", X.Posts[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cache_that_shows_the_old_answer_now_and_then_posts_nothing_twice()
    {
        var before = SomeAlert.Actie(text: "Zilvergrijze Golf.");
        var after = SomeAlert.Actie() with { Messages = [SomeAlert.Message(AlertPhase.Opened, "Grijze Seat Leon.", Pipeline.Noon + Later)] };
        foreach (var report in new[] { before, after, before, after, before, after })
            await _pipeline.AcceptAsync(report);
        await _pipeline.DrainAsync();

        Assert.Equal(2, X.Posts.Count);
    }

    [Fact]
    public async Task A_body_that_is_corrected_back_is_an_update_again()
    {
        static Alert Saying(string text, int minutes) => SomeAlert.Actie() with { Messages = [SomeAlert.Message(AlertPhase.Opened, text, Pipeline.Noon.AddMinutes(minutes))] };
        foreach (var report in new[] { Saying("Een Golf.", 0), Saying("Een Seat.", 5), Saying("Een Golf.", 9) })
        {
            await _pipeline.AcceptAsync(report);
            await _pipeline.DrainAsync();
        }

        Assert.Equal(3, X.Posts.Count);
        Assert.Contains("Een Golf.", X.Posts[2].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_said_before_we_looked_stands_in_one_opening()
    {
        await _pipeline.AcceptAsync(SomeAlert.Actie(text: "Man met bril.").Then(AlertPhase.Updated, "Nu op de fiets.", Later));
        await _pipeline.DrainAsync();

        var post = Assert.Single(X.Posts);
        Assert.Contains("Man met bril.", post.Text, StringComparison.Ordinal);
        Assert.Contains("Nu op de fiets.", post.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task First_seen_already_ended_is_stored_and_never_posted()
    {
        var results = await _pipeline.AcceptAsync(SomeAlert.Actie().Then(AlertPhase.Closed, "Terecht.", Later));
        await _pipeline.DrainAsync();

        Assert.Equal(IntakeOutcome.Stored, results[0].Outcome);
        Assert.Empty(X.Posts);
        Assert.Equal(AlertPhase.Closed, (await _pipeline.Log.NewestAsync(1))[0].Phase);
    }

    [Fact]
    public async Task The_end_of_something_unknown_is_kept_and_what_it_ended_is_not_posted_when_it_arrives_late()
    {
        var cancelled = SomeAlert.Amber() with { Kind = AlertKind.VermistKindAlert, Ended = true, Messages = [SomeAlert.Message(AlertPhase.Closed, "", Pipeline.Noon + Later)] };
        await _pipeline.AcceptAsync(cancelled);
        await _pipeline.AcceptAsync(SomeAlert.Amber() with { Kind = AlertKind.VermistKindAlert, Area = SomeAlert.Schothorst });
        await _pipeline.DrainAsync();

        Assert.Empty(X.Posts);
    }

    [Fact]
    public async Task An_alert_that_is_issued_again_after_its_end_is_opened_again()
    {
        var first = SomeAlert.Amber();
        var ended = first.Then(AlertPhase.Closed, "", Later);
        var again = first with { Messages = [SomeAlert.Message(AlertPhase.Opened, "Opnieuw vermist.", Pipeline.Noon + Later + Later, "Fenna (9)")] };
        foreach (var report in new[] { first, ended, again, again })
        {
            await _pipeline.AcceptAsync(report);
            await _pipeline.DrainAsync();
        }

        Assert.Equal(3, X.Posts.Count);
        Assert.Contains("Opnieuw vermist.", X.Posts[2].Text, StringComparison.Ordinal);
        Assert.Null(X.Posts[2].InReplyTo);
    }

    [Fact]
    public async Task The_first_good_answer_is_history_an_empty_one_too_and_it_is_taken_once()
    {
        var source = new FeedSource();
        await _pipeline.Intake.AcceptAsync(source, new SourceAnswer { Alerts = [SomeAlert.Actie("1")] }, Cancel);
        await _pipeline.Intake.AcceptAsync(source, new SourceAnswer { Alerts = [SomeAlert.Actie("1"), SomeAlert.Actie("2", text: "Nieuw.")] }, Cancel);
        var other = new FeedSource("andere");
        await _pipeline.Intake.AcceptAsync(other, new SourceAnswer { Alerts = [] }, Cancel);
        await _pipeline.Intake.AcceptAsync(other, new SourceAnswer { Alerts = [SomeAlert.Actie("3", text: "Ander.", source: "andere")] }, Cancel);
        await _pipeline.DrainAsync();

        Assert.Equal(2, X.Posts.Count);
        Assert.Contains(X.Posts, p => p.Text.Contains("Nieuw.", StringComparison.Ordinal));
        Assert.Contains(X.Posts, p => p.Text.Contains("Ander.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_is_said_of_history_when_it_goes_on()
    {
        var source = new FeedSource();
        var opened = SomeAlert.Actie();
        foreach (var report in new[] { opened, opened.Then(AlertPhase.Updated, "Meer.", Later), opened.Then(AlertPhase.Closed, "Klaar.", Later) })
            await _pipeline.Intake.AcceptAsync(source, new SourceAnswer { Alerts = [report] }, Cancel);
        await _pipeline.DrainAsync();

        Assert.Empty(X.Posts);
        Assert.Equal(AlertPhase.Closed, (await _pipeline.Log.NewestAsync(1))[0].Phase);
    }

    [Fact]
    public async Task What_appeared_while_the_program_was_down_still_goes_out_unless_it_has_expired()
    {
        var source = new FeedSource();
        await _pipeline.Intake.AcceptAsync(source, new SourceAnswer { Alerts = [] }, Cancel);
        using var restarted = new Pipeline(beside: _pipeline, at: Pipeline.Noon.AddMinutes(150));
        await restarted.Intake.AcceptAsync(source, new SourceAnswer { Alerts = [SomeAlert.Actie("oud"), SomeAlert.Actie("vers", Pipeline.Noon.AddMinutes(90), "Vers.")] }, Cancel);
        await restarted.DrainAsync();

        Assert.Contains("Vers.", Assert.Single(restarted["x"].Channel.Posts).Text, StringComparison.Ordinal);
        Assert.Equal(AlertPhase.Expired, (await restarted.Log.NewestAsync(10)).Single(a => a.SourceId == "oud").Phase);
    }

    [Fact]
    public async Task The_sender_may_want_it_gone_earlier_than_our_own_limit()
    {
        await _pipeline.AcceptAsync(SomeAlert.Actie() with { ExpiresAt = Pipeline.Noon.AddSeconds(-1) });
        await _pipeline.DrainAsync();

        Assert.Empty(X.Posts);
    }

    [Fact]
    public async Task An_alert_outside_the_region_is_not_ours_but_an_amber_alert_always_is()
    {
        var apeldoorn = SomeAlert.Actie() with { Municipality = "Apeldoorn", Area = new(52.2112, 5.9699, 1500) };
        var results = await _pipeline.AcceptAsync(apeldoorn, SomeAlert.Amber());
        await _pipeline.DrainAsync();

        Assert.Equal([IntakeOutcome.Ignored, IntakeOutcome.Accepted], results.Select(r => r.Outcome));
        Assert.Single(X.Posts);
        Assert.Equal(Pipeline.Options.Groups["whatsapp"].Count(g => g.Active), WhatsApp.Posts.Count);
    }

    [Fact]
    public async Task The_same_key_with_other_words_is_quarantined_and_told_once()
    {
        var first = SomeAlert.Amber() with { Messages = [SomeAlert.Message(AlertPhase.Opened, "Rode jas.", Pipeline.Noon) with { Key = "alert-1" }] };
        var other = first with { Messages = [SomeAlert.Message(AlertPhase.Opened, "Groene jas.", Pipeline.Noon) with { Key = "alert-1" }] };
        await _pipeline.AcceptAsync(first);
        var results = await _pipeline.AcceptAsync(other);
        await _pipeline.AcceptAsync(other);
        await _pipeline.DrainAsync();

        Assert.Equal(IntakeOutcome.Quarantined, results[0].Outcome);
        Assert.Single(X.Posts);
        Assert.Contains("kindalarm", Assert.Single(await _pipeline.Notices.RecentAsync(10)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_contradiction_does_not_hide_the_closing_that_comes_with_it()
    {
        var first = SomeAlert.Amber() with { Messages = [SomeAlert.Message(AlertPhase.Opened, "Rode jas.", Pipeline.Noon) with { Key = "alert-1" }] };
        await _pipeline.AcceptAsync(first);
        await _pipeline.DrainAsync();
        var other = first with { Messages = [SomeAlert.Message(AlertPhase.Opened, "Groene jas.", Pipeline.Noon) with { Key = "alert-1" }] };
        await _pipeline.AcceptAsync(other.Then(AlertPhase.Closed, "", Later));
        await _pipeline.DrainAsync();

        Assert.Equal(2, X.Posts.Count);
        Assert.StartsWith("AFGESLOTEN", X.Posts[1].Text, StringComparison.Ordinal);
        Assert.Single(await _pipeline.Notices.RecentAsync(10));
    }

    [Fact]
    public async Task A_feed_that_still_shows_the_earlier_episode_repeats_nothing_of_it()
    {
        var first = SomeAlert.Amber();
        var ended = first.Then(AlertPhase.Closed, "", Later);
        var again = ended.Then(AlertPhase.Opened, "Opnieuw vermist.", Later, ended: false);
        foreach (var report in new[] { first, ended, again, again, ended, again })
        {
            await _pipeline.AcceptAsync(report);
            await _pipeline.DrainAsync();
        }

        Assert.Equal(3, X.Posts.Count);
        Assert.Contains("Opnieuw vermist.", X.Posts[2].Text, StringComparison.Ordinal);
        Assert.True((await _pipeline.Log.NewestAsync(1))[0].IsOpen);
    }

    [Fact]
    public async Task An_owner_is_not_swallowed_by_a_mirror_that_every_platform_refused()
    {
        using var pipeline = new Pipeline(channels => channels.RemoveAt(1), on: on);
        pipeline["x"].Channel.Answering(new PublishResult.Rejected("not permitted"));
        await pipeline.AcceptAsync(SomeAlert.Amber("990020", mirror: true));
        pipeline.Time.Advance(TimeSpan.FromMinutes(5));
        await pipeline.DrainAsync();
        await pipeline.AcceptAsync(SomeAlert.Amber());
        await pipeline.DrainAsync();

        Assert.Equal(2, pipeline["x"].Channel.Posts.Count);
    }

    [Fact]
    public async Task A_record_that_cannot_be_trusted_is_told_once_and_the_others_go_on()
    {
        for (var i = 0; i < 2; i++)
            await _pipeline.Intake.AcceptAsync(new FeedSource(takesBaseline: false), new SourceAnswer { Alerts = [SomeAlert.Actie()], Faults = [new("7", "it was issued in the future", "{}")] }, Cancel);
        await _pipeline.DrainAsync();

        Assert.Single(X.Posts);
        Assert.Single(await _pipeline.Notices.RecentAsync(10));
    }

    [Fact]
    public async Task A_closing_cancels_openings_that_still_wait_and_goes_only_where_the_opening_went()
    {
        var opened = SomeAlert.Actie();
        await _pipeline.AcceptAsync(opened);
        await _pipeline.Dispatchers.Single(d => d.Channel == "x").DispatchDueAsync(Cancel);
        await _pipeline.AcceptAsync(opened.Then(AlertPhase.Closed, "Terecht.", Later));
        await _pipeline.DrainAsync();

        Assert.Equal(2, X.Posts.Count);
        Assert.Empty(WhatsApp.Posts);
        Assert.Equal(DeliveryState.Cancelled, Assert.Single(await _pipeline.DeliveriesAsync("whatsapp")).State);
    }

    [Fact]
    public async Task A_late_update_after_the_end_is_stored_and_not_posted()
    {
        var closed = SomeAlert.Actie().Then(AlertPhase.Closed, "Terecht.", Later);
        await _pipeline.AcceptAsync(SomeAlert.Actie());
        await _pipeline.DrainAsync();
        await _pipeline.AcceptAsync(closed);
        await _pipeline.DrainAsync();
        var results = await _pipeline.AcceptAsync(closed.Then(AlertPhase.Updated, "Nog iets.", Later, ended: true));
        await _pipeline.DrainAsync();

        Assert.Equal(IntakeOutcome.Stored, results[0].Outcome);
        Assert.Equal(2, X.Posts.Count);
    }

    [Fact]
    public async Task An_exercise_goes_to_channels_for_tests_only()
    {
        using var pipeline = new Pipeline(channels => channels.Add(new TestChannel("proef") { Test = true }), on: on);
        await pipeline.AcceptAsync(SomeAlert.Actie("1") with { Exercise = true }, SomeAlert.Actie("2", text: "Echt."));
        await pipeline.DrainAsync();

        Assert.StartsWith("OEFENING", Assert.Single(pipeline["proef"].Channel.Posts).Text, StringComparison.Ordinal);
        Assert.Contains("Echt.", Assert.Single(pipeline["x"].Channel.Posts).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exercise_without_a_channel_for_tests_goes_nowhere_and_is_shown_as_such()
    {
        await _pipeline.AcceptAsync(SomeAlert.Actie() with { Exercise = true });
        await _pipeline.DrainAsync();

        Assert.Empty(await _pipeline.DeliveriesAsync());
        Assert.True((await _pipeline.Log.NewestAsync(1))[0].Exercise);
    }

    [Fact]
    public async Task A_closing_of_a_child_alert_carries_no_name()
    {
        await _pipeline.AcceptAsync(SomeAlert.Amber());
        await _pipeline.DrainAsync();
        await _pipeline.AcceptAsync(SomeAlert.Amber().Then(AlertPhase.Closed, "Fenna is terecht.", Later));
        await _pipeline.DrainAsync();

        Assert.Contains("Fenna", X.Posts[0].Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Fenna", X.Posts[1].Text, StringComparison.Ordinal);
        Assert.DoesNotContain("AMBER Alert: AMBER", X.Posts[0].Text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_mirror_waits_five_minutes_then_is_posted_and_told()
    {
        await _pipeline.AcceptAsync(SomeAlert.Amber("990020", mirror: true));
        await _pipeline.DrainAsync();
        _pipeline.Time.Advance(TimeSpan.FromSeconds(299));
        await _pipeline.DrainAsync();
        Assert.Empty(X.Posts);
        Assert.Empty(await _pipeline.Notices.RecentAsync(10));

        _pipeline.Time.Advance(TimeSpan.FromSeconds(1));
        await _pipeline.DrainAsync();
        Assert.Single(X.Posts);
        Assert.Contains("actiesfeed", Assert.Single(await _pipeline.Notices.RecentAsync(10)).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_mirror_only_confirms_what_its_owner_opened_whichever_comes_first(bool mirrorFirst)
    {
        Alert[] both = [SomeAlert.Amber("990020", Pipeline.Noon.AddMinutes(-20), mirror: true), SomeAlert.Amber()];
        foreach (var alert in mirrorFirst ? both : [.. both.Reverse()])
            await _pipeline.AcceptAsync(alert);
        _pipeline.Time.Advance(TimeSpan.FromMinutes(6));
        await _pipeline.DrainAsync();

        Assert.Contains("Fenna (9)", Assert.Single(X.Posts).Text, StringComparison.Ordinal);
        Assert.Empty(await _pipeline.Notices.RecentAsync(10));
    }

    [Fact]
    public async Task A_mirror_that_is_not_of_the_same_half_hour_is_a_case_of_its_own()
    {
        await _pipeline.AcceptAsync(SomeAlert.Amber());
        await _pipeline.AcceptAsync(SomeAlert.Amber("990020", Pipeline.Noon.AddMinutes(-31), mirror: true));
        _pipeline.Time.Advance(TimeSpan.FromMinutes(5));
        await _pipeline.DrainAsync();

        Assert.Equal(2, X.Posts.Count);
    }

    [Fact]
    public async Task An_owner_confirms_one_mirror_and_a_second_is_not_swallowed()
    {
        await _pipeline.AcceptAsync(SomeAlert.Amber());
        await _pipeline.AcceptAsync(SomeAlert.Amber("1", mirror: true));
        await _pipeline.AcceptAsync(SomeAlert.Amber("2", mirror: true));
        _pipeline.Time.Advance(TimeSpan.FromMinutes(5));
        await _pipeline.DrainAsync();

        Assert.Equal(2, X.Posts.Count);
    }

    [Fact]
    public async Task A_twin_that_comes_after_the_mirror_was_posted_attaches_to_it_and_may_end_it()
    {
        await _pipeline.AcceptAsync(SomeAlert.Amber("990020", mirror: true));
        _pipeline.Time.Advance(TimeSpan.FromMinutes(5));
        await _pipeline.DrainAsync();
        var results = await _pipeline.AcceptAsync(SomeAlert.Amber());
        await _pipeline.DrainAsync();
        Assert.Equal(IntakeOutcome.Confirmed, results[0].Outcome);
        Assert.Single(X.Posts);

        await _pipeline.AcceptAsync(SomeAlert.Amber().Then(AlertPhase.Closed, "", Later));
        await _pipeline.AcceptAsync(SomeAlert.Amber("990020", mirror: true).Then(AlertPhase.Closed, "Sluitbericht.", Later));
        await _pipeline.DrainAsync();
        Assert.Equal(2, X.Posts.Count);
        Assert.Equal("x-1", X.Posts[1].InReplyTo);
    }

    [Fact]
    public async Task A_mirror_that_ends_while_it_waits_is_never_posted()
    {
        var mirror = SomeAlert.Amber("990020", mirror: true);
        await _pipeline.AcceptAsync(mirror);
        await _pipeline.AcceptAsync(mirror.Then(AlertPhase.Closed, "Sluitbericht.", Later));
        _pipeline.Time.Advance(TimeSpan.FromMinutes(6));
        await _pipeline.DrainAsync();

        Assert.Empty(X.Posts);
        Assert.Empty(await _pipeline.Notices.RecentAsync(10));
    }

    [Fact]
    public async Task An_action_whose_amber_flag_appears_later_is_still_the_same_action()
    {
        await _pipeline.AcceptAsync(SomeAlert.Actie("990020"));
        await _pipeline.AcceptAsync(SomeAlert.Actie("990020") with { Kind = AlertKind.AmberAlert, Mirror = true });
        _pipeline.Time.Advance(TimeSpan.FromMinutes(6));
        await _pipeline.DrainAsync();

        Assert.Single(X.Posts);
    }

    [Fact]
    public async Task A_channel_that_only_records_sends_nothing_but_keeps_the_words()
    {
        using var pipeline = new Pipeline(channels => channels[0] = channels[0] with { Publish = false }, on: on);
        var opened = SomeAlert.Actie();
        await pipeline.AcceptAsync(opened);
        await pipeline.AcceptAsync(opened.Then(AlertPhase.Updated, "Meer.", Later));
        await pipeline.DrainAsync();

        var x = await pipeline.DeliveriesAsync("x");
        Assert.All(x, d => Assert.Equal(DeliveryState.Planned, d.State));
        Assert.Equal(2, x.Count);
        Assert.Contains("meisje van 9 jaar", x[0].Text, StringComparison.Ordinal);
        Assert.Empty(pipeline["x"].Channel.Posts);
    }

    sealed class FeedSource(string name = "acties", bool takesBaseline = true) : IAlertSource
    {
        public string Name => name;
        public bool TakesBaseline => takesBaseline;
        public Task<SourceAnswer?> FetchAsync(CancellationToken cancellationToken) => Task.FromResult<SourceAnswer?>(null);
        public Task ConfirmAsync(SourceAnswer answer, IReadOnlyList<IntakeResult> results, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

public sealed class IntakeOnSqliteTests() : IntakeTests(StorageProvider.Sqlite);

public sealed class IntakeOnPostgresTests() : IntakeTests(StorageProvider.Postgres);
