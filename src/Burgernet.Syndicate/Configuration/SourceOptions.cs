namespace Burgernet.Syndicate.Configuration;

/// <summary>One entry of <c>sources</c> in syndicate.json, checked.</summary>
public sealed record SourceOptions
{
    public required string Name { get; init; }

    public required string Type { get; init; }

    /// <summary>Where the feed is; null for a folder.</summary>
    public Uri? Url { get; init; }

    /// <summary>The drop folder, as a full path; null for a feed.</summary>
    public string? Path { get; init; }

    /// <summary>Where it listens; null for one that is asked.</summary>
    public Uri? Listen { get; init; }

    /// <summary>What its sender signs with; null for one that is asked.</summary>
    public Secret? Secret { get; init; }

    /// <summary>What its sender may sign with as well, while the one takes the place of the other.</summary>
    public Secret? NextSecret { get; init; }

    /// <summary>The mailbox that it reads; null for anything else.</summary>
    public MailboxOptions? Mailbox { get; init; }

    /// <summary>How often it is asked; zero for one that comes by itself.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>Everything from here is an exercise.</summary>
    public bool Test { get; init; }
}
