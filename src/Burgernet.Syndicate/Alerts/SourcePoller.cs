using Burgernet.Syndicate.Configuration;
using Microsoft.Extensions.Logging;

namespace Burgernet.Syndicate.Alerts;

/// <summary>
/// Asks one source and hands what it says to <see cref="Intake"/>. What goes wrong changes nothing of what is known;
/// it makes the next looks rarer, up to five minutes apart.
/// </summary>
public sealed class SourcePoller(IAlertSource source, TimeSpan interval, LiveConfiguration live, AlertLog alerts, TimeProvider time, ILogger<SourcePoller> log)
{
    static readonly TimeSpan LongestBackoff = TimeSpan.FromMinutes(5);

    int _failures;
    long _failedAt;
    TimeSpan _pause;

    public string Name => source.Name;

    public TimeSpan Interval => interval;

    /// <summary>One look, unless the source asked us to stay away. False when it failed or was skipped.</summary>
    public async Task<bool> PollAsync(CancellationToken cancellationToken = default)
    {
        if (time.GetElapsedTime(_failedAt) < _pause)
            return false;

        try
        {
            if (await source.FetchAsync(cancellationToken).ConfigureAwait(false) is { } answer)
            {
                var results = await live.Current.Intake.AcceptAsync(source, answer, cancellationToken).ConfigureAwait(false);
                await source.ConfirmAsync(answer, results, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await live.Current.Intake.NoteUnchangedAsync(source, cancellationToken).ConfigureAwait(false);
            }

            if (_failures > 0)
                log.LogInformation("Source {Source} answers again", source.Name);
            _failures = 0;
            _pause = TimeSpan.Zero;
            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            _failures++;
            // Only a source in trouble is left alone; trouble of our own must not make its next appeal late.
            _pause = exception is SourceException trouble ? trouble.RetryAfter ?? Pause() : TimeSpan.Zero;
            _failedAt = time.GetTimestamp();
            log.LogWarning("Source {Source} gave no good answer ({Failures} in a row), next look in {Pause}: {Reason}", source.Name, _failures, _pause, exception.Message);
            await alerts.NoteFailureAsync(source.Name, exception.Message).ConfigureAwait(false);
            return false;
        }
    }

    // Not at all after the first, so that one hiccup does not cost an appeal its first minutes.
    TimeSpan Pause() => _failures < 2 ? TimeSpan.Zero : TimeSpan.FromTicks(Math.Min(LongestBackoff.Ticks, interval.Ticks << Math.Min(_failures - 1, 10)));
}
