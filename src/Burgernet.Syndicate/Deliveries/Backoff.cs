namespace Burgernet.Syndicate.Deliveries;

/// <summary>How long to wait before the next attempt.</summary>
public static class Backoff
{
    static readonly TimeSpan First = TimeSpan.FromSeconds(2);
    static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Doubles from 2 seconds to 5 minutes, and lies between half of that and all of it, so that what failed together
    /// does not come back together.
    /// </summary>
    /// <param name="attempt">How many attempts were made; 1 after the first.</param>
    /// <param name="random">Between 0 and 1.</param>
    public static TimeSpan After(int attempt, double random)
    {
        var whole = Math.Min(Longest.TotalSeconds, First.TotalSeconds * Math.Pow(2, Math.Clamp(attempt - 1, 0, 20)));
        return TimeSpan.FromSeconds(whole / 2 + whole / 2 * Math.Clamp(random, 0, 1));
    }
}
