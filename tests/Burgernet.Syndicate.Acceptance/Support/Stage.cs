using System.Text.Json;
using System.Text.Json.Nodes;
using Burgernet.Syndicate.Sandbox;

namespace Burgernet.Syndicate.Acceptance.Support;

/// <summary>
/// A stage for the whole program in live mode: a folder of configuration whose addresses point at a sandbox in this
/// process, the secrets of that sandbox, and a feed that says exactly what the test says.
/// </summary>
sealed class Stage : IAsyncDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("syndicate-stage-").FullName;

    Stage(SandboxHost sandbox) => Sandbox = sandbox;

    public SandboxHost Sandbox { get; }

    public string Config => Path.Combine(_folder, "config");

    public string Data => Path.Combine(_folder, "data");

    public string Secrets => Path.Combine(_folder, "secrets");

    /// <param name="groups">The rows of groups.csv, without its header.</param>
    /// <param name="landactiehost">Whether the owner of child alerts is listened to as well.</param>
    public static async Task<Stage> SetAsync(IEnumerable<string> groups, bool landactiehost = true)
    {
        var stage = new Stage(await SandboxHost.StartAsync(new SandboxOptions { XPostsPerWindow = 10_000 }, TestContext.Current.CancellationToken));
        var shipped = Path.Combine(AppContext.BaseDirectory, "config");
        foreach (var file in Directory.GetFiles(shipped, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(stage.Config, Path.GetRelativePath(shipped, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        var (x, facebook, whatsApp) = stage.Sandbox.Credentials;
        var address = stage.Sandbox.Address;
        File.WriteAllText(Path.Combine(stage.Config, "syndicate.json"), JsonSerializer.Serialize(new
        {
            mode = "live",
            sources = new
            {
                acties = new { type = "burgernet-actions", url = new Uri(address, "/burgernet/burgernet-api/v2/actions"), interval = "00:00:01" },
                kindalarm = new { type = "landactiehost", url = new Uri(address, "/landactiehost/api/v1/alerts"), interval = "00:00:01", enabled = landactiehost },
                map = new { type = "folder", path = Path.Combine(stage._folder, "in"), interval = "00:00:01" },
            },
            channels = new
            {
                x = new { type = "x", baseUrl = address },
                facebook = new { type = "facebook", baseUrl = address, version = facebook.Version, pageId = facebook.PageId },
                whatsapp = new { type = "whatsapp", baseUrl = address, session = whatsApp.Session, pacing = new { min = "00:00:00", max = "00:00:00" } },
            },
        }));
        File.WriteAllLines(Path.Combine(stage.Config, "groups.csv"), groups.Prepend("name;chatId;municipality;lat;lon;radius;active;channel"));
        stage.Secret("x", ("consumerKey", x.ConsumerKey), ("consumerSecret", x.ConsumerSecret), ("accessToken", x.AccessToken), ("accessTokenSecret", x.AccessTokenSecret));
        stage.Secret("facebook", ("appId", facebook.AppId), ("accessToken", facebook.AccessToken), ("appSecret", facebook.AppSecret));
        stage.Secret("whatsapp", ("apiKey", whatsApp.ApiKey));
        stage.Sandbox.ServeActions("""{"actions":[]}""");
        stage.Sandbox.ServeAlerts("[]");
        return stage;
    }

    public Task<WorkerProcess> StartWorkerAsync(IReadOnlyDictionary<string, string?>? env = null) => WorkerProcess.StartAsync(Config, Data, env, Secrets);

    /// <summary>What takes a minute and a half on the real platforms takes two seconds here.</summary>
    public void BeQuick()
    {
        foreach (var channel in (string[])["x", "facebook", "whatsapp"])
        {
            Configure("channels", channel, "quiet", "00:00:02");
            Configure("channels", channel, "listingLag", "00:00:01");
        }
    }

    /// <summary>Changes one section of syndicate.json.</summary>
    public void Configure(string section, JsonNode value)
    {
        var path = Path.Combine(Config, "syndicate.json");
        var json = JsonNode.Parse(File.ReadAllText(path))!;
        json[section] = value;
        File.WriteAllText(path, json.ToJsonString());
    }

    /// <summary>Changes one value of syndicate.json, or begins a new entry with it.</summary>
    public void Configure(string section, string name, string key, JsonNode value)
    {
        var path = Path.Combine(Config, "syndicate.json");
        var json = JsonNode.Parse(File.ReadAllText(path))!;
        (json[section]![name] ??= new JsonObject())[key] = value;
        File.WriteAllText(path, json.ToJsonString());
    }

    /// <summary>Drops a file for the folder source, whole at once.</summary>
    public void Drop(string name, string content)
    {
        var target = Path.Combine(_folder, "in", name);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.WriteAllText(target + ".tmp", content);
        File.Move(target + ".tmp", target);
    }

    /// <summary>What is in the drop folder, its subfolders included.</summary>
    public IReadOnlyList<string> Dropped() =>
        [.. Directory.GetFiles(Path.Combine(_folder, "in"), "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Path.Combine(_folder, "in"), f)).Order(StringComparer.Ordinal)];

    public async ValueTask DisposeAsync()
    {
        await Sandbox.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    void Secret(string channel, params (string Name, string Value)[] secrets)
    {
        Directory.CreateDirectory(Secrets);
        foreach (var (name, value) in secrets)
            File.WriteAllText(Path.Combine(Secrets, $"channels__{channel}__{name}"), value + "\n");
    }
}
