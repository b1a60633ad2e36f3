using System.Collections.Concurrent;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Areas;
using Burgernet.Syndicate.Templates;

namespace Burgernet.Syndicate.Routing;

/// <summary>
/// Where an alert goes, and why. Without routes of their own every public alert goes to every channel that is not for
/// tests. An exercise goes only to those that are, whatever routes say. Within a channel with groups it goes to those
/// whose area it touches, nearest first.
/// </summary>
/// <param name="areas">The region.</param>
/// <param name="channels">All channels, in the order in which they are served.</param>
/// <param name="rules">The routes of syndicate.json; null where it has none.</param>
/// <param name="usual">The window of what is not urgent, for routes that have none of their own; null: at any hour.</param>
public sealed class Router(AreaIndex areas, IReadOnlyList<RoutedChannel> channels, IReadOnlyList<RouteRule>? rules = null, DeliveryWindow? usual = null)
{
    /// <summary>The name of the way that everything public takes where there are no routes.</summary>
    public const string Default = "standaard";

    /// <summary>The name of the way that exercises take to a channel for tests that no route leads to.</summary>
    public const string Exercises = "oefening";

    Day? _day;

    /// <param name="kind">Decides urgency too.</param>
    /// <param name="category">What it is about.</param>
    /// <param name="exercise">Then only channels for tests count.</param>
    /// <param name="location">Where it is, see <see cref="AreaIndex.Locate"/>.</param>
    /// <param name="at">When it was issued.</param>
    /// <returns>The targets, each once, in the order of the channels.</returns>
    public IReadOnlyList<Route> Routes(AlertKind kind, AlertCategory category, bool exercise, Location location, DateTimeOffset at)
    {
        var verdicts = VerdictsOn(new RoutedAlert(kind, category, location, at));
        var routes = new List<Route>();
        foreach (var channel in channels.Where(c => c.Test == exercise))
        {
            if (WayTo(channel, verdicts, kind) is not { } way)
                continue;
            if (channel.Groups is null)
                routes.Add(new Route(channel.Name, channel.Name, "", 0, way.Name, way.Reason) { Windows = way.Windows });
            else
                AddGroups(routes, channel, way, GroupsOf(channel, kind, location, at));
        }

        return routes;
    }

    static void AddGroups(List<Route> routes, RoutedChannel channel, Way way, IEnumerable<(Group Group, double Distance, string Reason)> groups)
    {
        // Ten thousand groups share a handful of reasons.
        var reasons = new Dictionary<string, string>();
        foreach (var (group, distance, reason) in groups)
        {
            if (!reasons.TryGetValue(reason, out var said))
                reasons[reason] = said = $"{way.Reason}; {reason}";
            routes.Add(new Route(channel.Name, group.Name, group.ChatId, distance, way.Name, said) { Windows = way.Windows });
        }
    }

    /// <summary>Why an alert does not go to the other channels, by channel (Dutch).</summary>
    public IReadOnlyDictionary<string, string> NotTo(AlertKind kind, AlertCategory category, bool exercise, Location location, DateTimeOffset at)
    {
        var verdicts = VerdictsOn(new RoutedAlert(kind, category, location, at));
        var reached = Routes(kind, category, exercise, location, at).Select(r => r.Channel).ToHashSet();
        return channels.Where(c => !reached.Contains(c.Name)).ToDictionary(c => c.Name, channel =>
            channel.Test != exercise ? channel.Test ? "alleen voor oefeningen" : "dit is een oefening"
            : WayTo(channel, verdicts, kind) is not null ? "geen groep in dit gebied"
            : verdicts.Where(v => v.Rule.Channels.Contains(channel.Name)).Select(v => $"route {v.Rule.Name}: {v.Reason}").ToList() is { Count: > 0 } reasons ? string.Join("; ", reasons)
            : "geen enkele route gaat hierheen");
    }

    /// <summary>Whether any public channel is reached by an alert of that hour, with the municipalities as they are on another day.</summary>
    internal bool Reaches(AlertKind kind, AlertCategory category, Location location, DateTimeOffset at, DateTimeOffset day)
    {
        var verdicts = VerdictsOn(new RoutedAlert(kind, category, location, at) { Day = day });
        return channels.Any(c => !c.Test && WayTo(c, verdicts, kind) is not null && HasGroup(c, kind, location.Municipality, day));
    }

