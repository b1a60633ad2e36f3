using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Areas;
using Burgernet.Syndicate.Templates;

namespace Burgernet.Syndicate.Routing;

/// <summary>Public alerts that would reach no channel at all.</summary>
/// <param name="Kind">Of this kind.</param>
/// <param name="Categories">Of these categories; empty: of every one.</param>
/// <param name="At">Issued at a moment such as this (UTC); null: at any moment.</param>
/// <param name="Municipalities">In these municipalities; empty for what is national.</param>
public sealed record Gap(AlertKind Kind, IReadOnlyList<AlertCategory> Categories, DateTimeOffset? At, IReadOnlyList<Municipality> Municipalities);

/// <summary>Finds what the routes and the groups leave uncovered.</summary>
public static class Coverage
{
    /// <summary>
    /// Tries an alert of every kind and category, in every municipality, at every hour that makes a difference. An alert
    /// is taken to be somewhere in its municipality: that an area covers a part of it is enough.
    /// </summary>
    public static IReadOnlyList<Gap> Gaps(AreaIndex areas, IReadOnlyList<RoutedChannel> channels, IReadOnlyList<RouteRule>? rules, DateTimeOffset now)
    {
        var router = new Router(areas, channels, rules);
        var municipalities = areas.Existing(now).OrderBy(m => m.Name, StringComparer.Ordinal).ToList();
        // Those that the routes do not tell apart are tried once.
        var categories = Enum.GetValues<AlertCategory>().GroupBy(c => string.Concat((rules ?? []).Select(r => r.Categories.Contains(c)))).Select(same => same.ToList()).ToList();
        var moments = Moments(rules ?? [], now).DistinctBy(m => string.Concat((rules ?? []).Select(r => r.Time?.Contains(m)))).ToList();

        var gaps = new List<Gap>();
        foreach (var kind in Enum.GetValues<AlertKind>())
        {
            var places = kind is AlertKind.AmberAlert ? [new Location(null, [], null)] : municipalities.Select(m => new Location(m, [m], null)).ToList();
            var open =
                from place in places
                let missed = (from category in categories from at in moments where !router.Reaches(kind, category[0], place, at, now) select (category, at)).ToList()
                where missed.Count > 0
                group place.Municipality by string.Join(' ', missed.Select(m => $"{m.category[0]}@{m.at.Ticks}")) into same
                select same;
            foreach (var same in open)
            {
                var missed = same.Key.Split(' ').Select(k => k.Split('@')).ToList();
                var missedCategories = categories.Where(c => missed.Exists(m => m[0] == c[0].ToString())).ToList();
                var missedMoments = moments.Where(at => missed.Exists(m => m[1] == $"{at.Ticks}")).ToList();
                gaps.Add(new Gap(
                    kind,
                    missedCategories.Count == categories.Count ? [] : [.. missedCategories.SelectMany(c => c).Order()],
                    missedMoments.Count == moments.Count ? null : missedMoments[0],
                    [.. same.OfType<Municipality>()]));
            }
        }

        return gaps;
    }

    // Between two of these no route begins or ends to hold.
    static IEnumerable<DateTimeOffset> Moments(IReadOnlyList<RouteRule> rules, DateTimeOffset now)
    {
        var times = rules.Select(r => r.Time).OfType<DutchHours>().SelectMany(t => (TimeOnly[])[t.From, t.To]).Append(TimeOnly.MinValue).Distinct().ToList();
        return Enumerable.Range(0, 7).Select(DutchTime.DayOf(now).AddDays).SelectMany(day => times.Select(time => DutchHours.Moment(day, time)));
    }
}
