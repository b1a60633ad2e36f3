using Burgernet.Syndicate.Configuration;
using Microsoft.Extensions.Logging;

namespace Burgernet.Syndicate.Alerts;

/// <summary>What a type of source needs to be told in syndicate.json, and how one is made.</summary>
public sealed record SourceConnector
{
    /// <summary>The <c>type</c> in syndicate.json.</summary>
    public required string Type { get; init; }

    /// <summary>Where the feed is, unless <c>url</c> says otherwise; null for a folder, which needs a <c>path</c>.</summary>
    public string? DefaultUrl { get; init; }

    public TimeSpan DefaultInterval { get; init; }

    /// <summary>Makes one that is asked; null for one that comes by itself.</summary>
    public Func<SourceOptions, SourceServices, IAlertSource>? Create { get; init; }

    /// <summary>Where it listens, unless <c>listen</c> says otherwise; null for one that is asked.</summary>
    public string? DefaultListen { get; init; }

    /// <summary>Makes one that comes by itself; null for one that is asked.</summary>
    public Func<SourceOptions, SourceServices, Func<PushedAlert, Task<IntakeResult>>, IAlertListener>? Listen { get; init; }

    /// <summary>Makes one that watches a mailbox; null for anything else. What is in syndicate.json at the moment is asked for each mail.</summary>
    public Func<SourceOptions, SourceServices, Func<SyndicateOptions>, ISubmissionDesk, IAlertListener>? Watch { get; init; }

    /// <summary>What is wrong with a key that its sender signs with (Dutch); null when nothing is.</summary>
    public Func<Secret, string?>? FaultOfSecret { get; init; }
}

/// <summary>A source that comes by itself. It may be told something from the moment that it has started.</summary>
public interface IAlertListener : IAsyncDisposable
{
    /// <summary>Where it can be reached, once it has started.</summary>
    Uri Address { get; }

    Task StartAsync(CancellationToken cancellationToken);
}

/// <summary>What a source may use of its surroundings.</summary>
public sealed record SourceServices(TimeProvider Time, ILoggerFactory Logs);
