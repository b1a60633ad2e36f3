using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Deliveries;

namespace Burgernet.Syndicate.Tests.Support;

/// <summary>
/// A network that can be read: it keeps what took effect, whatever it answered. What a test does not steer works.
/// </summary>
class TimelineChannel(string name) : CollectingChannel(name), IChannel, IFindsPosts, IDeletesPosts
{
    readonly Queue<(bool TakesEffect, PublishResult Answer)> _next = [];
    readonly Dictionary<string, string> _addresses = [];
    int _number;

    /// <summary>What people see on the network, oldest first.</summary>
    public List<FoundPost> Shown { get; } = [];

    /// <summary>What it says of every attempt to delete; null: deleted.</summary>
    public PublishResult? DeletionAnswer { get; set; }

    /// <summary>A reading reaches back as far as was asked.</summary>
    public bool Readable { get; set; } = true;

    /// <summary>What a reading shows of it yet; null: all of it.</summary>
    public Func<FoundPost, bool>? Listed { get; set; }

    public int Reads { get; private set; }
    public List<string> Deletions { get; } = [];
    public TimeProvider Time { get; set; } = TimeProvider.System;
    public TimeSpan? Window { get; init; }
    public TimeSpan? DeletionWindow => Window;

    /// <summary>The next attempt is answered like this, and takes effect or not.</summary>
    public TimelineChannel Then(PublishResult answer, bool takesEffect = false)
    {
        _next.Enqueue((takesEffect, answer));
        return this;
    }

    Task<PublishResult> IChannel.PublishAsync(Post post, CancellationToken cancellationToken)
    {
        lock (Shown)
        {
            Posts.Add(post);
            var steered = _next.TryDequeue(out var next);
            if (steered && !next.TakesEffect)
                return Task.FromResult(next.Answer);
            var id = NameOf(post) ?? $"{Name}-{++_number}";
            _addresses[id] = post.Address;
            Shown.Add(new FoundPost(id, post.Text, Time.GetUtcNow(), $"https://{Name}.example/{id}"));
            return Task.FromResult(steered ? next.Answer : new PublishResult.Published(id, $"https://{Name}.example/{id}"));
        }
    }

    protected virtual string? NameOf(Post post) => null;

    public Task<FoundPosts> FindPostsAsync(string address, DateTimeOffset since, CancellationToken cancellationToken)
    {
        Reads++;
        return Task.FromResult(new FoundPosts([.. Shown.Where(p => p.CreatedAt >= since && _addresses.GetValueOrDefault(p.PostId, address) == address && Listed?.Invoke(p) is not false).Reverse()], Readable));
    }

    public Task<PublishResult> DeleteAsync(string address, string postId, CancellationToken cancellationToken)
    {
        Deletions.Add(postId);
        if (DeletionAnswer is { } answer)
            return Task.FromResult(answer);
        Shown.RemoveAll(p => p.PostId == postId);
        return Task.FromResult<PublishResult>(new PublishResult.Published(postId));
    }
}

/// <summary>A timeline whose words can be changed in place, for ever.</summary>
sealed class PageChannel(string name) : TimelineChannel(name), IEditsPosts
{
    public Task<PublishResult> EditAsync(string postId, Post post, CancellationToken cancellationToken)
    {
        var at = Shown.FindIndex(p => p.PostId == postId);
        if (at < 0)
            return Task.FromResult<PublishResult>(new PublishResult.Rejected("there is no such post"));
        Shown[at] = Shown[at] with { Text = post.Text };
        return Task.FromResult<PublishResult>(new PublishResult.Published(postId));
    }
}

/// <summary>A chat: we name our messages, and they can be changed and taken back for a while.</summary>
sealed class ChatChannel(string name) : TimelineChannel(name), INamesPosts, IEditsPosts, IDeletesPosts
{
    public TimeSpan? EditWindow => TimeSpan.FromMinutes(15);
    public bool UpdatesInPlace => false;
    public bool ThreadSurvives => true;

    /// <summary>It answers when asked for a message by its name.</summary>
    public bool Answers { get; set; } = true;

    public string? PostIdOf(Post post) => $"named-{post.Key}";

    protected override string? NameOf(Post post) => PostIdOf(post);

    public Task<bool?> ExistsAsync(string address, string postId, CancellationToken cancellationToken) =>
        Task.FromResult<bool?>(Answers ? Shown.Any(p => p.PostId == postId) : null);

    public Task<PublishResult> EditAsync(string postId, Post post, CancellationToken cancellationToken)
    {
        var at = Shown.FindIndex(p => p.PostId == postId);
        Shown[at] = Shown[at] with { Text = post.Text };
        return Task.FromResult<PublishResult>(new PublishResult.Published(postId));
    }
}
