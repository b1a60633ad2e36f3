using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Configuration;

namespace Burgernet.Syndicate.Connectors.Sources;

/// <summary>A feed on the web: the client fetches, the reader understands, this remembers what is confirmed.</summary>
sealed class FeedSource(SourceOptions options, Uri url, TimeProvider time, FeedReader read) : IAlertSource, IDisposable
{
    readonly FeedClient _client = new(url, time);

    // The official test feeds live under this path; what they say must never reach the public.
    readonly bool _exercise = options.Test || url.AbsolutePath.Contains("/api/test/", StringComparison.OrdinalIgnoreCase);

    (SourceAnswer Answer, FeedValidators Validators)? _unconfirmed;

    public string Name => options.Name;

    public bool TakesBaseline => true;

    public async Task<SourceAnswer?> FetchAsync(CancellationToken cancellationToken)
    {
        _unconfirmed = null;
        if (await _client.GetAsync(cancellationToken) is not { } body)
            return null;

        using var document = FeedJson.Parse(body.Bytes);
        // A record is not from the future because our own clock is behind.
        var now = time.GetUtcNow();
        var answer = read(document.RootElement, new FeedContext(Name, body.At > now ? body.At.Value : now, _exercise));
        _unconfirmed = (answer, body.Validators);
        return answer;
    }

    public Task ConfirmAsync(SourceAnswer answer, IReadOnlyList<IntakeResult> results, CancellationToken cancellationToken)
    {
        // An answer with a fault is read again: a record that is ahead of its time becomes good without changing.
        if (_unconfirmed is { } kept && ReferenceEquals(kept.Answer, answer) && answer.Faults.Count == 0)
            _client.Remember(kept.Validators);
        _unconfirmed = null;
        return Task.CompletedTask;
    }

    public void Dispose() => _client.Dispose();
}
