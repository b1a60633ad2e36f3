using System.Globalization;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Areas;
using Burgernet.Syndicate.Routing;
using Burgernet.Syndicate.Tests.Support;
using NetTopologySuite.IO;
using Xunit;

namespace Burgernet.Syndicate.Tests.Routing;

public sealed class RouteRuleTests
{
    static readonly AreaIndex Areas = Pipeline.Options.Areas;
    static readonly Circle Amersfoort = new(52.1796, 5.3861, 500);
    static readonly Circle Utrecht = new(52.0907, 5.1214, 500);

    static readonly RoutedChannel[] Channels =
        [new("x", false, null), new("x_utrecht", false, null), new("proef", true, null), new("whatsapp", false, [new Group { Name = "Schothorst", ChatId = "1@g.us", Area = Amersfoort }])];

    static RouteRule Rule(string name = "route", params string[] channels) => new() { Name = name, Channels = channels.DefaultIfEmpty("x").ToHashSet() };

    static RoutePlaces Places(string key, string name, params string[] codes) => new(key, new Dictionary<string, IReadOnlySet<string>> { [name] = codes.ToHashSet() });

    static DutchHours Hours(int from, int to) => new(new TimeOnly(from, 0), new TimeOnly(to, 0), DutchHours.EveryDay);

    static IReadOnlyList<Route> Routes(
        IReadOnlyList<RouteRule> rules, Circle? circle = null, string? name = null, AlertKind kind = AlertKind.Actie, AlertCategory category = AlertCategory.Robbery, bool exercise = false, DateTimeOffset? at = null) =>
        new Router(Areas, Channels, rules).Routes(kind, category, exercise, Areas.Locate(circle ?? (name is null ? Amersfoort : null), name, at ?? Pipeline.Noon), at ?? Pipeline.Noon);

    static bool Holds(RouteRule rule, Circle? circle = null, string? name = null, AlertKind kind = AlertKind.Actie, AlertCategory category = AlertCategory.Robbery, DateTimeOffset? at = null) =>
        Routes([rule], circle, name, kind, category, at: at).Count == 1;

    static Ground Square(double west, double south, double size) => new(new WKTReader().Read(string.Create(CultureInfo.InvariantCulture,
        $"POLYGON(({west} {south}, {west + size} {south}, {west + size} {south + size}, {west} {south + size}, {west} {south}))")));

    [Fact]
    public void A_route_without_conditions_takes_every_public_alert() =>
        Assert.All(Enum.GetValues<AlertKind>(), kind => Assert.True(Holds(Rule(), kind: kind)));

    [Fact]
    public void By_kind()
    {
        var rule = Rule() with { Kinds = new HashSet<AlertKind> { AlertKind.Actie, AlertKind.VermistKindAlert } };
        Assert.True(Holds(rule));
        Assert.False(Holds(rule, kind: AlertKind.Burgernetmail));
    }

    [Fact]
    public void By_category()
    {
        var rule = Rule() with { Categories = new HashSet<AlertCategory> { AlertCategory.Robbery } };
        Assert.True(Holds(rule));
        Assert.False(Holds(rule, category: AlertCategory.Burglary));
    }

    [Theory]
    [InlineData(AlertKind.Actie, true)]
    [InlineData(AlertKind.AmberAlert, true)]
    [InlineData(AlertKind.VermistKindAlert, true)]
    [InlineData(AlertKind.Burgernetmail, false)]
    public void By_urgency(AlertKind kind, bool urgent)
    {
        Assert.Equal(urgent, Holds(Rule() with { Urgent = true }, kind: kind));
        Assert.Equal(!urgent, Holds(Rule() with { Urgent = false }, kind: kind));
    }

    [Fact]
    public void By_municipality_as_the_circle_touches_it_or_as_the_source_names_it()
    {
        var rule = Rule() with { Places = [Places("municipalities", "Amersfoort", "GM0307")] };
        Assert.True(Holds(rule, Amersfoort));
        Assert.True(Holds(rule, name: "amersfoort"));
        Assert.False(Holds(rule, Utrecht));
        Assert.False(Holds(rule, name: "Utrecht"));
    }

