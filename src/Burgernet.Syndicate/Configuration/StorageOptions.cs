namespace Burgernet.Syndicate.Configuration;

/// <summary>Where everything is kept. The connection string is a secret, because it may hold a password.</summary>
public sealed record StorageOptions(StorageProvider Provider, Secret ConnectionString);

/// <summary>The kind of database.</summary>
public enum StorageProvider
{
    /// <summary>A file beside the program: one worker.</summary>
    Sqlite,

    /// <summary>A server: as many workers as one likes share the work.</summary>
    Postgres,
}
