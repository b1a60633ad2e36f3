using System.Data.Common;
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
    readonly int _targets;
    readonly bool _hasDisk;
    TimeSpan _clock;
    int _opened;

    Trial(SandboxHost platform, RigOptions options, StorageOptions? storage, TrialSetup setup)
    {
        Platform = platform;
        var groups = options.Deliveries - 2;
        var folders = FoldersIn(_folder);
        var shipped = Path.Combine(AppContext.BaseDirectory, "config");
        foreach (var file in Directory.GetFiles(shipped, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folders.Config, Path.GetRelativePath(shipped, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        Directory.CreateDirectory(folders.Data);
        if (setup.DiskMegabytes is { } size)
        {
            Run("mount", "-t", "tmpfs", "-o", $"size={size}m", "tmpfs", folders.Data);
            _hasDisk = true;
        }

        SetClock(setup.Clock);
        Directory.CreateDirectory(folders.Secrets);
        Directory.CreateDirectory(Path.Combine(_folder, "in"));
        storage ??= new StorageOptions(StorageProvider.Sqlite, new Secret($"Data Source={Path.Combine(folders.Data, "syndicate.db")}"));
        var (x, facebook, whatsApp) = platform.Credentials;
        Dictionary<string, object> Channel(string type, params (string Key, object Value)[] more) => new Dictionary<string, object>
        {
            ["type"] = type, ["baseUrl"] = platform.Address, ["maxInFlight"] = options.MaxInFlight,
            ["quiet"] = "00:00:01", ["listingLag"] = "00:00:01", ["requestTimeout"] = "00:00:01", ["lease"] = "00:00:03",
            ["holdAfter"] = setup.HoldAfter.ToString("c", CultureInfo.InvariantCulture),
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
        _outbox = new Outbox(_database, Notices(), TimeProvider.System);
        _targets = groups + 2;
    }

    public SandboxHost Platform { get; }

    /// <summary>How many deliveries the alerts that were opened must have, their ends not counted.</summary>
    public int Expected => _targets * _opened;

    public string Data => FoldersIn(_folder).Data;

    public int Kills { get; private set; }

    /// <summary>What was said was taken.</summary>
    public bool IsSaid(string phase, int alert = 1) => File.Exists(Path.Combine(_folder, "in", "done", $"{alert}-{phase}.json"));

    public bool IsReached => File.Exists(Path.Combine(_folder, "reached"));

    public static SyndicateFolders FoldersIn(string folder) => new(Path.Combine(folder, "config"), Path.Combine(folder, "data"), Path.Combine(folder, "secrets"));

    public static async Task<Trial> StartAsync(RigOptions options, StorageOptions? storage, TrialSetup setup) =>
        new(await SandboxHost.StartAsync(new SandboxOptions { Lies = setup.Lies, TimeProvider = new ShiftedClock(setup.Clock), XPostsPerWindow = 100_000, PostsKept = 1_000_000 }, CancellationToken.None), options, storage, setup);

    /// <summary>Hands in a message as somebody would by hand: whole or not at all.</summary>
    public void Say(string phase, string text, int alert = 1, string kind = "actie")
    {
        var file = Path.Combine(_folder, $"{alert}-{phase}.json");
        File.WriteAllText(file, JsonSerializer.Serialize(new
        {
            id = $"{alert}", kind, phase, sent = (DateTimeOffset.UtcNow + _clock).ToString("O", CultureInfo.InvariantCulture), text, municipality = "Amersfoort", category = "missing-person",
        }));
        File.Move(file, Path.Combine(_folder, "in", $"{alert}-{phase}.json"));
        if (phase == "opened")
            _opened++;
    }

    /// <summary>Waits until what was said was taken, and says how long that took.</summary>
    public async Task<TimeSpan> TakenAsync(string phase, int alert, TimeSpan within)
    {
        var watch = Stopwatch.StartNew();
        while (!IsSaid(phase, alert) && watch.Elapsed < within)
            await Task.Delay(5);
        return watch.Elapsed;
    }

    /// <summary>Sets the clock of the workers that are started on it; that of the platforms stays as it is.</summary>
    public void SetClock(TimeSpan ahead)
    {
        _clock = ahead;
        // At once: half a number would be another time.
        File.WriteAllText(Clock + ".new", ahead.TotalSeconds.ToString("+0.000;-0.000", CultureInfo.InvariantCulture));
        File.Move(Clock + ".new", Clock, overwrite: true);
    }

    string Clock => Path.Combine(_folder, "clock");

    /// <summary>Starts a worker; it is at work when this returns, or dead.</summary>
    public async Task<Process> StartWorkerAsync(WorkerStart? how = null)
    {
        how ??= new WorkerStart();
        string[] self = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [Environment.ProcessPath!, typeof(Trial).Assembly.Location] : [Environment.ProcessPath!];
        string[] command = [.. how.Under, .. self, "worker", _folder, "--at", how.At, .. how.Flags];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true };
        start.Environment["DOTNET_TieredCompilation"] = "1";
        if (how.OnClock)
        {
            start.Environment["LD_PRELOAD"] = FakeTime;
            start.Environment["FAKETIME_TIMESTAMP_FILE"] = Clock;
            start.Environment["FAKETIME_NO_CACHE"] = "1";
            start.Environment["FAKETIME_DONT_FAKE_MONOTONIC"] = "1";
        }

        var process = Process.Start(start)!;
        lock (_workers)
            _workers.Add(process);
        if (how.Wait)
            while (await process.StandardOutput.ReadLineAsync() is { } line && !line.StartsWith(how.Whole ? RigWorker.WholeReady : RigWorker.Ready, StringComparison.Ordinal))
            {
            }

        // A pipe that nobody reads would stop who writes to it.
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        return process;
    }

    static string FakeTime => Directory.GetDirectories("/usr/lib").Select(d => Path.Combine(d, "faketime", "libfaketimeMT.so.1")).FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException("the clock of a worker is set with libfaketime, which is not there (apt install faketime)");

    public void Kill(Process worker)
    {
        if (worker.HasExited)
            return;
        worker.Kill();
        worker.WaitForExit();
        Kills++;
    }

    public void CountKill() => Kills++;

    public async Task<IReadOnlyList<Delivery>> DeliveriesAsync()
    {
        try
        {
            return await _outbox.NewestAsync(100_000);
        }
        catch (DbException)
        {
            // Its server is down at this moment.
            return [];
        }
    }

    /// <summary>One value from the database.</summary>
    public Task<string?> ReadAsync(string sql) => _database.ReadAsync(session => session.FirstOrDefaultAsync<string>(sql));

    /// <summary>A person says that a held delivery is there.</summary>
    public Task AdoptAsync(Delivery delivery, string postId) =>
        _database.WriteAsync(session => new AttemptLog(_database, Notices(), TimeProvider.System).ResolveAsync(session, delivery.Id, Resolution.Adopt, postId));

    NoticeBoard Notices() => new(_database, TimeProvider.System, NullLogger<NoticeBoard>.Instance);

    /// <summary>Fills the disk of the data folder to its last byte.</summary>
    public void FillDisk()
    {
        using var file = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            for (var block = new byte[4096]; ;)
                file.Write(block);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    public void FreeDisk() => File.Delete(Filler);

    string Filler => Path.Combine(Data, "filler");

    /// <summary>Waits until the deliveries are as they should be; false when that takes too long.</summary>
    public async Task<bool> UntilAsync(TimeSpan within, Func<IReadOnlyList<Delivery>, bool> satisfied)
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < within)
        {
            if (satisfied(await DeliveriesAsync()))
                return true;
            await Task.Delay(20);
        }

        return false;
    }

    /// <summary>Waits until nothing moves any more; false when that takes too long.</summary>
    public async Task<bool> SettleAsync(TimeSpan within, Func<IReadOnlyList<Delivery>, bool>? also = null)
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < within)
        {
            var deliveries = await DeliveriesAsync();
            if (deliveries.Count >= Expected && !deliveries.Any(IsMoving) && also?.Invoke(deliveries) is not false)
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
        var tally = new Tally
        {
            Deliveries = deliveries.Count, Kills = Kills, Open = settled ? 0 : 1,
            Seconds = [.. deliveries.Where(d => d is { Operation: DeliveryOperation.Takedown, State: DeliveryState.Gone, PublishedAt: not null }).Select(d => (d.PublishedAt!.Value - d.CreatedAt).TotalSeconds)],
        };
        foreach (var delivery in deliveries.Where(d => !settled && IsMoving(d)))
            Console.Error.WriteLine($"{delivery.Id} on {delivery.Channel} is still {delivery.State} after {delivery.Attempts} attempt(s), due {delivery.DueAt:O}: {delivery.Error}");
        foreach (var delivery in deliveries.Where(d => d.Operation is not DeliveryOperation.Takedown))
        {
            var times = posts.Count(p => IsOf(p, delivery));
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

    static bool IsMoving(Delivery delivery) => delivery.State is DeliveryState.Planned or DeliveryState.Pending or DeliveryState.Sending or DeliveryState.Unknown;

    /// <summary>What people see of a delivery.</summary>
    public SandboxPost? PostOf(Delivery delivery) => Enum.GetValues<SandboxPlatform>().SelectMany(Platform.Posts).FirstOrDefault(p => IsOf(p, delivery));

    static bool IsOf(SandboxPost post, Delivery delivery) => PlatformOf(post) == delivery.Channel && (post.ChatId ?? "") == delivery.Address
        && (post.Text.Contains(delivery.Reference, StringComparison.Ordinal) || post.EarlierTexts.Any(t => t.Contains(delivery.Reference, StringComparison.Ordinal)));

    static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}; a small disk needs root, or the rig under 'unshare --map-root-user --mount'");
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
                worker.Kill(entireProcessTree: true);
                await worker.WaitForExitAsync();
            }

            worker.Dispose();
        }

        await Platform.DisposeAsync();
        _database.Dispose();
        if (_hasDisk)
            Run("umount", Data);
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>What a trial is made of.</summary>
sealed record TrialSetup
{
    /// <summary>Null: the platforms tell the truth unless they are told not to.</summary>
    public SandboxLies? Lies { get; init; }

