using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Areas;
using Burgernet.Syndicate.Mail;
using Burgernet.Syndicate.Routing;
using Burgernet.Syndicate.Templates;

namespace Burgernet.Syndicate.Configuration;

/// <summary>Whether the outside world is real.</summary>
public enum SyndicateMode
{
    /// <summary>The platforms and the feed are in memory, in this process; nothing leaves it.</summary>
    Sandbox,

    /// <summary>What is posted is public.</summary>
    Live,
}

/// <summary>The whole configuration, read and checked: what <see cref="SyndicateCheck"/> found no fault with.</summary>
public sealed record SyndicateOptions
{
    public required SyndicateMode Mode { get; init; }

    public required StorageOptions Storage { get; init; }

    /// <summary>How many requests this process may have under way at once, over all channels.</summary>
    public int MaxInFlight { get; init; } = 256;

    public required IReadOnlyList<SourceOptions> Sources { get; init; }

    /// <summary>The channels that are enabled.</summary>
    public required IReadOnlyList<ChannelOptions> Channels { get; init; }

    /// <summary>The rows of each channel's groups file, for the channels that have one.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<Group>> Groups { get; init; }

    public required IReadOnlyDictionary<AlertKind, TimeSpan> NotAfter { get; init; }

    /// <summary>The source that each kind of alert is to come from, by its name; the others confirm.</summary>
    public IReadOnlyDictionary<AlertKind, string> Owners { get; init; } = new Dictionary<AlertKind, string>();

    public required AreaIndex Areas { get; init; }

    /// <summary>Which municipalities each basisteam works in; empty where there is no such file.</summary>
    public IReadOnlyList<Basisteam> Basisteams { get; init; } = [];

    /// <summary>What sort of mail is posted, waits or stays inside.</summary>
    public MailRules MailRules { get; init; } = MailRules.Default;

    /// <summary>Which alerts go to which channels; null: every public alert to every channel that is not for tests.</summary>
    public IReadOnlyList<RouteRule>? Routes { get; init; }

    public required TemplateSet Templates { get; init; }

    /// <summary>What texts from outside may still point to.</summary>
    public NeutraliserRules Texts { get; init; } = NeutraliserRules.Default;

    /// <summary>Where photos come from, and who permitted to post them.</summary>
    public PhotoOptions Photos { get; init; } = new();

    /// <summary>Who is told when a person must do something.</summary>
    public required NotifyOptions Notify { get; init; }

    /// <summary>Who may look at the pages and act there.</summary>
    public AccessOptions Access { get; init; } = new();

    /// <summary>When what can wait is posted.</summary>
    public NotUrgentOptions NotUrgent { get; init; } = new();

    /// <summary>When networks are asked how posts do.</summary>
    public HarvestOptions Harvest { get; init; } = new();

    /// <summary>What needs a person's consent.</summary>
    public ApprovalOptions Approval { get; init; } = new();

    /// <summary>When a report is mailed, and to whom.</summary>
    public ReportsOptions Reports { get; init; } = new();

    /// <summary>What can be run and is better changed.</summary>
    public required IReadOnlyList<ConfigurationWarning> Warnings { get; init; }

    /// <summary>The template that makes a channel's words: the one of its own name, or else of its type.</summary>
    public string TemplateOf(ChannelOptions channel) => Templates.Contains(channel.Name) ? channel.Name : channel.Type;

    /// <summary>Decides where alerts go.</summary>
    public Router ToRouter() => new(Areas, [.. Channels.Select(c => new RoutedChannel(c.Name, c.Test, Groups.GetValueOrDefault(c.Name)))], Routes, NotUrgent.Deliver);
}

/// <summary>Something in the configuration that works, but not as well as it should (Dutch).</summary>
/// <param name="Path">The item.</param>
/// <param name="Message">What may come of it and the way out.</param>
public sealed record ConfigurationWarning(string Path, string Message)
{
    /// <summary>Null where it stands nowhere.</summary>
    public Place? Place { get; init; }

    public override string ToString() => ConfigurationError.Written(Place, Path, Message);
}

/// <summary>One fault in the configuration, told so that the person who made it can mend it (Dutch).</summary>
/// <param name="Path">The item: <c>channels.x_midden.baseUrl</c>, the column of a table, or the file itself.</param>
/// <param name="Message">What is wrong and the way out.</param>
public sealed record ConfigurationError(string Path, string Message)
{
    /// <summary>Null where it stands nowhere.</summary>
    public Place? Place { get; init; }

    public override string ToString() => Written(Place, Path, Message);

    internal static string Written(Place? place, string path, string message) =>
        place is null ? $"{path}: {message}" : place.File == path ? $"{place}: {message}" : $"{place} {path}: {message}";
}
