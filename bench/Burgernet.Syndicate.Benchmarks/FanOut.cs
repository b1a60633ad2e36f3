using System.Diagnostics;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Configuration;

namespace Burgernet.Syndicate.Benchmarks;

/// <summary>One alert to ten thousand groups, as fast as it goes.</summary>
static class FanOut
{
    const int Groups = 10_000;
    const int InFlight = 64;
    const int WarmUps = 2;
    const int Rounds = 3;

    const int Few = 50;

    static readonly TimeSpan SlowAnswer = TimeSpan.FromMilliseconds(200);
    static readonly TimeSpan AtMost = TimeSpan.FromSeconds(60);

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(SyndicateOptions shipped)
    {
        using var sink = new LoopbackSink();
        var options = WithGroups(shipped, Groups);
        var rounds = new List<Round>();
        long peak;
        await using (var pipeline = new BenchPipeline(options, Some.Channel("whatsapp", sink.BaseUrl, InFlight)))
        using (var memory = new PeakMemory())
        {
            for (var number = 1; number <= WarmUps + Rounds; number++)
                rounds.Add(await RoundAsync(pipeline, number));
            peak = memory.Peak;
            if (rounds.Sum(r => r.Sent) == rounds.Count * Groups)
                await pipeline.ProveAsync(rounds.Count * Groups);
        }

        var slow = await SlowAsync(shipped);
        var floors = new List<Round>();
        for (var number = 1; number <= WarmUps + Rounds; number++)
            floors.Add(await FloorAsync(sink, sink.LastRequest()));
        // While the first ones run the code is compiled again.
        var (measured, floor) = (rounds.Skip(WarmUps).ToList(), floors.Skip(WarmUps).ToList());
        var (perSecond, floorPerSecond) = (Spread.Of(measured.Select(r => r.PerSecond)), Spread.Of(floor.Select(r => r.PerSecond)));
        return
        [
            new Figure("fan-out to 10,000 groups", "posts/s")
            {
                Target = "≥ 5000, ≥ 0.5 × floor", Measured = perSecond, Floor = floorPerSecond.Median, Met = perSecond.Median >= Math.Max(5000, floorPerSecond.Median / 2),
                FloorIs = $"RestSharp, the same bytes, {InFlight} at once, one durable commit before and after every {InFlight}",
                Note = $"the median of {Rounds}, {measured.Sum(r => r.Sent)} of {Rounds * Groups} sent, {InFlight} in flight, no pacing, from the call of the intake to the last receipt; here more is better",
            },
            new Figure("· accepting it: 10,000 deliveries in one commit", "ms") { Measured = Spread.Of(measured.Select(r => r.Accept)) },
            new Figure("· processor time, sink included", "µs/post") { Measured = Spread.Of(measured.Select(r => r.Processor)), Floor = Spread.Of(floor.Select(r => r.Processor)).Median, FloorIs = "the same of that floor" },
            new Figure("· peak resident memory", "MB") { Target = "≤ 250", Measured = Spread.Single(peak / 1e6), Met = peak <= 250e6, Note = $"of the bench: pipeline and sink in one process, over {WarmUps + Rounds} fan-outs" },
            new Figure($"{Few} targets, a platform that answers in {SlowAnswer.TotalMilliseconds} ms", "s")
            {
                Target = "≤ 0.4", Measured = slow, Floor = SlowAnswer.TotalSeconds, FloorIs = "one answer", Met = slow.Median <= 0.4, Note = "from the call of the intake to the last receipt",
            },
        ];
    }

    static async Task<Round> RoundAsync(BenchPipeline pipeline, int number)
    {
        var before = Environment.CpuUsage.TotalTime;
        var start = await pipeline.AcceptAsync(Some.Actie(number, AlertKind.AmberAlert));
        var accept = Stopwatch.GetElapsedTime(start, pipeline.CommittedAt).TotalMilliseconds;
        var sent = await pipeline.SentAsync("whatsapp", number * Groups, AtMost) - (number - 1) * Groups;
        return new Round(sent, sent / Stopwatch.GetElapsedTime(start).TotalSeconds, (Environment.CpuUsage.TotalTime - before).TotalMicroseconds / sent, accept);
    }

    /// <param name="Processor">Microseconds per post.</param>
    /// <param name="Accept">Milliseconds until the alert was committed.</param>
    sealed record Round(long Sent, double PerSecond, double Processor, double Accept = 0);

    static async Task<Spread> SlowAsync(SyndicateOptions shipped)
    {
        using var sink = new LoopbackSink(SlowAnswer);
        await using var pipeline = new BenchPipeline(WithGroups(shipped, Few), Some.Channel("whatsapp", sink.BaseUrl, InFlight));
        var seconds = new List<double>();
        for (var number = 1; number <= 6; number++)
        {
            var start = await pipeline.AcceptAsync(Some.Actie(number, AlertKind.AmberAlert));
            await pipeline.SentAsync("whatsapp", number * Few, AtMost);
            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        // The first one compiles the code.
        return Spread.Of(seconds.Skip(1));
    }

    static SyndicateOptions WithGroups(SyndicateOptions shipped, int count) =>
        shipped with { Groups = new Dictionary<string, IReadOnlyList<Syndicate.Routing.Group>> { ["whatsapp"] = Some.GroupsWithCircles(count) } };

    static async Task<Round> FloorAsync(LoopbackSink sink, CapturedRequest request)
    {
        using var commits = new DurableCommits();
        using var rest = Dispatch.RestSharpOf(sink.BaseUrl);
        await BatchAsync();
        var (start, before, sent) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime, 0);
        for (; sent < Groups && Stopwatch.GetElapsedTime(start) < AtMost; sent += InFlight)
            await BatchAsync();
        return new Round(sent, sent / Stopwatch.GetElapsedTime(start).TotalSeconds, (Environment.CpuUsage.TotalTime - before).TotalMicroseconds / sent);

        async Task BatchAsync()
        {
            commits.Commit();
            await Task.WhenAll(Enumerable.Range(0, InFlight).Select(_ => Dispatch.PostAsync(rest, request)));
            commits.Commit();
        }
    }

    /// <summary>Looks twenty times a second how much memory this process has.</summary>
    sealed class PeakMemory : IDisposable
    {
        readonly Timer _timer;
        long _peak;

        public PeakMemory() => _timer = new Timer(_ => _peak = Math.Max(_peak, Environment.WorkingSet), null, 0, 50);

        public long Peak => Interlocked.Read(ref _peak);

        public void Dispose() => _timer.Dispose();
    }
}
