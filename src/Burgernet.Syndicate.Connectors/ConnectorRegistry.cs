using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Connectors.Channels.Facebook;
using Burgernet.Syndicate.Connectors.Channels.WhatsApp;
using Burgernet.Syndicate.Connectors.Channels.X;

namespace Burgernet.Syndicate.Connectors;

/// <summary>The one list that maps a <c>type</c> in syndicate.json to the code behind it.</summary>
public static class ConnectorRegistry
{
    public static IReadOnlyList<ChannelConnector> Channels { get; } =
    [
        new()
        {
            Type = "x",
            DefaultBaseUrl = "https://api.x.com",
            Secrets = ["consumerKey", "consumerSecret", "accessToken", "accessTokenSecret"],
            Create = (options, services) => new XChannel(options, services),
        },
        new()
        {
            Type = "facebook",
            DefaultBaseUrl = "https://graph.facebook.com",
            Settings = [new("version", "v26.0"), new("pageId", null)],
            Secrets = ["appId", "accessToken", "appSecret"],
            Create = (options, services) => new FacebookChannel(options, services),
        },
        new()
        {
            Type = "whatsapp",
            DefaultBaseUrl = "http://localhost:3000",
            Settings = [new("session", "default"), new("groups", "groups.csv")],
            Secrets = ["apiKey"],
            HasGroups = true,
            Create = (options, services) => new WhatsAppChannel(options, services),
        },
    ];

    public static IReadOnlyList<SourceConnector> Sources { get; } = [];
}
