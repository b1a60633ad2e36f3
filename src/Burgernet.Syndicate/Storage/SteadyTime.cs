namespace Burgernet.Syndicate.Storage;

/// <summary>
/// The clock the pipeline lives by. It goes on evenly whatever is done to the machine's clock, so that no step of that
/// can begin or end a wait; it follows only when told to, by whoever has put right what waits.
/// </summary>
/// <param name="clock">The machine's.</param>
public class SteadyTime(TimeProvider clock) : TimeProvider
{
    static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(1);

    // Long enough for whoever set a clock wrong to set it right again.
    static readonly TimeSpan Doubtful = TimeSpan.FromMinutes(10);

    Point _last = new(clock.GetUtcNow(), clock.GetTimestamp());
    long? _forwardAt;

    /// <summary>What the machine's clock is behind this one; negative when it is ahead.</summary>
    public TimeSpan Offset
    {
        get
        {
            // A process may stand still between two looks: what may be no difference is none.
            var (before, machine, after) = (GetUtcNow(), clock.GetUtcNow(), GetUtcNow());
            return machine < before ? before - machine : machine > after ? after - machine : TimeSpan.Zero;
        }
    }

    /// <summary>The machine's clock is near enough to this one. If not, something happened that must be looked at before anything is claimed.</summary>
    public bool IsTrusted => Offset.Duration() <= Tolerance;

    /// <summary>
    /// False for ten minutes after a step forward. Nothing is ended by its time then: perhaps that time has not come.
    /// Nor is anything sent of which it has.
    /// </summary>
    public bool MayEnd => _forwardAt is not { } at || clock.GetElapsedTime(at) > Doubtful;

    /// <summary>Goes on from the machine's time.</summary>
    internal void Follow()
    {
        long timestamp;
        DateTimeOffset now;
        do
            (timestamp, now) = (clock.GetTimestamp(), clock.GetUtcNow());
        while (clock.GetElapsedTime(timestamp) > Tolerance / 10);
        Set(now, timestamp);
    }

    /// <summary>Goes on from another time.</summary>
    /// <param name="now">That time.</param>
    /// <param name="timestamp">When it was that.</param>
    internal void Set(DateTimeOffset now, long timestamp)
    {
        if (now + clock.GetElapsedTime(timestamp) - GetUtcNow() > Tolerance)
            _forwardAt = timestamp;
        Volatile.Write(ref _last, new Point(now, timestamp));
    }

    public override DateTimeOffset GetUtcNow()
    {
        var last = Volatile.Read(ref _last);
        return last.Now + clock.GetElapsedTime(last.Timestamp);
    }

    public override long GetTimestamp() => clock.GetTimestamp();

    public override long TimestampFrequency => clock.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => clock.LocalTimeZone;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => clock.CreateTimer(callback, state, dueTime, period);

    sealed record Point(DateTimeOffset Now, long Timestamp);
}
