using System.Collections.Concurrent;
using System.Data.Common;
using System.Text.Json;
using System.Text.RegularExpressions;
using Burgernet.Syndicate.Configuration;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Burgernet.Syndicate.Storage;

/// <summary>
/// The one place that knows which database this is. On SQLite reads run side by side and writes one after another, each
/// in a transaction that takes the write lock at its start, because a deferred one can fail when it turns from reading
/// to writing. On PostgreSQL writes run side by side too; what must not, takes a lock by name (<see cref="Session.LockAsync"/>).
/// </summary>
public sealed class Database : IDisposable
{
    // A checkpoint every 16 MB instead of 4: a fan-out changes the same pages again and again.
    string Pragmas => $"pragma synchronous = {Synchronous}; pragma trusted_schema = off; pragma wal_autocheckpoint = 4000;";

    // The same on PostgreSQL; and nobody who hangs may hold up the others for ever.
    const string ServerSettings = "-c synchronous_commit=on -c statement_timeout=30s -c lock_timeout=15s -c idle_in_transaction_session_timeout=15s";

    const int MostTries = 5;

    readonly SemaphoreSlim _writer = new(1, 1);
    readonly string _connectionString;
    readonly NpgsqlDataSource? _server;

    static Database()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        Timestamps.Register();
    }

    public Database(StorageOptions options)
    {
        if (options.Provider is StorageProvider.Postgres)
        {
            var server = new NpgsqlConnectionStringBuilder(options.ConnectionString.Reveal()) { KeepAlive = 30 };
            server.Options = $"{server.Options} {ServerSettings}".Trim();
            // The same few statements all day long: planned once per connection, unless the connection string says otherwise.
            if (!server.ShouldSerialize("Max Auto Prepare"))
                (server.MaxAutoPrepare, server.AutoPrepareMinUsages) = (100, 2);
            server.ApplicationName ??= "Burgernet.Syndicate";
            _connectionString = server.ToString();
            _server = NpgsqlDataSource.Create(server);
        }
        else
        {
            _connectionString = new SqliteConnectionStringBuilder(options.ConnectionString.Reveal()) { DefaultTimeout = 5, ForeignKeys = true }.ToString();
        }
    }

    /// <summary>The database in this file, created when first opened.</summary>
    public static Database ForFile(string path) =>
        new(new StorageOptions(StorageProvider.Sqlite, new Secret(new SqliteConnectionStringBuilder { DataSource = path }.ToString())));

    /// <summary>Other workers may be at work on it.</summary>
    public bool IsShared => _server is not null;

    /// <summary>
    /// FULL, because an intent that is not on disk when the post leaves is no intent. The fault rig sets less for its
    /// control, to see that it would notice.
    /// </summary>
    internal string Synchronous { get; init; } = "full";

    internal string ConnectionString => _connectionString;

    /// <summary>There is something to read: a file, or a server that must answer for itself.</summary>
    public bool Exists() => IsShared || File.Exists(new SqliteConnectionStringBuilder(_connectionString).DataSource);

    /// <summary>The file that says that a worker is at work here; null where several may be.</summary>
    public string? LockFile => IsShared ? null : new SqliteConnectionStringBuilder(_connectionString).DataSource + ".lock";

    /// <summary>Readers beside the writer; the file remembers it.</summary>
    internal void UseWriteAheadLog()
    {
        using var connection = new SqliteConnection(_connectionString);
        connection.Open();
        connection.Execute("pragma journal_mode = wal");
    }

    /// <summary>Reads, outside any transaction of ours.</summary>
    public async Task<T> ReadAsync<T>(Func<Session, Task<T>> work)
    {
        await using var connection = await OpenAsync().ConfigureAwait(false);
        return await work(new Session(connection, null)).ConfigureAwait(false);
    }

    /// <summary>
    /// Runs <paramref name="work"/> in one transaction and commits it durably. No network inside: everyone else who
    /// writes waits. Where two transactions stand in each other's way the server ends one of them; it is run again.
    /// </summary>
    /// <remarks>
    /// A commit whose answer is lost may have been done. Then work that is tried again finds it done: claims are counted,
    /// and a claim that nobody knows of lapses and is looked up.
    /// </remarks>
    public async Task<T> WriteAsync<T>(Func<Session, Task<T>> work, CancellationToken cancellationToken = default)
    {
        if (_server is null)
            return await WriteToFileAsync(work, cancellationToken).ConfigureAwait(false);

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await CommitAsync(work).ConfigureAwait(false);
            }
            catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure && attempt < MostTries)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    public Task WriteAsync(Func<Session, Task> work, CancellationToken cancellationToken = default) =>
        WriteAsync(async session =>
        {
            await work(session).ConfigureAwait(false);
            return true;
        }, cancellationToken);

    public void Dispose()
    {
        _writer.Dispose();
        _server?.Dispose();
        if (_server is not null)
            return;
        using var connection = new SqliteConnection(_connectionString);
        SqliteConnection.ClearPool(connection);
    }

    async Task<T> WriteToFileAsync<T>(Func<Session, Task<T>> work, CancellationToken cancellationToken)
    {
        await _writer.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await CommitAsync(work).ConfigureAwait(false);
        }
        finally
        {
            _writer.Release();
        }
    }

    async Task<T> CommitAsync<T>(Func<Session, Task<T>> work)
    {
        await using var connection = await OpenAsync().ConfigureAwait(false);
        await using var transaction = connection is SqliteConnection file ? file.BeginTransaction(deferred: false) : await connection.BeginTransactionAsync().ConfigureAwait(false);
        var result = await work(new Session(connection, transaction)).ConfigureAwait(false);
        await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
        return result;
    }

    async Task<DbConnection> OpenAsync()
    {
        if (_server is not null)
            return await _server.OpenConnectionAsync().ConfigureAwait(false);

        var connection = new SqliteConnection(_connectionString);
        await connection.OpenAsync().ConfigureAwait(false);
        await connection.ExecuteAsync(Pragmas).ConfigureAwait(false);
        return connection;
    }
}

