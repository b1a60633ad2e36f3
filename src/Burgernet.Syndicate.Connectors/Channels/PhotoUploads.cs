using Burgernet.Syndicate.Channels;

namespace Burgernet.Syndicate.Connectors.Channels;

/// <summary>
/// Photos that are uploaded before the post that shows them. Nobody sees an upload by itself, so one that fails is no
/// question of "is it there?"; and no photo is worth keeping an appeal back, so what fails is left out and told.
/// </summary>
static class PhotoUploads
{
    /// <param name="photos">Those of the post.</param>
    /// <param name="within">For all of them; the post itself needs the rest of the claim.</param>
    /// <param name="upload">One attempt; published with the id of the photo.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <returns>The ids, and why photos are missing (Dutch); null where none is.</returns>
    public static async Task<(IReadOnlyList<string> Ids, string? Fault)> AllAsync(
        IEnumerable<PostPhoto> photos, TimeSpan within, Func<PostPhoto, CancellationToken, Task<PublishResult>> upload, CancellationToken cancellationToken)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(within);
        IReadOnlyList<string> ids = [];
        foreach (var photo in photos)
        {
            if (await upload(photo, late.Token) is not PublishResult.Published { PostId: var id })
                return (ids, "het netwerk nam de foto niet aan");
            ids = [.. ids, id];
        }

        return (ids, null);
    }
}
