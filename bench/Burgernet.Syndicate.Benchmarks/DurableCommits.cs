using Microsoft.Data.Sqlite;

namespace Burgernet.Syndicate.Benchmarks;

/// <summary>
/// The cheapest durable commit there is: one small row, one open connection, one prepared statement, with the settings
/// of the program's database (WAL, synchronous = FULL).
/// </summary>
sealed class DurableCommits : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("syndicate-bench-");
    readonly SqliteConnection _connection;
    readonly SqliteCommand _insert;

    public DurableCommits()
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(_folder.FullName, "floor.db"), Pooling = false }.ToString());
        _connection.Open();
        using var setUp = _connection.CreateCommand();
        setUp.CommandText = "pragma journal_mode = wal; pragma synchronous = full; create table note (id integer primary key, text text not null)";
        setUp.ExecuteNonQuery();
        _insert = _connection.CreateCommand();
        _insert.CommandText = "insert into note (text) values ('one post is about to leave, or has arrived')";
        _insert.Prepare();
    }

    public void Commit() => _insert.ExecuteNonQuery();

    public void Dispose()
    {
        _insert.Dispose();
        _connection.Dispose();
        _folder.Delete(recursive: true);
    }
}
