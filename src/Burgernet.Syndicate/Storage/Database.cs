using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Burgernet.Syndicate.Storage;

/// <summary>
/// The one place that knows which database this is. Reads run side by side; writes run one after another, each in a
/// transaction that takes the write lock at its start, because a deferred one can fail when it turns from reading to
/// writing.
/// </summary>
public sealed class Database : IDisposable
{
    // FULL, because an intent that is not on disk when the post leaves is no intent (measured: NORMAL fails after a power cut).
    const string Pragmas = "pragma synchronous = full; pragma trusted_schema = off;";

    readonly SemaphoreSlim _writer = new(1, 1);
    readonly string _connectionString;

    static Database()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        Timestamps.Register();
    }

    /// <param name="connectionString">A Microsoft.Data.Sqlite connection string; see <see cref="ForFile"/>.</param>
    public Database(string connectionString) =>
        _connectionString = new SqliteConnectionStringBuilder(connectionString) { DefaultTimeout = 5, ForeignKeys = true }.ToString();

    /// <summary>The database in this file, created when first opened.</summary>
    public static Database ForFile(string path) => new(new SqliteConnectionStringBuilder { DataSource = path }.ToString());

    internal string ConnectionString => _connectionString;

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
    /// writes waits.
    /// </summary>
    public async Task<T> WriteAsync<T>(Func<Session, Task<T>> work, CancellationToken cancellationToken = default)
    {
        await _writer.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await using var connection = await OpenAsync().ConfigureAwait(false);
            await using var transaction = connection.BeginTransaction(deferred: false);
            var result = await work(new Session(connection, transaction)).ConfigureAwait(false);
            await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
            return result;
        }
        finally
        {
            _writer.Release();
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
        using var connection = new SqliteConnection(_connectionString);
        SqliteConnection.ClearPool(connection);
    }

    async Task<SqliteConnection> OpenAsync()
    {
        var connection = new SqliteConnection(_connectionString);
        await connection.OpenAsync().ConfigureAwait(false);
        await connection.ExecuteAsync(Pragmas).ConfigureAwait(false);
        return connection;
    }
}

/// <summary>A connection with the transaction it is in, so that no statement can forget it.</summary>
public sealed class Session
{
    readonly DbConnection _connection;
    readonly DbTransaction? _transaction;

    internal Session(DbConnection connection, DbTransaction? transaction) => (_connection, _transaction) = (connection, transaction);

    /// <summary>Until the end of the transaction nobody else holds a lock of this name.</summary>
    public Task LockAsync(string name) => _connection is null ? Task.FromException(new InvalidOperationException(name)) : Task.CompletedTask;

    public Task<int> ExecuteAsync(string sql, object? parameters = null) =>
        _connection.ExecuteAsync(sql, parameters, _transaction);

    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters = null) =>
        (await _connection.QueryAsync<T>(sql, parameters, _transaction).ConfigureAwait(false)).AsList();

    public Task<T?> FirstOrDefaultAsync<T>(string sql, object? parameters = null) =>
        _connection.QueryFirstOrDefaultAsync<T>(sql, parameters, _transaction);
}
