namespace Burgernet.Syndicate.Configuration;

/// <summary>One entry of <c>channels</c> in syndicate.json, checked.</summary>
public sealed record ChannelOptions
{
    public required string Name { get; init; }

    public required string Type { get; init; }

    public required Uri BaseUrl { get; init; }

    /// <summary>For exercises and tests only; public alerts never go here.</summary>
    public bool Test { get; init; }

    /// <summary>False: posts are composed and recorded, nothing is sent.</summary>
    public bool Publish { get; init; } = true;

    /// <summary>How many requests may be under way at once; never two for one target.</summary>
    public int MaxInFlight { get; init; } = 1;

    /// <summary>The pause between two posts, drawn at random between the two.</summary>
    public Pacing Pacing { get; init; }

    /// <summary>The longest one request may take.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The keys that only this type knows, defaults filled in.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, Secret> Secrets { get; init; } = new Dictionary<string, Secret>();
}

/// <summary>A pause between <see cref="Min"/> and <see cref="Max"/>; zero means none.</summary>
public readonly record struct Pacing(TimeSpan Min, TimeSpan Max);
