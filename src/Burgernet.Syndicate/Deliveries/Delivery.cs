using Burgernet.Syndicate.Channels;

namespace Burgernet.Syndicate.Deliveries;

/// <summary>What is to be done at the target.</summary>
public enum DeliveryOperation
{
    Create,
    Update,
    Close,

    /// <summary>Everything of the alert at the target that is not its closing goes, until it is proven gone.</summary>
    Takedown,
}

/// <summary>Where a delivery stands. <c>docs/</c> and <c>/api/alerts</c> use the same words in lower case.</summary>
public enum DeliveryState
{
    /// <summary>Waits for what goes before it at the same target, or is only recorded (<c>publish: false</c>).</summary>
    Planned,

    /// <summary>Goes out as soon as it is due and there is room.</summary>
    Pending,

    /// <summary>Its intent is on disk and its request may be under way.</summary>
    Sending,

    /// <summary>It may be there or not; it is not sent again before that is known.</summary>
    Unknown,

    /// <summary>It is there.</summary>
    Published,

    /// <summary>Cannot be decided by the program; a person must.</summary>
    Held,

    /// <summary>The network refused it for good.</summary>
    Failed,

    /// <summary>Its time passed before it could go out.</summary>
    Expired,

    /// <summary>Its alert ended, or what it continues was never published.</summary>
    Cancelled,

    /// <summary>A newer one took its place before it went out.</summary>
    Superseded,

    /// <summary>It was taken down and is proven gone.</summary>
    Gone,

    /// <summary>It was there and disappeared without us.</summary>
    Vanished,
}

/// <summary>A post owed to one target.</summary>
public sealed record Delivery
{
    public required string Id { get; init; }
    public required string AlertId { get; init; }

    /// <summary>The code readers see, <c>BN-</c> and five characters.</summary>
    public required string Reference { get; init; }

    public required string Channel { get; init; }

    /// <summary>The group's name, or the channel's where it has no groups.</summary>
    public required string Target { get; init; }

    /// <summary>The chat id; empty where the account itself is the place.</summary>
    public required string Address { get; init; }

    public required DeliveryOperation Operation { get; init; }
    public required int Revision { get; init; }
    public required DeliveryState State { get; init; }

    /// <summary>The network refused a reply: the next attempt stands alone.</summary>
    public bool Standalone { get; init; }

    /// <summary>The words take the place of the opening's instead of being a post of their own.</summary>
    public bool InPlace { get; init; }

    /// <summary>How often it was tried; also the fencing token of the attempt that is under way.</summary>
    public required int Attempts { get; init; }

    /// <summary>Since when it has been in doubt (UTC).</summary>
    public DateTimeOffset? UnknownSince { get; init; }

    /// <summary>How often the account's own posts were read back completely without it.</summary>
    public int AbsentReads { get; init; }

    /// <summary>The network said that it had these words already.</summary>
    public bool SaysDuplicate { get; init; }

    /// <summary>When its post is to be looked up next (UTC).</summary>
    public DateTimeOffset? VerifyAt { get; init; }

    /// <summary>When its alert was issued (UTC).</summary>
    public DateTimeOffset IssuedAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset DueAt { get; init; }
    public DateTimeOffset? NotAfter { get; init; }
    public DateTimeOffset? IntentAt { get; init; }
    public DateTimeOffset? PublishedAt { get; init; }
    public DateTimeOffset? VerifiedAt { get; init; }
    public string? PostId { get; init; }
    public string? Url { get; init; }
    public string? Error { get; init; }

    /// <summary>Why an opening goes here, in the words of the router (Dutch); what follows it goes where it went.</summary>
    public string? Reason { get; init; }

    /// <summary>The id of the opening at the same target, once that is published.</summary>
    public string? OpeningPostId { get; init; }

    /// <summary>Where the opening at the same target is to be seen.</summary>
    public string? OpeningUrl { get; init; }

    /// <summary>When the opening was published (UTC).</summary>
    public DateTimeOffset? OpeningAt { get; init; }

    /// <summary>The exact words.</summary>
    public required string Text { get; init; }

    /// <summary>Where the photo is fetched that it shows; null where it shows none.</summary>
    public string? PhotoUrl { get; init; }

    /// <summary>What that photo shows, in words.</summary>
    public string? PhotoAlt { get; init; }

    /// <summary>
    /// As it goes out, its photo and what it answers aside. With a photo the network names it: a name of ours could not
    /// find it back, see <see cref="INamesPosts"/>.
    /// </summary>
    internal Post ToPost() => new() { Key = PhotoUrl is null ? Id : "", Text = Text, Address = Address };

    /// <summary>Doing it again changes nothing more, so that not knowing is no reason to look first.</summary>
    public bool Repeatable => InPlace || Operation is DeliveryOperation.Takedown;
}
