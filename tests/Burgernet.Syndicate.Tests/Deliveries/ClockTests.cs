using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Deliveries;
using Burgernet.Syndicate.Storage;
using Burgernet.Syndicate.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Burgernet.Syndicate.Tests.Deliveries;

/// <summary>Somebody sets the clock of the machine, forward or back, while the program runs or while it does not.</summary>
public sealed class ClockTests : IDisposable
{
    static readonly TimeSpan Quiet = TimeSpan.FromSeconds(90);
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    readonly SteppingClock _machine = new(Pipeline.Noon);
    readonly SteadyTime _time;
    readonly TimelineChannel _x = new("x");
    readonly Pipeline _pipeline;
    readonly ClockWatch _watch;

    public ClockTests()
    {
        _time = new SteadyTime(_machine);
        // The network has a good clock.
        _x.Time = new SteadyTime(_machine);
        _pipeline = new Pipeline(channels => channels[0] = channels[0] with { Channel = _x }, clock: _time);
        _watch = new ClockWatch(_pipeline.Database, _pipeline.Notices, _time, NullLogger<ClockWatch>.Instance);
    }

    public void Dispose() => _pipeline.Dispose();

    public static TheoryData<TimeSpan> Steps => [TimeSpan.FromHours(1), TimeSpan.FromHours(-1), TimeSpan.FromDays(1), TimeSpan.FromDays(-1)];

    async Task<Delivery> OpeningAsync() => (await _pipeline.DeliveriesAsync("x")).Single(d => d.Operation is DeliveryOperation.Create);

    async Task<string[]> ToldAsync() => [.. (await _pipeline.Notices.RecentAsync(99)).Select(n => n.Text)];

    async Task AfterAsync(TimeSpan time)
    {
        _machine.Advance(time);
        await _watch.LookAsync();
        await _pipeline.ReconcileAsync();
        await _pipeline.DrainAsync();
    }

    [Theory, MemberData(nameof(Steps))]
    public async Task What_waits_waits_as_long_as_it_had_to(TimeSpan step)
    {
        _x.Then(new PublishResult.Ambiguous("500"), takesEffect: true);
        await _pipeline.AcceptAsync(SomeAlert.Actie());
        await _pipeline.DrainAsync();

        _machine.Step(step);
        Assert.True(await _watch.LookAsync());
        await AfterAsync(Quiet - Second);
        Assert.Equal(0, _x.Reads);

        await AfterAsync(2 * Second);
        Assert.Equal((DeliveryState.Published, "x-1"), ((await OpeningAsync()).State, (await OpeningAsync()).PostId));
        Assert.Single(_x.Posts);
    }

    [Theory, MemberData(nameof(Steps))]
    public async Task Who_may_stop_a_message_has_as_long_for_it_as_was_said(TimeSpan step)
    {
        _pipeline.Reload(options => options with { Approval = new ApprovalOptions { Veto = TimeSpan.FromMinutes(30) } });
        await _pipeline.Submissions.TakeAsync(new Submission
        {
            Source = "postbus", Id = "m1@mail.example", Sender = "burgernetmail@mail.example", Subject = "Burgernetmail", SentAt = Pipeline.Noon, Decision = SubmissionDecision.Post, Kind = "preventie",
            Reason = "het is een waarschuwing", Municipalities = ["GM0307"], Text = "Laat niemand binnen.", Original = "Laat niemand binnen.",
        }, "postbus", null, cancellationToken: TestContext.Current.CancellationToken);

        _machine.Step(step);
        Assert.True(await _watch.LookAsync());
        await AfterAsync(TimeSpan.FromMinutes(30) - Second);
        await _pipeline.Submissions.LookAsync();
        await AfterAsync(TimeSpan.Zero);
        Assert.Empty(_x.Posts);

        _machine.Advance(2 * Second);
        await _pipeline.Submissions.LookAsync();
        await AfterAsync(TimeSpan.Zero);
        Assert.Single(_x.Posts);
    }

    [Theory, MemberData(nameof(Steps))]
    public async Task What_is_due_goes_out_as_soon_as_the_step_was_noticed_and_not_before(TimeSpan step)
    {
        await _pipeline.AcceptAsync(SomeAlert.Actie(at: Pipeline.Noon.AddHours(2)));
        _machine.Step(step);
        await _pipeline.DrainAsync();
        Assert.Empty(_x.Posts);

        await _watch.LookAsync();
        // A day later its time may be over.
        _machine.Step(step > TimeSpan.FromHours(2) ? -step : TimeSpan.Zero);
        await _watch.LookAsync();
        await _pipeline.DrainAsync();
        Assert.Single(_x.Posts);
    }

    [Fact]
    public async Task What_waits_for_an_hour_of_the_day_waits_for_that_hour()
    {
        await _pipeline.AcceptAsync(SomeAlert.Actie());
        var morning = Pipeline.Noon.AddHours(19);
        await _pipeline.Database.WriteAsync(s => s.ExecuteAsync("update delivery set due_at = @morning", new { morning }), TestContext.Current.CancellationToken);

        _machine.Step(TimeSpan.FromHours(-1));
        await _watch.LookAsync();
        Assert.Equal(morning, (await OpeningAsync()).DueAt);
    }

