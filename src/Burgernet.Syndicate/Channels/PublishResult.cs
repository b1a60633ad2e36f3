namespace Burgernet.Syndicate.Channels;

/// <summary>What came of one attempt. Reasons are for operators: short, English, without a secret or the alert's text.</summary>
public abstract record PublishResult
{
    PublishResult()
    {
    }

    /// <summary>It is there; the network gave its id.</summary>
    public sealed record Published(string PostId, string? Url = null) : PublishResult;

    /// <summary>It is certainly not there; another attempt is safe.</summary>
    public sealed record NotSent(string Reason) : PublishResult
    {
        /// <summary>How long the network asked us to wait; null leaves it to our own back-off.</summary>
        public TimeSpan? RetryAfter { get; init; }

        /// <summary>The limit is the account's, not this post's: nothing of the channel goes out until then.</summary>
        public bool WholeChannel { get; init; }

        /// <summary>The network refused the reply, not the words: the next attempt stands alone.</summary>
        public bool ReplyRefused { get; init; }
    }

    /// <summary>The network will never take this post as it is.</summary>
    public sealed record Rejected(string Reason) : PublishResult;

    /// <summary>It may be there or not; sending again could double it.</summary>
    public sealed record Ambiguous(string Reason) : PublishResult;

    /// <summary>The account cannot publish (token, credit, permission, suspension); nothing was sent, a person must act.</summary>
    public sealed record Stopped(string Reason) : PublishResult;
}
