using System.Reflection;
using Dapper;
using DbUp;
using DbUp.Builder;
using DbUp.Engine;
using DbUp.Engine.Output;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Burgernet.Syndicate.Storage;

/// <summary>Brings the database to this program's schema: forward only, each script once, in the order of their names.</summary>
public sealed class Migrator(Database database, ILogger<Migrator> log)
{
    /// <summary>The number of scripts that were run.</summary>
    /// <exception cref="MigrationException">A script failed, or the database was written by a newer program.</exception>
    public int Migrate()
    {
        if (!database.IsShared)
        {
            database.UseWriteAheadLog();
            return Migrate(DeployChanges.To.SqliteDatabase(database.ConnectionString));
        }

        // Several workers may start at once. The lock goes with its connection.
        using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database.ConnectionString) { Pooling = false }.ToString());
        connection.Open();
        connection.Execute("set lock_timeout = 0; set statement_timeout = 0; select pg_advisory_lock(hashtextextended('migrate', 0))");
        return Migrate(DeployChanges.To.PostgresqlDatabase(database.ConnectionString));
    }

    int Migrate(UpgradeEngineBuilder builder)
    {
        var upgrade = builder
            .WithScriptsEmbeddedInAssembly(Assembly.GetExecutingAssembly(), name => name.EndsWith(".sql", StringComparison.Ordinal))
            .WithTransactionPerScript()
            .LogTo(new Silence())
            .Build();

        // A newer schema may mean anything, also that what this program would post has been posted already.
        var unknown = upgrade.GetExecutedButNotDiscoveredScripts();
        if (unknown.Count > 0)
            throw new MigrationException($"the database knows migrations that this program does not ({string.Join(", ", unknown)}); it was written by a newer version: install that one or restore a backup");

        var result = upgrade.PerformUpgrade();
        if (!result.Successful)
            throw new MigrationException($"migration {result.ErrorScript?.Name} failed: {result.Error.Message}", result.Error);

        var run = result.Scripts.Count();
        if (run > 0)
            log.LogInformation("Ran {Count} migration(s): {Names}", run, string.Join(", ", result.Scripts.Select(ShortName)));
        return run;
    }

    static string ShortName(SqlScript script) => script.Name.Split(".Migrations.")[^1];

    // DbUp tells every step; ours is one line.
    sealed class Silence : IUpgradeLog
    {
        public void LogTrace(string format, params object[] args) { }
        public void LogDebug(string format, params object[] args) { }
        public void LogInformation(string format, params object[] args) { }
        public void LogWarning(string format, params object[] args) { }
        public void LogError(string format, params object[] args) { }
        public void LogError(Exception ex, string format, params object[] args) { }
    }
}

/// <summary>The database cannot be used by this program. The message says what to do.</summary>
public sealed class MigrationException(string message, Exception? inner = null) : Exception(message, inner);
