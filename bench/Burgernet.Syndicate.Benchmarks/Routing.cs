using System.Diagnostics;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Areas;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Routing;

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
            Figure("routing, AMBER Alert to all 10,000", circles, AlertKind.AmberAlert, targeted: false),
        ];

        Figure Figure(string name, IReadOnlyList<Group> groups, AlertKind kind, bool targeted)
        {
            var router = new Router(shipped.Areas, [new RoutedChannel("whatsapp", Test: false, groups)]);
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
