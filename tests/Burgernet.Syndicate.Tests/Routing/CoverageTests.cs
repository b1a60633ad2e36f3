using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Areas;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Routing;
using Burgernet.Syndicate.Tests.Support;
using Xunit;

namespace Burgernet.Syndicate.Tests.Routing;

public sealed class CoverageTests
{
    static readonly AreaIndex Areas = Pipeline.Options.Areas;
    static readonly RoutedChannel X = new("x", false, null);

    static RouteRule Rule(string name) => new() { Name = name, Channels = new HashSet<string> { "x" } };

    static IReadOnlyList<Gap> Gaps(IReadOnlyList<RoutedChannel> channels, params RouteRule[]? rules) => Coverage.Gaps(Areas, channels, rules, Pipeline.Noon);

    [Fact]
    public void Without_routes_an_account_takes_everything() => Assert.Empty(Gaps([X], null));

    [Fact]
    public void A_route_without_conditions_leaves_no_gap() =>
        Assert.Empty(Gaps([X], Rule("vangnet"), Rule("mail") with { Urgent = false }));

    [Fact]
    public void A_kind_that_no_route_takes_is_a_gap_everywhere()
    {
        var gap = Assert.Single(Gaps([X], Rule("dringend") with { Urgent = true }));

        Assert.Equal((AlertKind.Burgernetmail, null), (gap.Kind, gap.At));
        Assert.Empty(gap.Categories);
        Assert.Equal(Areas.Existing(Pipeline.Noon).Count(), gap.Municipalities.Count);
    }

    [Fact]
    public void A_category_a_municipality_and_an_hour_that_no_route_takes_are_told_apart()
    {
        var night = new DutchHours(new TimeOnly(22, 0), new TimeOnly(7, 0), DutchHours.EveryDay);
        var gaps = Gaps([X],
            Rule("elders") with { Places = [new RoutePlaces("municipalities", Areas.Existing(Pipeline.Noon).Where(m => m.Name != "Urk").ToDictionary(m => m.Name, m => (IReadOnlySet<string>)new HashSet<string> { m.Code }))] },
            Rule("urk") with { Categories = new HashSet<AlertCategory> { AlertCategory.Burglary }, Time = night });

        Assert.Equal([AlertKind.Actie, AlertKind.VermistKindAlert, AlertKind.Burgernetmail], gaps.Select(g => g.Kind));
        Assert.All(gaps, g => Assert.Equal(["Urk"], g.Municipalities.Select(m => m.Name)));
    }

    [Fact]
    public void Groups_cover_what_their_areas_touch_and_a_stopped_group_covers_nothing()
    {
        var gaps = Gaps([new("whatsapp", false, [new Group { Name = "a", ChatId = "1@g.us", Municipality = "GM0307" }, new Group { Name = "b", ChatId = "2@g.us", Area = new Circle(52.3670, 5.2463, 500) }, new Group { Name = "c", ChatId = "3@g.us", Municipality = "GM0184", Active = false }])], null);

        Assert.DoesNotContain(gaps, g => g.Kind is AlertKind.AmberAlert);
        var missed = gaps.First(g => g.Kind is AlertKind.Actie).Municipalities.Select(m => m.Name).ToList();
        Assert.DoesNotContain("Amersfoort", missed);
        Assert.DoesNotContain("Almere", missed);
        Assert.Contains("Urk", missed);
    }

    [Fact]
    public void Nobody_at_all_is_a_gap_for_an_amber_alert_too() =>
        Assert.Equal(Enum.GetValues<AlertKind>(), Gaps([new("proef", true, null)], null).Select(g => g.Kind).Order());
}

public sealed class ForecastTests
{
    static readonly DateTimeOffset Now = Pipeline.Noon;

    static ChannelOptions Channel(TimeSpan min, TimeSpan max, int maxInFlight = 1, bool publish = true) =>
        new() { Name = "whatsapp", Type = "whatsapp", BaseUrl = new Uri("http://localhost"), Pacing = new Pacing(min, max), MaxInFlight = maxInFlight, Publish = publish };

    static DateTimeOffset? Last(ChannelOptions channel, int targets, int maxInFlight = 256) =>
        Forecast.Of([.. Enumerable.Range(0, targets).Select(i => new PlannedRoute(new Route("whatsapp", $"{i}", $"{i}@g.us", 0, "", ""), Now))], [channel], maxInFlight).Max();

    [Fact]
    public void A_paced_channel_rests_after_each() =>
        Assert.Equal(Now.AddSeconds(99 * 12.5 + 1), Last(Channel(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(20)), 100));

    [Fact]
    public void Without_a_pause_what_goes_at_once_decides()
    {
        Assert.Equal(Now.AddSeconds(100), Last(Channel(TimeSpan.Zero, TimeSpan.Zero), 100));
        Assert.Equal(Now.AddSeconds(99 * 0.1 + 1), Last(Channel(TimeSpan.Zero, TimeSpan.Zero, maxInFlight: 10), 100));
        Assert.Equal(Now.AddSeconds(99 * 0.2 + 1), Last(Channel(TimeSpan.Zero, TimeSpan.Zero, maxInFlight: 10), 100, maxInFlight: 5));
    }

    [Fact]
    public void What_falls_due_later_waits_and_what_is_only_recorded_never_comes()
    {
        PlannedRoute At(string name, TimeSpan after) => new(new Route("whatsapp", name, "", 0, "", ""), Now + after);
        var forecast = Forecast.Of([At("a", TimeSpan.FromMinutes(5)), At("b", TimeSpan.Zero)], [Channel(TimeSpan.Zero, TimeSpan.Zero)], 256);

        Assert.Equal([Now.AddSeconds(301), Now.AddSeconds(1)], forecast);
        Assert.Null(Last(Channel(TimeSpan.Zero, TimeSpan.Zero, publish: false), 1));
    }
}
