using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Connectors;
using Burgernet.Syndicate.Reach;

namespace Burgernet.Syndicate.Worker.Services;

/// <summary>Keeps open what comes by itself: sources that push, mailboxes, and acknowledgements.</summary>
sealed class ListenerService(LiveConfiguration live, PushedAlerts pushed, ISubmissionDesk submissions, ReachLog reach, TimeProvider time, ILoggerFactory logs) : IHostedService
{
    readonly List<IAlertListener> _listeners = [];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var options in live.Current.Options.Sources)
        {
            var type = ConnectorRegistry.Sources.Single(s => s.Type == options.Type);
            var listener = type.Listen?.Invoke(options, new SourceServices(time, logs), pushed.TakeAsync)
                ?? type.Watch?.Invoke(options, new SourceServices(time, logs), () => live.Current.Options, submissions);
            if (listener is null)
                continue;
            _listeners.Add(listener);
            await listener.StartAsync(cancellationToken);
        }

        foreach (var options in live.Current.Options.Channels.Where(c => c.Publish))
        {
            if (ConnectorRegistry.Channels.Single(c => c.Type == options.Type).Hear?.Invoke(options, new ChannelServices(time, logs), CountAsync) is not { } listener)
                continue;
            _listeners.Add(listener);
            await listener.StartAsync(cancellationToken);
        }

        Task CountAsync(Acknowledgement acknowledgement) =>
            reach.AcknowledgeAsync(acknowledgement.Channel, acknowledgement.PostId, acknowledgement.EventId, acknowledgement.Seen, time.GetUtcNow());
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var listener in _listeners)
            await listener.DisposeAsync();
    }
}
