using System.Security.Cryptography;
using System.Text;

namespace Burgernet.Syndicate.Routing;

/// <summary>When a route brings what is not urgent.</summary>
/// <param name="Hours">Outside of these it waits.</param>
/// <param name="Spread">Over how long after their beginning what waited is spread.</param>
public sealed record DeliveryWindow(DutchHours Hours, TimeSpan Spread);

/// <summary>A target with the moment at which its delivery falls due (UTC).</summary>
public sealed record PlannedRoute(Route Route, DateTimeOffset DueAt);

/// <summary>When the deliveries of an opening fall due.</summary>
public static class DeliveryPlan
{
    // Rows that fall due together are written together.
    static readonly TimeSpan Step = TimeSpan.FromMinutes(1);

    /// <summary>
    /// At once, or spread over the beginning of the next window of their route. What would expire before its window goes
    /// at once: better in a quiet hour than never.
    /// </summary>
    /// <param name="routes">The targets, in their order.</param>
    /// <param name="start">When they could go at the earliest.</param>
    /// <param name="notAfter">When an opening is too late.</param>
    /// <param name="seed">The same for the same alert; alerts that waited together do not start together.</param>
    /// <param name="notBefore">By channel, when the one before has had its time; null: nothing was before.</param>
    /// <returns>The targets in the same order; the reason says why they wait.</returns>
    public static IReadOnlyList<PlannedRoute> Of(
        IReadOnlyList<Route> routes, DateTimeOffset start, DateTimeOffset notAfter, string seed, IReadOnlyDictionary<string, DateTimeOffset>? notBefore = null)
    {
        var planned = new PlannedRoute[routes.Count];
        foreach (var channel in Enumerable.Range(0, routes.Count).GroupBy(i => routes[i].Channel).Select(c => c.ToList()))
        {
            // What would be too late then follows on the heels of the one before.
            var turn = notBefore?.GetValueOrDefault(routes[channel[0]].Channel) is { } after && after > start && after < notAfter ? after : start;
            // All targets of a channel have the same windows.
            var (opens, window) = routes[channel[0]].Windows.Select(w => (Opens: w.Hours.NextWithin(turn), w)).OrderBy(w => w.Opens).FirstOrDefault((turn, null!));
            var waits = opens > turn && opens < notAfter;
            var note = (turn > start ? "; na een ander bericht dat niet dringend is" : "") + (waits ? $"; wacht op het bezorgvenster {window.Hours}"
                : opens > turn ? $"; meteen, want het verloopt voordat het bezorgvenster {window.Hours} opengaat"
                : "");
            var spread = waits ? Spread(window, notAfter - opens) : TimeSpan.Zero;
            var shift = BitConverter.ToUInt16(SHA256.HashData(Encoding.UTF8.GetBytes(seed))) / (double)(ushort.MaxValue + 1);
            for (var number = 0; number < channel.Count; number++)
            {
                var place = (number + shift) / channel.Count * spread;
                planned[channel[number]] = new PlannedRoute(
                    routes[channel[number]] with { Reason = routes[channel[number]].Reason + note },
                    waits ? opens + Step * Math.Floor(place / Step) : turn);
            }
        }

        return planned;
    }

    // Room is left for what is slow.
    static TimeSpan Spread(DeliveryWindow window, TimeSpan left) => window.Spread < left / 2 ? window.Spread : left / 2;
}
