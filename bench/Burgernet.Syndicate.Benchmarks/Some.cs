using System.Globalization;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Areas;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Connectors;
using Burgernet.Syndicate.Routing;

namespace Burgernet.Syndicate.Benchmarks;

/// <summary>Actions, groups and channels, always the same ones.</summary>
static class Some
{
    public const string Text = "Vermist: meisje van 9 jaar. Zij is rond 15.30 uur voor het laatst gezien bij de speeltuin in Schothorst. Zij is ongeveer 1.35 m lang, heeft lang donkerblond haar in een staart en draagt een rode winterjas, een spijkerbroek en witte gympen. Zij heeft een roze step bij zich. Ziet u haar? Bel direct 112.";

    // The box round the region.
    const double South = 51.95, North = 52.50, West = 4.80, East = 5.70;

    public static Alert Actie(int number, AlertKind kind = AlertKind.Actie) => new()
    {
        Source = "bench",
        SourceId = number.ToString(CultureInfo.InvariantCulture),
        Kind = kind,
        Category = AlertCategory.MissingPerson,
        IssuedAt = TimeProvider.System.GetUtcNow(),
        Municipality = "Amersfoort",
        Area = new Circle(52.1796, 5.3861, 1500),
        Messages = [new AlertMessage { Key = "1", Phase = AlertPhase.Opened, SentAt = TimeProvider.System.GetUtcNow(), Text = $"{Text} Actie {number}." }],
    };

    /// <summary>Circles spread over the region.</summary>
    public static IReadOnlyList<Circle> Circles(int count, double smallest, double largest, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => new Circle(Between(South, North), Between(West, East), Between(smallest, largest)))];

        double Between(double from, double to) => from + (to - from) * random.NextDouble();
    }

    public static IReadOnlyList<Group> GroupsWithCircles(int count) =>
        [.. Circles(count, 500, 1500, seed: 1).Select((circle, number) => Group(number) with { Area = circle })];

    /// <summary>Groups that only name a municipality, as many in each.</summary>
    public static IReadOnlyList<Group> GroupsOfMunicipalities(int count, IReadOnlyList<string> codes) =>
        [.. Enumerable.Range(0, count).Select(number => Group(number) with { Municipality = codes[number % codes.Count] })];

    public static ChannelOptions Channel(string type, Uri baseUrl, int maxInFlight = 1) => new()
    {
        Name = type,
        Type = type,
        BaseUrl = baseUrl,
        MaxInFlight = maxInFlight,
        Settings = type switch
        {
            "facebook" => new Dictionary<string, string> { ["version"] = "v26.0", ["pageId"] = "100000000000001" },
            "whatsapp" => new Dictionary<string, string> { ["session"] = "default" },
            _ => new Dictionary<string, string>(),
        },
        Secrets = ConnectorRegistry.Channels.Single(c => c.Type == type).Secrets.ToDictionary(name => name, name => new Secret($"bench-{name}-0123456789abcdef")),
    };

    static Group Group(int number) => new()
    {
        Name = $"Buurt {number:00000}",
        ChatId = $"{120363000000000000 + number}@g.us",
    };
}
