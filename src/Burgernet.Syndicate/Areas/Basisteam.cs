namespace Burgernet.Syndicate.Areas;

/// <summary>One row of <c>config/basisteams.csv</c>: a municipality in which a police team works. Either may have several of the other.</summary>
/// <param name="Name">The team.</param>
/// <param name="Municipality">CBS code.</param>
/// <param name="District">The district the team belongs to; null where the file does not say.</param>
public sealed record Basisteam(string Name, string Municipality, string? District);
