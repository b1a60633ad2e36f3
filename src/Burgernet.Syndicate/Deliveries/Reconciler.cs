using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Configuration;
using Microsoft.Extensions.Logging;

namespace Burgernet.Syndicate.Deliveries;

/// <summary>
/// Finds out what became of one channel's posts by reading the account's own: whether what is in doubt is there, whether
/// what was published is still there, and whether anything is there that should not be. It never posts.
/// </summary>
public sealed class Reconciler(AttemptLog attempts, IChannel channel, ChannelOptions options, TimeProvider time, ILogger<Reconciler> log)
{
    // Clocks differ, and what was posted just before is part of the picture.
    static readonly TimeSpan ReadBack = TimeSpan.FromMinutes(5);
    static readonly TimeSpan SweepBack = TimeSpan.FromHours(48);

    // A reading per chat: the busiest night must not keep the sweep going till the next.
    const int MostAddresses = 200;

    public string Channel => channel.Name;

    /// <summary>Before the first claim of a process: what the last one left behind.</summary>
    /// <param name="alone">No other worker can be alive on this database.</param>
    public async Task StartAsync(bool alone)
    {
        var lapsed = await attempts.LapseAsync(options, alone).ConfigureAwait(false);
        if (lapsed > 0)
            log.LogWarning("{Count} deliveries on {Channel} were under way when the program last ended; they are looked up", lapsed, channel.Name);
    }

    /// <summary>One round. Zero means that there was nothing to look up.</summary>
    public async Task<int> ReconcileDueAsync(CancellationToken cancellationToken = default)
    {
        await attempts.LapseAsync(options).ConfigureAwait(false);

        var doubts = await attempts.TakeDoubtsAsync(options).ConfigureAwait(false);
        foreach (var place in doubts.GroupBy(d => d.Address))
        {
            cancellationToken.ThrowIfCancellationRequested();
            await DecideAsync([.. place], cancellationToken).ConfigureAwait(false);
        }

        var unverified = await attempts.TakeUnverifiedAsync(options).ConfigureAwait(false);
        foreach (var place in unverified.GroupBy(d => d.Address))
        {
            cancellationToken.ThrowIfCancellationRequested();
            await VerifyAsync([.. place], cancellationToken).ConfigureAwait(false);
        }

        return doubts.Count + unverified.Count;
    }

    /// <summary>Compares what the account shows of the last two days with what we know.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken = default)
    {
        if (channel is not IFindsPosts finder)
            return;
        var since = time.GetUtcNow() - SweepBack;
        foreach (var address in (await attempts.AddressesAsync(channel.Name, since).ConfigureAwait(false)).Take(MostAddresses))
        {
            var found = await finder.FindPostsAsync(address, since, cancellationToken).ConfigureAwait(false);
            if (found.Posts.Count > 0)
                await attempts.CompareAsync(options, address, found.Posts).ConfigureAwait(false);
        }
    }

    async Task DecideAsync(IReadOnlyList<Delivery> doubts, CancellationToken cancellationToken)
    {
        if (channel is not IFindsPosts finder)
        {
            foreach (var delivery in doubts)
                await attempts.HoldAsync(delivery).ConfigureAwait(false);
            return;
        }

        CrashPoints.Reach("before-reconcile");
        var since = doubts.Min(d => d.IntentAt ?? d.CreatedAt) - ReadBack;
        var found = await finder.FindPostsAsync(doubts[0].Address, since, cancellationToken).ConfigureAwait(false);
        CrashPoints.Reach("after-reading");
        foreach (var delivery in doubts)
        {
            var its = OwnPosts.Of(delivery, found.Posts);
            if (its.Count == 0 && await OwnPosts.ByNameAsync(channel, delivery, cancellationToken).ConfigureAwait(false) is { } named)
                its = [named];
            await attempts.DecideAsync(options, delivery, its, found.Complete).ConfigureAwait(false);
            log.LogInformation("Delivery {Delivery} on {Channel} was in doubt; {Count} found, reading {Complete}", delivery.Id, channel.Name, its.Count, found.Complete ? "complete" : "incomplete");
        }

        CrashPoints.Reach("after-reconcile");
    }

    async Task VerifyAsync(IReadOnlyList<Delivery> published, CancellationToken cancellationToken)
    {
        if (channel is not IFindsPosts finder)
        {
            foreach (var delivery in published)
                await attempts.NoteLookAsync(options, delivery, there: null).ConfigureAwait(false);
            return;
        }

        var found = await finder.FindPostsAsync(published[0].Address, published.Min(d => d.PublishedAt ?? d.CreatedAt) - ReadBack, cancellationToken).ConfigureAwait(false);
        foreach (var delivery in published)
        {
            var there = found.Posts.Any(p => p.PostId == delivery.PostId);
            await attempts.NoteLookAsync(options, delivery, there ? true : found.Complete ? false : null).ConfigureAwait(false);
        }
    }
}
