using System.Diagnostics;
using Burgernet.Syndicate.Deliveries;
using Burgernet.Syndicate.Sandbox;

namespace Burgernet.Syndicate.FaultRig;

/// <summary>The ways in which things go wrong. Each says whether it came out as it must.</summary>
static partial class Scenarios
{
    const string Opening = "Vermist: meisje van 9 jaar, rode jas. Bel 112.";
    const string Closing = "Het meisje is terecht.";

    static readonly SandboxPlatform[] Networks = [SandboxPlatform.X, SandboxPlatform.Facebook, SandboxPlatform.WhatsApp];

    static readonly TimeSpan Bound = TimeSpan.FromMinutes(3);

    // A post that is refused nine times in a row, as happens once in a thousand here, waits longer each time.
    static readonly TimeSpan UnderFireBound = TimeSpan.FromMinutes(10);

    static readonly string[] SendPoints = ["accepted", "before-intent", "after-intent", "after-answer", "after-record", "before-reconcile", "after-reading", "after-reconcile"];
    static readonly string[] TakedownPoints = ["before-delete", "after-delete", "after-takedown-record"];

    static readonly SandboxFault?[] Outcomes =
    [
        null, SandboxFault.RateLimit, SandboxFault.ErrorBefore, SandboxFault.ErrorAfterAccepting, SandboxFault.CutBefore, SandboxFault.Cut, SandboxFault.Html, SandboxFault.Slow, SandboxFault.ExpiredToken,
    ];

    public static IReadOnlyDictionary<string, Func<RigOptions, RigStorage, Task<Outcome>>> All { get; } = new Dictionary<string, Func<RigOptions, RigStorage, Task<Outcome>>>
    {
        ["kill"] = (options, storage) => ManyAsync(options, i => KillAsync(options, storage, i, naive: false), Good),
        ["naive"] = (options, storage) => ManyAsync(options, i => KillAsync(options, storage, i, naive: true), tally => tally.Doubled > 0),
        ["takedown"] = (options, storage) => ManyAsync(options, i => TakedownAsync(options, storage, i), Good, "from the closing taken to the proof"),
        ["crash-points"] = CrashPointsAsync,
        ["frozen"] = FrozenAsync,
        ["race"] = RaceAsync,
        ["clock"] = ClockAsync,
        ["disk-full"] = DiskFullAsync,
        ["durability"] = DurabilityAsync,
        ["backlog"] = BacklogAsync,
        ["throttle"] = ThrottleAsync,
        ["server-crash"] = ServerCrashAsync,
    };

    /// <summary>All there is, each with a size that befits that of the kills.</summary>
    public static IEnumerable<(string Scenario, RigOptions Options)> Everything(RigOptions options)
    {
        var file = options with { Postgres = false, Replicas = 1 };
        var shared = options with { Postgres = true, Replicas = 2 };
        var some = Math.Max(6, options.Trials / 10);
        return
        [
            ("kill", file), ("kill", shared), ("naive", file with { Trials = some }), ("crash-points", file with { Trials = int.MaxValue }), ("crash-points", shared with { Replicas = 1, Trials = int.MaxValue }),
            ("frozen", file with { Trials = some }), ("frozen", shared with { Trials = some }), ("race", shared with { Deliveries = Math.Max(100, options.Trials * 20) }),
            ("takedown", file with { Trials = 2 * some }), ("takedown", shared with { Trials = 2 * some }), ("clock", file with { Trials = some }),
            ("disk-full", file with { Trials = some }), ("server-crash", shared with { Trials = some }), ("durability", file), ("backlog", file), ("backlog", shared), ("throttle", file),
        ];
    }

    static bool Good(Tally tally) => tally is { Lost: 0, Doubled: 0, Open: 0, StillUp: 0 };

    static async Task<Outcome> ManyAsync(RigOptions options, Func<int, Task<Tally>> trial, Func<Tally, bool> good, string measured = "")
    {
        var sum = new Tally { Trials = 0 };
        var gate = new Lock();
        await Parallel.ForEachAsync(Enumerable.Range(0, options.Trials), new ParallelOptions { MaxDegreeOfParallelism = options.Parallel }, async (i, _) =>
        {
            var tally = await trial(i);
            lock (gate)
            {
                sum += tally;
                if (!Good(tally))
                    Console.Error.WriteLine($"trial {i}: {tally}");
                if (sum.Trials % 50 == 0)
                    Console.Error.WriteLine($"{sum.Trials} trials, {sum.Kills} kills, {sum.Lost} lost, {sum.Doubled} doubled, {sum.Held} held");
            }
        });
        return new Outcome(sum, good(sum), measured);
    }

