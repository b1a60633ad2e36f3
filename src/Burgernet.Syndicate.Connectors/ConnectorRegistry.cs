using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Channels;

namespace Burgernet.Syndicate.Connectors;

/// <summary>The one list that maps a <c>type</c> in syndicate.json to the code behind it.</summary>
public static class ConnectorRegistry
{
    public static IReadOnlyList<ChannelConnector> Channels { get; } = [];

    public static IReadOnlyList<SourceConnector> Sources { get; } = [];
}
