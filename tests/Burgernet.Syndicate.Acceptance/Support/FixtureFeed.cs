using System.Text.Json.Nodes;

namespace Burgernet.Syndicate.Acceptance.Support;

/// <summary>The example actions, step by step, their times moved so that they start now.</summary>
sealed class FixtureFeed
{
    readonly DateTimeOffset _now = DateTimeOffset.UtcNow;
    readonly Dictionary<string, List<string>> _files = [];

    public FixtureFeed()
    {
        Index = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "index.json")))!["items"]!.AsArray().ToDictionary(i => i!["key"]!.ToString(), i => i!);
        foreach (var (key, item) in Index)
            _files[key] = [.. item["files"]!.AsArray().Select(f => Path.Combine(Folder, Path.GetFileName(f!.ToString())))];
    }

    static string Folder => Path.Combine(AppContext.BaseDirectory, "Fixtures", "actions");

    public IReadOnlyDictionary<string, JsonNode> Index { get; }

    /// <summary>The most steps that any action has.</summary>
    public int Steps => _files.Values.Max(f => f.Count);

    public int StepsOf(string key) => _files[key].Count;

    /// <summary>Those that must be posted: of the region, no exercise, no mirror of a child alert.</summary>
    public IEnumerable<string> Public => Index.Where(i => i.Value["expected"]!["relevantMiddenNederland"]!.GetValue<bool>()
        && !i.Value["expected"]!["exercise"]!.GetValue<bool>() && !i.Value["expected"]!["amber"]!.GetValue<bool>()).Select(i => i.Key);

    public string IdOf(string key) => Index[key]["id"]!.ToString();

    /// <summary>The circle of an action: latitude, longitude, metres.</summary>
    public (double Latitude, double Longitude, double Radius) CircleOf(string key)
    {
        var area = ActionAt(key, 1)["area"]!;
        return (area["lat"]!.GetValue<double>(), area["lng"]!.GetValue<double>(), area["radius"]!.GetValue<double>());
    }

    /// <summary>What the feed says when every action has come to this step, or to its last one.</summary>
    public string At(int step) => new JsonObject { ["actions"] = new JsonArray([.. _files.Keys.Select(key => (JsonNode)ActionAt(key, step))]) }.ToJsonString();

    JsonNode ActionAt(string key, int step)
    {
        var action = JsonNode.Parse(File.ReadAllText(_files[key][Math.Min(step, _files[key].Count) - 1]))!["actions"]![0]!.DeepClone();
        var start = action["startTimestamp"]!.GetValue<long>();
        var end = JsonNode.Parse(File.ReadAllText(_files[key][^1]))!["actions"]![0]!["endTimestamp"]!.GetValue<long>();

        // The whole action is squeezed into the last minute: its order stays, and nothing lies in the future.
        long Move(JsonNode time) => _now.ToUnixTimeSeconds() - 60 + (time.GetValue<long>() - start) * 60 / Math.Max(1, end - start);
        foreach (var message in action["messages"]!.AsArray())
            message!["lastModifiedTimestamp"] = Move(message["lastModifiedTimestamp"]!);
        action["startTimestamp"] = Move(action["startTimestamp"]!);
        if (action["endTimestamp"] is { } ended)
            action["endTimestamp"] = Move(ended);
        return action;
    }
}
