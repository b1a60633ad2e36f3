namespace Burgernet.Syndicate.Alerts;

/// <summary>What the rules make of a message that was sent to us to be posted.</summary>
public enum SubmissionDecision
{
    /// <summary>It goes out.</summary>
    Post,

    /// <summary>A person must look first.</summary>
    Hold,

    /// <summary>It goes out, its pictures do not.</summary>
    TextOnly,

    /// <summary>It is not meant for the public.</summary>
    Never,

    /// <summary>It cannot be trusted: a person is told, and nothing of it is posted.</summary>
    Quarantine,
}

/// <summary>A message that was sent to us to be posted, as it was read and judged. Unlike an alert it may need a person's consent.</summary>
public sealed record Submission
{
    /// <summary>The source's name in syndicate.json.</summary>
    public required string Source { get; init; }

    /// <summary>The sender's own id of it (of a mail its Message-ID); the same again is known.</summary>
    public required string Id { get; init; }

    /// <summary>Who sent it, as an address; empty where it does not say.</summary>
    public required string Sender { get; init; }

    public required string Subject { get; init; }

    /// <summary>When it was sent, or where it does not say received (UTC).</summary>
    public required DateTimeOffset SentAt { get; init; }

    public required SubmissionDecision Decision { get; init; }

    /// <summary>What sort of message it is, in the word of the rule that said so (Dutch).</summary>
    public required string Kind { get; init; }

    /// <summary>Why this was decided, in one Dutch sentence.</summary>
    public required string Reason { get; init; }

    /// <summary>CBS codes of the municipalities it is for, the one named first first; empty where it names none.</summary>
    public required IReadOnlyList<string> Municipalities { get; init; }

    /// <summary>A short heading without the sender's fixed words; null where there is none.</summary>
    public string? Title { get; init; }

    /// <summary>What may be posted of it: without salutation, signature, quoted history, links with the receiver's number and the like.</summary>
    public required string Text { get; init; }

    /// <summary>All of it as plain text, for the person who looks.</summary>
    public required string Original { get; init; }
}

/// <summary>How far a mailbox has been read: UIDs count up as long as UIDVALIDITY stays the same (RFC 3501, 2.3.1.1).</summary>
/// <param name="Place">Which mailbox it is, whatever the source is called. Null, only told: one from before this was kept.</param>
/// <param name="UidValidity">The mailbox's life.</param>
/// <param name="Uid">The last message taken in that life.</param>
/// <param name="Since">When the mailbox was first read (UTC): what came before is history. Only told, never set.</param>
public sealed record MailboxPosition(string? Place, long UidValidity, long Uid, DateTimeOffset? Since = null);

/// <summary>Takes what was sent to us to be posted.</summary>
public interface ISubmissionDesk
{
    /// <summary>How far this source's mailbox has been read; null: it was never read.</summary>
    Task<MailboxPosition?> PositionAsync(string source);

    /// <summary>
    /// Stores the submission, does what was decided and moves the position, all in one commit. The same id, or the same
    /// words for the same municipalities in the last week, is known and changes nothing but the position.
    /// </summary>
    /// <param name="submission">What was read; null: only the position moves (history at the first start).</param>
    /// <param name="position">How far the mailbox has been read with it; null where it does not come from one.</param>
    /// <param name="raw">The message as it came, kept for who looks into a quarantine; null otherwise.</param>
    Task<IntakeResult> TakeAsync(Submission? submission, string source, MailboxPosition? position, string? raw = null, CancellationToken cancellationToken = default);

    /// <summary>Notes that the mailbox could not be read; the reason is for operators and holds no secret (Dutch).</summary>
    Task NoteFailureAsync(string source, string reason);

    /// <summary>Notes that the mailbox was read and is looked after.</summary>
    Task NoteGoodAsync(string source);

    /// <summary>Tells a person, once, that mails cannot be put away; or takes that back.</summary>
    /// <param name="fault">Why not, for operators and without a secret (Dutch); null: they can.</param>
    Task NoteMovesAsync(string source, string? fault);
}
