using System.Diagnostics;
using System.Globalization;
using Burgernet.Syndicate.Acceptance.Support;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Storage;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Burgernet.Syndicate.Tests.Support;

/// <summary>
/// A real PostgreSQL server on loopback with its data in a temporary folder, made when a test first asks for it and
/// stopped when the tests end. Each test gets a database of its own, with our schema in it.
/// </summary>
sealed class PostgresServer : IDisposable
{
    const string Template = "syndicate_template";

    static readonly Lazy<PostgresServer> Made = new(() =>
    {
        var server = new PostgresServer();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.Dispose();
        return server;
    });

    readonly string _folder = Directory.CreateTempSubdirectory("syndicate-postgres-").FullName;
    readonly int _port = TestMachine.FreePort();
    readonly Lock _gate = new();

    public PostgresServer()
    {
        // The server refuses to run as root.
        if (Environment.IsPrivilegedProcess)
            Run("chown", "postgres:postgres", _folder);
        AsServer("initdb", "-D", Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C");
        Start();
                Execute("postgres", $"create database {Template}");
        using var database = new Database(OptionsOf(Template));
        new Migrator(database, NullLogger<Migrator>.Instance).Migrate();
    }

    public static PostgresServer Shared => Made.Value;

    string Data => Path.Combine(_folder, "data");

    /// <summary>A new database with our schema.</summary>
    public StorageOptions Create(string name)
    {
        // Nobody else may be connected to a database while it is copied.
        lock (_gate)
        {
            NpgsqlConnection.ClearAllPools();
            Execute("postgres", $"create database \"{name}\" template {Template}");
        }

        return OptionsOf(name);
    }

    /// <summary>A new database with nothing in it.</summary>
    public StorageOptions CreateEmpty(string name)
    {
        Execute("postgres", $"create database \"{name}\"");
        return OptionsOf(name);
    }

    public StorageOptions OptionsOf(string name) =>
        new(StorageProvider.Postgres, new Secret($"Host=127.0.0.1;Port={_port};Username=postgres;Database={name};Maximum Pool Size=20;Timeout=5"));

    public void Drop(string name) => Execute("postgres", $"drop database if exists \"{name}\" with (force)");

    /// <summary>Breaks every connection and transaction off, as a crash does, and starts anew.</summary>
    public void Crash()
    {
        AsServer("pg_ctl", "-D", Data, "-m", "immediate", "-w", "stop");
        Start();
    }

    public void Dispose()
    {
        if (!Directory.Exists(_folder))
            return;
        AsServer("pg_ctl", "-D", Data, "-m", "immediate", "-w", "stop");
        Directory.Delete(_folder, recursive: true);
    }

    // What a power cut does is not tested here, and a database per test is written to disk much faster without.
    void Start() => AsServer("pg_ctl", "-D", Data, "-w", "-l", Path.Combine(_folder, "log"),
        "-o", $"-p {_port.ToString(CultureInfo.InvariantCulture)} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=300 -c fsync=off", "start");

    void Execute(string database, string sql)
    {
        using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(OptionsOf(database).ConnectionString.Reveal()) { Pooling = false }.ToString());
        connection.Open();
        connection.Execute(sql);
    }

    static void AsServer(string tool, params string[] arguments)
    {
        var program = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetFiles("/usr/lib/postgresql", tool, SearchOption.AllDirectories).Order(StringComparer.Ordinal).LastOrDefault() ?? tool
            : tool;
        if (Environment.IsPrivilegedProcess)
            Run("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", program, .. arguments]);
        else
            Run(program, arguments);
    }

    static void Run(string program, params string[] arguments)
    {
        // Not redirected: the server would keep the pipe open for as long as it runs.
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", "cd / && exec \"$@\" >/dev/null 2>&1", "sh", program, .. arguments]))!;
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}; PostgreSQL is needed here (apt install postgresql)");
    }
}

/// <summary>A database of a test's own: a file, or one on a real server.</summary>
abstract class TestStorage : IDisposable
{
    public static TestStorage Make(StorageProvider provider) => provider is StorageProvider.Postgres ? On(PostgresServer.Shared) : new InFile();

    public static TestStorage On(PostgresServer server) => new OnServer(server);

    /// <summary>Another worker on the same database.</summary>
    public abstract Database Open();

    public abstract void Dispose();

    sealed class InFile : TestStorage
    {
        readonly string _folder = Directory.CreateTempSubdirectory("syndicate-").FullName;

        public override Database Open()
        {
            var database = Database.ForFile(Path.Combine(_folder, "syndicate.db"));
            new Migrator(database, NullLogger<Migrator>.Instance).Migrate();
            return database;
        }

        public override void Dispose() => Directory.Delete(_folder, recursive: true);
    }

    sealed class OnServer : TestStorage
    {
        readonly string _name = $"test_{Guid.NewGuid():N}";
        readonly PostgresServer _server;
        readonly StorageOptions _options;

        public OnServer(PostgresServer server) => (_server, _options) = (server, server.Create(_name));

        public override Database Open() => new(_options);

        public override void Dispose() => _server.Drop(_name);
    }
}
