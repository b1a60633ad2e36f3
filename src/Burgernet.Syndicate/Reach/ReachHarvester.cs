using System.Collections.Concurrent;
using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Deliveries;
using Burgernet.Syndicate.Routing;
using Burgernet.Syndicate.Templates;
using Microsoft.Extensions.Logging;

namespace Burgernet.Syndicate.Reach;

/// <summary>A last look at posts before they are taken down.</summary>
public interface ILastLook
{
    /// <summary>Never throws, and never holds up all that comes down of an alert on a channel by more than five seconds.</summary>
    Task LookAsync(IChannel channel, Delivery takedown, IReadOnlyList<string> postIds);
}

/// <summary>
/// Asks the networks how posts do, at moments after they went out. Posting goes first: a channel with work, or with trouble, is
/// not asked. Whatever was missed while the program stood still is asked once, as what it is by now.
/// </summary>
public sealed class ReachHarvester(ReachLog log, AttemptLog attempts, IReadOnlyList<MeasuredChannel> channels, LiveConfiguration live, TimeProvider time, ILogger<ReachHarvester> logger) : ILastLook
{
    // A child's photo must not stay up for the sake of a figure: so long for all posts of an alert on a channel together.
    static readonly TimeSpan LongestLastLook = TimeSpan.FromSeconds(5);

    // Far more alerts than end in a night.
    const int MostLooks = 1_000;

    // A tenth of how long it has been there, within these.
    static readonly TimeSpan AskAgainAfter = TimeSpan.FromMinutes(10);
    static readonly TimeSpan AskAgainAtMost = TimeSpan.FromDays(1);

    // One network that answers slowly keeps the others waiting no longer than this.
    static readonly TimeSpan LongestRound = TimeSpan.FromMinutes(1);

    // What was published just before the program stood still for so long is still asked about; and so long after its last
    // moment a post that gets no answer is given up.
    static readonly TimeSpan StoodStill = TimeSpan.FromDays(7);

    // Many posts are due in the same minute and are written together.
    static readonly TimeSpan Grain = TimeSpan.FromMinutes(1);

    readonly ConcurrentDictionary<(string Channel, string Alert), TimeSpan> _looked = [];
    readonly ConcurrentDictionary<string, DateTimeOffset> _restsUntil = [];

    /// <summary>One round over all channels, beside each other.</summary>
    /// <returns>How many posts were asked about.</returns>
    public async Task<int> HarvestAsync(CancellationToken cancellationToken = default)
    {
        var harvest = live.Current.Options.Harvest;
        if (harvest.At.Count == 0)
            return 0;
        await log.FollowAsync([.. channels.Select(c => c.Channel.Name)], time.GetUtcNow() - harvest.At[^1] - StoodStill, published => Rounded(published + harvest.At[0])).ConfigureAwait(false);
        return (await Task.WhenAll(channels.Select(channel => HarvestAsync(channel, harvest, cancellationToken))).ConfigureAwait(false)).Sum();
    }

    async Task<int> HarvestAsync(MeasuredChannel channel, HarvestOptions harvest, CancellationToken cancellationToken)
    {
        var asked = 0;
        using var late = new CancellationTokenSource(LongestRound, time);
        using var round = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            while (!round.IsCancellationRequested)
            {
                var now = time.GetUtcNow();
                if (now < _restsUntil.GetValueOrDefault(channel.Channel.Name))
                    return asked;
                var room = harvest.Budgets.TryGetValue(channel.Channel.Name, out var budget)
                    ? Math.Min(channel.Meter.MostAtOnce, budget - await log.AskedSinceAsync(channel.Channel.Name, DutchHours.Moment(DutchTime.DayOf(now), TimeOnly.MinValue)).ConfigureAwait(false))
                    : channel.Meter.MostAtOnce;
                if (room <= 0 || await log.IsInTroubleAsync(channel.Channel.Name, now).ConfigureAwait(false) || await attempts.AnyDueAsync(channel.Options).ConfigureAwait(false))
                    return asked;
                var due = await log.DueAsync(channel.Channel.Name, now, room).ConfigureAwait(false);
                if (due.Count == 0)
                    return asked;

                var there = due.Where(p => p.State is DeliveryState.Published).ToList();
                var measured = there.Count == 0
                    ? new MeasuredPosts(new Dictionary<string, IReadOnlyDictionary<string, long>>(), Complete: true)
                    : await channel.Meter.MeasureAsync([.. there.Select(p => new AskedPost(p.PostId, p.Address))], round.Token).WaitAsync(round.Token).ConfigureAwait(false);
                var counted = await log.AcknowledgedAsync(channel.Channel.Name, [.. there.Select(p => p.PostId)]).ConfigureAwait(false);

                var samples = due.Select(p => SampleOf(p, measured, counted, harvest, now)).ToList();
                var next = due.Zip(samples, (p, sample) => (p.DeliveryId, Next: NextOf(p, sample.Answer is ReachAnswer.Failed || measured.Lacking.Contains(p.PostId), harvest, now))).Where(n => n.Next is not null).ToDictionary(n => n.DeliveryId, n => n.Next!.Value);
                await log.RecordAsync(samples, channel.Meter.Terms, next).ConfigureAwait(false);
                asked += there.Count;
                if (measured.Pause is { } pause)
                    _restsUntil[channel.Channel.Name] = now + (pause > AskAgainAfter ? pause : AskAgainAfter);
                if (!measured.Complete)
                {
                    logger.LogWarning("Channel {Channel} did not say of all {Count} posts how they do; they are asked about again", channel.Channel.Name, there.Count);
                    return asked;
                }
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            _restsUntil[channel.Channel.Name] = time.GetUtcNow() + AskAgainAfter;
            logger.LogError(exception, "Channel {Channel} could not be asked how its posts do", channel.Channel.Name);
        }

        return asked;
    }