    /// <summary>How far all clocks are ahead of this machine's at the start.</summary>
    public TimeSpan Clock { get; init; }

    /// <summary>The data folder is a disk of its own, of this size.</summary>
    public int? DiskMegabytes { get; init; }

    public TimeSpan HoldAfter { get; init; } = TimeSpan.FromMinutes(30);
}

/// <summary>How a worker is started.</summary>
sealed record WorkerStart
{
    /// <summary>The crash point at which it ends or freezes, once.</summary>
    public string At { get; init; } = "";

    public bool Freezes { get; init; }
    public bool Naive { get; init; }

    /// <summary>The whole program with its scheduler and pages.</summary>
    public bool Whole { get; init; }

    /// <summary>On the clock that <see cref="Trial.SetClock"/> sets.</summary>
    public bool OnClock { get; init; }

    /// <summary>It takes what was said, sends nothing and ends.</summary>
    public bool Takes { get; init; }

    /// <summary>Its database does not wait for the disk.</summary>
    public bool Relaxed { get; init; }

    /// <summary>What it is run by, such as a tracer.</summary>
    public IReadOnlyList<string> Under { get; init; } = [];

    /// <summary>Wait until it is at work.</summary>
    public bool Wait { get; init; } = true;

    public IEnumerable<string> Flags =>
        new[] { ("--freeze", Freezes), ("--naive", Naive), ("--whole", Whole), ("--takes", Takes), ("--relaxed", Relaxed) }.Where(f => f.Item2).Select(f => f.Item1);
}

/// <summary>The time of this machine, and some more.</summary>
sealed class ShiftedClock(TimeSpan by) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
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

    /// <summary>What the scenario measures, in seconds; of take-downs from the closing being taken to the proof that all is gone.</summary>
    public IReadOnlyList<double> Seconds { get; init; } = [];

    public static Tally operator +(Tally a, Tally b) => new()
    {
        Trials = a.Trials + b.Trials, Deliveries = a.Deliveries + b.Deliveries, Kills = a.Kills + b.Kills, Posted = a.Posted + b.Posted,
        Lost = a.Lost + b.Lost, Doubled = a.Doubled + b.Doubled, Held = a.Held + b.Held, Open = a.Open + b.Open, StillUp = a.StillUp + b.StillUp,
        Seconds = [.. a.Seconds, .. b.Seconds],
    };
}
