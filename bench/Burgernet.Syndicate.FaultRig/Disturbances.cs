using System.Diagnostics;
using Burgernet.Syndicate.Deliveries;
using Burgernet.Syndicate.Sandbox;
using Burgernet.Syndicate.Tests.Support;

namespace Burgernet.Syndicate.FaultRig;

// What is done to the machine and to the account, instead of to the program.
static partial class Scenarios
{
    /// <summary>What comes in is taken within this time, whatever was done to the machine.</summary>
    static readonly TimeSpan GoesOnWithin = TimeSpan.FromSeconds(10);

    static readonly TimeSpan Noticed = TimeSpan.FromSeconds(1.5);

    static readonly TimeSpan?[] Steps = [TimeSpan.FromHours(1), TimeSpan.FromHours(-1), TimeSpan.FromDays(1), TimeSpan.FromDays(-1), null, null];

    // When the Dutch clock goes forward, and back.
    static readonly DateTimeOffset[] Nights = [new(2027, 3, 28, 1, 0, 0, TimeSpan.Zero), new(2027, 10, 31, 1, 0, 0, TimeSpan.Zero)];

    /// <summary>The whole program, while somebody sets the clock wrong and right again, and in the nights of summer and winter time.</summary>
    static Task<Outcome> ClockAsync(RigOptions options, RigStorage storage) => ManyAsync(options with { Trials = Math.Max(options.Trials, Steps.Length), Parallel = Math.Min(options.Parallel, 3) }, async i =>
    {
        var step = Steps[i % Steps.Length];
        var random = new Random(options.Seed + i);
        var begin = step is null ? Nights[i % 2] - TimeSpan.FromSeconds(10) - DateTimeOffset.UtcNow : TimeSpan.Zero;
        await using var trial = await Trial.StartAsync(options, storage.Make(), new TrialSetup { Lies = new SandboxLies(options.Seed + i), Clock = begin });
        await trial.StartWorkerAsync(new WorkerStart { Whole = true, OnClock = true });
        trial.Say("opened", Opening, 1);
        await trial.TakenAsync("opened", 1, Bound);

        var taken = new List<double>();
        await Task.Delay(step is null ? TimeSpan.FromSeconds(10) : TimeSpan.FromSeconds(random.NextDouble() * 3));
        foreach (var (alert, ahead) in ((int, TimeSpan)[])[(2, step ?? TimeSpan.Zero), (3, TimeSpan.Zero)])
        {
            trial.SetClock(begin + ahead);
            // Within a second the step is noticed; before that, a message by the new time would be from the future.
            await Task.Delay(Noticed);
            trial.Say("opened", Opening, alert);
            taken.Add((await trial.TakenAsync("opened", alert, Bound) + Noticed).TotalSeconds);
            // What is dated a day ago is too late by a clock that is right.
            if (ahead < TimeSpan.Zero)
                await trial.SettleAsync(Bound);
            else
                await Task.Delay(TimeSpan.FromSeconds(random.NextDouble() * 3));
        }

        return await trial.TallyAsync(await trial.SettleAsync(Bound)) with { Seconds = taken };
    }, tally => Good(tally) && tally.Seconds.All(s => s < GoesOnWithin.TotalSeconds), "until a message was taken after the clock was set");

    /// <summary>The disk of the data folder is full to its last byte again and again while alerts come in and go out.</summary>
    static Task<Outcome> DiskFullAsync(RigOptions options, RigStorage storage) => ManyAsync(options with { Parallel = 3 }, async i =>
    {
        const int Alerts = 5;
        var random = new Random(options.Seed + i);
        await using var trial = await Trial.StartAsync(options, storage.Make(), new TrialSetup { Lies = new SandboxLies(options.Seed + i), DiskMegabytes = 40 });
        await trial.StartWorkerAsync();
        var taken = new List<double>();
        for (var alert = 1; alert <= Alerts; alert++)
        {
            if (alert > 1)
                trial.FillDisk();
            trial.Say("opened", Opening, alert);
            await Task.Delay(TimeSpan.FromSeconds(random.NextDouble() * 2));
            trial.FreeDisk();
            taken.Add((await trial.TakenAsync("opened", alert, Bound)).TotalSeconds);
            await Task.Delay(TimeSpan.FromSeconds(random.NextDouble() * 2));
        }

        var tally = await trial.TallyAsync(await trial.SettleAsync(Bound)) with { Seconds = taken };
        var integrity = await trial.ReadAsync("pragma integrity_check");
        return integrity == "ok" ? tally : tally with { Lost = tally.Lost + 1 };
    }, tally => Good(tally) && tally.Seconds.All(s => s < GoesOnWithin.TotalSeconds), "until a message was taken after there was room again");

