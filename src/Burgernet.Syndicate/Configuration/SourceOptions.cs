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

    /// <summary>How often it is asked.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>Everything from here is an exercise.</summary>
    public bool Test { get; init; }
}
