using System.CommandLine;

namespace Burgernet.Syndicate.Worker.Commands;

/// <summary>Asks a running service whether it is ready; the container's health check, since the image has no shell.</summary>
static class HealthCommand
{
    public static Command Create()
    {
        var command = new Command("health", "Vraag een draaiende dienst of hij klaarstaat");
        command.SetAction(async (arguments, cancellationToken) =>
        {
            // A service that listens on every address is asked on this machine's own.
            var url = SyndicateCommand.UrlOf(arguments).Split(';')[0].Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal).Replace("//+", "//127.0.0.1", StringComparison.Ordinal).Replace("//*", "//127.0.0.1", StringComparison.Ordinal);
            if (!Uri.TryCreate(url, UriKind.Absolute, out var address))
            {
                Console.Error.WriteLine($"'{url}' is geen volledig adres.");
                return SyndicateCommand.WrongInput;
            }

            using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(5) };
            try
            {
                using var response = await client.GetAsync(new Uri(address, "/health/ready"), cancellationToken);
                Console.WriteLine(await response.Content.ReadAsStringAsync(cancellationToken));
                return response.IsSuccessStatusCode ? SyndicateCommand.Done : SyndicateCommand.Failed;
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
            {
                Console.Error.WriteLine($"Geen antwoord van {address}: {exception.Message}");
                return SyndicateCommand.Failed;
            }
        });
        return command;
    }
}
