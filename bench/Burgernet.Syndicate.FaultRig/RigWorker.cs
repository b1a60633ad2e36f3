using System.Data.Common;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Connectors;
using Burgernet.Syndicate.Deliveries;
using Burgernet.Syndicate.Storage;
using Burgernet.Syndicate.Worker.Commands;
using Burgernet.Syndicate.Worker.Services;
using Microsoft.Extensions.DependencyInjection;

namespace Burgernet.Syndicate.FaultRig;

/// <summary>
/// The process that is killed: the worker's own pipeline and loops, without its pages and its scheduler, so that it
/// starts quickly. Sources are asked ten times a second.
/// </summary>
static partial class RigWorker
{
    public const string Ready = "ready";

    /// <summary>How the banner of the whole program begins.</summary>
    public const string WholeReady = "Burgernet.Syndicate draait";

    static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    const int Stop = 19;

    /// <param name="folder">The trial's folder.</param>
    /// <param name="at">The crash point at which it ends or freezes, once; empty: none.</param>
    /// <param name="freezes">It stops (SIGSTOP) there instead of ending (SIGKILL).</param>
    /// <param name="naive">Sends first and records after, as most programs do: a control.</param>
    /// <param name="takes">Takes what was said, sends nothing and ends.</param>
    /// <param name="relaxed">The database does not wait for the disk: a control.</param>
    public static async Task RunAsync(string folder, string at, bool freezes, bool naive, bool takes, bool relaxed)
    {
        var folders = Trial.FoldersIn(folder);
        var options = new SyndicateCheck(folders, ConnectorRegistry.Channels, ConnectorRegistry.Sources).Load(out var errors)
            ?? throw new InvalidOperationException(string.Join(Environment.NewLine, errors));
        CrashPoints.Reached = name => Reach(name, at, freezes, Path.Combine(folder, "reached"));

        using var database = new Database(options.Storage) { Synchronous = relaxed ? "normal" : "full" };
        var services = new ServiceCollection().AddLogging();
        SyndicateHost.AddPipeline(services, options, database);
        await using var provider = services.BuildServiceProvider();
        provider.GetRequiredService<Migrator>().Migrate();
        await (provider.GetService<DatabaseTime>()?.CompareAsync() ?? provider.GetRequiredService<ClockWatch>().StartAsync());
        foreach (var reconciler in provider.GetRequiredService<IEnumerable<Reconciler>>())
            await reconciler.StartAsync(alone: !database.IsShared);
        await provider.GetRequiredService<AttemptLog>().TryStoppedAsync();

        if (!naive && !takes)
            await provider.GetRequiredService<DispatcherService>().StartAsync(CancellationToken.None);
        Console.WriteLine(Ready);
        while (true)
        {
            foreach (var poller in provider.GetRequiredService<IEnumerable<SourcePoller>>())
                await PollAsync(poller);
            if (takes)
                return;
            if (naive)
                await SendNaivelyAsync(provider, database);
            await Task.Delay(Poll);
        }
    }

    /// <summary>The whole program, as it is shipped.</summary>
    public static Task<int> RunWholeAsync(string folder, CancellationToken cancellationToken) =>
        RunCommand.RunAsync(Trial.FoldersIn(folder), "http://127.0.0.1:0", cancellationToken);

    // What goes wrong is tried again, as the scheduler would.
    static async Task PollAsync(SourcePoller poller)
    {
        try
        {
            await poller.PollAsync();
        }
        catch (DbException)
        {
            // A full disk, a server that is down.
        }
    }

    static void Reach(string name, string at, bool freezes, string marker)
    {
        if (name != at || File.Exists(marker))
            return;
        File.WriteAllText(marker, name);
        if (freezes)
            _ = Kill(Environment.ProcessId, Stop);
        else
            Process.GetCurrentProcess().Kill();
    }

    // What was sent is written down after it was sent, and what failed is tried again.
    static async Task SendNaivelyAsync(IServiceProvider provider, Database database)
    {
        var channels = provider.GetRequiredService<IReadOnlyList<IChannel>>().ToDictionary(c => c.Name);
        foreach (var delivery in (await provider.GetRequiredService<Outbox>().NewestAsync(100)).Where(d => d.State is DeliveryState.Pending))
        {
            var result = await channels[delivery.Channel].PublishAsync(new Post { Key = $"{delivery.Id}-{Guid.NewGuid():N}", Text = delivery.Text, Address = delivery.Address }, CancellationToken.None);
            if (result is PublishResult.Published published)
                await database.WriteAsync(s => s.ExecuteAsync("update delivery set state = 'Published', post_id = @postId where id = @id", new { postId = published.PostId, id = delivery.Id }));
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);

    /// <summary>Freezes a process, or lets it go on.</summary>
    public static void Freeze(Process process, bool freeze) => _ = Kill(process.Id, freeze ? Stop : 18);
}
