using System.Text;
using System.Text.Json;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Connectors.Sources;
using Burgernet.Syndicate.Connectors.Sources.BurgernetActions;
using Burgernet.Syndicate.Connectors.Sources.Landactiehost;

namespace Burgernet.Syndicate.Tests.Sources;

/// <summary>The stored feed answers, and how a parser is asked about one.</summary>
static class Fixture
{
    /// <summary>A moment after everything the fixtures tell.</summary>
    public static readonly DateTimeOffset Now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    public static string Root { get; } = Path.Combine(AppContext.BaseDirectory, "Fixtures");

    public static byte[] Bytes(string path) => File.ReadAllBytes(Path.Combine(Root, path));

    public static JsonElement Json(string path) => JsonDocument.Parse(Bytes(path)).RootElement;

    public static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), pattern)
            .Select(file => $"{folder}/{Path.GetFileName(file)}")
            .Order(StringComparer.Ordinal);

    public static SourceAnswer Actions(string json) => Parse(Encoding.UTF8.GetBytes(json), ActionsFeed.Read);

    public static SourceAnswer Landactiehost(string json) => Parse(Encoding.UTF8.GetBytes(json), LandactiehostFeed.Read);

    public static SourceAnswer Actions(byte[] body) => Parse(body, ActionsFeed.Read);

    public static SourceAnswer Landactiehost(byte[] body) => Parse(body, LandactiehostFeed.Read);

    public static SourceAnswer Parse(byte[] body, FeedReader read, DateTimeOffset? now = null, bool exercise = false)
    {
        using var document = FeedJson.Parse(body);
        return read(document.RootElement, new FeedContext("feed", now ?? Now, exercise));
    }
}
