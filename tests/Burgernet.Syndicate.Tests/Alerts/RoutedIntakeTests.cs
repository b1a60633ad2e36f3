using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Deliveries;
using Burgernet.Syndicate.Routing;
using Burgernet.Syndicate.Tests.Support;
using Xunit;

namespace Burgernet.Syndicate.Tests.Alerts;

/// <summary>What routes make of an alert that comes in. On both databases.</summary>
public abstract class RoutedIntakeTests(StorageProvider on) : IDisposable
{
    static readonly DateTimeOffset Night = new(2026, 11, 25, 22, 0, 0, TimeSpan.Zero);
    static readonly DateTimeOffset Morning = new(2026, 11, 26, 7, 0, 0, TimeSpan.Zero);

    readonly List<Pipeline> _pipelines = [];

    public void Dispose() => _pipelines.ForEach(p => p.Dispose());

    Pipeline With(DateTimeOffset at, params RouteRule[] routes)
    {
        var pipeline = new Pipeline(channels => channels.Add(new TestChannel("proef") { Test = true }), at: at, on: on, routes: routes);
        _pipelines.Add(pipeline);
        return pipeline;
    }

    static RouteRule Rule(string name, params string[] channels) => new() { Name = name, Channels = channels.ToHashSet() };

    static RouteRule Quiet { get; } = Rule("mail", "x", "whatsapp") with { Urgent = false, Deliver = new DeliveryWindow(new DutchHours(new TimeOnly(8, 0), new TimeOnly(21, 0), DutchHours.EveryDay), TimeSpan.FromMinutes(10)) };

    static Alert Mail(DateTimeOffset at) => SomeAlert.Actie(at: at) with { Kind = AlertKind.Burgernetmail };

    [Fact]
    public async Task An_alert_goes_where_its_route_leads_and_the_reason_is_kept()
    {
        var pipeline = With(Pipeline.Noon, Rule("vermist", "x") with { Categories = new HashSet<AlertCategory> { AlertCategory.MissingPerson } }, Rule("rest", "whatsapp") with { Categories = new HashSet<AlertCategory> { AlertCategory.Fraud } });
        await pipeline.AcceptAsync(SomeAlert.Actie());
        await pipeline.DrainAsync();

        Assert.Equal(["x"], (await pipeline.DeliveriesAsync()).Select(d => d.Channel));
        Assert.Equal("route vermist: vermissing", await pipeline.Database.ReadAsync(s => s.FirstOrDefaultAsync<string>("select reason from delivery")));
        Assert.Empty(await pipeline.Notices.RecentAsync(10));
    }

    [Fact]
    public async Task An_alert_that_no_route_takes_is_stored_and_a_person_is_told()
    {
        var pipeline = With(Pipeline.Noon, Quiet);
        var result = Assert.Single(await pipeline.AcceptAsync(SomeAlert.Actie()));

        Assert.Equal(IntakeOutcome.Stored, result.Outcome);
        var told = Assert.Single(await pipeline.Notices.RecentAsync(10));
        Assert.Equal($"nowhere:{result.AlertId}", told.Cause);
        Assert.Contains("(Burgernet-actie, Amersfoort) past bij geen enkele route of groep en is nergens geplaatst", told.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exercise_that_goes_nowhere_is_nobodys_concern()
    {
        var pipeline = With(Pipeline.Noon, Rule("proef", "proef") with { Urgent = false });
        await pipeline.AcceptAsync(SomeAlert.Actie() with { Exercise = true });

        Assert.Empty(await pipeline.Notices.RecentAsync(10));
        Assert.Empty(await pipeline.DeliveriesAsync());
    }

    [Fact]
    public async Task What_is_not_urgent_waits_in_the_outbox_for_its_window()
    {
        var pipeline = With(Night, Quiet);
        await pipeline.AcceptAsync(Mail(Night));
        await pipeline.DrainAsync();
        Assert.Empty(pipeline["x"].Channel.Posts);

        pipeline.Time.Advance(Morning - Night - TimeSpan.FromSeconds(1));
        await pipeline.DrainAsync();
        Assert.Empty(pipeline["x"].Channel.Posts);

        pipeline.Time.Advance(TimeSpan.FromMinutes(10));
        await pipeline.DrainAsync();
        Assert.Single(pipeline["x"].Channel.Posts);
        Assert.All(await pipeline.DeliveriesAsync(), d => Assert.Equal(DeliveryState.Published, d.State));
        Assert.All(await pipeline.DeliveriesAsync(), d => Assert.InRange(d.DueAt, Morning, Morning.AddMinutes(10)));
    }

    [Fact]
    public async Task What_is_urgent_goes_at_once_in_the_same_night()
    {
        var pipeline = With(Night, Quiet, Rule("dringend", "x", "whatsapp") with { Urgent = true });
        await pipeline.AcceptAsync(Mail(Night), SomeAlert.Actie("2", at: Night));
        await pipeline.DrainAsync();

        Assert.Single(pipeline["x"].Channel.Posts);
    }

    [Fact]
    public async Task What_would_expire_before_its_window_goes_at_once()
    {
        var pipeline = With(Night, Quiet);
        await pipeline.AcceptAsync(Mail(Night) with { ExpiresAt = Night.AddHours(2) });
        await pipeline.DrainAsync();

        Assert.Single(pipeline["x"].Channel.Posts);
    }

    [Fact]
    public async Task What_is_withdrawn_while_it_waits_for_its_window_never_goes_out()
    {
        var pipeline = With(Night, Quiet);
        var mail = Mail(Night);
        await pipeline.AcceptAsync(mail);
        pipeline.Time.Advance(TimeSpan.FromHours(1));
        await pipeline.AcceptAsync(mail.Then(AlertPhase.Withdrawn, "", TimeSpan.FromHours(1)));
        pipeline.Time.Advance(TimeSpan.FromHours(12));
        await pipeline.DrainAsync();

        Assert.Empty(pipeline["x"].Channel.Posts);
        Assert.Empty(pipeline["whatsapp"].Channel.Posts);
    }
}

public sealed class RoutedIntakeOnSqliteTests() : RoutedIntakeTests(StorageProvider.Sqlite);

public sealed class RoutedIntakeOnPostgresTests() : RoutedIntakeTests(StorageProvider.Postgres);
