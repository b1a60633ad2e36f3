using Burgernet.Syndicate.Configuration;

namespace Burgernet.Syndicate.Routing;

/// <summary>When every target will have an opening, if nothing else waits and nothing goes wrong.</summary>
public static class Forecast
{
    /// <summary>Later than this after it came in, a person must know beforehand.</summary>
    public static readonly TimeSpan Late = TimeSpan.FromMinutes(10);

    // What a platform takes to answer on an ordinary day.
    static readonly TimeSpan Answer = TimeSpan.FromSeconds(1);

    /// <summary>The moment of each (UTC), in the order given; null where the channel only records.</summary>
    /// <param name="planned">The targets with the moments at which they fall due.</param>
    /// <param name="channels">What each channel takes at once, and how it rests.</param>
    /// <param name="maxInFlight">What the process takes at once.</param>
    public static IReadOnlyList<DateTimeOffset?> Of(IReadOnlyList<PlannedRoute> planned, IEnumerable<ChannelOptions> channels, int maxInFlight)
    {
        var options = channels.ToDictionary(c => c.Name);
        var at = new DateTimeOffset?[planned.Count];
        foreach (var channel in Enumerable.Range(0, planned.Count).GroupBy(i => planned[i].Route.Channel))
        {
            if (options[channel.Key] is not { Publish: true } own)
                continue;
            // As the dispatcher does: what falls due first goes first, and a paced channel rests after each.
            var pause = Step(own, maxInFlight);
            var free = DateTimeOffset.MinValue;
            foreach (var i in channel.OrderBy(i => planned[i].DueAt))
            {
                var leaves = planned[i].DueAt > free ? planned[i].DueAt : free;
                at[i] = leaves + Answer;
                free = leaves + pause;
            }
        }

        return at;
    }

    static TimeSpan Step(ChannelOptions channel, int maxInFlight)
    {
        var each = Answer / Math.Min(channel.MaxInFlight, maxInFlight);
        var rest = (channel.Pacing.Min + channel.Pacing.Max) / 2;
        return rest > each ? rest : each;
    }
}
