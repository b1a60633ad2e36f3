using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Areas;
using Burgernet.Syndicate.Routing;
using Burgernet.Syndicate.Tests.Support;
using Xunit;

namespace Burgernet.Syndicate.Tests.Routing;

public sealed class RouterTests
{
    static readonly AreaIndex Areas = Pipeline.Options.Areas;
    static readonly Circle Amersfoort = new(52.1796, 5.3861, 1500);

    static Group Row(string name, Circle? area = null, string? municipality = null, bool active = true) =>
        new() { Name = name, ChatId = $"{name}@g.us", Area = area, Municipality = municipality, Active = active };

    static IReadOnlyList<string> Targets(Group[] groups, Circle? circle, string? name = null, AlertKind kind = AlertKind.Actie) =>
        [.. new Router(Areas, [new RoutedChannel("whatsapp", false, groups)])
            .Routes(kind, AlertCategory.Other, exercise: false, Areas.Locate(circle, name, Pipeline.Noon), Pipeline.Noon).Select(r => r.Target)];

    [Fact]
    public void An_action_goes_to_exactly_the_groups_whose_area_its_circle_touches_nearest_first() =>
        Assert.Equal(["dichtbij", "gemeente", "net aan"], Targets(
            [
                Row("net naast", new Circle(52.1796, 5.4200, 800)),
                Row("net aan", new Circle(52.1796, 5.4190, 800)),
                Row("gemeente", municipality: "GM0307"),
                Row("dichtbij", new Circle(52.1800, 5.3870, 500)),
                Row("elders", municipality: "GM0995"),
            ], Amersfoort with { Radius = 1_500 }));

    [Fact]
    public void Without_a_circle_an_action_goes_to_the_groups_of_its_municipality() =>
        Assert.Equal(["bij code", "bij cirkel"], Targets(
            [Row("bij code", municipality: "GM0307"), Row("bij cirkel", Amersfoort), Row("elders", municipality: "GM0995")], circle: null, "Amersfoort")
            .OrderByDescending(n => n));

    [Fact]
    public void An_amber_alert_goes_to_every_active_group() =>
        Assert.Equal(["a", "b"], Targets([Row("a", municipality: "GM0307"), Row("b", municipality: "GM0995"), Row("c", municipality: "GM0034", active: false)], circle: null, kind: AlertKind.AmberAlert));

    [Fact]
    public void A_public_alert_goes_to_every_channel_that_is_not_for_tests_and_an_exercise_only_to_those_that_are()
    {
        var router = new Router(Areas, [new RoutedChannel("x", false, null), new RoutedChannel("proef", true, null)]);
        var location = Areas.Locate(Amersfoort, null, Pipeline.Noon);

        Assert.Equal(["x"], router.Routes(AlertKind.Actie, AlertCategory.Other, exercise: false, location, Pipeline.Noon).Select(r => r.Target));
        Assert.Equal(["proef"], router.Routes(AlertKind.Actie, AlertCategory.Other, exercise: true, location, Pipeline.Noon).Select(r => r.Target));
    }

    [Fact]
    public void A_group_of_a_municipality_that_merged_still_gets_what_happens_on_its_ground()
    {
        var after = new DateTimeOffset(2027, 1, 2, 12, 0, 0, TimeSpan.Zero);
        var areas = new AreaIndex(
        [
            new Municipality { Code = "GM0402", Name = "Hilversum", Extent = new Circle(52.22, 5.17, 4000) },
            new Municipality { Code = "GM1696", Name = "Wijdemeren", Extent = new Circle(52.2265, 5.08, 5000), ValidTo = new DateOnly(2026, 12, 31), Successor = "GM0402" },
        ]);
        var router = new Router(areas, [new RoutedChannel("whatsapp", false, [Row("loosdrecht", municipality: "GM1696")])]);

        Assert.Single(router.Routes(AlertKind.Actie, AlertCategory.Other, exercise: false, areas.Locate(null, "Wijdemeren", after), after));
    }
}
