namespace Burgernet.Syndicate.Alerts;

/// <summary>A place where alerts come from, asked again and again.</summary>
public interface IAlertSource
{
    /// <summary>The name this source has in syndicate.json.</summary>
    string Name { get; }

    /// <summary>
    /// What the source shows at the very first good answer is history and is not posted. False for a source that
    /// is fed on purpose, such as a drop folder.
    /// </summary>
    bool TakesBaseline { get; }

    /// <summary>A good answer shows all that is open, so that what it does not show any more is over.</summary>
    bool ListsOpenAlerts => TakesBaseline;

    /// <summary>Asks once. Null means that nothing changed since the last confirmed answer.</summary>
    /// <exception cref="SourceException">The answer is no good: it failed, or it is not what this source sends.
    /// Nothing may be concluded from it.</exception>
    Task<SourceAnswer?> FetchAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Called after the answer is durably stored: the time to remember a validator or move a file away.
    /// <paramref name="results"/> stand in the order of <see cref="SourceAnswer.Alerts"/>.
    /// </summary>
    Task ConfirmAsync(SourceAnswer answer, IReadOnlyList<IntakeResult> results, CancellationToken cancellationToken);
}

/// <summary>One good answer of a source.</summary>
public sealed record SourceAnswer
{
    public required IReadOnlyList<Alert> Alerts { get; init; }

    /// <summary>Records in an otherwise good answer that cannot be trusted as they are.</summary>
    public IReadOnlyList<SourceFault> Faults { get; init; } = [];
}

/// <summary>A record that could not be trusted: it is quarantined and a person is told; nothing is posted of it.</summary>
/// <param name="SourceId">The source's id of the record, where it could be read.</param>
/// <param name="Reason">What is wrong, in one Dutch sentence, without the record's text.</param>
/// <param name="Content">The record as it came, kept for the person who looks.</param>
public sealed record SourceFault(string? SourceId, string Reason, string Content);

/// <summary>What intake made of one reported alert.</summary>
public sealed record IntakeResult(IntakeOutcome Outcome, string? AlertId = null, string? Reason = null);

public enum IntakeOutcome
{
    /// <summary>Seen before, nothing new.</summary>
    Known,

    /// <summary>Stored and handed to the channels.</summary>
    Accepted,

    /// <summary>Stored, but not posted: history, ended, expired, or nowhere to go; the reason says which.</summary>
    Stored,

    /// <summary>Only confirms an alert that another source owns.</summary>
    Confirmed,

    /// <summary>Not of our region.</summary>
    Ignored,

    /// <summary>Contradicts what was said before under the same key.</summary>
    Quarantined,
}

/// <summary>A source could not be read. The message is for operators: short, Dutch, without a secret.</summary>
public sealed class SourceException(string message, TimeSpan? retryAfter = null, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>How long the server asked us to stay away, if it did.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
