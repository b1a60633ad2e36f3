using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Areas;
using Burgernet.Syndicate.Templates;

namespace Burgernet.Syndicate.Routing;

/// <summary>
/// Where an alert goes, and why. Every public alert goes to every channel that is not for tests; an exercise only to
/// those that are. Within a channel with groups it goes to those whose area it touches, nearest first.
/// </summary>
public sealed class Router(AreaIndex areas, IReadOnlyList<RoutedChannel> channels)
{
    public IReadOnlyList<Route> Routes(AlertKind kind, bool exercise, Location location, DateTimeOffset at)
    {
        var routes = new List<Route>();
        foreach (var channel in channels.Where(c => c.Test == exercise))
        {
            if (channel.Groups is null)
                routes.Add(new Route(channel.Name, channel.Name, "", 0, exercise ? "exercise, to a channel for tests" : "every public alert"));
            else
                routes.AddRange(GroupsOf(channel, kind, location, at));
        }

        return routes;
    }

    IEnumerable<Route> GroupsOf(RoutedChannel channel, AlertKind kind, Location location, DateTimeOffset at)
    {
        var touched = location.Touched.Select(m => m.Code).ToHashSet();
        var day = DutchTime.DayOf(at);
        var reached = new List<(Group Group, double Distance, string Reason)>();
        foreach (var group in channel.Groups!.Where(g => g.Active))
        {
            var reason = (kind, location.Circle) switch
            {
                (AlertKind.AmberAlert, _) => "AMBER Alert, to every group",
                (_, { } circle) => TouchedBy(circle, group, touched, day),
                _ => IsIn(location.Municipality, group, day, at) ? "its municipality" : null,
            };
            if (reason is not null)
                reached.Add((group, Distance(location.Circle, group), reason));
        }

        return reached
            .OrderBy(r => r.Distance)
            .ThenBy(r => r.Group.Name, StringComparer.Ordinal)
            .Select(r => new Route(channel.Name, r.Group.Name, r.Group.ChatId, r.Distance, r.Reason));
    }

    string? TouchedBy(Circle circle, Group group, HashSet<string> touched, DateOnly day) => group switch
    {
        { Area: { } area } => circle.Touches(area) ? "the circle touches its area" : null,
        { Municipality: { } code } => areas.Present(code, day) is { } present && touched.Contains(present.Code) ? "the circle touches its municipality" : null,
        _ => null,
    };

    bool IsIn(Municipality? municipality, Group group, DateOnly day, DateTimeOffset at) =>
        municipality is not null && (group.Municipality is { } code
            ? areas.Present(code, day)?.Code == municipality.Code
            : group.Area is { } area && areas.Touched(area, at).Any(m => m.Code == municipality.Code));

    double Distance(Circle? circle, Group group) =>
        circle is { } from && (group.Area ?? areas.WithCode(group.Municipality!)?.Extent) is { } to
            ? from.DistanceTo(to.Latitude, to.Longitude)
            : 0;
}

/// <summary>A channel as the router sees it; <see cref="Groups"/> is null where the account itself is the only target.</summary>
public sealed record RoutedChannel(string Name, bool Test, IReadOnlyList<Group>? Groups);

/// <summary>One target of an alert.</summary>
/// <param name="Channel">The channel's name.</param>
/// <param name="Target">The group's name, or the channel's where it has no groups.</param>
/// <param name="Address">The chat id; empty where the channel has no groups.</param>
/// <param name="Distance">Metres from the alert's centre; it orders the targets.</param>
/// <param name="Reason">Why it goes there, for the person who asks.</param>
public sealed record Route(string Channel, string Target, string Address, double Distance, string Reason);
