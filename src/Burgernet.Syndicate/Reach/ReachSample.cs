namespace Burgernet.Syndicate.Reach;

/// <summary>What a network made of the question how a post does.</summary>
public enum ReachAnswer
{
    /// <summary>It gave figures, perhaps not all.</summary>
    Given,

    /// <summary>It answered without a figure; that is not zero.</summary>
    NotGiven,

    /// <summary>The post is not there any more; it is not asked again.</summary>
    Gone,

    /// <summary>It could not be asked.</summary>
    Failed,
}

/// <summary>One answer about one post.</summary>
/// <param name="DeliveryId">The post.</param>
/// <param name="AskedAt">UTC.</param>
/// <param name="After">How long after publishing it was to be asked; null: just before it was taken down.</param>
/// <param name="Metrics">The network's own names and numbers; empty where it gave none.</param>
public sealed record ReachSample(string DeliveryId, DateTimeOffset AskedAt, TimeSpan? After, ReachAnswer Answer, IReadOnlyDictionary<string, long> Metrics);

/// <summary>Which of a network's own names say what all networks mean by it.</summary>
/// <param name="Impressions">How often it was shown; the first that is given counts.</param>
/// <param name="Reach">How many people saw it; the first that is given counts.</param>
/// <param name="Engagements">What people did with it; the sum of what is given.</param>
public sealed record ReachTerms(IReadOnlyList<string> Impressions, IReadOnlyList<string> Reach, IReadOnlyList<string> Engagements)
{
    /// <summary>The figures in shared words; null where the network gave none.</summary>
    public ReachFigures Of(IReadOnlyDictionary<string, long> metrics)
    {
        var engagements = Engagements.Where(metrics.ContainsKey).Select(name => metrics[name]).ToList();
        return new ReachFigures(First(Impressions), First(Reach), engagements.Count == 0 ? null : engagements.Sum());

        long? First(IReadOnlyList<string> names) => names.FirstOrDefault(metrics.ContainsKey) is { } name ? metrics[name] : null;
    }
}

/// <summary>How a post did; null: the network did not say.</summary>
public sealed record ReachFigures(long? Impressions, long? Reach, long? Engagements);
