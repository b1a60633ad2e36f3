using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Configuration;
using Microsoft.Extensions.Logging;

namespace Burgernet.Syndicate.Deliveries;

/// <summary>Sends what is due on one channel. Each channel has its own, so that one channel's trouble stays its own.</summary>
public sealed class Dispatcher(Outbox outbox, IChannel channel, ChannelOptions options, TimeProvider time, ILogger<Dispatcher> log)
{
    static readonly TimeSpan RecordAgainAfter = TimeSpan.FromSeconds(1);

    public string Channel => channel.Name;

    /// <summary>Publishes what is due and there is room for, once. Zero means that there is nothing to do now.</summary>
    public async Task<int> DispatchDueAsync(CancellationToken cancellationToken = default)
    {
        // A channel that only records has nothing due, ever: its deliveries stay planned.
        var due = await outbox.ClaimDueAsync(channel.Name, options.MaxInFlight, options.Pacing, cancellationToken).ConfigureAwait(false);
        await Task.WhenAll(due.Select(d => SendAsync(d, cancellationToken))).ConfigureAwait(false);
        return due.Count;
    }

    // Not cancelled by a stop: the request is bounded by its own timeout, and an answer we waited for is worth more
    // than one we must ask after.
    async Task SendAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        PublishResult result;
        try
        {
            result = await AttemptAsync(delivery).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            log.LogError(exception, "Channel {Channel} threw on delivery {Delivery}", channel.Name, delivery.Id);
            result = new PublishResult.Ambiguous($"the channel failed unexpectedly ({exception.GetType().Name})");
        }

        log.LogInformation("Delivery {Delivery} of alert {Alert}, attempt {Attempt} on {Channel}: {Result}", delivery.Id, delivery.AlertId, delivery.Attempts, channel.Name, result.GetType().Name);
        await RecordAsync(delivery, result, cancellationToken).ConfigureAwait(false);
    }

    // An answer in hand must not be lost to a full disk: unrecorded, the delivery would block its target until the
    // next start and be unknown then.
    async Task RecordAsync(Delivery delivery, PublishResult result, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await outbox.RecordAsync(delivery, result).ConfigureAwait(false);
                return;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                log.LogError(exception, "The outcome of delivery {Delivery} ({Result}) cannot be written; trying again", delivery.Id, result.GetType().Name);
                await Task.Delay(RecordAgainAfter, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    async Task<PublishResult> AttemptAsync(Delivery delivery)
    {
        var post = new Post { Text = delivery.Text, Address = delivery.Address };
        if (delivery.Operation is DeliveryOperation.Create || delivery.OpeningPostId is not { } opening)
            return await channel.PublishAsync(post, CancellationToken.None).ConfigureAwait(false);
        if (channel is not IEditsPosts editor)
            return await channel.PublishAsync(post with { InReplyTo = delivery.Standalone ? null : opening }, CancellationToken.None).ConfigureAwait(false);

        // Where words can be changed in place nobody can share the old ones any more. The post stays where it is.
        var result = await editor.EditAsync(opening, post, CancellationToken.None).ConfigureAwait(false);
        return result is PublishResult.Published published ? published with { Url = published.Url ?? delivery.OpeningUrl } : result;
    }
}
