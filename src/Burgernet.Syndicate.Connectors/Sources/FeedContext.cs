using Burgernet.Syndicate.Alerts;

namespace Burgernet.Syndicate.Connectors.Sources;

/// <summary>What a parser must know beyond the bytes.</summary>
/// <param name="Source">The source's name in syndicate.json.</param>
/// <param name="Now">When the answer came.</param>
/// <param name="Exercise">Everything this source says is an exercise.</param>
sealed record FeedContext(string Source, DateTimeOffset Now, bool Exercise)
{
    /// <summary>A clock may run ahead a little; a record from further in the future is not to be believed.</summary>
    static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(10);

    const int LongestContent = 20_000;

    public bool IsAhead(DateTimeOffset time) => time > Now + Tolerance;

    /// <summary>A record to put aside, with as much of it as a person can read.</summary>
    public static SourceFault Fault(string? id, string reason, string content) =>
        new(id, reason, content.Length <= LongestContent ? content : content[..LongestContent] + "…");
}

/// <summary>Makes an answer of a document, or refuses the whole of it with a <see cref="SourceException"/>.</summary>
delegate SourceAnswer FeedReader(System.Text.Json.JsonElement root, FeedContext context);
