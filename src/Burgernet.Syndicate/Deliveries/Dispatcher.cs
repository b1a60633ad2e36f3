using System.Collections.Concurrent;
using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Reach;
using Burgernet.Syndicate.Storage;
using Microsoft.Extensions.Logging;

namespace Burgernet.Syndicate.Deliveries;

/// <summary>Sends what is due on one channel. Each channel has its own, so that one channel's trouble stays its own.</summary>
public sealed class Dispatcher(AttemptLog attempts, IChannel channel, ChannelOptions options, SendSlots slots, PhotoShelf photos, TimeProvider time, ILogger<Dispatcher> log, ILastLook? lastLook = null)
{
    static readonly TimeSpan RecordAgainAfter = TimeSpan.FromSeconds(1);

    // Read back from somewhat before the first of it: clocks differ.
    static readonly TimeSpan ReadBack = TimeSpan.FromMinutes(5);

    // Woken by intake and by answers; looked at all the same for what becomes due by itself, and for what other workers left.
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    const int Swarm = 8;
    static readonly TimeSpan SwarmLasts = TimeSpan.FromMilliseconds(2);

    // What was issued before may have been posted by an earlier life that this database does not remember: a backup was put back.
    readonly DateTimeOffset _startedAt = time.GetUtcNow();

    readonly ConcurrentQueue<Attempt> _answers = [];
    TaskCompletionSource _woken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int _underWay;

    public string Channel => channel.Name;

