using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Connectors;

namespace Burgernet.Syndicate.Benchmarks;

/// <summary>The shipped configuration and the folder of the repository.</summary>
static class Shipped
{
    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The configuration as it is shipped.</summary>
    public static string Config { get; } = Path.Combine(AppContext.BaseDirectory, "config");

    /// <param name="config">Another folder of configuration; by default the shipped one.</param>
    public static SyndicateOptions Load(string? config = null)
    {
        var folders = new SyndicateFolders(config ?? Config, Path.GetTempPath(), Path.Combine(Path.GetTempPath(), "no-secrets"));
        return new SyndicateCheck(folders, ConnectorRegistry.Channels, [Unused("burgernet-actions"), Unused("landactiehost"), Unused("folder"), Unused("imap") with { Create = null, Watch = (_, _, _, _) => throw new NotSupportedException() }]).Load(out var errors)
            ?? throw new InvalidOperationException(string.Join(Environment.NewLine, errors));
    }

    // The bench hands its actions to the intake itself; the types only have to exist for the configuration to be right.
    static SourceConnector Unused(string type) => new()
    {
        Type = type,
        DefaultUrl = type == "folder" ? null : "http://localhost",
        DefaultInterval = TimeSpan.FromMinutes(1),
        Create = (_, _) => throw new NotSupportedException(),
    };

    static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Burgernet.Syndicate.sln")))
                return folder.FullName;
        throw new InvalidOperationException("the bench must run from a checkout");
    }
}
