using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Areas;

namespace Burgernet.Syndicate.Routing;

/// <summary>
/// One route of syndicate.json: which public alerts go to which channels, and when. All conditions that are there must
/// hold. A place holds when the alert touches it; an AMBER Alert is national and touches every place.
/// </summary>
public sealed record RouteRule
{
    public required string Name { get; init; }

    /// <summary>The channels it leads to, by name.</summary>
    public required IReadOnlySet<string> Channels { get; init; }

    /// <summary>Empty: every kind.</summary>
    public IReadOnlySet<AlertKind> Kinds { get; init; } = new HashSet<AlertKind>();

    /// <summary>Empty: every category.</summary>
    public IReadOnlySet<AlertCategory> Categories { get; init; } = new HashSet<AlertCategory>();

    /// <summary>Only what is urgent, or only what is not; null: both.</summary>
    public bool? Urgent { get; init; }

    /// <summary>Municipalities, districts and basisteams, each a condition of its own.</summary>
    public IReadOnlyList<RoutePlaces> Places { get; init; } = [];

    /// <summary>A circle that the alert must touch.</summary>
    public Circle? Circle { get; init; }

    /// <summary>An area drawn on a map that the alert must touch.</summary>
    public Ground? Polygon { get; init; }

    /// <summary>The hours in which the alert must have been issued.</summary>
    public DutchHours? Time { get; init; }

    /// <summary>When it brings what is not urgent; null: at once. What is urgent never waits.</summary>
    public DeliveryWindow? Deliver { get; init; }
}

/// <summary>Places of which an alert must touch one.</summary>
/// <param name="Key">What they are called in syndicate.json: <c>municipalities</c>, <c>districts</c>, <c>basisteams</c>.</param>
/// <param name="Codes">The CBS codes of the municipalities that make up each place, by its name.</param>
public sealed record RoutePlaces(string Key, IReadOnlyDictionary<string, IReadOnlySet<string>> Codes);

/// <summary>What can wait and what cannot.</summary>
public static class Urgency
{
    /// <summary>Every kind asks people to look out now, but for the Burgernetmail. The category makes no difference.</summary>
    public static bool IsUrgent(this AlertKind kind) => kind is not AlertKind.Burgernetmail;
}
