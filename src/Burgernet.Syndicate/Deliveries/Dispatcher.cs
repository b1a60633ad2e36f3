using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Storage;
using Microsoft.Extensions.Logging;

namespace Burgernet.Syndicate.Deliveries;

/// <summary>Sends what is due on one channel. Each channel has its own, so that one channel's trouble stays its own.</summary>
public sealed class Dispatcher(AttemptLog attempts, IChannel channel, ChannelOptions options, TimeProvider time, ILogger<Dispatcher> log)
{
    static readonly TimeSpan RecordAgainAfter = TimeSpan.FromSeconds(1);

    // Read back from somewhat before the first of it: clocks differ.
    static readonly TimeSpan ReadBack = TimeSpan.FromMinutes(5);

    // Woken by intake; looked at all the same for what becomes due by itself, and for what other workers left.
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    TaskCompletionSource _woken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Channel => channel.Name;

    /// <summary>There may be something new.</summary>
    public void Wake() => Interlocked.Exchange(ref _woken, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    /// <summary>Ends when there may be something to do.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => Task.WhenAny(_woken.Task, Task.Delay(Look, time, cancellationToken));

    /// <summary>
    /// Publishes what is due and there is room for until nothing is due any more; what has come to an end is written
    /// down together with the intents of what goes next. Zero means that there was nothing to do.
    /// </summary>
    public async Task<int> DispatchDueAsync(CancellationToken cancellationToken = default)
    {
        var sent = 0;
        var underWay = new List<Task<Attempt>>();
        IReadOnlyList<Attempt> done = [];
        while (true)
        {
            var woken = _woken.Task;
            CrashPoints.Reach(done.Count > 0 ? "after-answer" : "before-intent");
            var claimedAt = time.GetTimestamp();
            var claimed = await ExchangeAsync(done, underWay.Count > 0, cancellationToken).ConfigureAwait(false);
            if (done.Count > 0)
                CrashPoints.Reach(done.Any(a => a.Delivery.Operation is DeliveryOperation.Takedown) ? "after-takedown-record" : "after-record");
            if (claimed.Count > 0)
                CrashPoints.Reach("after-intent");

            sent += claimed.Count;
            underWay.AddRange(claimed.Select(d => SendAsync(d, claimedAt)));
            if (underWay.Count == 0)
                return sent;

            // While there is room, what is slow must not keep back what is new.
            await Task.WhenAny(underWay.Count < options.MaxInFlight && !cancellationToken.IsCancellationRequested ? (IEnumerable<Task>)[.. underWay, woken, Task.Delay(Look, time, cancellationToken)] : underWay).ConfigureAwait(false);
            done = [.. underWay.Where(t => t.IsCompleted).Select(t => t.Result)];
            underWay.RemoveAll(t => t.IsCompleted && done.Contains(t.Result));
        }
    }

    // Answers in hand, and those under way, must not be lost to a full disk: unrecorded, their deliveries would be in doubt.
    async Task<IReadOnlyList<Delivery>> ExchangeAsync(IReadOnlyList<Attempt> done, bool busy, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await attempts.ExchangeAsync(options, done, claim: !cancellationToken.IsCancellationRequested, CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception exception) when ((busy || done.Count > 0) && !cancellationToken.IsCancellationRequested)
            {
                log.LogError(exception, "The database cannot be written for channel {Channel}, {Count} outcome(s) wait; trying again", channel.Name, done.Count);
                await Task.Delay(RecordAgainAfter, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    // Not cancelled by a stop: the request is bounded by its own timeout, and an answer we waited for is worth more
    // than one we must ask after.
    async Task<Attempt> SendAsync(Delivery delivery, long claimedAt)
    {
        // Continuations run beside each other, not one behind the other on the claiming thread.
        await Task.Yield();
        Attempt attempt;
        try
        {
            // A worker that stood still may have lost its claim: nothing leaves unless it can end well within the lease.
            // A machine that stood still has a clock that sprang.
            attempt = !delivery.Repeatable && (time is SteadyTime { IsTrusted: false }
                    || time.GetElapsedTime(claimedAt) > options.Lease - 2 * options.RequestTimeout && time.GetElapsedTime(claimedAt) > options.Lease / 3)
                ? new Attempt(delivery, new PublishResult.NotSent("the claim was too old to send on") { RetryAfter = TimeSpan.Zero })
                : await AttemptAsync(delivery).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            log.LogError(exception, "Channel {Channel} threw on delivery {Delivery}", channel.Name, delivery.Id);
            attempt = new Attempt(delivery, new PublishResult.Ambiguous($"the channel failed unexpectedly ({exception.GetType().Name})"));
        }

        log.LogInformation("Delivery {Delivery} of alert {Alert}, attempt {Attempt} on {Channel}: {Result}", delivery.Id, delivery.AlertId, delivery.Attempts, channel.Name, attempt.Result.GetType().Name);
        return attempt;
    }

    async Task<Attempt> AttemptAsync(Delivery delivery)
    {
        if (delivery.Operation is DeliveryOperation.Takedown)
            return await TakeDownAsync(delivery).ConfigureAwait(false);

        var post = new Post { Key = delivery.Id, Text = delivery.Text, Address = delivery.Address };
        if (delivery.OpeningPostId is not { } opening)
            return new Attempt(delivery, await channel.PublishAsync(post, CancellationToken.None).ConfigureAwait(false));
        if (!delivery.InPlace || channel is not IEditsPosts editor || time.GetUtcNow() - delivery.OpeningAt > editor.EditWindow)
            return new Attempt(delivery, await channel.PublishAsync(post with { InReplyTo = delivery.Standalone ? null : opening }, CancellationToken.None).ConfigureAwait(false));

        // Where words can be changed in place nobody can share the old ones any more. The post stays where it is.
        var result = await editor.EditAsync(opening, post, CancellationToken.None).ConfigureAwait(false);
        return new Attempt(delivery, result is PublishResult.Published published ? published with { Url = published.Url ?? delivery.OpeningUrl } : result);
    }

    // Deleted is what cannot be read back any more, not what was said to be deleted.
    async Task<Attempt> TakeDownAsync(Delivery delivery)
    {
        if (channel is not IDeletesPosts deleter)
            return new Attempt(delivery, new PublishResult.Rejected("this network does not take posts down"));
        var published = await attempts.PublishedAsync(delivery).ConfigureAwait(false);
        if (time.GetUtcNow() - published.Since > deleter.DeletionWindow)
            return new Attempt(delivery, new PublishResult.Rejected($"it was published more than {deleter.DeletionWindow.Value.TotalHours:0} hours ago, and the network takes nothing back after that"));

        CrashPoints.Reach("before-delete");
        PublishResult result = new PublishResult.Published("");
        foreach (var id in published.PostIds.Concat(published.PhotoIds))
        {
            result = await deleter.DeleteAsync(delivery.Address, id, CancellationToken.None).ConfigureAwait(false);
            if (result is PublishResult.Rejected or PublishResult.Stopped && await ReplaceAsync(delivery, published.PostIds).ConfigureAwait(false))
                return new Attempt(delivery, new PublishResult.Published(id), Note: $"deletion was refused and the words were replaced: {Reason(result)}");
            if (result is not PublishResult.Published)
                return new Attempt(delivery, result);
        }

        CrashPoints.Reach("after-delete");
        var (left, complete) = await LeftAsync(delivery, published).ConfigureAwait(false);
        // What was posted twice, or what nobody knew of, goes too.
        foreach (var id in left.Except(published.PostIds))
            await deleter.DeleteAsync(delivery.Address, id, CancellationToken.None).ConfigureAwait(false);
        return new Attempt(delivery, left.Count > 0 ? new PublishResult.NotSent("deleted, but the network still shows it")
            : complete ? result : new PublishResult.NotSent("deleted, but the network could not be read to prove it"));
    }

    async Task<bool> ReplaceAsync(Delivery delivery, IReadOnlyList<string> postIds)
    {
        if (channel is not IEditsPosts { EditWindow: null } editor)
            return false;
        foreach (var id in postIds)
            if (await editor.EditAsync(id, new Post { Key = delivery.Id, Text = delivery.Text, Address = delivery.Address }, CancellationToken.None).ConfigureAwait(false) is not PublishResult.Published)
                return false;
        return postIds.Count > 0;
    }

    // What the network still shows of it, and whether that is certain. Where posts cannot be read, its word must do.
    async Task<(IReadOnlyList<string> Left, bool Complete)> LeftAsync(Delivery delivery, Published published)
    {
        if (channel is INamesPosts namer)
        {
            var left = new List<string>();
            var complete = true;
            foreach (var id in published.PostIds)
            {
                var there = await namer.ExistsAsync(delivery.Address, id, CancellationToken.None).ConfigureAwait(false);
                complete &= there is not null;
                if (there is true)
                    left.Add(id);
            }

            return (left, complete);
        }

        if (channel is not IFindsPosts finder)
            return ([], true);
        var found = await finder.FindPostsAsync(delivery.Address, published.Since - ReadBack, CancellationToken.None).ConfigureAwait(false);
        return ([.. found.Posts.Where(p => published.PostIds.Contains(p.PostId) || published.References.Overlaps(Reference.AllIn(p.Text))).Select(p => p.PostId)], found.Complete);
    }

    static string Reason(PublishResult result) => result switch
    {
        PublishResult.Rejected refused => refused.Reason,
        PublishResult.Stopped stopped => stopped.Reason,
        _ => "",
    };
}
