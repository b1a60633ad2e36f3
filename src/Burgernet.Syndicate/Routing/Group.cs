using Burgernet.Syndicate.Areas;

namespace Burgernet.Syndicate.Routing;

/// <summary>One row of <c>config/groups.csv</c>: a place on WhatsApp where an appeal for an area goes.</summary>
public sealed record Group
{
    public required string Name { get; init; }

    /// <summary>A group (<c>…@g.us</c>), an administrator who forwards (<c>…@c.us</c>) or a channel (<c>…@newsletter</c>).</summary>
    public required string ChatId { get; init; }

    /// <summary>CBS code; null when the group has an area of its own and names none.</summary>
    public string? Municipality { get; init; }

    /// <summary>The group's own area; where it has none its municipality is its area.</summary>
    public Circle? Area { get; init; }

    /// <summary>The group's own area as somebody drew it on a map; it goes before <see cref="Area"/>.</summary>
    public Ground? Polygon { get; init; }

    public bool Active { get; init; } = true;

    /// <summary>The channel that posts to this group; null: whichever channel reads this file.</summary>
    public string? Channel { get; init; }
}
