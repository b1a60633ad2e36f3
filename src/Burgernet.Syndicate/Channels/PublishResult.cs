namespace Burgernet.Syndicate.Channels;

/// <summary>What came of one attempt. Reasons are for staff and operators: short, Dutch, without a secret or the alert's text.</summary>
public abstract record PublishResult
{
    PublishResult()
    {
    }

    /// <summary>What is left of the account's allowance for this kind of request, as far as the network said so.</summary>
    public Allowance? Allowance { get; init; }

    /// <summary>It is there; the network gave its id.</summary>
    public sealed record Published(string PostId, string? Url = null) : PublishResult
    {
        /// <summary>The pictures it shows, where they are objects of their own that must be deleted too.</summary>
        public IReadOnlyList<string> PhotoIds { get; init; } = [];

        /// <summary>Why it shows no photo although it should; null where all is as it was asked.</summary>
        public string? WithoutPhoto { get; init; }
    }

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
    public sealed record Ambiguous(string Reason) : PublishResult
    {
        /// <summary>The network says that it has these words already: an earlier attempt may well have made it.</summary>
        public bool SaysDuplicate { get; init; }
    }

    /// <summary>The account cannot publish (token, credit, permission, suspension); nothing was sent, a person must act.</summary>
    public sealed record Stopped(string Reason) : PublishResult;
}

/// <summary>How many more requests of a kind an account may make.</summary>
/// <param name="Remaining">Zero: none until then.</param>
/// <param name="ResetsIn">When the network counts anew, from now.</param>
public sealed record Allowance(int Remaining, TimeSpan ResetsIn);
