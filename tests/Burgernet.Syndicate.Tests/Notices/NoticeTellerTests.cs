using Burgernet.Syndicate.Audit;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Deliveries;
using Burgernet.Syndicate.Notices;
using Burgernet.Syndicate.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Burgernet.Syndicate.Tests.Notices;

/// <summary>Who is told of what, when, and how often.</summary>
public abstract class NoticeTellerTests : IDisposable
{
    static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    readonly Pipeline _pipeline;
    readonly CollectingNotifier _mail = new("mail");
    readonly CollectingNotifier _webhook = new("webhook");

    protected NoticeTellerTests(StorageProvider on) => _pipeline = new Pipeline(on: on);

    public void Dispose() => _pipeline.Dispose();

    // ---- steps

    NoticeTeller Teller(CollectingNotifier notifier, Pipeline? worker = null) =>
        new((worker ?? _pipeline).Database, (worker ?? _pipeline).Notices, notifier, (worker ?? _pipeline).Time, NullLogger<NoticeTeller>.Instance);

    async Task<NoticeTeller> StartedAsync(CollectingNotifier notifier)
    {
        var teller = Teller(notifier);
        await teller.StartAsync();
        return teller;
    }

    Task NoteAsync(params (string Cause, string? Alert, string? Channel)[] notices) => _pipeline.Database.WriteAsync(async session =>
    {
        foreach (var (cause, alert, channel) in notices)
            await _pipeline.Notices.TellAsync(session, cause, $"Over {cause}.", alert, channel);
    }, TestContext.Current.CancellationToken);

    Task HoldAsync(string delivery, string alert = "a1") => NoteAsync(($"held:whatsapp:{delivery}", alert, "whatsapp"));

    Task WithdrawAsync(string cause) => _pipeline.Database.WriteAsync(session => NoticeBoard.WithdrawAsync(session, cause), TestContext.Current.CancellationToken);

    async Task PassAsync(TimeSpan time, params NoticeTeller[] tellers)
    {
        _pipeline.Time.Advance(time);
        foreach (var teller in tellers)
            await teller.TellDueAsync(TestContext.Current.CancellationToken);
    }

    // As the loop of the service does: it looks every second.
    async Task WatchAsync(TimeSpan time, NoticeTeller teller)
    {
        for (var end = _pipeline.Time.GetUtcNow() + time; _pipeline.Time.GetUtcNow() < end;)
            await PassAsync(TimeSpan.FromSeconds(1), teller);
    }

    static readonly TimeSpan Gathered = TimeSpan.FromSeconds(3);

    // ---- how often

    [Fact]
    public async Task What_goes_wrong_for_one_alert_on_one_channel_is_one_telling_with_a_count()
    {
        var mail = await StartedAsync(_mail);
        await NoteAsync([.. Enumerable.Range(1, 10_000).Select(i => ($"held:whatsapp:BN-AAAAA-{i}", (string?)"a1", (string?)"whatsapp")), ("held:whatsapp:BN-BBBBB-1", "a2", "whatsapp"), ("held:x:BN-AAAAA-0", "a1", "x")]);
        await PassAsync(Gathered, mail);

        Assert.Equal(["held:whatsapp:a1", "held:whatsapp:a2", "held:x:a1"], _mail.Told.Select(t => t.Cause).Order(StringComparer.Ordinal));
        var many = _mail.Told.Single(t => t.Cause == "held:whatsapp:a1");
        Assert.Equal(("whatsapp", "a1", "Burgernet.Syndicate: een bericht wacht op uw besluit (whatsapp)", _pipeline.Time.GetUtcNow()), (many.Channel, many.AlertId, many.Subject, many.At));
        Assert.StartsWith("Over held:whatsapp:BN-AAAAA-1.\n\nOver held:", many.Text, StringComparison.Ordinal);
        Assert.Contains("\n\nEn nog 9995 van zulke meldingen.", many.Text, StringComparison.Ordinal);
        Assert.Equal("Over held:whatsapp:BN-BBBBB-1.", _mail.Told.Single(t => t.Cause == "held:whatsapp:a2").Text);

        await WatchAsync(TimeSpan.FromMinutes(2), mail);
        Assert.Equal(3, _mail.Told.Count);
    }

    [Fact]
    public async Task What_follows_within_the_hour_is_told_together_when_it_is_over()
    {
        var mail = await StartedAsync(_mail);
        await HoldAsync("1");
        await PassAsync(Gathered, mail);
        for (var minute = 1; minute < 60; minute++)
        {
            await HoldAsync($"{minute + 1}");
            await PassAsync(TimeSpan.FromMinutes(1), mail);
        }

        Assert.Single(_mail.Told);
        await PassAsync(TimeSpan.FromMinutes(1), mail);
        Assert.Equal(2, _mail.Told.Count);
        Assert.Equal(Hour, _mail.Told[1].At - _mail.Told[0].At);
        Assert.StartsWith("Sinds de vorige melding hierover (25 november 13.00 uur) nog 59 van zulke meldingen:\n\nOver held:whatsapp:2.", _mail.Told[1].Text, StringComparison.Ordinal);

        for (var minute = 0; minute < 120; minute++)
            await PassAsync(TimeSpan.FromMinutes(1), mail);
        Assert.Equal(2, _mail.Told.Count);
    }