    [Fact]
    public void By_district_and_by_basisteam_which_may_span_municipalities()
    {
        var rule = Rule() with { Places = [Places("districts", "Oost-Utrecht", "GM0307", "GM0308"), Places("basisteams", "Eemland", "GM0308", "GM0342")] };
        Assert.True(Holds(rule, name: "Baarn"));
        Assert.False(Holds(rule, name: "Amersfoort"));
        Assert.False(Holds(rule, name: "Soest"));
    }

    [Fact]
    public void A_place_that_merged_is_where_its_ground_is_now()
    {
        var rule = Rule() with { Places = [Places("municipalities", "Wijdemeren", "GM1696")] };
        var areas = new AreaIndex(
        [
            new Municipality { Code = "GM0402", Name = "Hilversum", Extent = new Circle(52.22, 5.17, 4000) },
            new Municipality { Code = "GM1696", Name = "Wijdemeren", Extent = new Circle(52.2265, 5.08, 5000), ValidTo = new DateOnly(2026, 12, 31), Successor = "GM0402" },
        ]);
        var after = new DateTimeOffset(2027, 1, 2, 12, 0, 0, TimeSpan.Zero);

        Assert.Single(new Router(areas, Channels, [rule]).Routes(AlertKind.Actie, AlertCategory.Other, false, areas.Locate(null, "Hilversum", after), after));
        Assert.Empty(new Router(areas, Channels, [rule]).Routes(AlertKind.Actie, AlertCategory.Other, false, areas.Locate(null, "Hilversum", Pipeline.Noon), Pipeline.Noon));
    }

    [Fact]
    public void By_circle()
    {
        var rule = Rule() with { Circle = new Circle(52.1796, 5.40, 600) };
        Assert.True(Holds(rule, Amersfoort));
        Assert.False(Holds(rule, Amersfoort with { Radius = 100 }));
        Assert.True(Holds(rule, name: "Amersfoort"));
        Assert.False(Holds(rule, name: "Utrecht"));
    }

    [Fact]
    public void By_an_area_drawn_on_a_map()
    {
        var rule = Rule() with { Polygon = Square(5.35, 52.15, 0.03) };
        Assert.True(Holds(rule, Amersfoort));
        Assert.False(Holds(rule, Amersfoort with { Radius = 100 }));
        Assert.False(Holds(rule, Utrecht));
        Assert.True(Holds(rule, name: "Amersfoort"));
        Assert.False(Holds(rule, name: "Lelystad"));
    }

    [Fact]
    public void By_the_hour_at_which_it_was_issued()
    {
        var rule = Rule() with { Time = Hours(22, 7) };
        Assert.True(Holds(rule, at: new DateTimeOffset(2026, 11, 25, 22, 30, 0, TimeSpan.Zero)));
        Assert.False(Holds(rule, at: Pipeline.Noon));
    }

    [Fact]
    public void All_conditions_must_hold()
    {
        var rule = Rule() with
        {
            Kinds = new HashSet<AlertKind> { AlertKind.Actie }, Categories = new HashSet<AlertCategory> { AlertCategory.Robbery }, Urgent = true,
            Places = [Places("municipalities", "Amersfoort", "GM0307")], Circle = Amersfoort, Time = Hours(8, 18),
        };

        var route = Assert.Single(Routes([rule]));
        Assert.Equal("route route: Burgernet-actie, overval, dringend, uitgegeven 8.00-18.00 uur, in Amersfoort, in het gebied van de route", route.Reason);
        Assert.False(Holds(rule, kind: AlertKind.VermistKindAlert));
        Assert.False(Holds(rule, category: AlertCategory.Fraud));
        Assert.False(Holds(rule, Utrecht));
        Assert.False(Holds(rule, Amersfoort with { Latitude = 52.16 }));
        Assert.False(Holds(rule, at: Pipeline.Noon.AddHours(8)));
    }

