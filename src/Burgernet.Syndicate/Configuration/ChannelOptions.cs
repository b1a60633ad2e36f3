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

    /// <summary>How long after an uncertain attempt the account's own posts say for certain whether it made it.</summary>
    public TimeSpan Quiet { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>How long a new post may take to show in the account's own posts.</summary>
    public TimeSpan ListingLag { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>When a person is asked about a delivery that cannot be decided; null: 10 minutes for an AMBER Alert, 30 for others.</summary>
    public TimeSpan? HoldAfter { get; init; }

    /// <summary>How long a claim is ours alone. Three request timeouts leave room for a slow start and a slow answer.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>What happens to a post when its alert ends; null: it depends on the alert, see <c>docs/operations.md</c>.</summary>
    public AtClose? AtClose { get; init; }

    /// <summary>What is done with the photo of an alert.</summary>
    public PhotoUse Photos { get; init; } = PhotoUse.Link;

    /// <summary>How many posts with a link may go out; null: as many as there are.</summary>
    public LinkLimit? Links { get; init; }

    /// <summary>The keys that only this type knows, defaults filled in.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, Secret> Secrets { get; init; } = new Dictionary<string, Secret>();
}

/// <summary>A pause between <see cref="Min"/> and <see cref="Max"/>; zero means none.</summary>
public readonly record struct Pacing(TimeSpan Min, TimeSpan Max);

/// <summary>A bound on what a network asks for links.</summary>
/// <param name="Posts">So many posts with a link in a calendar month (Dutch time).</param>
/// <param name="Price">What one of them costs, in dollars; it is only told.</param>
public sealed record LinkLimit(int Posts, decimal Price);

/// <summary>What is done with the photo of an alert.</summary>
public enum PhotoUse
{
    /// <summary>Nothing is said of it.</summary>
    None,

    /// <summary>The words say where the police show it: where it comes down with the alert, whoever copied our words.</summary>
    Link,

    /// <summary>A copy goes with the post. Only with the permission that <see cref="PhotoOptions.Permission"/> records.</summary>
    Reupload,
}

/// <summary>The section <c>photos</c> of syndicate.json, checked.</summary>
public sealed record PhotoOptions
{
    /// <summary>Where photos may be fetched: these hosts and what is below them.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = ["burgernet.nl", "burgernetcdn.nl", "politie.nl"];

    /// <summary>Who permitted that copies are posted, when, and where that is on file; null: nobody did.</summary>
    public string? Permission { get; init; }
}

/// <summary>What happens to a post when its alert ends.</summary>
public enum AtClose
{
    /// <summary>It is taken down and a closing text is posted.</summary>
    Delete,

    /// <summary>Its words become those of the closing, where the network allows it.</summary>
    Edit,

    /// <summary>It stays, and the closing follows it.</summary>
    Keep,
}
