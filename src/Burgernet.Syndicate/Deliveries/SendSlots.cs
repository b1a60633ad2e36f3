namespace Burgernet.Syndicate.Deliveries;

/// <summary>
/// How many requests this process may have under way at once over all its channels, so that a night with many alerts
/// costs it neither its memory nor its sockets. Who waits is served in turn.
/// </summary>
public sealed class SendSlots(int count) : IDisposable
{
    readonly SemaphoreSlim _free = new(count, count);

    /// <summary>Takes as many as are free, at most <paramref name="most"/>.</summary>
    /// <param name="wait">Waits for the first one instead of taking none.</param>
    public async Task<int> TakeAsync(int most, bool wait, CancellationToken cancellationToken)
    {
        var taken = 0;
        if (wait && most > 0)
        {
            await _free.WaitAsync(cancellationToken).ConfigureAwait(false);
            taken = 1;
        }

        while (taken < most && _free.Wait(0, CancellationToken.None))
            taken++;
        return taken;
    }

    /// <summary>Gives back what was not needed, or not any more.</summary>
    public void Return(int slots)
    {
        if (slots > 0)
            _free.Release(slots);
    }

    public void Dispose() => _free.Dispose();
}
