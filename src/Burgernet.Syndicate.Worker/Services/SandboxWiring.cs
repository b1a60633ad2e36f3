using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Sandbox;

namespace Burgernet.Syndicate.Worker.Services;

/// <summary>
/// In sandbox mode the platforms run in this process, and whatever the configuration says of addresses and secrets is
/// replaced by theirs: nothing can leave.
/// </summary>
sealed class SandboxWiring : IAsyncDisposable
{
    // Somebody who tries the program should not wait a minute for each step.
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    readonly SandboxHost _host;

    SandboxWiring(SandboxHost host, SyndicateOptions options)
    {
        _host = host;
        Options = Redirect(options);
    }

    /// <summary>The configuration with every address and secret replaced.</summary>
    public SyndicateOptions Options { get; }

    public Uri Address => _host.Address;

    public static async Task<SandboxWiring> StartAsync(SyndicateOptions options, CancellationToken cancellationToken) =>
        new(await SandboxHost.StartAsync(new SandboxOptions
        {
            Scenario = true,
            ChatNames = options.Groups.Values.SelectMany(groups => groups).DistinctBy(g => g.ChatId).ToDictionary(g => g.ChatId, g => g.Name),
        }, cancellationToken), options);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    /// <summary>A configuration with every address and secret replaced, whatever mode it asks for.</summary>
    public SyndicateOptions Redirect(SyndicateOptions options) => options with
    {
        Channels = [.. options.Channels.Select(Redirect)],
        // A real mailbox is not read, and nothing is moved in it.
        Sources = [.. options.Sources.Where(s => s.Mailbox is null or { IsLoopback: true }).Select(Redirect)],
        Notify = options.Notify.OnlyLoopback(),
    };

    ChannelOptions Redirect(ChannelOptions channel)
    {
        var (x, facebook, whatsApp) = _host.Credentials;
        var known = channel.Type switch
        {
            "x" => Known([], ("consumerKey", x.ConsumerKey), ("consumerSecret", x.ConsumerSecret), ("accessToken", x.AccessToken), ("accessTokenSecret", x.AccessTokenSecret)),
            "facebook" => Known([("version", facebook.Version), ("pageId", facebook.PageId)], ("appId", facebook.AppId), ("accessToken", facebook.AccessToken), ("appSecret", facebook.AppSecret)),
            "whatsapp" => Known([("session", whatsApp.Session)], ("apiKey", whatsApp.ApiKey)),
            // A channel that the sandbox does not know must not reach the real platform either.
            _ => throw new InvalidOperationException($"the sandbox has no platform for channel type {channel.Type}"),
        };
        var settings = new Dictionary<string, string>(channel.Settings);
        foreach (var (name, value) in known.Settings)
            settings[name] = value;
        return channel with { BaseUrl = Address, Settings = settings, Secrets = known.Secrets };
    }

    SourceOptions Redirect(SourceOptions source) => source.Type switch
    {
        "burgernet-actions" => source with { Url = new Uri(Address, "/burgernet/burgernet-api/v2/actions"), Interval = Interval },
        "landactiehost" => source with { Url = new Uri(Address, "/landactiehost/api/v1/alerts"), Interval = Interval },
        "folder" or "webhook" or "imap" => source,
        _ => throw new InvalidOperationException($"the sandbox has no source of type {source.Type}"),
    };

    static ((string Name, string Value)[] Settings, Dictionary<string, Secret> Secrets) Known((string, string)[] settings, params (string Name, string Value)[] secrets) =>
        (settings, secrets.ToDictionary(s => s.Name, s => new Secret(s.Value)));
}
