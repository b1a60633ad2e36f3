using System.Diagnostics;
using Burgernet.Syndicate.Deliveries;
using Burgernet.Syndicate.Sandbox;

namespace Burgernet.Syndicate.FaultRig;

/// <summary>The ways in which things go wrong. Each says whether it came out as it must.</summary>
static class Scenarios
{
    const string Opening = "Vermist: meisje van 9 jaar, rode jas. Bel 112.";
    const string Closing = "Het meisje is terecht.";

    static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    static readonly string[] SendPoints = ["accepted", "before-intent", "after-intent", "after-answer", "after-record", "before-reconcile", "after-reading", "after-reconcile"];
    static readonly string[] TakedownPoints = ["before-delete", "after-delete", "after-takedown-record"];

    static readonly SandboxFault?[] Outcomes =
    [
        null, SandboxFault.RateLimit, SandboxFault.ErrorBefore, SandboxFault.ErrorAfterAccepting, SandboxFault.CutBefore, SandboxFault.Cut, SandboxFault.Html, SandboxFault.Slow, SandboxFault.ExpiredToken,
    ];

    public static IReadOnlyDictionary<string, Func<RigOptions, RigStorage, Task<(Tally, bool)>>> All { get; } = new Dictionary<string, Func<RigOptions, RigStorage, Task<(Tally, bool)>>>
    {
        ["kill"] = (options, storage) => ManyAsync(options, i => KillAsync(options, storage, i, naive: false), Good),
        ["naive"] = (options, storage) => ManyAsync(options, i => KillAsync(options, storage, i, naive: true), tally => tally.Doubled > 0),
        ["takedown"] = (options, storage) => ManyAsync(options, i => TakedownAsync(options, storage, i), Good),
        ["crash-points"] = CrashPointsAsync,
        ["frozen"] = FrozenAsync,
        ["race"] = RaceAsync,
    };

    static bool Good(Tally tally) => tally is { Lost: 0, Doubled: 0, Open: 0, StillUp: 0 };

    static async Task<(Tally, bool)> ManyAsync(RigOptions options, Func<int, Task<Tally>> trial, Func<Tally, bool> good)
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
        return (sum, good(sum));
    }

    static async Task<Tally> KillAsync(RigOptions options, RigStorage storage, int number, bool naive)
    {
        await using var trial = await Trial.StartAsync(options, storage.Make(), new SandboxLies(options.Seed + number), options.Deliveries - 2);
        trial.Say("opened", Opening);
        return await UnderFireAsync(options, trial, number, naive);
    }

    static async Task<Tally> TakedownAsync(RigOptions options, RigStorage storage, int number)
    {
        await using var trial = await Trial.StartAsync(options, storage.Make(), new SandboxLies(options.Seed + number), options.Deliveries - 2);
        trial.Say("opened", Opening);
        var random = new Random(options.Seed * 7919 + number);
        var fire = UnderFireAsync(options, trial, number, naive: false, all => all.All(d => d.State is not DeliveryState.Pending) && trial.IsSaid("closed"));
        // Before it was sent, while it was, while it was in doubt, and after.
        await Task.Delay(TimeSpan.FromSeconds(random.NextDouble() * 6));
        trial.Say("closed", Closing);
        return await fire;
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
                var worker = await trial.StartWorkerAsync(naive: naive, wait: !early);
                var wait = TimeSpan.FromSeconds(early ? random.NextDouble() * 0.5 : -Math.Log(1 - random.NextDouble()) * 0.7);
                await Task.WhenAny(Task.Delay(wait, CancellationToken.None), Task.Delay(Timeout.Infinite, done.Token));
                trial.Kill(worker);
            }

            if (!done.IsCancellationRequested)
                await trial.StartWorkerAsync(naive: naive);
        }).ToList();

        var settled = await trial.SettleAsync(Bound, also);
        await done.CancelAsync();
        await Task.WhenAll(fire);
        return await trial.TallyAsync(settled);
    }

    static async Task<(Tally, bool)> CrashPointsAsync(RigOptions options, RigStorage storage)
    {
        var cases = (from point in SendPoints.Concat(TakedownPoints) from outcome in Outcomes select (point, outcome)).ToList();
        return await ManyAsync(options with { Trials = cases.Count }, async i =>
        {
            var (point, outcome) = cases[i];
            var takedown = TakedownPoints.Contains(point);
            await using var trial = await Trial.StartAsync(options, storage.Make(), lies: null, options.Deliveries - 2);
            if (outcome is { } fault)
            {
                foreach (var platform in (SandboxPlatform[])[SandboxPlatform.X, SandboxPlatform.Facebook, SandboxPlatform.WhatsApp])
                    trial.Platform.Faults.Add(platform, fault, wait: TimeSpan.FromSeconds(1.5), on: takedown ? SandboxOperation.Delete : SandboxOperation.Create);
            }

            trial.Say("opened", Opening);
            var worker = await trial.StartWorkerAsync(point);
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
                await trial.StartWorkerAsync(point);
            }

            var settled = await trial.SettleAsync(Bound, all => !takedown || all.Count > trial.Expected);
            var tally = await trial.TallyAsync(settled);
            if (!Good(tally))
                Console.Error.WriteLine($"{point} with {outcome?.ToString() ?? "no fault"}");
            return tally;
        }, Good);
    }

    static Task<(Tally, bool)> FrozenAsync(RigOptions options, RigStorage storage) => ManyAsync(options, async i =>
    {
        await using var trial = await Trial.StartAsync(options, storage.Make(), lies: null, options.Deliveries - 2);
        // Either with its intents on disk and nothing sent, or with a request that has been done and not answered.
        var sending = i % 2 == 1;
        if (sending)
            trial.Platform.Faults.Add(SandboxPlatform.X, SandboxFault.Slow, wait: TimeSpan.FromSeconds(5));
        trial.Say("opened", Opening);
        var frozen = await trial.StartWorkerAsync(sending ? "" : "after-intent", freezes: true, wait: false);
        var watch = Stopwatch.StartNew();
        while (!(sending ? trial.Platform.Posts(SandboxPlatform.X).Count > 0 : trial.IsReached) && watch.Elapsed < Bound)
            await Task.Delay(5);
        if (sending)
            RigWorker.Freeze(frozen, freeze: true);

        await trial.StartWorkerAsync();
        var settled = await trial.SettleAsync(Bound);
        // Long after its lease, and after others have done its work.
        RigWorker.Freeze(frozen, freeze: false);
        await Task.Delay(TimeSpan.FromSeconds(4));
        trial.CountKill();
        return await trial.TallyAsync(settled);
    }, Good);

    static async Task<(Tally, bool)> RaceAsync(RigOptions options, RigStorage storage)
    {
        await using var trial = await Trial.StartAsync(options, storage.Make(), lies: null, options.Deliveries - 2);
        await Task.WhenAll(Enumerable.Range(0, options.Replicas).Select(_ => trial.StartWorkerAsync()));
        var watch = Stopwatch.StartNew();
        trial.Say("opened", Opening);
        var settled = await trial.SettleAsync(TimeSpan.FromMinutes(10));
        Console.WriteLine($"{options.Deliveries} deliveries in {watch.Elapsed.TotalSeconds:0.0} s");
        var tally = await trial.TallyAsync(settled);
        return (tally, Good(tally) && tally.Posted == options.Deliveries);
    }
}
