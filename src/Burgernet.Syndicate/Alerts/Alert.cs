using Burgernet.Syndicate.Areas;

namespace Burgernet.Syndicate.Alerts;

/// <summary>
/// One alert as a source reports it: everything the source says of it at this moment, its messages so far included.
/// What of this is new is decided by <see cref="Intake"/>; a source keeps no memory of its own.
/// </summary>
public sealed record Alert
{
    /// <summary>The source's name in syndicate.json.</summary>
    public required string Source { get; init; }

    /// <summary>The source's own id, opaque.</summary>
    public required string SourceId { get; init; }

    public required AlertKind Kind { get; init; }

    public AlertCategory Category { get; init; }

    /// <summary>When the appeal was first issued (UTC); expiry counts from here.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>What has been said, oldest first, never empty.</summary>
    public required IReadOnlyList<AlertMessage> Messages { get; init; }

    /// <summary>The source says that the appeal is over, with or without a closing message.</summary>
    public bool Ended { get; init; }

    /// <summary>When it ended (UTC), if the source says so.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The municipality as the source writes it, a free text; the registry makes a code of it.</summary>
    public string? Municipality { get; init; }

    /// <summary>CBS codes of all municipalities it is for, where the source gives no area; the first is where it is centred.</summary>
    public IReadOnlyList<string> MunicipalityCodes { get; init; } = [];

    /// <summary>The circle the control room drew; null where the source gave none or one that cannot be.</summary>
    public Circle? Area { get; init; }

    public AlertPhoto? Photo { get; init; }

    /// <summary>A drill or a test: never for a public channel.</summary>
    public bool Exercise { get; init; }

    /// <summary>An actie that mirrors an AMBER Alert or Vermist Kind Alert which another source owns.</summary>
    public bool Mirror { get; init; }

    /// <summary>When the sender itself wants it gone (UTC); earlier than our own limit it counts.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>How it ended, in the source's words; kept for the reports.</summary>
    public string? Outcome { get; init; }
}

/// <summary>One message of an alert.</summary>
public sealed record AlertMessage
{
    /// <summary>
    /// What makes this message this message, unique within its alert. The same key with another
    /// <see cref="Content"/> is a contradiction and is quarantined.
    /// </summary>
    public required string Key { get; init; }

    /// <summary>Opened, Updated, Closed or Withdrawn.</summary>
    public required AlertPhase Phase { get; init; }

    /// <summary>When it was sent or last edited (UTC).</summary>
    public required DateTimeOffset SentAt { get; init; }

    public string? Title { get; init; }

    /// <summary>The words, as plain text. Empty only for a closing that says nothing.</summary>
    public required string Text { get; init; }

    /// <summary>The part that must not change under the same key.</summary>
    internal string Content => $"{Phase}\n{Title}\n{Text}";
}

/// <summary>A picture that belongs to an alert, at the address where its owner shows it.</summary>
public sealed record AlertPhoto(string Url, string? AltText);
