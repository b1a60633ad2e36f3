using System.CommandLine;
using System.Data.Common;
using Burgernet.Syndicate.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Burgernet.Syndicate.Worker.Commands;

/// <summary>Brings the database to this program's schema; <c>run</c> does the same at its start.</summary>
static class MigrateCommand
{
    public static Command Create()
    {
        var command = new Command("migrate", "Werk de database bij naar deze versie");
        command.SetAction(arguments =>
        {
            var folders = SyndicateCommand.Folders(arguments);
            if (SyndicateCommand.CheckOf(folders).LoadStorage(out var errors) is not { } storage)
                return SyndicateCommand.Refuse(folders, errors);

            Directory.CreateDirectory(folders.Data);
            using var database = new Database(storage);
            try
            {
                var count = new Migrator(database, NullLogger<Migrator>.Instance).Migrate();
                Console.WriteLine(count == 0 ? "De database was al bij." : $"{count} migratie(s) uitgevoerd.");
                return SyndicateCommand.Done;
            }
            catch (Exception exception) when (exception is MigrationException or DbException)
            {
                return SyndicateCommand.Fail(exception is MigrationException ? exception.Message : SyndicateCommand.DatabaseFailed(exception));
            }
        });
        return command;
    }
}
