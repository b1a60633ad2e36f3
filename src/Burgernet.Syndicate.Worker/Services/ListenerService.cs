using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Connectors;

namespace Burgernet.Syndicate.Worker.Services;

/// <summary>Keeps the sources open that come by themselves.</summary>
sealed class ListenerService(LiveConfiguration live, PushedAlerts pushed, TimeProvider time, ILoggerFactory logs) : IHostedService
{
    readonly List<IAlertListener> _listeners = [];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var options in live.Current.Options.Sources)
        {
            if (ConnectorRegistry.Sources.Single(s => s.Type == options.Type).Listen is not { } make)
                continue;
            var listener = make(options, new SourceServices(time, logs), pushed.TakeAsync);
            _listeners.Add(listener);
            await listener.StartAsync(cancellationToken);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var listener in _listeners)
            await listener.DisposeAsync();
    }
}