    bool HasGroup(RoutedChannel channel, AlertKind kind, Municipality? municipality, DateTimeOffset at) =>
        channel.Groups is null || Today(at).HasGroup(channel, kind is AlertKind.AmberAlert ? null : municipality,
            () => channel.Groups.Any(g => g.Active && (kind is AlertKind.AmberAlert || IsIn(municipality, g, at))));

    // ---- which channels

    List<Verdict> VerdictsOn(RoutedAlert alert) => [.. (rules ?? []).Select(rule => Judge(rule, alert))];

    Way? WayTo(RoutedChannel channel, List<Verdict> verdicts, AlertKind kind)
    {
        var own = verdicts.Where(v => v.Rule.Channels.Contains(channel.Name)).ToList();
        if (own.Count == 0 && channel.Test)
            return new Way(Exercises, "oefening, naar een kanaal voor oefeningen", []);
        if (verdicts.Count == 0)
            return new Way(Default, "elk openbaar bericht", usual is null || kind.IsUrgent() ? [] : [usual]);

        var holding = own.Where(v => v.Holds).ToList();
        if (holding.Count == 0)
            return null;
        // One way without a window is enough to go at once.
        var waits = !kind.IsUrgent() && holding.TrueForAll(v => (v.Rule.Deliver ?? usual) is not null);
        return new Way(
            string.Join(", ", holding.Select(v => v.Rule.Name)), string.Join("; ", holding.Select(v => $"route {v.Rule.Name}: {v.Reason}")),
            waits ? [.. holding.Select(v => (v.Rule.Deliver ?? usual)!)] : []);
    }

    Verdict Judge(RouteRule rule, RoutedAlert alert)
    {
        var met = new List<string>();
        foreach (var (holds, said) in Conditions(rule, alert))
        {
            if (!holds)
                return new Verdict(rule, false, said);
            met.Add(said);
        }

        return new Verdict(rule, true, met.Count == 0 ? "elk openbaar bericht" : string.Join(", ", met));
    }

    // Cheap ones first. What is said is why it holds, or why not.
    IEnumerable<(bool Holds, string Said)> Conditions(RouteRule rule, RoutedAlert alert)
    {
        if (rule.Kinds.Count > 0)
            yield return Is(rule.Kinds.Contains(alert.Kind), RouteWords.Of(alert.Kind));
        if (rule.Categories.Count > 0)
            yield return Is(rule.Categories.Contains(alert.Category), RouteWords.Of(alert.Category));
        if (rule.Urgent is { } urgent)
            yield return Is(urgent == alert.Kind.IsUrgent(), alert.Kind.IsUrgent() ? "dringend" : "niet dringend");
        if (rule.Time is { } time)
            yield return time.Contains(alert.At) ? (true, $"uitgegeven {time}") : (false, $"niet uitgegeven {time}");
        if (rule.Places.Count == 0 && rule.Circle is null && rule.Polygon is null)
            yield break;
        if (alert.Kind is AlertKind.AmberAlert)
        {
            yield return (true, "landelijk");
            yield break;
        }

        var today = Today(alert.Day ?? alert.At);
        var touched = alert.Location.Touched;
        foreach (var places in rule.Places)
        {
            var name = places.Codes.FirstOrDefault(place => touched.Any(m => place.Value.Any(code => areas.Present(code, today.Date)?.Code == m.Code))).Key;
            yield return name is not null ? (true, $"in {name}") : (false, $"niet in {string.Join(", ", places.Codes.Keys)}");
        }

        if (rule.Circle is not null || rule.Polygon is not null)
            yield return (alert.Location.Circle is { } circle
                    ? rule.Circle is { } round && round.Touches(circle) || rule.Polygon is { } drawn && drawn.Touches(circle)
                    : touched.Any(m => today.Of(rule).Contains(m.Code)))
                ? (true, "in het gebied van de route") : (false, "niet in het gebied van de route");

        static (bool, string) Is(bool holds, string what) => (holds, holds ? what : $"niet voor {what}");
    }

    // ---- which groups

    IEnumerable<(Group Group, double Distance, string Reason)> GroupsOf(RoutedChannel channel, AlertKind kind, Location location, DateTimeOffset at)
    {
        var touched = location.Touched.Select(m => m.Code).ToHashSet();
        var day = DutchTime.DayOf(at);
        var reached = new List<(Group Group, double Distance, string Reason)>();
        foreach (var group in channel.Groups!.Where(g => g.Active))
        {
            var reason = (kind, location.Circle) switch
            {
                (AlertKind.AmberAlert, _) => "AMBER Alert, naar elke groep",
                (_, { } circle) => TouchedBy(circle, group, touched, day),
                _ => IsIn(location.Municipality, group, at) ? "in de gemeente van de groep" : null,
            };
            if (reason is not null)
                reached.Add((group, Distance(location.Circle, group), reason));
        }

        return reached
            .OrderBy(r => r.Distance)
            .ThenBy(r => r.Group.Name, StringComparer.Ordinal);
    }

