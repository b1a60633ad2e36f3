namespace Burgernet.Syndicate.Storage;

/// <summary>
/// The clock that all workers on one database share: this machine's, put right by what the database server's says. A
/// machine that is more than a second off has something wrong with it; it must not claim anything.
/// </summary>
public sealed class DatabaseTime(Database database, TimeProvider clock) : TimeProvider
{
    static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(1);

    long _offset;

    /// <summary>What this machine's clock is behind the database's; negative when it is ahead.</summary>
    public TimeSpan Offset => TimeSpan.FromTicks(Interlocked.Read(ref _offset));

    /// <summary>This machine's clock is near enough to the database's.</summary>
    public bool IsTrusted => Offset.Duration() <= Tolerance;

    /// <summary>Compares the clocks, as they were half-way the question.</summary>
    public async Task CompareAsync()
    {
        var offset = await database.ReadAsync(async session =>
        {
            // Once for nothing: opening a connection would count as a slow clock.
            await session.FirstOrDefaultAsync<DateTimeOffset>("select clock_timestamp()").ConfigureAwait(false);
            var asked = clock.GetUtcNow();
            var started = clock.GetTimestamp();
            var said = await session.FirstOrDefaultAsync<DateTimeOffset>("select clock_timestamp()").ConfigureAwait(false);
            return said - (asked + clock.GetElapsedTime(started) / 2);
        }).ConfigureAwait(false);
        Interlocked.Exchange(ref _offset, offset.Ticks);
    }

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow() + Offset;

    public override long GetTimestamp() => clock.GetTimestamp();

    public override long TimestampFrequency => clock.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => clock.LocalTimeZone;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => clock.CreateTimer(callback, state, dueTime, period);
}
