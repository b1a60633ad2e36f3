using System.Security.Cryptography;

namespace Burgernet.Syndicate.Sandbox;

/// <summary>How one sandbox behaves. The defaults give empty feeds, free credentials and a free port.</summary>
public sealed record SandboxOptions
{
    /// <summary>The clock of every platform: post times, metrics, windows and the scenario all follow it.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The port on 127.0.0.1; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>Whether the Burgernet feeds issue invented examples by themselves.</summary>
    public bool Scenario { get; init; }

    /// <summary>When the scenario issues, changes and closes its examples.</summary>
    public ScenarioTimings Timings { get; init; } = new();

    /// <summary>The keys that the platforms accept.</summary>
    public SandboxCredentials Credentials { get; init; } = SandboxCredentials.Random();

    /// <summary>Names for chat ids on the timeline page; an id without a name is shown as it is.</summary>
    public IReadOnlyDictionary<string, string> ChatNames { get; init; } = new Dictionary<string, string>();

    /// <summary>Posts that X takes per quarter of an hour before it answers 429.</summary>
    public int XPostsPerWindow { get; init; } = 100;

    /// <summary>
    /// The platforms lie; null: only when they are told to. Liars do not notice either that they have a text or an id
    /// already: nobody may count on that.
    /// </summary>
    public SandboxLies? Lies { get; init; }

    /// <summary>Facebook takes no post down, as for most apps.</summary>
    public bool FacebookRefusesDeletion { get; init; }

    /// <summary>Posts kept per platform; the oldest leave first.</summary>
    public int PostsKept { get; init; } = 500;
}

/// <summary>
/// The scenario's clock. It starts when a feed is first read, so that the first answer, which a reader takes as its
/// baseline, is always empty.
/// </summary>
public sealed record ScenarioTimings
{
    /// <summary>From the first read of the actions feed to the first action.</summary>
    public TimeSpan FirstActionAfter { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>From one action to the next.</summary>
    public TimeSpan ActionEvery { get; init; } = TimeSpan.FromSeconds(40);

    /// <summary>From the start of an action to its update.</summary>
    public TimeSpan UpdateAfter { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary>From the start of an action to its end.</summary>
    public TimeSpan CloseAfter { get; init; } = TimeSpan.FromSeconds(24);

    /// <summary>How long a closed action or a cancelled alert stays in the feed.</summary>
    public TimeSpan ClosedStaysFor { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>From the first read of the landactiehost feed to the first Vermist Kind Alert.</summary>
    public TimeSpan FirstChildAlertAfter { get; init; } = TimeSpan.FromSeconds(65);

    /// <summary>From one Vermist Kind Alert to the next.</summary>
    public TimeSpan ChildAlertEvery { get; init; } = TimeSpan.FromMinutes(6);

    /// <summary>From a Vermist Kind Alert to its cancellation.</summary>
    public TimeSpan ChildAlertLasts { get; init; } = TimeSpan.FromSeconds(45);
}

/// <summary>The keys of all three platforms. They open nothing but the sandbox that made them.</summary>
public sealed record SandboxCredentials(XCredentials X, FacebookCredentials Facebook, WhatsAppCredentials WhatsApp)
{
    /// <summary>New keys. The account, app and page ids stay the same from run to run, as a configuration expects.</summary>
    public static SandboxCredentials Random() => new(
        new XCredentials(Hex(), Hex(), $"{XPlatform.UserId}-{Hex()}", Hex()),
        new FacebookCredentials("880010002000", $"EAA{Hex()}", Hex(), "106000000000001", "v26.0"),
        new WhatsAppCredentials(Hex(), "default"));

    static string Hex() => RandomNumberGenerator.GetHexString(32, lowercase: true);
}

/// <summary>The four secrets of OAuth 1.0a.</summary>
public sealed record XCredentials(string ConsumerKey, string ConsumerSecret, string AccessToken, string AccessTokenSecret);

/// <summary>A page, its token, and the app that may post for it.</summary>
public sealed record FacebookCredentials(string AppId, string AccessToken, string AppSecret, string PageId, string Version);

/// <summary>The key of a WAHA server and the session linked to the number.</summary>
public sealed record WhatsAppCredentials(string ApiKey, string Session);
