namespace Burgernet.Syndicate.Channels;

/// <summary>The network can tell, without a post, whether we may still publish.</summary>
public interface IChecksAccess
{
    Task<AccessCheck> CheckAccessAsync(CancellationToken cancellationToken);
}

/// <summary>What a network says of our access.</summary>
/// <param name="Works">Null: it did not say.</param>
/// <param name="Reason">For staff and operators: short, Dutch, without a secret.</param>
public sealed record AccessCheck(bool? Works, string Reason)
{
    /// <summary>When the access ends by itself; null when it does not, or when the network gives no date.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
