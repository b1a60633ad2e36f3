using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Storage;
using Burgernet.Syndicate.Worker.Services;
using Microsoft.Data.Sqlite;

namespace Burgernet.Syndicate.Worker.Commands;

/// <summary>The service itself: check, lock, migrate, then run until told to stop.</summary>
static class RunCommand
{
    public static async Task<int> RunAsync(SyndicateFolders folders, string url, CancellationToken cancellationToken)
    {
        if (SyndicateCommand.CheckOf(folders).Load(out var errors) is not { } options)
            return SyndicateCommand.Refuse(folders, errors);

        Directory.CreateDirectory(folders.Data);
        await using var sandbox = options.Mode is SyndicateMode.Sandbox ? await SandboxWiring.StartAsync(options, cancellationToken) : null;
        await using var app = SyndicateHost.Build(sandbox?.Options ?? options, url, sandbox?.Address);

        // Two processes on one file would each send what is due.
        using var taken = TryLock(options.ConnectionString);
        if (taken is null)
        {
            Console.Error.WriteLine("Er draait al een Burgernet.Syndicate op deze database; stop die eerst of kies een andere map met --data.");
            return SyndicateCommand.Failed;
        }

        try
        {
            app.Services.GetRequiredService<Migrator>().Migrate();
            await app.StartAsync(cancellationToken);
        }
        catch (MigrationException exception)
        {
            Console.Error.WriteLine(exception.Message);
            return SyndicateCommand.Failed;
        }
        catch (IOException exception)
        {
            Console.Error.WriteLine($"Het programma kan niet luisteren op {url}: {exception.Message} Kies een ander adres met --urls.");
            return SyndicateCommand.Failed;
        }

        Banner(options, url, sandbox?.Address);
        await app.WaitForShutdownAsync(cancellationToken);
        return SyndicateCommand.Done;
    }

    static FileStream? TryLock(string connectionString)
    {
        var path = new SqliteConnectionStringBuilder(connectionString).DataSource + ".lock";
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
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
