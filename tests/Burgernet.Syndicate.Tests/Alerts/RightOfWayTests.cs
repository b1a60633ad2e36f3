using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Deliveries;
using Burgernet.Syndicate.Routing;
using Burgernet.Syndicate.Tests.Support;
using Xunit;

namespace Burgernet.Syndicate.Tests.Alerts;

/// <summary>What can wait: not at night, not all at once, and never on top of a running actie in the same municipality.</summary>
public abstract class RightOfWayTests(StorageProvider on) : IDisposable
{
    readonly Pipeline _pipeline = new(on: on);

    public void Dispose() => _pipeline.Dispose();

    // Amersfoort is where SomeAlert.Actie is.
    Alert Mail(string id = "mail-1", string municipality = "GM0307") => new()
    {
        Source = "postbus", SourceId = id, Kind = AlertKind.Burgernetmail, IssuedAt = _pipeline.Time.GetUtcNow(), MunicipalityCodes = [municipality],
        Messages = [new AlertMessage { Key = "1", Phase = AlertPhase.Opened, SentAt = _pipeline.Time.GetUtcNow(), Text = $"Pas op voor verkopers aan de deur ({id})." }],
    };

    async Task<string[]> PostedAsync()
    {
        await _pipeline.DrainAsync();
        return [.. _pipeline["x"].Channel.Posts.Select(p => p.Text.Contains("verkopers", StringComparison.Ordinal) ? "mail" : p.Text.Contains("Terecht", StringComparison.Ordinal) ? "closing" : "actie")];
    }

    [Fact]
    public async Task A_mail_waits_until_the_actie_in_its_municipality_is_over()
    {
        await _pipeline.AcceptAsync(SomeAlert.Actie());
        await _pipeline.AcceptAsync(Mail());
        await _pipeline.RightOfWay.LookAsync();
        Assert.Equal(["actie"], await PostedAsync());
        Assert.Contains("wacht tot een oproep", (await _pipeline.DeliveriesAsync("x")).Single(d => d.State is DeliveryState.Pending).Reason, StringComparison.Ordinal);

        await _pipeline.AcceptAsync(SomeAlert.Actie().Then(AlertPhase.Closed, "Terecht.", TimeSpan.FromMinutes(5)));
        Assert.DoesNotContain("mail", await PostedAsync());
        await _pipeline.RightOfWay.LookAsync();
        Assert.Equal("mail", (await PostedAsync())[^1]);
    }

    [Fact]
    public async Task A_mail_that_still_waits_makes_room_for_an_actie_and_for_the_next_one()
    {
        _pipeline.Reload(options => options with { NotUrgent = new NotUrgentOptions { Deliver = new DeliveryWindow(new DutchHours(new(14, 0), new(20, 0), DutchHours.EveryDay), TimeSpan.Zero) } });
        await _pipeline.AcceptAsync(Mail());
        await _pipeline.AcceptAsync(SomeAlert.Actie());
        _pipeline.Time.Advance(TimeSpan.FromMinutes(75));
        await _pipeline.AcceptAsync(SomeAlert.Actie() with { SourceId = "tweede", IssuedAt = _pipeline.Time.GetUtcNow() });
        await _pipeline.AcceptAsync(SomeAlert.Actie().Then(AlertPhase.Closed, "Terecht.", TimeSpan.FromMinutes(5)));
        await _pipeline.RightOfWay.LookAsync();
        Assert.DoesNotContain("mail", await PostedAsync());

        // Nobody says that the second one is over.
        _pipeline.Time.Advance(TimeSpan.FromHours(2));
        await _pipeline.RightOfWay.LookAsync();
        Assert.Equal("mail", (await PostedAsync())[^1]);
    }

    [Fact]
    public async Task What_waited_goes_in_its_hours_and_not_all_at_once()
    {
        var apart = TimeSpan.FromMinutes(30);
        _pipeline.Reload(options => options with { NotUrgent = new NotUrgentOptions { Apart = apart, Deliver = new DeliveryWindow(new DutchHours(new(8, 0), new(21, 0), DutchHours.EveryDay), TimeSpan.Zero) } });
        // 19.30 and 22.00 in the Netherlands.
        _pipeline.Time.Advance(TimeSpan.FromHours(6.5));
        await _pipeline.AcceptAsync(SomeAlert.Actie(at: _pipeline.Time.GetUtcNow()));
        await _pipeline.AcceptAsync(Mail("mail-1"));
        await _pipeline.AcceptAsync(Mail("mail-2"));
        _pipeline.Time.Advance(TimeSpan.FromHours(2.5));
        await _pipeline.RightOfWay.LookAsync();
        Assert.DoesNotContain("mail", await PostedAsync());

        _pipeline.Time.SetUtcNow(Pipeline.Noon.Date.AddDays(1).AddHours(7));
        Assert.Single(await PostedAsync(), "mail");
        _pipeline.Time.Advance(apart);
        Assert.Equal(2, (await PostedAsync()).Count(p => p == "mail"));
    }

    [Theory]
    [InlineData(AlertKind.VermistKindAlert)]
    [InlineData(AlertKind.AmberAlert)]
    public async Task A_child_alert_has_the_right_of_way_and_a_nationwide_one_everywhere(AlertKind kind)
    {
        var alert = kind is AlertKind.AmberAlert ? SomeAlert.Amber() : SomeAlert.Amber() with { Kind = kind, Municipality = "Amersfoort", Area = SomeAlert.Schothorst };
        await _pipeline.AcceptAsync(Mail("mail-0", kind is AlertKind.AmberAlert ? "GM0344" : "GM0307"));
        await _pipeline.AcceptAsync(alert);
        await _pipeline.AcceptAsync(Mail());
        Assert.DoesNotContain("mail", await PostedAsync());

        await _pipeline.AcceptAsync(alert.Then(AlertPhase.Closed, "Terecht.", TimeSpan.FromMinutes(5)));
        await _pipeline.RightOfWay.LookAsync();
        Assert.Equal(2, (await PostedAsync()).Count(p => p == "mail"));
    }

