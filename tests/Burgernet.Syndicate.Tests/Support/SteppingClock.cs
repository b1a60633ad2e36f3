namespace Burgernet.Syndicate.Tests.Support;

/// <summary>A machine whose clock can be set, also back, while time itself goes on as it is told to.</summary>
sealed class SteppingClock(DateTimeOffset start) : TimeProvider
{
    TimeSpan _elapsed;
    TimeSpan _steps;

    /// <summary>Time goes by.</summary>
    public void Advance(TimeSpan by) => _elapsed += by;

    /// <summary>Somebody sets the clock.</summary>
    public void Step(TimeSpan by) => _steps += by;

    public override DateTimeOffset GetUtcNow() => start + _elapsed + _steps;

    public override long GetTimestamp() => _elapsed.Ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;
}
