using System.Data.Common;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Deliveries;
using Burgernet.Syndicate.Notices;
using Burgernet.Syndicate.Storage;
using Burgernet.Syndicate.Worker.Services;

namespace Burgernet.Syndicate.Worker.Commands;

/// <summary>The service itself: check, lock, migrate, then run until told to stop.</summary>
static class RunCommand
{
    public static async Task<int> RunAsync(SyndicateFolders folders, string url, CancellationToken cancellationToken)
    {
        var seen = FolderLook.Take(folders);
        if (SyndicateCommand.CheckOf(folders).Load(out var errors) is not { } options)
            return SyndicateCommand.Refuse(folders, errors);

        try
        {
            Directory.CreateDirectory(folders.Data);

            // Two processes on one file would each send what is due. A server keeps several apart.
            using var database = new Database(options.Storage);
            using var taken = database.LockFile is { } file ? TryLock(file) : null;
            if (taken is null && !database.IsShared)
                return SyndicateCommand.Fail("Er draait al een Burgernet.Syndicate op deze database; stop die eerst of kies een andere map met --data.");

            await using var sandbox = options.Mode is SyndicateMode.Sandbox ? await SandboxWiring.StartAsync(options, cancellationToken) : null;
            await using var app = SyndicateHost.Build(sandbox?.Options ?? options, folders, database, url, sandbox?.Address, services => ActivatorUtilities.CreateInstance<Reloader>(services,
                folders, () => SyndicateCommand.CheckOf(folders), (SyndicateOptions saved) => sandbox?.Redirect(saved) ?? saved, (SyndicateOptions taken) => SyndicateHost.GenerationOf(taken, services), seen));
            app.Services.GetRequiredService<Migrator>().Migrate();
            await (app.Services.GetService<DatabaseTime>()?.CompareAsync() ?? app.Services.GetRequiredService<ClockWatch>().StartAsync());
            var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Burgernet.Syndicate.Configuration");
            foreach (var warning in options.Warnings.Concat(await SlowListingsAsync(app.Services, options)))
                log.LogWarning("{Warning}", warning);
            foreach (var teller in app.Services.GetRequiredService<IEnumerable<NoticeTeller>>())
                await teller.StartAsync();
            foreach (var reconciler in app.Services.GetRequiredService<IEnumerable<Reconciler>>())
                await reconciler.StartAsync(alone: !database.IsShared);
            await app.Services.GetRequiredService<AttemptLog>().TryStoppedAsync();

            await app.StartAsync(cancellationToken);
            Banner(options, url, sandbox?.Address);
            await app.WaitForShutdownAsync(cancellationToken);
            return SyndicateCommand.Done;
        }
        catch (MigrationException exception)
        {
            return SyndicateCommand.Fail(exception.Message);
        }
        catch (DbException exception)
        {
            return SyndicateCommand.Fail(SyndicateCommand.DatabaseFailed(exception));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or UriFormatException or FormatException)
        {
            return SyndicateCommand.Fail($"Het programma kan niet starten: {exception.Message} Kijk naar --data ({folders.Data}) en --urls ({url}).");
        }
    }

    // What no file can tell: how long a new post really took to show.
    static async Task<IEnumerable<ConfigurationWarning>> SlowListingsAsync(IServiceProvider services, SyndicateOptions options)
    {
        var measured = (await services.GetRequiredService<Outbox>().ChannelsAsync()).ToDictionary(c => c.Name, c => c.QuietFloor);
        return options.Channels.Where(c => measured.GetValueOrDefault(c.Name) > c.Quiet).Select(c => new ConfigurationWarning($"channels.{c.Name}.quiet",
            $"een nieuw bericht was hier soms pas na {measured[c.Name] / 3:c} terug te lezen; met {c.Quiet:c} kan een bericht dubbel komen. Neem ten minste {measured[c.Name]:c}"));
    }

    static FileStream? TryLock(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (exception is not DirectoryNotFoundException)
        {
            return null;
        }
    }

    static void Banner(SyndicateOptions options, string url, Uri? sandbox)
    {
        Console.WriteLine($"""

            Burgernet.Syndicate draait. Stand: {(sandbox is null ? "LIVE, wat geplaatst wordt is openbaar" : "zandbak, er gaat niets naar buiten")}
              Overzicht  {url}
              Bronnen    {string.Join(", ", options.Sources.Select(s => $"{s.Name} ({s.Type})"))}
              Kanalen    {string.Join(", ", options.Channels.Select(c => $"{c.Name} ({c.Type}{(c.Test ? ", test" : "")}{(c.Publish ? "" : ", alleen vastleggen")})"))}
            """);
        if (sandbox is not null)
            Console.WriteLine($"  Zandbak    {sandbox}  (de nagebootste tijdlijnen; binnen 20 seconden komt de eerste voorbeeldactie)");
        Console.WriteLine();
    }
}