    public async Task LookAsync(IChannel channel, Delivery takedown, IReadOnlyList<string> postIds)
    {
        if (channels.FirstOrDefault(c => c.Channel.Name == channel.Name) is not { } known || postIds.Count == 0)
            return;
        if (_looked.Count > MostLooks)
            _looked.Clear();
        var of = (channel.Name, takedown.AlertId);
        var left = LongestLastLook - _looked.GetValueOrDefault(of);
        if (left <= TimeSpan.Zero)
            return;
        var started = time.GetTimestamp();
        try
        {
            using var late = new CancellationTokenSource(left, time);
            await LookAsync(known, takedown, postIds, late.Token).WaitAsync(left, time).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            logger.LogWarning("Nothing more is known of how {Delivery} on {Channel} did before it was taken down: {Reason}", takedown.Reference, channel.Name, exception.Message);
        }
        finally
        {
            var took = time.GetElapsedTime(started);
            _looked.AddOrUpdate(of, took, (_, before) => before + took);
        }
    }

    async Task LookAsync(MeasuredChannel channel, Delivery takedown, IReadOnlyList<string> postIds, CancellationToken cancellationToken)
    {
        var posts = await log.PostsAsync(channel.Channel.Name, takedown.AlertId, takedown.Target, postIds).ConfigureAwait(false);
        var measured = await channel.Meter.MeasureAsync([.. posts.Select(p => new AskedPost(p.PostId, p.Address))], cancellationToken).ConfigureAwait(false);
        var counted = await log.AcknowledgedAsync(channel.Channel.Name, [.. posts.Select(p => p.PostId)]).ConfigureAwait(false);
        var now = time.GetUtcNow();
        await log.RecordAsync([.. posts.Select(p => Answered(p, measured, counted, after: null, now))], channel.Meter.Terms, new Dictionary<string, (int, DateTimeOffset)>()).ConfigureAwait(false);
    }

    static ReachSample SampleOf(FollowedPost post, MeasuredPosts measured, IReadOnlyDictionary<string, Acknowledged> counted, HarvestOptions harvest, DateTimeOffset now)
    {
        var after = harvest.At.LastOrDefault(at => post.PublishedAt + at <= now, harvest.At[0]);
        return post.State is DeliveryState.Published ? Answered(post, measured, counted, after, now)
            : new ReachSample(post.DeliveryId, now, after, ReachAnswer.Gone, new Dictionary<string, long>());
    }

    static ReachSample Answered(FollowedPost post, MeasuredPosts measured, IReadOnlyDictionary<string, Acknowledged> counted, TimeSpan? after, DateTimeOffset now)
    {
        var figures = new Dictionary<string, long>(measured.Figures.GetValueOrDefault(post.PostId) ?? new Dictionary<string, long>());
        if (counted.GetValueOrDefault(post.PostId) is { } acknowledged)
            (figures["delivered"], figures["read"]) = (Math.Max(acknowledged.Delivered, acknowledged.Seen), acknowledged.Seen);
        return new ReachSample(post.DeliveryId, now, after, figures.Count > 0 ? ReachAnswer.Given : measured.Complete ? ReachAnswer.NotGiven : ReachAnswer.Failed, figures);
    }

    // Null: never again.
    static (int Step, DateTimeOffset NextAt)? NextOf(FollowedPost post, bool failed, HarvestOptions harvest, DateTimeOffset now)
    {
        if (post.State is not DeliveryState.Published)
            return null;
        var age = now - post.PublishedAt;
        var step = harvest.At.TakeWhile(at => at <= age).Count();
        DateTimeOffset? planned = step < harvest.At.Count ? post.PublishedAt + harvest.At[step] : null;
        var again = now + TimeSpan.FromTicks(Math.Clamp(age.Ticks / 10, AskAgainAfter.Ticks, AskAgainAtMost.Ticks));
        if (failed && !(planned <= again))
            return planned is null && age > harvest.At[^1] + StoodStill ? null : (step, Rounded(again));
        return planned is { } at ? (step, Rounded(at)) : null;
    }

    static DateTimeOffset Rounded(DateTimeOffset moment) => moment.Ticks % Grain.Ticks is var over and > 0 ? moment.AddTicks(Grain.Ticks - over) : moment;
}

/// <summary>A channel whose network tells how posts do.</summary>
public sealed record MeasuredChannel(IChannel Channel, IMeasuresReach Meter, ChannelOptions Options);
