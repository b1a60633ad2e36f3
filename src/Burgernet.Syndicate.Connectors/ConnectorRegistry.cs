using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Connectors.Channels.Facebook;
using Burgernet.Syndicate.Connectors.Channels.WhatsApp;
using Burgernet.Syndicate.Connectors.Channels.X;
using Burgernet.Syndicate.Connectors.Notices;
using Burgernet.Syndicate.Connectors.Sources;
using Burgernet.Syndicate.Connectors.Sources.BurgernetActions;
using Burgernet.Syndicate.Connectors.Sources.Folder;
using Burgernet.Syndicate.Connectors.Sources.Landactiehost;
using Burgernet.Syndicate.Connectors.Sources.Mailbox;
using Burgernet.Syndicate.Connectors.Sources.Webhook;
using Burgernet.Syndicate.Notices;
using Microsoft.Extensions.Logging;

namespace Burgernet.Syndicate.Connectors;

/// <summary>The one list that maps a <c>type</c> in syndicate.json to the code behind it.</summary>
public static class ConnectorRegistry
{
    public static IReadOnlyList<ChannelConnector> Channels { get; } =
    [
        new()
        {
            Type = "x",
            Limit = XChannel.TextLimit,
            Terms = XChannel.ReachTerms,
            DefaultBaseUrl = "https://api.x.com",
            Secrets = ["consumerKey", "consumerSecret", "accessToken", "accessTokenSecret"],
            // docs.x.com, pricing, since 2026-04-20.
            PostPrice = 0.015m,
            LinkPrice = 0.200m,
            Create = (options, services) => new XChannel(options, services),
        },
        new()
        {
            Type = "facebook",
            Limit = FacebookChannel.TextLimit,
            Terms = FacebookChannel.ReachTerms,
            DefaultBaseUrl = "https://graph.facebook.com",
            Settings = [new("version", "v26.0"), new("pageId", null)],
            Secrets = ["appId", "accessToken", "appSecret"],
            // A photo post was seen to appear minutes after "please retry your request later".
            LongestEffect = TimeSpan.FromSeconds(120),
            Create = (options, services) => new FacebookChannel(options, services),
        },
        new()
        {
            Type = "whatsapp",
            Limit = WhatsAppChannel.TextLimit,
            Terms = WhatsAppChannel.ReachTerms,
            DefaultBaseUrl = "http://localhost:3000",
            Settings = [new("session", "default"), new("groups", "groups.csv"), new("ackListen", "")],
            Secrets = ["apiKey"],
            OptionalSecrets = ["ackKey"],
            FaultOf = (settings, secrets) => settings["ackListen"] is { Length: > 0 } listen
                ? !Uri.TryCreate(listen, UriKind.Absolute, out var url) || url is not { Scheme: "http", PathAndQuery: "/" } ? ("ackListen", "noem alleen http, de naam en de poort, zoals http://localhost:8082")
                : !secrets.ContainsKey("ackKey") ? ("ackKey", "ontbreekt bij ackListen; het is de sleutel waarmee WAHA zijn berichten ondertekent (WHATSAPP_HOOK_HMAC_KEY)")
                : null
                : null,
            Hear = (options, services, take) => options.Settings.GetValueOrDefault("ackListen") is { Length: > 0 } ? new AckListener(options, services, take) : null,
            HasGroups = true,
            Create = (options, services) => new WhatsAppChannel(options, services),
        },
    ];

    public static IReadOnlyList<SourceConnector> Sources { get; } =
    [
        Feed("burgernet-actions", "https://www.landelijkemeldkamer.org/burgernet/burgernet-api/v2/actions", ActionsFeed.Read),
        Feed("landactiehost", "https://services.burgernetcdn.nl/landactiehost/api/v1/alerts", LandactiehostFeed.Read),
        new()
        {
            Type = "webhook",
            DefaultListen = "http://localhost:8081",
            FaultOfSecret = StandardWebhook.FaultOf,
            Listen = (options, services, take) => new WebhookListener(options, services, take),
        },
        new()
        {
            Type = "imap",
            Watch = (options, services, current, desk) => new MailboxWatcher(options, services, current, desk),
        },
        new()
        {
            Type = "folder",
            DefaultInterval = TimeSpan.FromSeconds(2),
            Create = (options, services) => new FolderSource(options, services),
        },
    ];

    /// <summary>The ways to reach people that are configured.</summary>
    public static IReadOnlyList<INotifier> Notifiers(NotifyOptions options, ILoggerFactory logs)
    {
        var notifiers = new List<INotifier>();
        if (options.Mail is { } mail)
            notifiers.Add(new MailNotifier(mail, logs.CreateLogger<MailNotifier>()));
        if (options.WebhookUrl is { } url)
            notifiers.Add(new WebhookNotifier(url));
        return notifiers;
    }

    /// <summary>An action lasts less than an hour; asking once a minute is quick enough, and kind to the server.</summary>
    static SourceConnector Feed(string type, string url, FeedReader read) => new()
    {
        Type = type,
        DefaultUrl = url,
        DefaultInterval = TimeSpan.FromSeconds(60),
        Create = (options, services) => new FeedSource(options, options.Url ?? new Uri(url), services.Time, read),
    };
}
