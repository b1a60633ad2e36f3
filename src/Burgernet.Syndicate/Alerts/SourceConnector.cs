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

    public required TimeSpan DefaultInterval { get; init; }

    public required Func<SourceOptions, SourceServices, IAlertSource> Create { get; init; }
}

/// <summary>What a source may use of its surroundings.</summary>
public sealed record SourceServices(TimeProvider Time, ILoggerFactory Logs);
