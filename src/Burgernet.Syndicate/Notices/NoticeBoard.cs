using Burgernet.Syndicate.Storage;
using Microsoft.Extensions.Logging;

namespace Burgernet.Syndicate.Notices;

/// <summary>
/// What a person must know, each cause once. It stands on the overview page and in the log, and <see cref="NoticeTeller"/>
/// brings it to people; the texts are Dutch and name the way out.
/// </summary>
public sealed class NoticeBoard(Database database, TimeProvider time, ILogger<NoticeBoard> log)
{
    const string Insert = """
        insert into notice (cause, at, alert_id, channel, text) values (@cause, @at, @alertId, @channel, @text)
        on conflict (cause) do nothing
        """;

    // Owed in every way that a worker had lately. What happens while nobody is to be told is not told afterwards.
    const string Owe = """
        insert into untold (notifier, cause, topic, at) select name, @cause, @topic, @at from notifier where renewed_at > @yesterday and name <> @notBy
        """;

    // A channel that stands still or would, a source that is silent, or a mailbox that nothing can be moved in, stays on the board until that is over; the rest makes room after a day.
    const string Recent = """
        select cause, at, alert_id, channel, text from notice
        where at <= @now and (at > @yesterday or cause like 'stopped:%' or cause like 'source:%' or cause like 'access:%' or cause like 'unmoved:%') order by at desc limit @limit
        """;

    /// <param name="session">The transaction that this belongs to.</param>
    /// <param name="cause">What is told once; the same cause is not told again. It begins with its kind and a colon.</param>
    /// <param name="text">Dutch, one or two sentences, without a name or a secret.</param>
    /// <param name="at">When it becomes true (UTC); null: now.</param>
    /// <param name="notBy">The way of telling that this is about, and that cannot tell it therefore.</param>
    internal async Task TellAsync(Session session, string cause, string text, string? alertId = null, string? channel = null, DateTimeOffset? at = null, string notBy = "")
    {
        var now = time.GetUtcNow();
        var due = at ?? now;
        if (await session.ExecuteAsync(Insert, new { cause, at = due, alertId, channel, text }).ConfigureAwait(false) == 0)
            return;
        await session.ExecuteAsync(Owe, new { cause, topic = Topics.Of(cause, channel, alertId), at = due, yesterday = now.AddDays(-1), notBy }).ConfigureAwait(false);
        log.LogWarning("For a person ({Cause}): {Text}", cause, text);
    }

    /// <summary>Takes a notice back, before it is due or because its cause has gone.</summary>
    internal static Task WithdrawAsync(Session session, string cause) =>
        session.ExecuteAsync("delete from notice where cause = @cause", new { cause });

    /// <summary>The notices of the last day that are due, newest first.</summary>
    public Task<IReadOnlyList<Notice>> RecentAsync(int limit) =>
        database.ReadAsync(session => session.QueryAsync<Notice>(Recent, new { now = time.GetUtcNow(), yesterday = time.GetUtcNow().AddDays(-1), limit }));
}

/// <summary>Something a person must know.</summary>
public sealed record Notice
{
    public required string Cause { get; init; }
    public required DateTimeOffset At { get; init; }
    public string? AlertId { get; init; }
    public string? Channel { get; init; }
    public required string Text { get; init; }
}