    [Fact]
    public async Task Nothing_ends_by_a_time_that_may_be_put_right_again()
    {
        _x.Then(new PublishResult.NotSent("503") { RetryAfter = TimeSpan.FromMinutes(5) });
        await _pipeline.AcceptAsync(SomeAlert.Actie());
        await _pipeline.DrainAsync();
        _machine.Step(TimeSpan.FromDays(3));
        await AfterAsync(Second);
        Assert.Equal(0, await _pipeline.Outbox.ExpireAsync() + await _pipeline.Ending.EndOverdueAsync());

        _machine.Step(TimeSpan.FromDays(-3));
        await AfterAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(DeliveryState.Published, (await OpeningAsync()).State);
        Assert.Equal(2, _x.Posts.Count);
    }

    [Fact]
    public async Task What_is_over_by_a_clock_that_stays_as_it_is_ends()
    {
        _x.Then(new PublishResult.NotSent("503") { RetryAfter = TimeSpan.FromMinutes(5) });
        await _pipeline.AcceptAsync(SomeAlert.Actie());
        await _pipeline.DrainAsync();
        _machine.Step(TimeSpan.FromDays(3));
        await AfterAsync(TimeSpan.Zero);
        await AfterAsync(TimeSpan.FromMinutes(5));
        await AfterAsync(TimeSpan.FromMinutes(5) + Second);

        await _pipeline.Outbox.ExpireAsync();
        Assert.Single(_x.Posts);
        Assert.Equal(DeliveryState.Expired, (await OpeningAsync()).State);
    }

    [Fact]
    public async Task A_clock_that_was_set_back_while_the_program_was_down_is_noticed_at_the_start()
    {
        await _watch.StartAsync();
        _x.Then(new PublishResult.Ambiguous("500"), takesEffect: true);
        await _pipeline.AcceptAsync(SomeAlert.Actie());
        await _pipeline.DrainAsync();

        _machine.Step(TimeSpan.FromHours(-1));
        using var next = new Pipeline(channels => channels[0] = channels[0] with { Channel = _x }, _pipeline, clock: new SteadyTime(_machine));
        await new ClockWatch(next.Database, next.Notices, new SteadyTime(_machine), NullLogger<ClockWatch>.Instance).StartAsync();

        Assert.Equal(_machine.GetUtcNow() + Quiet, (await OpeningAsync()).DueAt);
        // Once: the next start finds nothing to put right.
        await new ClockWatch(next.Database, next.Notices, new SteadyTime(_machine), NullLogger<ClockWatch>.Instance).StartAsync();
        Assert.Equal(_machine.GetUtcNow() + Quiet, (await OpeningAsync()).DueAt);
        Assert.Contains("achteruit", Assert.Single(await next.Notices.RecentAsync(9)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_process_that_stood_still_between_two_looks_at_the_clock_saw_no_step()
    {
        var machine = new StandingStill(_machine);
        var time = new SteadyTime(machine);
        machine.Stops = true;

        Assert.True(time.IsTrusted);
        time.Follow();
        Assert.Equal(_machine.GetUtcNow(), time.GetUtcNow());
    }

    // The process stops for a minute whenever it has asked for the time, until it has been through that three times.
    sealed class StandingStill(SteppingClock clock) : TimeProvider
    {
        int _times = 3;

        public bool Stops { get; set; }

        public override DateTimeOffset GetUtcNow()
        {
            var now = clock.GetUtcNow();
            if (Stops && _times-- > 0)
                clock.Advance(TimeSpan.FromMinutes(1));
            return now;
        }

        public override long GetTimestamp() => clock.GetTimestamp();

        public override long TimestampFrequency => clock.TimestampFrequency;
    }

    [Fact]
    public async Task A_person_is_told_of_a_step_and_not_of_a_second()
    {
        _machine.Step(Second);
        Assert.False(await _watch.LookAsync());
        _machine.Step(3 * Second);
        Assert.True(await _watch.LookAsync());
        Assert.Empty(await ToldAsync());

        _machine.Step(TimeSpan.FromHours(-1));
        await _watch.LookAsync();
        Assert.Contains("achteruit gezet, van 25-11-2026 13:00:04 naar 25-11-2026 12:00:04", Assert.Single(await ToldAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_alert_that_its_source_no_longer_shows_is_given_its_half_hour_all_the_same()
    {
        var source = new ListingSource();
        await _pipeline.Intake.AcceptAsync(source, new SourceAnswer { Alerts = [] }, TestContext.Current.CancellationToken);
        await _pipeline.Intake.AcceptAsync(source, new SourceAnswer { Alerts = [SomeAlert.Actie()] }, TestContext.Current.CancellationToken);
        await _pipeline.Intake.AcceptAsync(source, new SourceAnswer { Alerts = [] }, TestContext.Current.CancellationToken);

        _machine.Step(TimeSpan.FromHours(1));
        await _watch.LookAsync();
        await _pipeline.Intake.AcceptAsync(source, new SourceAnswer { Alerts = [] }, TestContext.Current.CancellationToken);
        Assert.Equal(AlertPhase.Opened, Assert.Single(await _pipeline.Log.NewestAsync(9)).Phase);

        _machine.Advance(TimeSpan.FromMinutes(30));
        await _pipeline.Intake.AcceptAsync(source, new SourceAnswer { Alerts = [] }, TestContext.Current.CancellationToken);
        Assert.Equal(AlertPhase.Silent, Assert.Single(await _pipeline.Log.NewestAsync(9)).Phase);
    }

    sealed class ListingSource : IAlertSource
    {
        public string Name => "acties";
        public bool TakesBaseline => true;
        public bool ListsOpenAlerts => true;
        public Task<SourceAnswer?> FetchAsync(CancellationToken cancellationToken) => Task.FromResult<SourceAnswer?>(null);
        public Task ConfirmAsync(SourceAnswer answer, IReadOnlyList<IntakeResult> results, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
