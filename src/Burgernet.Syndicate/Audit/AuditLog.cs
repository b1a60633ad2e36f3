using Burgernet.Syndicate.Storage;

namespace Burgernet.Syndicate.Audit;

/// <summary>
/// What people did by hand: who, what, when and why. Rows are added in the transaction of the act itself and never
/// changed; the program has no way to.
/// </summary>
public sealed class AuditLog(Database database, TimeProvider time)
{
    const string Insert = "insert into audit (id, at, by_whom, action, subject, reason) values (@id, @now, @who, @action, @subject, @why)";

    /// <summary>Does <paramref name="work"/> and notes it, in one transaction; a refusal takes all of it back. Null means that it was done.</summary>
    public async Task<Refusal?> DoAsync(string action, string subject, Signature by, Func<Session, Task<Refusal?>> work)
    {
        try
        {
            await database.WriteAsync(async session =>
            {
                if (await work(session).ConfigureAwait(false) is { } refusal)
                    throw new RefusedException(refusal);
                await NoteAsync(session, action, subject, by).ConfigureAwait(false);
            }).ConfigureAwait(false);
            return null;
        }
        catch (RefusedException refused)
        {
            return refused.Refusal;
        }
    }

    /// <summary>The newest acts first.</summary>
    public Task<IReadOnlyList<AuditEntry>> NewestAsync(int limit) =>
        database.ReadAsync(session => session.QueryAsync<AuditEntry>("select at, by_whom, action, subject, reason from audit order by id desc limit @limit", new { limit }));

    Task<int> NoteAsync(Session session, string action, string subject, Signature by)
    {
        var now = time.GetUtcNow();
        return session.ExecuteAsync(Insert, new { id = Guid.CreateVersion7(now).ToString("N"), now, who = by.Name, action, subject, why = by.Reason });
    }

    // Takes the transaction back.
    sealed class RefusedException(Refusal refusal) : Exception(refusal.Reason)
    {
        public Refusal Refusal => refusal;
    }
}

/// <summary>One act.</summary>
public sealed record AuditEntry
{
    /// <summary>UTC.</summary>
    public required DateTimeOffset At { get; init; }
    public required string ByWhom { get; init; }
    public required string Action { get; init; }
    public required string Subject { get; init; }
    public string? Reason { get; init; }
}

/// <summary>Who does something by hand, and why if he says so.</summary>
public sealed record Signature(string Name, string? Reason);

/// <summary>Why something was not done by hand; nothing was changed.</summary>
/// <param name="Reason">Dutch, and says what can be done instead.</param>
/// <param name="Unknown">What was named does not exist.</param>
public sealed record Refusal(string Reason, bool Unknown = false);
