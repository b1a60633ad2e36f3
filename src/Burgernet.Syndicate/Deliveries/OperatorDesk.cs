using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Storage;

namespace Burgernet.Syndicate.Deliveries;

/// <summary>
/// What people do by hand, each in one transaction with a row that tells who, when and why. Null means that it was done.
/// </summary>
public sealed class OperatorDesk(Database database, AttemptLog attempts, LiveConfiguration live, Outbox outbox, TimeProvider time)
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
        try
        {
            await database.WriteAsync(async session =>
            {
                if (await work(session).ConfigureAwait(false) is { } refusal)
                    throw new RefusedException(refusal);
                var now = time.GetUtcNow();
                await session.ExecuteAsync("insert into audit (id, at, by_whom, action, subject, reason) values (@id, @now, @who, @action, @subject, @why)", new
                {
                    id = Guid.CreateVersion7(now).ToString("N"), now, who = by.Name, action, subject, why = by.Reason,
                }).ConfigureAwait(false);
            }).ConfigureAwait(false);
        }
        catch (RefusedException refused)
        {
            return refused.Refusal;
        }

        outbox.Wake();
        return null;
    }

    // Takes the transaction back.
    sealed class RefusedException(Refusal refusal) : Exception(refusal.Reason)
    {
        public Refusal Refusal => refusal;
    }
}

/// <summary>Who does something by hand, and why if he says so.</summary>
public sealed record Signature(string Name, string? Reason);

/// <summary>Why something was not done by hand; nothing was changed.</summary>
/// <param name="Reason">Dutch, and says what can be done instead.</param>
/// <param name="Unknown">What was named does not exist.</param>
public sealed record Refusal(string Reason, bool Unknown = false);