    /// <summary>The database server is killed and started again while two workers are at it.</summary>
    static async Task<Outcome> ServerCrashAsync(RigOptions options, RigStorage storage) => await ManyAsync(options with { Parallel = 2 }, async i =>
    {
        var random = new Random(options.Seed + i);
        using var server = new PostgresServer();
        await using var trial = await Trial.StartAsync(options, server.CreateEmpty("trial"), new TrialSetup { Lies = new SandboxLies(options.Seed + i) });
        await Task.WhenAll(Enumerable.Range(0, options.Replicas).Select(_ => trial.StartWorkerAsync()));
        trial.Say("opened", Opening, 1);
        for (var crash = 0; crash < 3; crash++)
        {
            await Task.Delay(TimeSpan.FromSeconds(random.NextDouble() * 1.5));
            server.Crash();
            trial.CountKill();
        }

        trial.Say("opened", Opening, 2);
        var taken = await trial.TakenAsync("opened", 2, Bound);
        return await trial.TallyAsync(await trial.SettleAsync(Bound)) with { Seconds = [taken.TotalSeconds] };
    }, tally => Good(tally) && tally.Seconds.All(s => s < GoesOnWithin.TotalSeconds), "until a message was taken after the server was there again");

    /// <summary>Ten thousand posts wait, an AMBER Alert comes last, and the program starts.</summary>
    static async Task<Outcome> BacklogAsync(RigOptions options, RigStorage storage)
    {
        options = options with { Deliveries = Math.Max(options.Deliveries, 10_002) };
        await using var trial = await Trial.StartAsync(options, storage.Make(), new TrialSetup());
        foreach (var (alert, kind) in ((int, string)[])[(1, "actie"), (2, "amber-alert")])
        {
            trial.Say("opened", Opening, alert, kind);
            await (await trial.StartWorkerAsync(new WorkerStart { Takes = true })).WaitForExitAsync();
        }

        var waiting = (await trial.DeliveriesAsync()).Count(d => d.State is DeliveryState.Pending);
        var amber = await trial.ReadAsync("select d.reference from delivery d join alert a on a.id = d.alert_id where a.kind = 'AmberAlert' limit 1");
        await trial.StartWorkerAsync(new WorkerStart { Whole = true });
        var ready = DateTimeOffset.UtcNow;
        var watch = Stopwatch.StartNew();
        while (Networks.Any(n => trial.Platform.Posts(n).Count == 0) && watch.Elapsed < Bound)
            await Task.Delay(5);

        var first = Networks.Select(n => trial.Platform.Posts(n) is [var post, ..] ? post : null).ToList();
        var seconds = first.Select(p => p is null ? double.PositiveInfinity : Math.Max(0, (p.At - ready).TotalSeconds)).ToList();
        var amberFirst = first.All(p => p?.Text.Contains(amber!, StringComparison.Ordinal) is true);
        return new Outcome(new Tally { Deliveries = waiting, Seconds = seconds }, amberFirst && waiting == 2 * options.Deliveries && seconds.Max() <= 2,
            $"from ready to the first post on each channel, the AMBER Alert's {(amberFirst ? "first" : "NOT first")}");
    }

    /// <summary>A network says that it is too much, and when it may go on.</summary>
    static Task<Outcome> ThrottleAsync(RigOptions options, RigStorage storage) => ManyAsync(options with { Trials = Networks.Length, Parallel = Networks.Length, MaxInFlight = 1 }, async i =>
    {
        var network = Networks[i];
        await using var trial = await Trial.StartAsync(options with { MaxInFlight = 1 }, storage.Make(), new TrialSetup());
        // Facebook tells it in whole minutes, the others in whole seconds.
        var wait = TimeSpan.FromSeconds(network is SandboxPlatform.Facebook ? 60 : 4);
        trial.Platform.Faults.Add(network, SandboxFault.RateLimit, wait: wait);
        await trial.StartWorkerAsync();
        trial.Say("opened", Opening);
        var begun = DateTimeOffset.UtcNow;
        while (trial.Platform.Faults.Pending.Count > 0)
            await Task.Delay(1);
        var refused = DateTimeOffset.UtcNow;
        var settled = await trial.SettleAsync(Bound);

        // X names the second; it was refused a moment before we saw that.
        var allowed = refused + wait;
        if (network is SandboxPlatform.X)
            allowed = DateTimeOffset.FromUnixTimeSeconds(allowed.ToUnixTimeSeconds());
        var late = (trial.Platform.Posts(network).Min(p => p.At) - allowed).TotalSeconds;
        var others = Networks.Where(n => n != network).Max(n => (trial.Platform.Posts(n).Min(p => p.At) - begun).TotalSeconds);
        Console.Error.WriteLine($"{network}: next attempt {late:0.00} s after it was allowed, the other channels {others:0.00} s after the alert came");
        var tally = await trial.TallyAsync(settled) with { Seconds = [late] };
        return others < wait.TotalSeconds ? tally : tally with { Open = tally.Open + 1 };
    }, tally => Good(tally) && tally.Seconds.All(s => s is > -0.05 and < 1), "after the moment that the network named");
}