    static async Task<Tally> KillAsync(RigOptions options, RigStorage storage, int number, bool naive)
    {
        await using var trial = await Trial.StartAsync(options, storage.Make(), new TrialSetup { Lies = new SandboxLies(options.Seed + number) });
        trial.Say("opened", Opening);
        return await UnderFireAsync(options, trial, number, naive);
    }

    // The state of the opening when its alert ends; any of them under fire, and each of them in peace.
    static readonly DeliveryState?[] EndedWhen = [null, DeliveryState.Pending, DeliveryState.Sending, DeliveryState.Unknown, DeliveryState.Held, DeliveryState.Published];

    static async Task<Tally> TakedownAsync(RigOptions options, RigStorage storage, int number)
    {
        static bool IsOver(Trial trial, IReadOnlyList<Delivery> all) => all.All(d => d.State is not DeliveryState.Pending) && trial.IsSaid("closed");

        var state = EndedWhen[number % EndedWhen.Length];
        await using var trial = await Trial.StartAsync(options, storage.Make(), new TrialSetup
        {
            Lies = state is null ? new SandboxLies(options.Seed + number) : null, HoldAfter = TimeSpan.FromSeconds(state is DeliveryState.Held ? 1 : 60),
        });
        trial.Say("opened", Opening);
        if (state is null)
        {
            var random = new Random(options.Seed * 7919 + number);
            var fire = UnderFireAsync(options, trial, number, naive: false, all => IsOver(trial, all));
            await Task.Delay(TimeSpan.FromSeconds(random.NextDouble() * 6));
            // What is over before it was taken is never opened.
            await trial.TakenAsync("opened", 1, Bound);
            trial.Say("closed", Closing);
            return await fire;
        }

        foreach (var platform in Networks)
        {
            if (state is DeliveryState.Pending)
                trial.Platform.Faults.Add(platform, SandboxFault.RateLimit, options.Deliveries, TimeSpan.FromSeconds(3));
            else if (state is DeliveryState.Sending)
                trial.Platform.Faults.Add(platform, SandboxFault.Slow, options.Deliveries, TimeSpan.FromSeconds(0.9));
            else if (state is DeliveryState.Unknown or DeliveryState.Held)
                trial.Platform.Faults.Add(platform, SandboxFault.ErrorAfterAccepting, options.Deliveries);
            if (state is DeliveryState.Held)
                trial.Platform.Faults.Add(platform, SandboxFault.ErrorBefore, times: 200, on: SandboxOperation.Read);
        }

        await Task.WhenAll(Enumerable.Range(0, options.Replicas).Select(_ => trial.StartWorkerAsync()));
        await trial.UntilAsync(Bound, all => all.Count > 0 && (state is DeliveryState.Sending ? all.Any(d => d.State == state)
            : all.Count(d => d.State == state) >= (state is DeliveryState.Held ? trial.Expected : Networks.Length)));
        trial.Say("closed", Closing);
        await trial.TakenAsync("closed", 1, Bound);
        trial.Platform.Faults.Clear();
        // A person looks at what the program could not.
        foreach (var held in (await trial.DeliveriesAsync()).Where(d => d.State is DeliveryState.Held))
            if (trial.PostOf(held) is { } post)
                await trial.AdoptAsync(held, post.Id);
        return await trial.TallyAsync(await trial.SettleAsync(Bound, all => IsOver(trial, all)));
    }

    // Workers are killed at random moments, and now and then before they are at work at all.
    static async Task<Tally> UnderFireAsync(RigOptions options, Trial trial, int number, bool naive, Func<IReadOnlyList<Delivery>, bool>? also = null)
    {
        using var done = new CancellationTokenSource();
        var fire = Enumerable.Range(0, options.Replicas).Select(async replica =>
        {
            var random = new Random(HashCode.Combine(options.Seed, number, replica));
            for (var kill = 0; kill < options.Kills && !done.IsCancellationRequested; kill++)
            {
                var early = random.NextDouble() < 0.15;
                var worker = await trial.StartWorkerAsync(new WorkerStart { Naive = naive, Wait = !early });
                var wait = TimeSpan.FromSeconds(early ? random.NextDouble() * 0.5 : -Math.Log(1 - random.NextDouble()) * 0.7);
                await Task.WhenAny(Task.Delay(wait, CancellationToken.None), Task.Delay(Timeout.Infinite, done.Token));
                trial.Kill(worker);
            }

            // What ends by itself, because its server did not answer in time perhaps, is started again as services are.
            while (!done.IsCancellationRequested)
            {
                var worker = await trial.StartWorkerAsync(new WorkerStart { Naive = naive });
                await Task.WhenAny(worker.WaitForExitAsync(CancellationToken.None), Task.Delay(Timeout.Infinite, done.Token));
            }
        }).ToList();

        var settled = await trial.SettleAsync(UnderFireBound, also);
        await done.CancelAsync();
        await Task.WhenAll(fire);
        return await trial.TallyAsync(settled);
    }

