using Xunit;

namespace Burgernet.Syndicate.Tests.Support;

/// <summary>What a test needs of the machine. On a developer's machine its absence skips the test; in CI it fails it.</summary>
static class Needs
{
    static readonly bool InCi = string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);

    /// <param name="missing">Why the test cannot run here, in one plain sentence; null when it can.</param>
    public static void OrSkip(string? missing)
    {
        if (missing is null)
            return;
        Assert.False(InCi, $"In CI nothing is skipped: {missing}");
        Assert.Skip(missing);
    }
}