    /// <summary>There may be something new.</summary>
    public void Wake() => Interlocked.Exchange(ref _woken, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    /// <summary>Ends when there may be something to do.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => WaitAsync(_woken.Task, cancellationToken);

    async Task WaitAsync(Task woken, CancellationToken cancellationToken) =>
        await woken.WaitAsync(Look, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>
    /// Publishes what is due and there is room for until nothing is due any more; what has come to an end is written
    /// down together with the intents of what goes next. Zero means that there was nothing to do.
    /// </summary>
    public async Task<int> DispatchDueAsync(CancellationToken cancellationToken = default)
    {
        var sent = 0;
        while (true)
        {
            var woken = _woken.Task;
            var done = Answers();
            CrashPoints.Reach(done.Count > 0 ? "after-answer" : "before-intent");
            var claimedAt = time.GetTimestamp();
            var claimed = await ExchangeAsync(done, cancellationToken).ConfigureAwait(false);
            _underWay += claimed.Count - done.Count;
            if (done.Count > 0)
                CrashPoints.Reach(done.Any(a => a.Delivery.Operation is DeliveryOperation.Takedown) ? "after-takedown-record" : "after-record");
            if (claimed.Count > 0)
                CrashPoints.Reach("after-intent");

            sent += claimed.Count;
            foreach (var delivery in claimed)
                _ = SendAsync(delivery, claimedAt);
            if (_underWay == 0)
                return sent;
            // While there is room, what is slow must not keep back what is new. A stop waits for what is under way.
            await WaitAsync(woken, CancellationToken.None).ConfigureAwait(false);
            // Answers come in swarms, and a commit for many costs as much as a commit for one.
            if (_underWay >= Swarm && _answers.Count < _underWay / 2)
                await Task.Delay(SwarmLasts, CancellationToken.None).ConfigureAwait(false);
        }
    }

    List<Attempt> Answers()
    {
        var done = new List<Attempt>();
        while (_answers.TryDequeue(out var attempt))
            done.Add(attempt);
        return done;
    }

    async Task<IReadOnlyList<Delivery>> ExchangeAsync(List<Attempt> done, CancellationToken cancellationToken)
    {
        var busy = _underWay > 0;
        while (true)
        {
            var granted = 0;
            var used = 0;
            try
            {
                var room = options.MaxInFlight - _underWay + done.Count;
                if (room > 0 && !cancellationToken.IsCancellationRequested && (done.Count > 0 || await attempts.AnyDueAsync(options).ConfigureAwait(false)))
                    granted = await slots.TakeAsync(room, wait: !busy, cancellationToken).ConfigureAwait(false);
                var claimed = await attempts.ExchangeAsync(options, done, granted, CancellationToken.None).ConfigureAwait(false);
                used = claimed.Count;
                return claimed;
            }
            // Answers in hand, and those under way, must not be lost to a full disk: unrecorded, their deliveries would be in doubt.
            catch (Exception exception) when (busy && !cancellationToken.IsCancellationRequested)
            {
                log.LogError(exception, "The database cannot be written for channel {Channel}, {Count} outcome(s) wait; trying again", channel.Name, done.Count);
                await Task.Delay(RecordAgainAfter, time, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                slots.Return(granted - used);
            }
        }
    }

    // Not cancelled by a stop: the request is bounded by its own timeout, and an answer we waited for is worth more
    // than one we must ask after.
    async Task SendAsync(Delivery delivery, long claimedAt)
    {
        // Continuations run beside each other, not one behind the other on the claiming thread.
        await Task.Yield();
        Attempt attempt;
        try
        {
            var earlier = await FindEarlierAsync(delivery).ConfigureAwait(false);
            // Before the claim is looked at: fetching takes its time.
            var photo = earlier is null && delivery.PhotoUrl is { } url ? await photos.GetAsync(url, CancellationToken.None).ConfigureAwait(false) : null;
            attempt = earlier
                // A worker that stood still may have lost its claim: nothing leaves unless it can end well within the lease.
                // A machine that stood still has a clock that sprang.
                ?? (!delivery.Repeatable && (time is SteadyTime { IsTrusted: false }
                        || time.GetElapsedTime(claimedAt) > options.Lease - 2 * options.RequestTimeout && time.GetElapsedTime(claimedAt) > options.Lease / 3)
                    ? new Attempt(delivery, new PublishResult.NotSent("het lag te lang klaar om nog te verzenden") { RetryAfter = TimeSpan.Zero })
                    : await AttemptAsync(delivery, photo).ConfigureAwait(false));
        }
        catch (Exception exception)
        {
            log.LogError(exception, "Channel {Channel} threw on delivery {Delivery}", channel.Name, delivery.Id);
            attempt = new Attempt(delivery, new PublishResult.Ambiguous($"het kanaal liep onverwacht vast ({exception.GetType().Name})"));
        }

        log.LogInformation("Delivery {Delivery} of alert {Alert}, attempt {Attempt} on {Channel}: {Result}", delivery.Id, delivery.AlertId, delivery.Attempts, channel.Name, attempt.Result.GetType().Name);
        _answers.Enqueue(attempt);
        slots.Return(1);
        Wake();
    }

    /// <summary>
    /// Looks for a post that an earlier life may have made of this delivery before the database was put back to a backup.
    /// A network that cannot be read says nothing, and then an appeal is not kept waiting for it.
    /// </summary>
    async Task<Attempt?> FindEarlierAsync(Delivery delivery)
    {
        if (delivery.Repeatable || delivery.IssuedAt >= _startedAt)
            return null;
        var found = await OwnPosts.FindAsync(channel, delivery, delivery.IssuedAt - ReadBack, CancellationToken.None).ConfigureAwait(false);
        if (found is null)
            return null;
        log.LogWarning("Delivery {Delivery} on {Channel} was there already, as {Post}; it is not sent again", delivery.Id, channel.Name, found.PostId);
        return new Attempt(delivery, new PublishResult.Published(found.PostId, found.Url));
    }

    async Task<Attempt> AttemptAsync(Delivery delivery, FetchedPhoto? photo)
    {
        if (delivery.Operation is DeliveryOperation.Takedown)
            return await TakeDownAsync(delivery).ConfigureAwait(false);

        var post = delivery.ToPost();
        if (delivery.OpeningPostId is not { } opening)
        {
            if (photo?.Jpeg is { } jpeg)
                post = post with { Photos = [new PostPhoto(jpeg, "image/jpeg", delivery.PhotoAlt!)] };
            var came = await channel.PublishAsync(post, CancellationToken.None).ConfigureAwait(false);
            // An appeal without its photo is better than no appeal.
            return new Attempt(delivery, came is PublishResult.Published there && photo?.Fault is { } fault ? there with { WithoutPhoto = fault } : came);
        }

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
            return new Attempt(delivery, new PublishResult.Rejected("dit netwerk haalt geen berichten weg"));
        var published = await attempts.PublishedAsync(delivery).ConfigureAwait(false);
        if (time.GetUtcNow() - published.Since > deleter.DeletionWindow)
            return new Attempt(delivery, new PublishResult.Rejected($"het staat er langer dan {deleter.DeletionWindow.Value.TotalHours:0} uur, en daarna haalt het netwerk niets meer weg"));

        // Afterwards nothing is known of them any more.
        if (delivery.Attempts == 1 && lastLook is not null)
            await lastLook.LookAsync(channel, delivery, published.PostIds).ConfigureAwait(false);

        CrashPoints.Reach("before-delete");
        PublishResult result = new PublishResult.Published("");
        foreach (var id in published.PostIds.Concat(published.PhotoIds))
        {
            result = await deleter.DeleteAsync(delivery.Address, id, CancellationToken.None).ConfigureAwait(false);
            if (result is PublishResult.Rejected or PublishResult.Stopped && await ReplaceAsync(delivery, published.PostIds).ConfigureAwait(false))
                return new Attempt(delivery, new PublishResult.Published(id), Note: $"verwijderen is geweigerd en de tekst is vervangen: {Reason(result)}");
            if (result is not PublishResult.Published)
                return new Attempt(delivery, result);
        }

        CrashPoints.Reach("after-delete");
        var (left, complete) = await LeftAsync(delivery, published).ConfigureAwait(false);
        // What was posted twice, or what nobody knew of, goes too.
        foreach (var id in left.Except(published.PostIds))
            await deleter.DeleteAsync(delivery.Address, id, CancellationToken.None).ConfigureAwait(false);
        return new Attempt(delivery, left.Count > 0 ? new PublishResult.NotSent("verwijderd, maar het netwerk toont het nog")
            : complete ? result : new PublishResult.NotSent("verwijderd, maar het netwerk was niet te lezen om dat te bewijzen"));
    }

    async Task<bool> ReplaceAsync(Delivery delivery, IReadOnlyList<string> postIds)
    {
        if (channel is not IEditsPosts { EditWindow: null } editor)
            return false;
        foreach (var id in postIds)
            if (await editor.EditAsync(id, delivery.ToPost(), CancellationToken.None).ConfigureAwait(false) is not PublishResult.Published)
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
