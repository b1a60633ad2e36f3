namespace Burgernet.Syndicate.Notices;

/// <summary>A way to reach people. Tries once and says what came of it; never retries.</summary>
public interface INotifier
{
    /// <summary>What the database knows it by: <c>mail</c>.</summary>
    string Name { get; }

    /// <summary>
    /// Hands <paramref name="telling"/> over to whoever brings it to people. Null when it was taken; else why not: for
    /// operators, short, Dutch, without a secret. Never throws for what the outside world does, and takes no longer than
    /// a minute.
    /// </summary>
    Task<string?> HandOverAsync(Telling telling);
}

/// <summary>What people are told at once.</summary>
public sealed record Telling
{
    /// <summary>The same when the same is told once more, so that a repeat can be recognised.</summary>
    public required string Id { get; init; }

    /// <summary>The topic, <c>held:whatsapp:&lt;alertId&gt;</c>: there is at most one telling of it per hour.</summary>
    public required string Cause { get; init; }

    /// <summary>One line, Dutch.</summary>
    public required string Subject { get; init; }

    public string? Channel { get; init; }

    public string? AlertId { get; init; }

    /// <summary>Dutch, with the way out; paragraphs with an empty line between them.</summary>
    public required string Text { get; init; }

    /// <summary>When it is told (UTC).</summary>
    public required DateTimeOffset At { get; init; }
}
