namespace Burgernet.Syndicate.Sandbox;

/// <summary>
/// How often platforms do one thing and say another. The defaults are what <c>docs/reliability.md</c> measures with: of a
/// hundred requests that change something 6 are refused as too many, 6 fail and 8 break off with nothing done; 12 fail,
/// 10 break off and 5 are answered too late with everything done. What is done is done up to 0.2 s late and shows in
/// listings up to 0.3 s later; one reading in ten fails.
/// </summary>
public sealed class SandboxLies(int seed)
{
    readonly Random random = new(seed);
    readonly Lock gate = new();

    public double RateLimit { get; init; } = 0.06;
    public double ErrorBefore { get; init; } = 0.06;
    public double CutBefore { get; init; } = 0.08;
    public double ErrorAfter { get; init; } = 0.12;
    public double CutAfter { get; init; } = 0.10;
    public double Slow { get; init; } = 0.05;
    public double FailedRead { get; init; } = 0.10;

    public TimeSpan LongestCommit { get; init; } = TimeSpan.FromMilliseconds(200);
    public TimeSpan LongestLag { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>How long a slow answer takes, and how long a rate limit says it lasts.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(1.5);

    internal (SandboxFault? Fault, TimeSpan Commit) Draw(SandboxOperation operation)
    {
        lock (gate)
        {
            var drawn = random.NextDouble();
            if (operation == SandboxOperation.Read)
                return (drawn < FailedRead ? SandboxFault.ErrorBefore : null, TimeSpan.Zero);

            (double Share, SandboxFault Fault)[] faults =
            [
                (RateLimit, SandboxFault.RateLimit), (ErrorBefore, SandboxFault.ErrorBefore), (CutBefore, SandboxFault.CutBefore),
                (ErrorAfter, SandboxFault.ErrorAfterAccepting), (CutAfter, SandboxFault.Cut), (Slow, SandboxFault.Slow),
            ];
            SandboxFault? fault = null;
            foreach (var (share, candidate) in faults)
            {
                if (fault is null && drawn < share)
                    fault = candidate;
                drawn -= share;
            }

            return (fault, LongestCommit * random.NextDouble());
        }
    }

    /// <summary>The same for the same post every time it is asked.</summary>
    internal TimeSpan LagOf(string postId) => LongestLag * (postId.Aggregate(17L, (sum, character) => (sum * 31 + character) % 1009) / 1009.0);
}
