using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Deliveries;
using Burgernet.Syndicate.Notices;
using Burgernet.Syndicate.Sandbox;
using Burgernet.Syndicate.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Burgernet.Syndicate.FaultRig;

/// <summary>
/// One alert on a stage of its own: a platform that may lie, a fresh database, a folder to drop messages in, and
/// workers that come and go. What was posted is counted on the platform's side, never in our database.
/// </summary>
sealed class Trial : IAsyncDisposable
{
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    readonly string _folder = Directory.CreateTempSubdirectory("syndicate-rig-").FullName;
    readonly Database _database;
    readonly Outbox _outbox;
    readonly List<Process> _workers = [];
    readonly DateTimeOffset _issued = DateTimeOffset.UtcNow;

    Trial(SandboxHost platform, RigOptions options, StorageOptions? storage, int groups)
    {
        Platform = platform;
        var folders = FoldersIn(_folder);
        var shipped = Path.Combine(AppContext.BaseDirectory, "config");
        foreach (var file in Directory.GetFiles(shipped, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folders.Config, Path.GetRelativePath(shipped, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        Directory.CreateDirectory(folders.Data);
        Directory.CreateDirectory(folders.Secrets);
        Directory.CreateDirectory(Path.Combine(_folder, "in"));
        storage ??= new StorageOptions(StorageProvider.Sqlite, new Secret($"Data Source={Path.Combine(folders.Data, "syndicate.db")}"));
        var (x, facebook, whatsApp) = platform.Credentials;
        Dictionary<string, object> Channel(string type, params (string Key, object Value)[] more) => new Dictionary<string, object>
        {
            ["type"] = type, ["baseUrl"] = platform.Address, ["maxInFlight"] = options.MaxInFlight,
            ["quiet"] = "00:00:01", ["listingLag"] = "00:00:01", ["requestTimeout"] = "00:00:01", ["lease"] = "00:00:03",
        }.Concat(more.Select(m => KeyValuePair.Create(m.Key, m.Value))).ToDictionary();
        File.WriteAllText(Path.Combine(folders.Config, "syndicate.json"), JsonSerializer.Serialize(new
        {
            mode = "live",
            storage = new { provider = storage.Provider is StorageProvider.Postgres ? "postgres" : "sqlite", connectionString = storage.ConnectionString.Reveal() },
            sources = new { map = new { type = "folder", path = Path.Combine(_folder, "in"), interval = "00:00:01" } },
            channels = new Dictionary<string, object>
            {
                ["x"] = Channel("x"),
                ["facebook"] = Channel("facebook", ("version", facebook.Version), ("pageId", facebook.PageId)),
                ["whatsapp"] = Channel("whatsapp", ("session", whatsApp.Session), ("pacing", new { min = "00:00:00", max = "00:00:00" })),
            },
        }));
        File.WriteAllLines(Path.Combine(folders.Config, "groups.csv"), Enumerable.Range(1, groups)
            .Select(i => $"Groep {i:00000};12036300000{i:0000000}@g.us;GM0307;;;;ja;").Prepend("name;chatId;municipality;lat;lon;radius;active;channel"));
        foreach (var (name, value) in ((string, string)[])[
            ("x__consumerKey", x.ConsumerKey), ("x__consumerSecret", x.ConsumerSecret), ("x__accessToken", x.AccessToken), ("x__accessTokenSecret", x.AccessTokenSecret),
            ("facebook__appId", facebook.AppId), ("facebook__accessToken", facebook.AccessToken), ("facebook__appSecret", facebook.AppSecret), ("whatsapp__apiKey", whatsApp.ApiKey)])
            File.WriteAllText(Path.Combine(folders.Secrets, $"channels__{name}"), value);

        _database = new Database(storage);
        // Before the first worker: reading an empty database tells nothing.
        new Migrator(_database, NullLogger<Migrator>.Instance).Migrate();
        _outbox = new Outbox(_database, new NoticeBoard(_database, TimeProvider.System, NullLogger<NoticeBoard>.Instance), TimeProvider.System);
        Expected = groups + 2;
    }

    public SandboxHost Platform { get; }

    /// <summary>How many targets there are.</summary>
    public int Expected { get; }

    public int Kills { get; private set; }

    public bool IsSaid(string phase) => File.Exists(Path.Combine(_folder, "in", "done", $"{phase}.json"));

    public bool IsReached => File.Exists(Path.Combine(_folder, "reached"));

    public static SyndicateFolders FoldersIn(string folder) => new(Path.Combine(folder, "config"), Path.Combine(folder, "data"), Path.Combine(folder, "secrets"));

    public static async Task<Trial> StartAsync(RigOptions options, StorageOptions? storage, SandboxLies? lies, int groups) =>
        new(await SandboxHost.StartAsync(new SandboxOptions { Lies = lies, XPostsPerWindow = 100_000, PostsKept = 1_000_000 }, CancellationToken.None), options, storage, groups);

    /// <summary>Hands in a message as somebody would by hand: whole or not at all.</summary>
    public void Say(string phase, string text)
    {
        var file = Path.Combine(_folder, $"{phase}.json");
        File.WriteAllText(file, JsonSerializer.Serialize(new
        {
            id = "1", kind = "actie", phase, sent = (phase == "opened" ? _issued : DateTimeOffset.UtcNow).ToString("O", CultureInfo.InvariantCulture), text, municipality = "Amersfoort", category = "missing-person",
        }));
        File.Move(file, Path.Combine(_folder, "in", $"{phase}.json"));
    }

    /// <summary>Starts a worker; it is at work when this returns, or dead.</summary>
    public async Task<Process> StartWorkerAsync(string at = "", bool freezes = false, bool naive = false, bool wait = true)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(typeof(Trial).Assembly.Location);
        foreach (var argument in (string[])["worker", _folder, "--at", at, .. freezes ? (string[])["--freeze"] : [], .. naive ? (string[])["--naive"] : []])
            start.ArgumentList.Add(argument);
        start.Environment["DOTNET_TieredCompilation"] = "1";
        var process = Process.Start(start)!;
        lock (_workers)
            _workers.Add(process);
        if (wait)
            await process.StandardOutput.ReadLineAsync();
        return process;
    }

    public void Kill(Process worker)
    {
        if (worker.HasExited)
            return;
        worker.Kill();
        worker.WaitForExit();
        Kills++;
    }

    public void CountKill() => Kills++;

    public Task<IReadOnlyList<Delivery>> DeliveriesAsync() => _outbox.NewestAsync(100_000);

    /// <summary>Waits until nothing moves any more; false when that takes too long.</summary>
    public async Task<bool> SettleAsync(TimeSpan within, Func<IReadOnlyList<Delivery>, bool>? also = null)
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < within)
        {
            var deliveries = await DeliveriesAsync();
            if (deliveries.Count >= Expected && deliveries.All(d => d.State is not (DeliveryState.Planned or DeliveryState.Pending or DeliveryState.Sending or DeliveryState.Unknown)) && also?.Invoke(deliveries) is not false)
                return true;
            await Task.Delay(Look);
        }

        return false;
    }

