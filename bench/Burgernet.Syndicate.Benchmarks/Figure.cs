namespace Burgernet.Syndicate.Benchmarks;

/// <summary>One measured thing.</summary>
sealed record Figure(string Name, string Unit)
{
    /// <summary>What it should be, in words; null: informative only.</summary>
    public string? Target { get; init; }

    /// <summary>Null when it could not be measured; then <see cref="Note"/> says why.</summary>
    public Spread? Measured { get; init; }

    /// <summary>What the same machine does at least, measured in the same run (a median, in the same unit).</summary>
    public double? Floor { get; init; }

    /// <summary>What the floor is.</summary>
    public string? FloorIs { get; init; }

    /// <summary>How many times the floor the measured median is.</summary>
    public double? Ratio => Measured is { } measured && Floor is > 0 and var floor ? measured.Median / floor : null;

    public bool? Met { get; init; }

    public string? Note { get; init; }
}

/// <summary>What a row of samples looks like.</summary>
readonly record struct Spread(int Count, double Min, double Median, double P99, double Max)
{
    public static Spread Of(IEnumerable<double> samples)
    {
        var sorted = samples.Order().ToArray();
        return new Spread(sorted.Length, sorted[0], At(0.50), At(0.99), sorted[^1]);

        // Nearest rank.
        double At(double share) => sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
    }

    public static Spread Single(double value) => Of([value]);
}