    string? TouchedBy(Circle circle, Group group, HashSet<string> touched, DateOnly day) => group switch
    {
        { Polygon: { } drawn } => drawn.Touches(circle) ? "de cirkel raakt het gebied van de groep" : null,
        { Area: { } area } => circle.Touches(area) ? "de cirkel raakt het gebied van de groep" : null,
        { Municipality: { } code } => areas.Present(code, day) is { } present && touched.Contains(present.Code) ? "de cirkel raakt de gemeente van de groep" : null,
        _ => null,
    };

    bool IsIn(Municipality? municipality, Group group, DateTimeOffset at) =>
        municipality is not null && (group.Municipality is { } code
            ? areas.Present(code, DutchTime.DayOf(at))?.Code == municipality.Code
            : Today(at).Of(group).Contains(municipality.Code));

    double Distance(Circle? circle, Group group)
    {
        if (circle is not { } from)
            return 0;
        if (group.Polygon is { } drawn)
            return from.DistanceTo(drawn.Middle.Latitude, drawn.Middle.Longitude);
        return (group.Area ?? areas.WithCode(group.Municipality!)?.Extent) is { } to ? from.DistanceTo(to.Latitude, to.Longitude) : 0;
    }

    // ---- what is worked out once a day

    Day Today(DateTimeOffset at) => _day is { } day && day.Date == DutchTime.DayOf(at) ? day : _day = new Day(areas, at);

    /// <summary>The municipalities that an area touches; they can change at midnight only.</summary>
    sealed class Day(AreaIndex areas, DateTimeOffset at)
    {
        readonly ConcurrentDictionary<object, HashSet<string>> _touched = new(ReferenceEqualityComparer.Instance);
        readonly ConcurrentDictionary<(string Channel, string? Municipality), bool> _hasGroup = [];

        public DateOnly Date { get; } = DutchTime.DayOf(at);

        public bool HasGroup(RoutedChannel channel, Municipality? municipality, Func<bool> find) => _hasGroup.GetOrAdd((channel.Name, municipality?.Code), _ => find());

        public HashSet<string> Of(Group group) => _touched.GetOrAdd(group, _ => Touched(group.Area, group.Polygon));

        public HashSet<string> Of(RouteRule rule) => _touched.GetOrAdd(rule, _ => Touched(rule.Circle, rule.Polygon));

        HashSet<string> Touched(Circle? circle, Ground? polygon) =>
            [.. (polygon is not null ? areas.Touched(polygon, at) : circle is { } round ? areas.Touched(round, at) : []).Select(m => m.Code)];
    }

    sealed record RoutedAlert(AlertKind Kind, AlertCategory Category, Location Location, DateTimeOffset At)
    {
        /// <summary>The day whose municipalities count, where that is not the day of issue.</summary>
        public DateTimeOffset? Day { get; init; }
    }

    /// <summary>What a rule says of an alert: that it holds and why, or which condition does not.</summary>
    sealed record Verdict(RouteRule Rule, bool Holds, string Reason);

    sealed record Way(string Name, string Reason, IReadOnlyList<DeliveryWindow> Windows);
}

/// <summary>A channel as the router sees it; <see cref="Groups"/> is null where the account itself is the only target.</summary>
public sealed record RoutedChannel(string Name, bool Test, IReadOnlyList<Group>? Groups);

/// <summary>One target of an alert.</summary>
/// <param name="Channel">The channel's name.</param>
/// <param name="Target">The group's name, or the channel's where it has no groups.</param>
/// <param name="Address">The chat id; empty where the channel has no groups.</param>
/// <param name="Distance">Metres from the alert's centre; it orders the targets.</param>
/// <param name="Name">The route, or the routes, that led here.</param>
/// <param name="Reason">Why it goes there, for the person who asks (Dutch).</param>
public sealed record Route(string Channel, string Target, string Address, double Distance, string Name, string Reason)
{
    /// <summary>It waits for the first of these; empty: it goes at once.</summary>
    public IReadOnlyList<DeliveryWindow> Windows { get; init; } = [];
}
