using Burgernet.Syndicate.Configuration;

namespace Burgernet.Syndicate.Worker.Services;

/// <summary>Looks twice a second whether the configuration was saved anew.</summary>
sealed class ReloadService(Reloader reloader) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Reloader.Every);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            reloader.Look();
    }
}
