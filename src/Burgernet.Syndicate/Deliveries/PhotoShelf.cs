using System.Collections.Concurrent;
using Burgernet.Syndicate.Channels;

namespace Burgernet.Syndicate.Deliveries;

/// <summary>
/// The photos of the alerts that go out at this moment, each fetched once for all its targets. They are in memory alone and
/// not for long: nothing is left to leak when a child is found.
/// </summary>
public sealed class PhotoShelf(IPhotoFetcher fetcher, TimeProvider time)
{
    // A fan-out takes minutes; what could not be had is asked for again with a later attempt.
    static readonly TimeSpan Lasts = TimeSpan.FromMinutes(10);
    static readonly TimeSpan FaultLasts = TimeSpan.FromSeconds(30);

    readonly ConcurrentDictionary<string, Place> _places = [];

    /// <summary>The picture of a delivery, or why it goes without.</summary>
    public async Task<FetchedPhoto> GetAsync(string url, CancellationToken cancellationToken)
    {
        foreach (var (old, place) in _places)
            if (place.IsOver(time))
                _places.TryRemove(KeyValuePair.Create(old, place));
        return await _places.GetOrAdd(url, _ => new Place(new Lazy<Task<FetchedPhoto>>(() => fetcher.FetchAsync(url, CancellationToken.None)), time.GetTimestamp()))
            .Photo.Value.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    sealed record Place(Lazy<Task<FetchedPhoto>> Photo, long Since)
    {
        public bool IsOver(TimeProvider time) =>
            time.GetElapsedTime(Since) > (Photo is { IsValueCreated: true, Value: { IsCompletedSuccessfully: true, Result.Jpeg: not null } } ? Lasts
                : Photo is { IsValueCreated: true, Value.IsCompleted: true } ? FaultLasts : Lasts);
    }
}
