using Burgernet.Syndicate.Alerts;

namespace Burgernet.Syndicate.Configuration;

/// <summary>
/// Everything that is made of one reading of the configuration. It never changes: whoever begins something with it ends
/// with it, whatever is saved meanwhile.
/// </summary>
public sealed record Generation(SyndicateOptions Options, Intake Intake, Ending Ending);

/// <summary>
/// What the program runs by at this moment. Ask <see cref="Current"/> once for each thing that is done, and keep to that.
/// </summary>
public sealed class LiveConfiguration(Generation first, DateTimeOffset at)
{
    volatile ConfigurationState _state = new(first, at, [], []);

    public Generation Current => _state.Generation;

    public ConfigurationState State => _state;

    internal void Take(ConfigurationState state) => _state = state;
}

/// <summary>How it stands with the configuration.</summary>
/// <param name="Generation">What the program runs by.</param>
/// <param name="TakenAt">Since when.</param>
/// <param name="Errors">Why what was saved last is not taken over; empty when it is.</param>
/// <param name="Waiting">What of it only counts after a restart.</param>
public sealed record ConfigurationState(
    Generation Generation, DateTimeOffset TakenAt, IReadOnlyList<ConfigurationError> Errors, IReadOnlyList<ConfigurationWarning> Waiting);