    /// <summary>Holds what we believe against what people see.</summary>
    public async Task<Tally> TallyAsync(bool settled)
    {
        // What platforms do late, they have done by now.
        await Task.Delay(TimeSpan.FromMilliseconds(600));
        var deliveries = await DeliveriesAsync();
        var posts = Enum.GetValues<SandboxPlatform>().SelectMany(Platform.Posts).ToList();
        var tally = new Tally { Deliveries = deliveries.Count, Kills = Kills, Open = settled ? 0 : 1 };
        foreach (var delivery in deliveries.Where(d => d.Operation is not DeliveryOperation.Takedown))
        {
            var times = posts.Count(p => PlatformOf(p) == delivery.Channel && (p.ChatId ?? "") == delivery.Address
                && (p.Text.Contains(delivery.Reference, StringComparison.Ordinal) || p.EarlierTexts.Any(t => t.Contains(delivery.Reference, StringComparison.Ordinal))));
            tally = tally with
            {
                Posted = tally.Posted + times,
                Doubled = tally.Doubled + Math.Max(0, times - 1),
                // An opening that came too late to be opened is no loss; everything else must be there.
                Lost = tally.Lost + (times == 0 && delivery.State is DeliveryState.Published or DeliveryState.Failed or DeliveryState.Expired or DeliveryState.Vanished ? 1 : 0),
                Held = tally.Held + (delivery.State is DeliveryState.Held ? 1 : 0),
            };
        }

        var opening = deliveries.Where(d => d.Operation is DeliveryOperation.Create).Select(d => d.Reference).ToHashSet();
        var over = deliveries.Any(d => d.Operation is DeliveryOperation.Takedown);
        return tally with { StillUp = over ? posts.Count(p => !p.Deleted && opening.Any(o => p.Text.Contains(o, StringComparison.Ordinal))) : 0 };
    }

    static string PlatformOf(SandboxPost post) => post.Platform switch
    {
        SandboxPlatform.X => "x",
        SandboxPlatform.Facebook => "facebook",
        _ => "whatsapp",
    };

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
        {
            if (!worker.HasExited)
            {
                worker.Kill();
                await worker.WaitForExitAsync();
            }

            worker.Dispose();
        }

        await Platform.DisposeAsync();
        _database.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>What came of one trial, or of many.</summary>
sealed record Tally
{
    public int Trials { get; init; } = 1;
    public int Deliveries { get; init; }
    public int Kills { get; init; }
    public int Posted { get; init; }
    public int Lost { get; init; }
    public int Doubled { get; init; }

    /// <summary>Put before a person, because no machine can decide.</summary>
    public int Held { get; init; }

    /// <summary>Trials that did not come to rest in their time.</summary>
    public int Open { get; init; }

    /// <summary>Posts of an alert that is over which people can still see.</summary>
    public int StillUp { get; init; }

    public static Tally operator +(Tally a, Tally b) => new()
    {
        Trials = a.Trials + b.Trials, Deliveries = a.Deliveries + b.Deliveries, Kills = a.Kills + b.Kills, Posted = a.Posted + b.Posted,
        Lost = a.Lost + b.Lost, Doubled = a.Doubled + b.Doubled, Held = a.Held + b.Held, Open = a.Open + b.Open, StillUp = a.StillUp + b.StillUp,
    };
}