    static async Task<Outcome> CrashPointsAsync(RigOptions options, RigStorage storage)
    {
        var cases = (from point in SendPoints.Concat(TakedownPoints) from outcome in Outcomes select (point, outcome)).ToList();
        // Not all of them: some that lie far apart, others with another seed.
        if (options.Trials < cases.Count)
            cases = [.. Enumerable.Range(0, options.Trials).Select(i => cases[(int)((i + options.Seed * 0.618) % options.Trials * cases.Count / options.Trials)])];
        return await ManyAsync(options with { Trials = cases.Count }, async i =>
        {
            var (point, outcome) = cases[i];
            var takedown = TakedownPoints.Contains(point);
            await using var trial = await Trial.StartAsync(options, storage.Make(), new TrialSetup());
            if (outcome is { } fault)
            {
                foreach (var platform in Networks)
                    trial.Platform.Faults.Add(platform, fault, wait: TimeSpan.FromSeconds(1.5), on: takedown ? SandboxOperation.Delete : SandboxOperation.Create);
            }

            trial.Say("opened", Opening);
            var worker = await trial.StartWorkerAsync(new WorkerStart { At = point });
            if (takedown)
            {
                await trial.SettleAsync(Bound);
                trial.Say("closed", Closing);
            }

            // Some points are not reached with some outcomes: where nothing is in doubt, nothing is looked up.
            var watch = Stopwatch.StartNew();
            while (!worker.HasExited && watch.Elapsed < Bound && !(await trial.SettleAsync(TimeSpan.FromMilliseconds(200), all => !takedown || all.Count > trial.Expected)))
            {
            }

            if (worker.HasExited)
            {
                trial.CountKill();
                await trial.StartWorkerAsync(new WorkerStart { At = point });
            }

            var settled = await trial.SettleAsync(Bound, all => !takedown || all.Count > trial.Expected);
            var tally = await trial.TallyAsync(settled);
            if (!Good(tally))
                Console.Error.WriteLine($"{point} with {outcome?.ToString() ?? "no fault"}");
            return tally;
        }, Good);
    }

    static Task<Outcome> FrozenAsync(RigOptions options, RigStorage storage) => ManyAsync(options, async i =>
    {
        await using var trial = await Trial.StartAsync(options, storage.Make(), new TrialSetup());
        // Either with its intents on disk and nothing sent, or with a request that has been done and not answered.
        var sending = i % 2 == 1;
        if (sending)
            trial.Platform.Faults.Add(SandboxPlatform.X, SandboxFault.Slow, wait: TimeSpan.FromSeconds(5));
        trial.Say("opened", Opening);
        var frozen = await trial.StartWorkerAsync(new WorkerStart { At = sending ? "" : "after-intent", Freezes = true, Wait = false });
        var watch = Stopwatch.StartNew();
        while (!(sending ? trial.Platform.Posts(SandboxPlatform.X).Count > 0 : trial.IsReached) && watch.Elapsed < Bound)
            await Task.Delay(5);
        if (sending)
            RigWorker.Freeze(frozen, freeze: true);

        // On a file there is one worker at a time; on a server others do its work while it stands still.
        var settled = false;
        if (options.Postgres)
        {
            await trial.StartWorkerAsync();
            settled = await trial.SettleAsync(Bound);
        }

        // Long after its lease.
        await Task.Delay(TimeSpan.FromSeconds(4));
        RigWorker.Freeze(frozen, freeze: false);
        settled |= await trial.SettleAsync(Bound);
        await Task.Delay(TimeSpan.FromSeconds(4));
        trial.CountKill();
        return await trial.TallyAsync(settled);
    }, Good);

    static async Task<Outcome> RaceAsync(RigOptions options, RigStorage storage)
    {
        await using var trial = await Trial.StartAsync(options, storage.Make(), new TrialSetup());
        await Task.WhenAll(Enumerable.Range(0, options.Replicas).Select(_ => trial.StartWorkerAsync()));
        var watch = Stopwatch.StartNew();
        trial.Say("opened", Opening);
        var settled = await trial.SettleAsync(TimeSpan.FromMinutes(10));
        var seconds = watch.Elapsed.TotalSeconds;
        var tally = await trial.TallyAsync(settled);
        return new Outcome(tally with { Seconds = [seconds] }, Good(tally) && tally.Posted == options.Deliveries, "all sent");
    }
}

/// <summary>What came of a scenario.</summary>
/// <param name="Good">It came out as it must.</param>
/// <param name="Measured">What <see cref="Tally.Seconds"/> are of, or other figures.</param>
sealed record Outcome(Tally Tally, bool Good, string Measured = "");
