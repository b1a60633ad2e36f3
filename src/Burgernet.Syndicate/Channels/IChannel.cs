using Burgernet.Syndicate.Reach;

namespace Burgernet.Syndicate.Channels;

/// <summary>One account on one network. Tries once and says what happened; never retries.</summary>
public interface IChannel
{
    /// <summary>The name this channel has in syndicate.json.</summary>
    string Name { get; }

    /// <summary>How long a post may be, counted the way this network counts.</summary>
    PostLimit Limit { get; }

    /// <summary>
    /// Makes exactly one attempt to publish. Never throws for what the network does; an exception is a bug of ours.
    /// When <paramref name="cancellationToken"/> fires after bytes may have left, the result is
    /// <see cref="PublishResult.Ambiguous"/>.
    /// </summary>
    Task<PublishResult> PublishAsync(Post post, CancellationToken cancellationToken);
}

/// <summary>The network can change the words of a published post in place.</summary>
public interface IEditsPosts
{
    /// <summary>How long after publishing the network still takes a change; null: for ever.</summary>
    TimeSpan? EditWindow => null;

    /// <summary>Whether an update belongs in the post itself. False where nobody would notice the change.</summary>
    bool UpdatesInPlace => true;

    /// <summary>One attempt to give the post the words of <paramref name="post"/>; published keeps the same post id.</summary>
    Task<PublishResult> EditAsync(string postId, Post post, CancellationToken cancellationToken);
}

/// <summary>The network can take a post down.</summary>
public interface IDeletesPosts
{
    /// <summary>How long after publishing the network still takes a post away from everyone; null: for ever.</summary>
    TimeSpan? DeletionWindow => null;

    /// <summary>A reply still stands in its thread after what it answers was deleted: in a chat, not on a timeline.</summary>
    bool ThreadSurvives => false;

    /// <summary>
    /// One attempt to delete. <see cref="PublishResult.Published"/> means: it is gone (an answer that it does not
    /// exist counts as gone too).
    /// </summary>
    Task<PublishResult> DeleteAsync(string address, string postId, CancellationToken cancellationToken);
}

/// <summary>The network lets us read back our own posts.</summary>
public interface IFindsPosts
{
    /// <summary>Our own posts at <paramref name="address"/> since <paramref name="since"/> (UTC), newest first.</summary>
    Task<FoundPosts> FindPostsAsync(string address, DateTimeOffset since, CancellationToken cancellationToken);
}

/// <summary>The network lets us name our posts ourselves, so that one can be asked after without its answer.</summary>
public interface INamesPosts
{
    /// <summary>
    /// The id that the network will know this post by, made from <see cref="Post.Key"/>; null when this post gets its
    /// id from the network.
    /// </summary>
    string? PostIdOf(Post post);

    /// <summary>Whether our post with this id is there; null: the network did not say.</summary>
    Task<bool?> ExistsAsync(string address, string postId, CancellationToken cancellationToken);
}

/// <summary>The network tells how a post does.</summary>
public interface IMeasuresReach
{
    /// <summary>Which of the network's names mean what all networks mean.</summary>
    ReachTerms Terms { get; }

    /// <summary>About how many posts one call may ask, so that a round stays short.</summary>
    int MostAtOnce { get; }

    /// <summary>Asks how these posts do.</summary>
    Task<MeasuredPosts> MeasureAsync(IReadOnlyList<AskedPost> posts, CancellationToken cancellationToken);
}

/// <summary>A post that a network is asked about.</summary>
/// <param name="Address">The chat it is in; empty where the account itself is the place.</param>
public sealed record AskedPost(string PostId, string Address = "");

/// <summary>What a network gave.</summary>
/// <param name="Figures">By post id, and then by the network's own name. What was not given is absent, never zero.</param>
/// <param name="Complete">Every post was asked about, so that absence means that nothing is given.</param>
public sealed record MeasuredPosts(IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>> Figures, bool Complete)
{
    /// <summary>Posts of which some figures failed to come that may still be given.</summary>
    public IReadOnlySet<string> Lacking { get; init; } = new HashSet<string>();

    /// <summary>The network gives no answers now, or asked to be left alone: so long at least. Null: it may be asked on.</summary>
    public TimeSpan? Pause { get; init; }
}

/// <summary>How long a post may be, and how this network counts.</summary>
public sealed record PostLimit(int Maximum, Func<string, int> Count)
{
    /// <summary>Characters for which the network refuses a post.</summary>
    public string Refused { get; init; } = "";

    public bool Fits(string text) => Count(text) <= Maximum;

    /// <summary>The network takes it: not empty, not too long, nothing that it refuses.</summary>
    public bool Takes(string text) => text.Length > 0 && Fits(text) && text.AsSpan().IndexOfAny(Refused) < 0;
}

/// <summary>The exact words for one target.</summary>
public sealed record Post
{
    public required string Text { get; init; }

    /// <summary>The same at every attempt to publish this post, and never that of another.</summary>
    public string Key { get; init; } = "";

    /// <summary>Where on the network: a WhatsApp chat id; empty where the account itself is the place.</summary>
    public string Address { get; init; } = "";

    /// <summary>The id of our own post that this one continues, if the network is to show them together.</summary>
    public string? InReplyTo { get; init; }

    public IReadOnlyList<PostPhoto> Photos { get; init; } = [];
}

/// <summary>A picture to publish; the alternative text is not optional.</summary>
public sealed record PostPhoto(ReadOnlyMemory<byte> Bytes, string ContentType, string AltText);

/// <summary>Our own posts, read back.</summary>
/// <param name="Posts">Newest first.</param>
/// <param name="Complete">The reading reached back to the moment asked for, so absence means absence.</param>
public sealed record FoundPosts(IReadOnlyList<FoundPost> Posts, bool Complete);

/// <summary>One post as the network shows it.</summary>
public sealed record FoundPost(string PostId, string Text, DateTimeOffset CreatedAt, string? Url);
