using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Connectors;

namespace Burgernet.Syndicate.Worker.Services;

/// <summary>Keeps the sources open that come by themselves.</summary>
sealed class ListenerService(LiveConfiguration live, PushedAlerts pushed, IServiceProvider services, TimeProvider time, ILoggerFactory logs) : IHostedService
{
    readonly List<IAlertListener> _listeners = [];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var options in live.Current.Options.Sources)
        {
            var type = ConnectorRegistry.Sources.Single(s => s.Type == options.Type);
            var listener = type.Listen?.Invoke(options, new SourceServices(time, logs), pushed.TakeAsync)
                ?? type.Watch?.Invoke(options, new SourceServices(time, logs), () => live.Current.Options, services.GetRequiredService<ISubmissionDesk>());
            if (listener is null)
                continue;
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