/// <summary>
/// A connection with the transaction it is in, so that no statement can forget it. Statements are written once, for both
/// databases; a list is an array and stands behind <c>in</c>: <c>where id in @ids</c>. Many rows for one statement are
/// <see cref="Rows"/> and stand behind <c>each</c>: <c>from each(@rows) e</c>, each member as <c>e.value ->> 'name'</c>.
/// </summary>
public sealed partial class Session
{
    static readonly ConcurrentDictionary<string, string> ForServer = [];
    static readonly ConcurrentDictionary<string, string> ForFile = [];

    readonly DbConnection _connection;
    readonly DbTransaction? _transaction;

    internal Session(DbConnection connection, DbTransaction? transaction) => (_connection, _transaction) = (connection, transaction);

    /// <summary>Until the end of the transaction nobody else, in whatever process, holds a lock of this name.</summary>
    /// <remarks>On SQLite a transaction has the whole file to itself.</remarks>
    public Task LockAsync(string name) => _connection is NpgsqlConnection
        ? _connection.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended(@name, 0))", new { name }, _transaction)
        : Task.CompletedTask;

    public Task<int> ExecuteAsync(string sql, object? parameters = null) =>
        _connection.ExecuteAsync(Said(sql), parameters, _transaction);

    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters = null) =>
        (await _connection.QueryAsync<T>(Said(sql), parameters, _transaction).ConfigureAwait(false)).AsList();

    public Task<T?> FirstOrDefaultAsync<T>(string sql, object? parameters = null) =>
        _connection.QueryFirstOrDefaultAsync<T>(Said(sql), parameters, _transaction);

    /// <summary>Rows as <c>each</c> takes them: text, numbers and truth values by name.</summary>
    public static string Rows<T>(IEnumerable<T> rows) => JsonSerializer.Serialize(rows, JsonSerializerOptions.Web);

    // Dapper writes a list out for SQLite; PostgreSQL takes it as it is, but under another name.
    string Said(string sql) => _connection is NpgsqlConnection
        ? ForServer.GetOrAdd(sql, text => Each().Replace(InList().Replace(text, "= any(@$1)"), "jsonb_array_elements(cast(@$1 as jsonb)) as $2 (value)"))
        : ForFile.GetOrAdd(sql, text => Each().Replace(text, "json_each(@$1) $2"));

    [GeneratedRegex(@"\bin @(\w+)")]
    private static partial Regex InList();

    [GeneratedRegex(@"\beach\(@(\w+)\) (\w+)")]
    private static partial Regex Each();
}
