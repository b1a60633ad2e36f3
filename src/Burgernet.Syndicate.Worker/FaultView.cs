using Burgernet.Syndicate.Configuration;

namespace Burgernet.Syndicate.Worker;

/// <summary>A fault in the configuration as <c>check --json</c> and <c>/health/ready</c> show it.</summary>
sealed record FaultView(string? File, int? Line, int? Column, string Path, string Message)
{
    public static FaultView Of(ConfigurationError error) => new(error.Place?.File, error.Place?.Line, error.Place?.Column, error.Path, error.Message);
}
