using System.Diagnostics;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Areas;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Routing;
using NetTopologySuite.Geometries;

namespace Burgernet.Syndicate.Benchmarks;

/// <summary>Who hears of an action: finding its place and holding it against every group.</summary>
static class Routing
{
    const int Groups = 10_000;
    const int Runs = 1_000;
    const string FloorIs = "a bare loop of 10,000 haversine distances";

    public static IReadOnlyList<Figure> Measure(SyndicateOptions shipped)
    {
        var circles = Some.GroupsWithCircles(Groups);
        var actions = Some.Circles(Runs, 1000, 5000, seed: 2);
        var codes = actions.SelectMany(a => shipped.Areas.Touched(a, TimeProvider.System.GetUtcNow())).Select(m => m.Code).Distinct().Order().ToList();
        var floor = Runned(actions, action => circles.Sum(group => action.DistanceTo(group.Area!.Value.Latitude, group.Area.Value.Longitude)) > 0 ? 1 : 0).Time.Median;

        return
        [
            Figure("routing, 10,000 groups with a circle", circles, AlertKind.Actie, targeted: true),
            Figure("routing, 10,000 groups of a municipality", Some.GroupsOfMunicipalities(Groups, codes), AlertKind.Actie, targeted: true),
            Figure("routing, 10,000 groups with a drawn area", [.. circles.Select(g => g with { Area = null, Polygon = Drawn(g.Area!.Value) })], AlertKind.Actie, targeted: true),
            Figure("routing, 10,000 groups with a circle, 40 routes", circles, AlertKind.Actie, targeted: true, [.. codes.Take(40).Select(Rule)]),
            Figure("routing, AMBER Alert to all 10,000", circles, AlertKind.AmberAlert, targeted: false),
        ];

        Figure Figure(string name, IReadOnlyList<Group> groups, AlertKind kind, bool targeted, IReadOnlyList<RouteRule>? routes = null)
        {
            var router = new Router(shipped.Areas, [new RoutedChannel("whatsapp", Test: false, groups)], routes);
            var (time, reached) = Runned(actions, action =>
            {
                var now = TimeProvider.System.GetUtcNow();
                return router.Routes(kind, AlertCategory.Other, exercise: false, shipped.Areas.Locate(action, null, now), now).Count;
            });
            return new Figure(name, "ms")
            {
                Target = targeted ? "median and p99 ≤ 1" : null, Met = targeted ? time is { Median: <= 1, P99: <= 1 } : null,
                Measured = time, Floor = floor, FloorIs = FloorIs, Note = $"{Runs} actions of 1 to 5 km over the region, {reached} groups reached on average",
            };
        }
    }

    // What a person draws on a map round a neighbourhood.
    static Ground Drawn(Circle around)
    {
        var (lat, lon) = (around.Radius / 111_000, around.Radius / 68_000);
        var corners = Enumerable.Range(0, 13).Select(i => i % 12 * Math.PI / 6).Select(a => new Coordinate(around.Longitude + lon * Math.Cos(a), around.Latitude + lat * Math.Sin(a)));
        return new Ground(new GeometryFactory().CreatePolygon([.. corners]));
    }

    static RouteRule Rule(string municipality) => new()
    {
        Name = municipality,
        Channels = new HashSet<string> { "whatsapp" },
        Places = [new RoutePlaces("municipalities", new Dictionary<string, IReadOnlySet<string>> { [municipality] = new HashSet<string> { municipality } })],
        Time = new DutchHours(new TimeOnly(2, 0), new TimeOnly(1, 59), DutchHours.EveryDay),
    };

    static (Spread Time, int Reached) Runned(IReadOnlyList<Circle> actions, Func<Circle, int> route)
    {
        foreach (var action in actions.Take(200))
            route(action);

        var samples = new List<double>();
        var reached = 0L;
        foreach (var action in actions)
        {
            var start = Stopwatch.GetTimestamp();
            reached += route(action);
            samples.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return (Spread.Of(samples), (int)(reached / actions.Count));
    }
}
