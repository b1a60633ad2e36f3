using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Reach;
using Microsoft.Extensions.Logging;

namespace Burgernet.Syndicate.Channels;

/// <summary>What a network needs to be told in syndicate.json, and how a channel of it is made.</summary>
public sealed record ChannelConnector
{
    /// <summary>The <c>type</c> in syndicate.json.</summary>
    public required string Type { get; init; }

    /// <summary>How long a post may be there.</summary>
    public required PostLimit Limit { get; init; }

    /// <summary>Where the network is, unless <c>baseUrl</c> says otherwise.</summary>
    public required string DefaultBaseUrl { get; init; }

    /// <summary>Keys beyond those every channel has.</summary>
    public IReadOnlyList<ConnectorSetting> Settings { get; init; } = [];

    /// <summary>Names of the secrets, all required to publish.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>Names of the secrets that only some set-ups need.</summary>
    public IReadOnlyList<string> OptionalSecrets { get; init; } = [];

    /// <summary>What is wrong with its settings and secrets together (Dutch), by key; null when nothing is.</summary>
    public Func<IReadOnlyDictionary<string, string>, IReadOnlyDictionary<string, Secret>, (string Key, string Fault)?>? FaultOf { get; init; }

    /// <summary>Makes what hears of acknowledgements, for a channel whose settings ask for it; null for a network that has none.</summary>
    public Func<ChannelOptions, ChannelServices, Func<Acknowledgement, Task>, IAlertListener?>? Hear { get; init; }

    /// <summary>Which of the network's names of figures mean what all networks mean; null where it gives none.</summary>
    public ReachTerms? Terms { get; init; }

    /// <summary>It posts to the rows of a groups file, not to one account page.</summary>
    public bool HasGroups { get; init; }

    /// <summary>What a post costs there, in dollars.</summary>
    public decimal PostPrice { get; init; }

    /// <summary>What a post with a link costs there, in dollars; null where a link costs nothing extra.</summary>
    public decimal? LinkPrice { get; init; }

    /// <summary>How long a request can still take effect after we gave up waiting for its answer.</summary>
    public TimeSpan LongestEffect { get; init; } = TimeSpan.FromSeconds(60);

    public required Func<ChannelOptions, ChannelServices, IChannel> Create { get; init; }
}

/// <summary>Somebody has a message of ours.</summary>
/// <param name="EventId">The bridge's id of the event; the same again is known.</param>
/// <param name="Seen">It was read, not only delivered.</param>
public sealed record Acknowledgement(string Channel, string PostId, string EventId, bool Seen);

/// <summary>A key that one type of connector understands.</summary>
/// <param name="Name">The key in syndicate.json.</param>
/// <param name="Default">Its value when absent; null makes it required.</param>
public sealed record ConnectorSetting(string Name, string? Default);

/// <summary>What a channel may use of its surroundings.</summary>
public sealed record ChannelServices(TimeProvider Time, ILoggerFactory Logs);
