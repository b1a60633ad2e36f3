using Burgernet.Syndicate.Channels;

namespace Burgernet.Syndicate.Deliveries;

/// <summary>How a delivery is recognised among what its account shows.</summary>
static class OwnPosts
{
    /// <summary>Those of <paramref name="posts"/> that bear the delivery's reference, oldest first.</summary>
    public static IReadOnlyList<FoundPost> Of(Delivery delivery, IReadOnlyList<FoundPost> posts) =>
        [.. posts.Where(p => Reference.AllIn(p.Text).Contains(delivery.Reference)).OrderBy(p => p.CreatedAt)];

    /// <summary>
    /// The delivery's post by the name we gave it, however much was said in its chat since; null where posts bear names
    /// of the network's, or when it is not there, or when the network did not say.
    /// </summary>
    public static async Task<FoundPost?> ByNameAsync(IChannel channel, Delivery delivery, CancellationToken cancellationToken) =>
        channel is INamesPosts namer && NameOf(namer, delivery) is { } id && await namer.ExistsAsync(delivery.Address, id, cancellationToken).ConfigureAwait(false) is true
            ? new FoundPost(id, delivery.Text, delivery.IntentAt ?? delivery.CreatedAt, Url: null)
            : null;

    /// <summary>The oldest post of the delivery, by the quickest way there is; null when none is seen.</summary>
    public static async Task<FoundPost?> FindAsync(IChannel channel, Delivery delivery, DateTimeOffset since, CancellationToken cancellationToken)
    {
        if (channel is INamesPosts namer && NameOf(namer, delivery) is not null)
            return await ByNameAsync(channel, delivery, cancellationToken).ConfigureAwait(false);
        if (channel is not IFindsPosts finder)
            return null;
        var found = await finder.FindPostsAsync(delivery.Address, since, cancellationToken).ConfigureAwait(false);
        return Of(delivery, found.Posts) is [var oldest, ..] ? oldest : null;
    }

    static string? NameOf(INamesPosts namer, Delivery delivery) => namer.PostIdOf(delivery.ToPost());
}
