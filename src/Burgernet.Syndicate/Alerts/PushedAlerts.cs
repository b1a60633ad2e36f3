using System.Threading.Channels;
using Burgernet.Syndicate.Configuration;

namespace Burgernet.Syndicate.Alerts;

/// <summary>What a sender pushed to us: an alert, or why it is none.</summary>
/// <param name="Source">The name of the source in syndicate.json; it follows from the key that was used, not from what is said.</param>
/// <param name="Id">The sender's id of this push; the same again is known, whatever it says.</param>
/// <param name="Alert">What it says; null when that cannot be trusted.</param>
/// <param name="Fault">Why it cannot be trusted.</param>
public sealed record PushedAlert(string Source, string Id, Alert? Alert, SourceFault? Fault = null);

/// <summary>
/// Hands what is pushed to <see cref="Intake"/>. Those that come at the same time share a commit; each sender hears of his
/// own when that is on disk.
/// </summary>
public sealed class PushedAlerts : IAsyncDisposable
{
    // As many as a commit is worth; one more waits for the next.
    const int AtOnce = 64;

    // A sender who is told to come back later comes back; one who waits for minutes does not.
    const int MostWaiting = 1_000;

    readonly LiveConfiguration _live;
    readonly Channel<(PushedAlert Pushed, TaskCompletionSource<IntakeResult> Result)> _waiting = Channel.CreateBounded<(PushedAlert, TaskCompletionSource<IntakeResult>)>(MostWaiting);
    readonly Task _running;

    public PushedAlerts(LiveConfiguration live)
    {
        _live = live;
        _running = Task.Run(TakeAsync);
    }

    /// <summary>Returns when it is stored for good.</summary>
    /// <exception cref="Exception">It could not be stored, or too many wait; the sender must offer it again.</exception>
    public Task<IntakeResult> TakeAsync(PushedAlert pushed)
    {
        var result = new TaskCompletionSource<IntakeResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        return _waiting.Writer.TryWrite((pushed, result)) ? result.Task : throw new InvalidOperationException($"{MostWaiting} pushes wait already");
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _running.ConfigureAwait(false);
    }

    async Task TakeAsync()
    {
        while (await _waiting.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            var batch = new List<(PushedAlert Pushed, TaskCompletionSource<IntakeResult> Result)>();
            while (batch.Count < AtOnce && _waiting.Reader.TryRead(out var next))
                batch.Add(next);
            try
            {
                var results = await _live.Current.Intake.TakePushedAsync([.. batch.Select(b => b.Pushed)]).ConfigureAwait(false);
                foreach (var ((_, result), outcome) in batch.Zip(results))
                    result.SetResult(outcome);
            }
            catch (Exception) when (batch.Count > 1)
            {
                // One that cannot be taken must not hold up the others.
                foreach (var (pushed, result) in batch)
                    await AloneAsync(pushed, result).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                batch[0].Result.SetException(exception);
            }
        }
    }

    async Task AloneAsync(PushedAlert pushed, TaskCompletionSource<IntakeResult> result)
    {
        try
        {
            result.SetResult((await _live.Current.Intake.TakePushedAsync([pushed]).ConfigureAwait(false))[0]);
        }
        catch (Exception exception)
        {
            result.SetException(exception);
        }
    }
}
