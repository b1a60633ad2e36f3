using Microsoft.Extensions.Logging;

namespace Burgernet.Syndicate.Configuration;

/// <summary>
/// Takes over what is saved in the configuration folder while the program runs. Everything that can fail is done first;
/// then one reference is swapped. What is wrong, half written or gone changes nothing: the last good one stays.
/// </summary>
/// <param name="live">What the program runs by.</param>
/// <param name="folders">Where the configuration is.</param>
/// <param name="check">Makes a check of it.</param>
/// <param name="wire">What the surroundings replace in it, such as the addresses in the sandbox.</param>
/// <param name="make">Makes a generation of it.</param>
/// <param name="seen">The look at the folder from before it was read for the start.</param>
public sealed class Reloader(
    LiveConfiguration live, SyndicateFolders folders, Func<SyndicateCheck> check, Func<SyndicateOptions, SyndicateOptions> wire, Func<SyndicateOptions, Generation> make,
    string seen, TimeProvider time, ILogger<Reloader> log)
{
    /// <summary>How often to look. What was saved is read at the second look that shows it, so that it is whole.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);

    // More than a person mends before he looks again.
    const int MostErrors = 50;

    readonly SyndicateOptions _started = live.Current.Options;
    string _read = seen;
    string _last = seen;

    /// <summary>One look; true when it read the configuration anew, right or wrong.</summary>
    public bool Look()
    {
        var now = FolderLook.Take(folders);
        var still = now == _last;
        _last = now;
        if (!still || now == _read)
            return false;

        var state = Read();
        // Saved again while it was being read: the next looks find that.
        if (FolderLook.Take(folders) != now)
            return false;

        _read = now;
        Tell(state);
        live.Take(state);
        return true;
    }

    ConfigurationState Read()
    {
        var current = live.State;
        try
        {
            var reading = check();
            if (reading.Load(out var errors, running: _started.Channels) is not { } fresh)
                return current with { Errors = Shown(errors) };

            var (options, waiting) = Takeover.Of(_started, current.Generation.Options, wire(fresh));
            return new ConfigurationState(make(options), time.GetUtcNow(), [], [.. waiting.Select(w => w with { Place = reading.PlaceOf(w.Path) })]);
        }
        // Whatever it is: a service that runs goes on as it was.
        catch (Exception exception)
        {
            log.LogError(exception, "The configuration could not be taken over");
            return current with { Errors = [new ConfigurationError(ConfigurationLayers.FileName, $"kan niet overgenomen worden: {exception.Message} Herstel de laatste wijziging, of start het programma opnieuw.")] };
        }
    }

    static IReadOnlyList<ConfigurationError> Shown(IReadOnlyList<ConfigurationError> errors) => errors.Count <= MostErrors ? errors
        : [.. errors.Take(MostErrors), new ConfigurationError(ConfigurationLayers.FileName, $"en nog {errors.Count - MostErrors} fouten; het commando check toont ze alle")];

    void Tell(ConfigurationState state)
    {
        if (state.Errors.Count > 0)
            log.LogError("What was saved in the configuration is wrong; the last good one stays");
        else
            log.LogInformation("What was saved in the configuration is taken over");
        foreach (var error in state.Errors)
            log.LogError("{Error}", error);
        if (state.Errors.Count > 0)
            return;
        foreach (var warning in state.Generation.Options.Warnings.Concat(state.Waiting))
            log.LogWarning("{Warning}", warning);
    }
}