    [Fact]
    public async Task Nobody_is_asked_by_mail_to_look_out_for_who_was_found()
    {
        const string Words = "Vermist in Amersfoort: meisje van 9 jaar, rode winterjas, blauwe fiets, laatst gezien bij de verkopers op de markt. Bel direct 112.";
        var mail = Mail() with { Messages = [SomeAlert.Message(AlertPhase.Opened, Words, Pipeline.Noon)] };
        _pipeline.Reload(options => options with { NotUrgent = new NotUrgentOptions { Deliver = new DeliveryWindow(new DutchHours(new(14, 0), new(20, 0), DutchHours.EveryDay), TimeSpan.Zero) } });
        await _pipeline.AcceptAsync(mail);
        await _pipeline.AcceptAsync(SomeAlert.Actie(text: Words));
        await _pipeline.AcceptAsync(SomeAlert.Actie(text: Words).Then(AlertPhase.Closed, "Terecht.", TimeSpan.FromMinutes(5)));
        _pipeline.Time.Advance(TimeSpan.FromHours(2));
        await _pipeline.RightOfWay.LookAsync();
        await _pipeline.DrainAsync();
        Assert.DoesNotContain(_pipeline["x"].Channel.Posts, p => p.Text.Contains("Burgernetmail", StringComparison.Ordinal));
        Assert.Contains("zegt hetzelfde als een oproep die intussen voorbij is", Assert.Single(await _pipeline.ToldAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_nobody_closed_may_be_asked_again_by_mail()
    {
        const string Words = "Vermist in Amersfoort: meisje van 9 jaar, rode winterjas, blauwe fiets, laatst gezien bij de verkopers op de markt. Bel direct 112.";
        _pipeline.Reload(options => options with { NotUrgent = new NotUrgentOptions { Deliver = new DeliveryWindow(new DutchHours(new(14, 0), new(20, 0), DutchHours.EveryDay), TimeSpan.Zero) } });
        await _pipeline.AcceptAsync(Mail() with { Messages = [SomeAlert.Message(AlertPhase.Opened, Words, Pipeline.Noon)] });
        await _pipeline.AcceptAsync(SomeAlert.Actie(text: Words));
        _pipeline.Time.Advance(TimeSpan.FromHours(3));
        await _pipeline.RightOfWay.LookAsync();
        Assert.Contains("mail", await PostedAsync());
    }

    [Theory]
    [InlineData("GM0344", false)]
    [InlineData("GM0307", true)]
    public async Task Elsewhere_an_actie_keeps_nothing_waiting_and_an_exercise_nowhere(string municipality, bool exercise)
    {
        await _pipeline.AcceptAsync(SomeAlert.Actie() with { Exercise = exercise });
        await _pipeline.AcceptAsync(Mail(municipality: municipality));
        Assert.Contains("mail", await PostedAsync());
    }

    [Fact]
    public async Task An_urgent_alert_makes_room_for_nobody()
    {
        await _pipeline.AcceptAsync(SomeAlert.Actie());
        await _pipeline.AcceptAsync(SomeAlert.Actie() with { SourceId = "tweede" });
        Assert.Equal(["actie", "actie"], await PostedAsync());
    }

    [Fact]
    public async Task What_can_wait_is_not_posted_at_night_even_without_routes()
    {
        // Noon in the test is 13.00 hours in the Netherlands.
        _pipeline.Reload(options => options with { NotUrgent = new NotUrgentOptions { Deliver = new DeliveryWindow(new DutchHours(new(8, 0), new(21, 0), DutchHours.EveryDay), TimeSpan.Zero) } });
        _pipeline.Time.Advance(TimeSpan.FromHours(14));
        await _pipeline.AcceptAsync(Mail());
        await _pipeline.AcceptAsync(SomeAlert.Actie() with { SourceId = "nachtactie", IssuedAt = _pipeline.Time.GetUtcNow(), Area = null, Municipality = "Utrecht" });
        Assert.Equal(["actie"], await PostedAsync());

        _pipeline.Time.Advance(TimeSpan.FromHours(5));
        Assert.Equal(["actie", "mail"], await PostedAsync());
    }

    [Fact]
    public async Task Several_of_a_day_are_spread_over_each_channel()
    {
        _pipeline.Reload(options => options with { NotUrgent = new NotUrgentOptions { Apart = TimeSpan.FromMinutes(30) } });
        foreach (var id in (string[])["een", "twee", "drie"])
            await _pipeline.AcceptAsync(Mail(id));
        Assert.Equal(["mail"], await PostedAsync());
        Assert.Equal([0, 30, 60], (await _pipeline.DeliveriesAsync("x")).Select(d => (d.DueAt - Pipeline.Noon).TotalMinutes).Order());

        _pipeline.Time.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(["mail", "mail"], await PostedAsync());
        _pipeline.Time.Advance(TimeSpan.FromHours(3));
        await _pipeline.AcceptAsync(Mail("vier"));
        Assert.Equal(4, (await PostedAsync()).Length);
    }
}

public sealed class RightOfWayOnSqliteTests() : RightOfWayTests(StorageProvider.Sqlite);

public sealed class RightOfWayOnPostgresTests() : RightOfWayTests(StorageProvider.Postgres);
