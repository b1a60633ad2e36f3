using System.Threading.RateLimiting;

namespace Burgernet.Syndicate.Worker.Access;

/// <summary>
/// Guessing is slow: a few tries a minute from one address. For one name more are allowed, or a stranger could keep its
/// owner out.
/// </summary>
sealed class LoginLimit : IDisposable
{
    readonly PartitionedRateLimiter<string> _fromAddress = PerMinute(5);
    readonly PartitionedRateLimiter<string> _forName = PerMinute(30);

    public bool MayTry(string? address, string name)
    {
        using var here = _fromAddress.AttemptAcquire(address ?? "");
        using var her = _forName.AttemptAcquire(name.ToLowerInvariant());
        return here.IsAcquired && her.IsAcquired;
    }

    public void Dispose()
    {
        _fromAddress.Dispose();
        _forName.Dispose();
    }

    static PartitionedRateLimiter<string> PerMinute(int tries) => PartitionedRateLimiter.Create<string, string>(key =>
        RateLimitPartition.GetFixedWindowLimiter(key, _ => new FixedWindowRateLimiterOptions { PermitLimit = tries, Window = TimeSpan.FromMinutes(1) }));
}
