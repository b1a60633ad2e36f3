namespace Burgernet.Syndicate.Reports;

/// <summary>A part of a whole. From few cases a percentage says nothing, so it has none then.</summary>
/// <param name="Part">How many it is true of.</param>
/// <param name="Whole">Of how many.</param>
public readonly record struct Share(long Part, long Whole)
{
    /// <summary>Of fewer cases no percentage is given: one more or less would move it by five points.</summary>
    public const int Minimum = 20;

    /// <summary>The same, where somebody has to say of each case whether it belongs to the part; null where nobody said so of any yet.</summary>
    /// <param name="known">Of how many it was said.</param>
    public static Share? Told(long part, long known, long whole) => whole > 0 && known == 0 ? null : new Share(part, whole);

    /// <summary>Too few cases for a percentage.</summary>
    public bool TooFew => Whole < Minimum;

    /// <summary>From 0 to 100; null where there are too few cases.</summary>
    public double? Percentage => TooFew ? null : 100.0 * Part / Whole;
}

/// <summary>What lies in the middle of many durations, and what 95 of 100 stay under (nearest rank).</summary>
/// <param name="Cases">How many durations it rests on.</param>
/// <param name="P50">Seconds; null: there are none.</param>
/// <param name="P95">Seconds; null: there are none.</param>
public readonly record struct Durations(int Cases, double? P50, double? P95)
{
    public static Durations Of(IEnumerable<TimeSpan> durations)
    {
        var sorted = durations.Select(d => d.TotalSeconds).Order().ToArray();
        return sorted.Length == 0 ? default : new Durations(sorted.Length, At(0.50), At(0.95));

        double At(double share) => sorted[(int)Math.Ceiling(share * sorted.Length) - 1];
    }
}