    [Fact]
    public async Task What_goes_away_and_comes_back_is_told_again_but_not_within_the_hour()
    {
        var mail = await StartedAsync(_mail);
        for (var minute = 0; minute < 90; minute++)
        {
            await NoteAsync(("stopped:x", null, "x"));
            await PassAsync(TimeSpan.FromSeconds(30), mail);
            await WithdrawAsync("stopped:x");
            await PassAsync(TimeSpan.FromSeconds(30), mail);
        }

        Assert.Equal(["stopped:x", "stopped:x"], _mail.Told.Select(t => t.Cause));
        Assert.NotEqual(_mail.Told[0].Id, _mail.Told[1].Id);
    }

    [Fact]
    public async Task A_clock_that_was_ahead_silences_nothing_once_it_is_put_right()
    {
        var mail = await StartedAsync(_mail);
        await _pipeline.Database.WriteAsync(s => s.ExecuteAsync("insert into telling (notifier, topic, next_at) values ('mail', 'stopped:x', @then)", new { then = _pipeline.Time.GetUtcNow().AddYears(1) }), TestContext.Current.CancellationToken);
        await NoteAsync(("stopped:x", null, "x"));
        await PassAsync(Gathered, mail);

        Assert.Single(_mail.Told);
    }

    // ---- what is not told

    [Fact]
    public async Task What_stood_on_the_board_before_anybody_was_to_be_told_is_history()
    {
        await HoldAsync("1");
        var mail = await StartedAsync(_mail);
        await PassAsync(Gathered, mail);

        Assert.Empty(_mail.Told);
        Assert.Single(await _pipeline.Notices.RecentAsync(9));
    }

    [Fact]
    public async Task What_happens_while_nobody_is_to_be_told_is_not_told_afterwards_and_what_was_owed_before_still_is()
    {
        await StartedAsync(_mail);
        await HoldAsync("1");
        _pipeline.Time.Advance(TimeSpan.FromDays(2));
        await HoldAsync("2");
        await PassAsync(Gathered, await StartedAsync(_mail));

        Assert.Equal("Over held:whatsapp:1.", Assert.Single(_mail.Told).Text);
    }

    [Fact]
    public async Task What_has_gone_before_it_was_told_is_not_told()
    {
        var mail = await StartedAsync(_mail);
        await HoldAsync("1");
        await WithdrawAsync("held:whatsapp:1");
        await PassAsync(Gathered, mail);

        Assert.Empty(_mail.Told);
    }

