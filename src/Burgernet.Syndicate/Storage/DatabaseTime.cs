namespace Burgernet.Syndicate.Storage;

/// <summary>
/// The clock that all workers on one database share: what the database server's said, and the time since. A machine
/// whose own is more than a second off has something wrong with it; it must not claim anything.
/// </summary>
public sealed class DatabaseTime(Database database, TimeProvider clock) : SteadyTime(clock)
{
    /// <summary>Asks the database, and takes the time as it was half-way the question.</summary>
    public async Task CompareAsync()
    {
        var (said, timestamp) = await database.ReadAsync(async session =>
        {
            // Once for nothing: opening a connection would count as a slow clock.
            await session.FirstOrDefaultAsync<DateTimeOffset>("select clock_timestamp()").ConfigureAwait(false);
            var asked = GetTimestamp();
            var said = await session.FirstOrDefaultAsync<DateTimeOffset>("select clock_timestamp()").ConfigureAwait(false);
            return (said, asked + (GetTimestamp() - asked) / 2);
        }).ConfigureAwait(false);
        Set(said, timestamp);
    }
}