    [Fact]
    public void An_amber_alert_is_national_and_touches_every_place()
    {
        var rule = Rule() with { Places = [Places("municipalities", "Urk", "GM0184")], Circle = Utrecht };
        Assert.True(Holds(rule, kind: AlertKind.AmberAlert));
        Assert.False(Holds(rule with { Kinds = new HashSet<AlertKind> { AlertKind.Actie } }, kind: AlertKind.AmberAlert));
    }

    [Fact]
    public void Each_municipality_may_have_an_account_of_its_own()
    {
        RouteRule[] rules = [Rule("amersfoort", "x") with { Places = [Places("municipalities", "Amersfoort", "GM0307")] }, Rule("utrecht", "x_utrecht") with { Places = [Places("municipalities", "Utrecht", "GM0344")] }];

        Assert.Equal(["x"], Routes(rules, name: "Amersfoort").Select(r => r.Channel));
        Assert.Equal(["x_utrecht"], Routes(rules, name: "Utrecht").Select(r => r.Channel));
        Assert.Equal(["x", "x_utrecht"], Routes(rules, new Circle(52.13, 5.25, 15_000)).Select(r => r.Channel));
        Assert.Empty(Routes(rules, name: "Urk"));
    }

    [Fact]
    public void What_two_routes_bring_to_one_target_comes_there_once_and_names_both()
    {
        var routes = Routes([Rule("overvallen", "x", "whatsapp") with { Categories = new HashSet<AlertCategory> { AlertCategory.Robbery } }, Rule("alles", "whatsapp", "x")]);

        Assert.Equal([("x", "x"), ("whatsapp", "Schothorst")], routes.Select(r => (r.Channel, r.Target)));
        Assert.All(routes, r => Assert.Equal("overvallen, alles", r.Name));
        Assert.Equal("route overvallen: overval; route alles: elk openbaar bericht; de cirkel raakt het gebied van de groep", routes[1].Reason);
    }

    [Fact]
    public void An_exercise_goes_to_channels_for_tests_alone_whatever_the_routes_say()
    {
        Assert.Equal(["proef"], Routes([Rule("alles", "x", "proef")], exercise: true).Select(r => r.Channel));
        Assert.Equal(["x"], Routes([Rule("alles", "x", "proef")]).Select(r => r.Channel));
        // A channel for tests that no route leads to gets all of them; one that a route leads to what that takes.
        Assert.Equal(["proef"], Routes([Rule("alles", "x")], exercise: true).Select(r => r.Channel));
        Assert.Empty(Routes([Rule("mail", "proef") with { Urgent = false }], exercise: true));
    }

    [Fact]
    public void Why_an_alert_does_not_go_somewhere_is_told()
    {
        var router = new Router(Areas, Channels, [Rule("mail", "x_utrecht") with { Urgent = false }, Rule("app", "whatsapp")]);
        var told = router.NotTo(AlertKind.Actie, AlertCategory.Robbery, exercise: false, Areas.Locate(null, "Utrecht", Pipeline.Noon), Pipeline.Noon);

        Assert.Equal(new Dictionary<string, string>
        {
            ["x"] = "geen enkele route gaat hierheen", ["x_utrecht"] = "route mail: niet voor dringend", ["proef"] = "alleen voor oefeningen", ["whatsapp"] = "geen groep in dit gebied",
        }, told);
    }

    [Fact]
    public void A_group_may_have_an_area_drawn_on_a_map()
    {
        var router = new Router(Areas, [new RoutedChannel("whatsapp", false, [new Group { Name = "vierkant", ChatId = "1@g.us", Polygon = Square(5.35, 52.15, 0.03) }])]);
        IReadOnlyList<Route> At(Circle? circle, string? name = null) => router.Routes(AlertKind.Actie, AlertCategory.Other, false, Areas.Locate(circle, name, Pipeline.Noon), Pipeline.Noon);

        Assert.Equal("elk openbaar bericht; de cirkel raakt het gebied van de groep", Assert.Single(At(Amersfoort)).Reason);
        Assert.Empty(At(Amersfoort with { Radius = 100 }));
        Assert.Single(At(null, "Amersfoort"));
        Assert.Empty(At(null, "Lelystad"));
    }