    [Fact]
    public async Task What_a_person_has_decided_within_the_hour_is_not_told_any_more()
    {
        var mail = await StartedAsync(_mail);
        _pipeline["x"].Channel.Answering(new PublishResult.Ambiguous("cut"), new PublishResult.Ambiguous("cut"));
        await _pipeline.AcceptAsync(SomeAlert.Actie("1"), SomeAlert.Actie("2"));
        await _pipeline.DrainAsync();
        _pipeline.Time.Advance(TimeSpan.FromSeconds(90));
        await _pipeline.ReconcileAsync();
        var held = (await _pipeline.DeliveriesAsync("x")).Where(d => d.State is DeliveryState.Held).ToList();
        Assert.Equal(2, held.Count);
        Assert.Null(await _pipeline.Desk.ResolveAsync(held[0].Id, Resolution.Drop, null, new Signature("Jan", null)));
        await PassAsync(Gathered, mail);

        var told = Assert.Single(_mail.Told);
        Assert.Equal($"held:x:{held[1].AlertId}", told.Cause);
        Assert.Contains($"resolve {held[1].Id} adopt", told.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("meisje", told.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_will_only_be_true_later_is_told_then()
    {
        var mail = await StartedAsync(_mail);
        await _pipeline.AcceptAsync(SomeAlert.Amber(mirror: true));
        await WatchAsync(TimeSpan.FromMinutes(5), mail);
        Assert.Empty(_mail.Told);

        await WatchAsync(Gathered, mail);
        Assert.Contains("kinderalarm", Assert.Single(_mail.Told).Subject, StringComparison.Ordinal);
        Assert.DoesNotContain("Fenna", _mail.Told[0].Text, StringComparison.Ordinal);
    }

    // ---- what goes wrong while telling

    [Fact]
    public async Task What_could_not_be_handed_over_is_tried_again_ever_more_slowly_and_is_the_same_telling()
    {
        var mail = await StartedAsync(_mail);
        await HoldAsync("1");
        _mail.Failing = "the server is away";
        await WatchAsync(TimeSpan.FromMinutes(5), mail);
        Assert.InRange(_mail.Attempts.Count, 7, 9);
        Assert.Empty(_mail.Told);

        _mail.Failing = null;
        await WatchAsync(TimeSpan.FromMinutes(5), mail);
        Assert.Single(_mail.Told);
        Assert.Single(_mail.Attempts.Select(t => t.Id).Distinct());
    }

    [Fact]
    public async Task What_is_withdrawn_while_it_cannot_be_handed_over_is_let_go()
    {
        var mail = await StartedAsync(_mail);
        await HoldAsync("1");
        _mail.Failing = "the server is away";
        await WatchAsync(TimeSpan.FromMinutes(1), mail);
        await WithdrawAsync("held:whatsapp:1");
        _mail.Failing = null;
        await WatchAsync(TimeSpan.FromMinutes(2), mail);

        Assert.Empty(_mail.Told);
    }

    [Fact]
    public async Task Each_way_goes_its_own_way_and_what_does_not_arrive_in_one_is_told_in_the_other()
    {
        var (mail, webhook) = (await StartedAsync(_mail), await StartedAsync(_webhook));
        _mail.Failing = "the server is away";
        await HoldAsync("1");
        for (var second = 0; second < 60; second++)
            await PassAsync(TimeSpan.FromSeconds(1), mail, webhook);

        Assert.Empty(_mail.Told);
        Assert.Equal(["held:whatsapp:a1", "unreachable"], _webhook.Told.Select(t => t.Cause));
        Assert.Contains("the server is away", _webhook.Told[1].Text, StringComparison.Ordinal);
        Assert.Contains(await _pipeline.Notices.RecentAsync(9), n => n.Cause == "unreachable:mail");

        _mail.Failing = null;
        await WatchAsync(TimeSpan.FromMinutes(5), mail);
        Assert.Equal(["held:whatsapp:a1"], _mail.Told.Select(t => t.Cause));
        Assert.DoesNotContain(await _pipeline.Notices.RecentAsync(9), n => n.Cause == "unreachable:mail");
    }

    [Fact]
    public async Task One_telling_that_is_refused_for_ever_does_not_hold_up_the_others()
    {
        var mail = await StartedAsync(_mail);
        _mail.FailingFor = "stopped:x";
        await NoteAsync(("stopped:x", null, "x"));
        await PassAsync(Gathered, mail);
        await HoldAsync("1");
        await HoldAsync("2", "a2");
        await WatchAsync(TimeSpan.FromMinutes(1), mail);

        Assert.Equal(["held:whatsapp:a1", "held:whatsapp:a2"], _mail.Told.Select(t => t.Cause).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_notifier_that_throws_has_not_handed_over()
    {
        var mail = await StartedAsync(_mail);
        _mail.Throwing = true;
        await HoldAsync("1");
        await PassAsync(Gathered, mail);
        _mail.Throwing = false;
        await WatchAsync(TimeSpan.FromSeconds(5), mail);

        Assert.Single(_mail.Told);
    }

    // ---- over restarts and beside others

    [Fact]
    public async Task The_hour_holds_over_a_restart_and_what_was_owed_is_told_after_it()
    {
        var mail = await StartedAsync(_mail);
        await HoldAsync("1");
        await PassAsync(Gathered, mail);
        await HoldAsync("2");
        var again = await StartedAsync(_mail);
        await PassAsync(Hour - TimeSpan.FromSeconds(1), again);
        Assert.Single(_mail.Told);

        await PassAsync(TimeSpan.FromSeconds(1), again);
        Assert.Equal(2, _mail.Told.Count);
    }

    [Fact]
    public async Task A_worker_that_dies_in_the_middle_of_a_telling_is_followed_by_another_that_tells_the_same()
    {
        await StartedAsync(_mail);
        await HoldAsync("1");
        _pipeline.Time.Advance(Gathered);
        // It never comes back from handing over.
        var dead = new CollectingNotifier("mail") { Never = true };
        _ = Teller(dead).TellDueAsync(TestContext.Current.CancellationToken);
        await dead.Reached.Task.WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);

        var alive = await StartedAsync(_mail);
        await PassAsync(TimeSpan.FromMinutes(1), alive);
        Assert.Empty(_mail.Told);
        await PassAsync(TimeSpan.FromMinutes(1), alive);
        Assert.Equal(dead.Attempts[0].Id, Assert.Single(_mail.Told).Id);
    }

    [Fact]
    public async Task A_worker_that_fails_late_does_not_undo_what_another_has_told()
    {
        await StartedAsync(_mail);
        await HoldAsync("1");
        _pipeline.Time.Advance(Gathered);
        var frozen = new CollectingNotifier("mail") { Never = true };
        var late = Teller(frozen).TellDueAsync(TestContext.Current.CancellationToken);
        await frozen.Reached.Task.WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
        var mail = Teller(_mail);
        await PassAsync(TimeSpan.FromMinutes(2), mail);
        frozen.Release.SetResult("the connection was lost");
        await late;
        await HoldAsync("2");
        await WatchAsync(TimeSpan.FromMinutes(2), mail);

        Assert.Single(_mail.Told);
    }

    [Fact]
    public async Task Two_workers_on_one_database_tell_each_topic_once()
    {
        using var other = new Pipeline(beside: _pipeline);
        var (one, two) = (await StartedAsync(_mail), Teller(_mail, other));
        await NoteAsync([.. Enumerable.Range(1, 40).Select(i => ($"held:whatsapp:{i}", (string?)$"a{i}", (string?)"whatsapp"))]);
        _pipeline.Time.Advance(Gathered);
        other.Time.Advance(Gathered);
        await Task.WhenAll(
            Task.Run(() => one.TellDueAsync(TestContext.Current.CancellationToken), TestContext.Current.CancellationToken),
            Task.Run(() => two.TellDueAsync(TestContext.Current.CancellationToken), TestContext.Current.CancellationToken));

        Assert.Equal(40, _mail.Told.Count);
        Assert.Equal(40, _mail.Told.Select(t => t.Cause).Distinct().Count());
    }

    [Fact]
    public async Task A_worker_whose_clock_is_a_little_behind_keeps_to_the_hour_of_another()
    {
        using var behind = new Pipeline(beside: _pipeline);
        var mail = await StartedAsync(_mail);
        await HoldAsync("1");
        await PassAsync(Gathered, mail);
        await HoldAsync("2");
        behind.Time.Advance(TimeSpan.FromSeconds(2.5));
        await Teller(_mail, behind).TellDueAsync(TestContext.Current.CancellationToken);
        behind.Time.Advance(TimeSpan.FromMinutes(59));
        await Teller(_mail, behind).TellDueAsync(TestContext.Current.CancellationToken);

        Assert.Single(_mail.Told);
    }

    sealed class CollectingNotifier(string name) : INotifier
    {
        readonly Lock _gate = new();

        public string Name => name;
        public List<Telling> Attempts { get; } = [];
        public List<Telling> Told { get; } = [];
        public string? Failing { get; set; }
        public string? FailingFor { get; set; }
        public bool Throwing { get; set; }
        public bool Never { get; init; }
        public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public TaskCompletionSource<string?> Release { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string?> HandOverAsync(Telling telling)
        {
            lock (_gate)
            {
                Attempts.Add(telling);
                Reached.TrySetResult();
                if (Throwing)
                    throw new InvalidOperationException("a bug");
                if (Never)
                    return Release.Task;
                if ((Failing ?? (FailingFor == telling.Cause ? "refused" : null)) is { } reason)
                    return Task.FromResult<string?>(reason);
                Told.Add(telling);
                return Task.FromResult<string?>(null);
            }
        }
    }
}

public sealed class NoticeTellerOnSqliteTests() : NoticeTellerTests(StorageProvider.Sqlite);

public sealed class NoticeTellerOnPostgresTests() : NoticeTellerTests(StorageProvider.Postgres);

/// <summary>How a topic is named for the people who are told.</summary>
public sealed class TopicTests
{
    [Theory]
    [InlineData("held:whatsapp:BN-7F3K2-17", "whatsapp", "a1", "held:whatsapp:a1", "een bericht wacht op uw besluit (whatsapp)")]
    [InlineData("stopped:x_midden", "x_midden", null, "stopped:x_midden", "een kanaal staat stil (x_midden)")]
    [InlineData("silent:a1", null, "a1", "silent:a1", "een oproep is niet meer te zien bij de bron")]
    [InlineData("quarantine:acties:6F3A", null, null, "quarantine:acties", "een binnengekomen bericht is niet vertrouwd (acties)")]
    [InlineData("takedown:facebook:BN-7F3K2", "facebook", "a1", "takedown:facebook:a1", "niet bewezen dat een bericht weg is (facebook)")]
    [InlineData("clock:1764072000", null, null, "clock", "de klok van een machine is verzet")]
    [InlineData("unreachable:mail", null, null, "unreachable", "meldingen komen niet aan")]
    [InlineData("iets nieuws", null, null, "iets nieuws", "er is iets waar u naar moet kijken")]
    public void A_topic_has_its_kind_its_channel_and_its_alert(string cause, string? channel, string? alert, string topic, string headline)
    {
        Assert.Equal(topic, Topics.Of(cause, channel, alert));
        Assert.Equal($"Burgernet.Syndicate: {headline}", Topics.Headline(topic, alert));
    }
}
