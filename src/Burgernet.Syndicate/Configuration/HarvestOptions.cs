namespace Burgernet.Syndicate.Configuration;

/// <summary>When networks are asked how posts do: <c>harvest</c> in syndicate.json, checked.</summary>
public sealed record HarvestOptions
{
    /// <summary>How long after publishing, shortest first.</summary>
    public IReadOnlyList<TimeSpan> At { get; init; } =
        [TimeSpan.FromMinutes(15), TimeSpan.FromHours(1), TimeSpan.FromHours(6), TimeSpan.FromHours(24), TimeSpan.FromHours(72), TimeSpan.FromDays(7), TimeSpan.FromDays(28)];

    /// <summary>How many posts a channel may be asked about in a Dutch day, by its name; absent: as many as there are.</summary>
    public IReadOnlyDictionary<string, int> Budgets { get; init; } = new Dictionary<string, int>();

    internal static HarvestOptions Read(ConfigReader harvest, IReadOnlySet<string> channels)
    {
        var usual = new HarvestOptions();
        var at = new List<TimeSpan>();
        foreach (var written in harvest.List("at", [.. usual.At.Select(t => t.ToString("c"))]))
        {
            if (ConfigReader.ParseDuration(written) is { } after && after > TimeSpan.Zero)
                at.Add(after);
            else
                harvest.Fault("at", $"'{written}' is geen duur; schrijf uu:mm:ss of d.uu:mm:ss");
        }

        if (at.Distinct().Count() != at.Count)
            harvest.Fault("at", "er staat een duur dubbel in");
        var budgets = harvest.Object("budgets");
        var named = new Dictionary<string, int>();
        foreach (var channel in channels)
            if (budgets.Has(channel))
                named[channel] = budgets.Number(channel, 0, 0, 1_000_000);
        budgets.RejectUnknown();
        harvest.RejectUnknown();
        return new HarvestOptions { At = [.. at.Order()], Budgets = named };
    }
}