    // ---- windows

    static readonly DateTimeOffset Night = new(2026, 11, 25, 22, 0, 0, TimeSpan.Zero);
    static readonly DateTimeOffset Morning = new(2026, 11, 26, 7, 0, 0, TimeSpan.Zero);

    static RouteRule Quiet(string name = "mail") => Rule(name, "x", "whatsapp") with { Urgent = false, Deliver = new DeliveryWindow(Hours(8, 21), TimeSpan.FromMinutes(10)) };

    static IReadOnlyList<PlannedRoute> Plan(IReadOnlyList<RouteRule> rules, DateTimeOffset at, AlertKind kind = AlertKind.Burgernetmail, TimeSpan? lives = null, string seed = "1") =>
        DeliveryPlan.Of(Routes(rules, kind: kind, at: at), at, at + (lives ?? TimeSpan.FromDays(7)), seed);

    [Fact]
    public void What_is_not_urgent_waits_for_its_window_and_is_spread_over_the_beginning_of_it()
    {
        var planned = Plan([Quiet()], Night);

        Assert.All(planned, p => Assert.InRange(p.DueAt, Morning, Morning.AddMinutes(10)));
        Assert.All(planned, p => Assert.EndsWith("; wacht op het bezorgvenster 8.00-21.00 uur", p.Route.Reason, StringComparison.Ordinal));
        Assert.True(Enumerable.Range(0, 20).Select(seed => Plan([Quiet()], Night, seed: $"{seed}")[0].DueAt).Distinct().Count() > 3);
        Assert.All(Plan([Quiet()], Pipeline.Noon), p => Assert.Equal(Pipeline.Noon, p.DueAt));
    }

    [Fact]
    public void A_thousand_groups_are_spread_evenly()
    {
        var routes = Enumerable.Range(0, 1000).Select(i => new Route("whatsapp", $"{i}", $"{i}@g.us", 0, "mail", "") { Windows = [Quiet().Deliver!] }).ToList();
        var perMinute = DeliveryPlan.Of(routes, Night, Night.AddDays(7), "1").GroupBy(p => p.DueAt).ToList();

        Assert.Equal(10, perMinute.Count);
        Assert.All(perMinute, minute => Assert.InRange(minute.Count(), 90, 110));
    }

    [Fact]
    public void What_is_urgent_never_waits() =>
        Assert.All(Plan([Quiet() with { Urgent = null }], Night, AlertKind.Actie), p => Assert.Equal(Night, p.DueAt));

    [Fact]
    public void One_route_without_a_window_is_enough_to_go_at_once() =>
        Assert.All(Plan([Quiet(), Rule("meteen", "x", "whatsapp")], Night), p => Assert.Equal(Night, p.DueAt));

    [Fact]
    public void Of_two_windows_the_first_to_open_counts() =>
        Assert.All(Plan([Quiet(), Quiet("vroeg") with { Deliver = new DeliveryWindow(Hours(6, 7), TimeSpan.Zero) }], Night), p => Assert.Equal(Morning.AddHours(-2), p.DueAt));

    [Fact]
    public void What_would_expire_before_its_window_goes_at_once_and_what_nearly_would_is_spread_less()
    {
        Assert.All(Plan([Quiet()], Night, lives: TimeSpan.FromHours(9)), p =>
        {
            Assert.Equal(Night, p.DueAt);
            Assert.Contains("meteen, want het verloopt voordat het bezorgvenster 8.00-21.00 uur opengaat", p.Route.Reason, StringComparison.Ordinal);
        });
        Assert.All(Plan([Quiet()], Night, lives: new TimeSpan(9, 4, 0)), p => Assert.InRange(p.DueAt, Morning, Morning.AddMinutes(2)));
    }
}
