using Burgernet.Syndicate.Audit;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Storage;

namespace Burgernet.Syndicate.Deliveries;

/// <summary>
/// What people do by hand, each in one transaction with a row that tells who, when and why. Null means that it was done.
/// </summary>
public sealed class OperatorDesk(AuditLog audit, AttemptLog attempts, LiveConfiguration live, Outbox outbox, TimeProvider time)
{
    /// <summary>Decides on a delivery that the program cannot decide.</summary>
    /// <param name="postId">The id on the network, for <see cref="Resolution.Adopt"/>.</param>
    public Task<Refusal?> ResolveAsync(string deliveryId, Resolution resolution, string? postId, Signature by) =>
        DoAsync("resolve", $"{deliveryId} {Wire.Name(resolution)}{(postId is null ? "" : $" {postId}")}", by, session => attempts.ResolveAsync(session, deliveryId, resolution, postId));

    /// <summary>Ends an alert as if its source had closed it.</summary>
    public Task<Refusal?> CloseAsync(string alertId, Signature by) =>
        DoAsync("close", alertId, by, session => live.Current.Ending.EndByHandAsync(session, alertId, withdraw: false));

    /// <summary>Withdraws an alert: all of it comes down.</summary>
    public Task<Refusal?> RetractAsync(string alertId, Signature by) =>
        DoAsync("retract", alertId, by, session => live.Current.Ending.EndByHandAsync(session, alertId, withdraw: true));

    /// <summary>Nothing is posted on these channels until they are resumed. Take-downs go on.</summary>
    public Task<Refusal?> PauseAsync(IReadOnlyList<string> channels, Signature by) => DoAsync("pause", string.Join(' ', channels), by, async session =>
    {
        foreach (var channel in channels)
            await session.ExecuteAsync("""
                insert into channel (name, paused_at, paused_by) values (@channel, @now, @who)
                on conflict (name) do update set paused_at = coalesce(channel.paused_at, @now), paused_by = coalesce(channel.paused_by, @who)
                """, new { channel, now = time.GetUtcNow(), who = by.Name }).ConfigureAwait(false);
        return null;
    });

    /// <summary>These channels post again, also those that stood still.</summary>
    public Task<Refusal?> ResumeAsync(IReadOnlyList<string> channels, Signature by) => DoAsync("resume", string.Join(' ', channels), by, async session =>
    {
        foreach (var channel in channels)
            await session.ExecuteAsync("update channel set paused_at = null, paused_by = null, next_at = null where name = @channel", new { channel }).ConfigureAwait(false);
        return null;
    });

    async Task<Refusal?> DoAsync(string action, string subject, Signature by, Func<Session, Task<Refusal?>> work)
    {
        var refusal = await audit.DoAsync(action, subject, by, work).ConfigureAwait(false);
        if (refusal is null)
            outbox.Wake();
        return refusal;
    }
}
