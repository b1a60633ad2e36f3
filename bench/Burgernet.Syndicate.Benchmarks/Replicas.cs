using System.Diagnostics;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Tests.Support;

namespace Burgernet.Syndicate.Benchmarks;

/// <summary>One worker and two on one PostgreSQL database, with many accounts on a platform that takes its time.</summary>
static class Replicas
{
    const int Accounts = 40;
    const int Actions = 50;
    const int AtOnce = 20;

    static readonly TimeSpan Answer = TimeSpan.FromMilliseconds(50);
    static readonly TimeSpan AtMost = TimeSpan.FromSeconds(60);

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(SyndicateOptions shipped)
    {
        using var server = new PostgresServer();
        using var sink = new LoopbackSink(Answer);
        // The first run compiles the code.
        await PerSecondAsync(shipped, server, sink, 1);
        var one = await PerSecondAsync(shipped, server, sink, 1);
        var two = await PerSecondAsync(shipped, server, sink, 2);
        return
        [
            new Figure($"two workers, {Accounts} accounts, answers in {Answer.TotalMilliseconds} ms, {AtOnce} sends at once each", "posts/s")
            {
                Target = "≥ 1.5 × one", Measured = Spread.Single(two), Floor = one, FloorIs = "one worker, the same work", Met = two >= 1.5 * one,
                Note = $"PostgreSQL; {Accounts * Actions} deliveries that wait when the workers start; both workers, the server and the platform on this machine; {AtOnce} at once can be no more than {AtOnce / Answer.TotalSeconds:0} posts/s a worker",
            },
        ];
    }

    static async Task<double> PerSecondAsync(SyndicateOptions shipped, PostgresServer server, LoopbackSink sink, int workers)
    {
        var options = shipped with { Storage = server.Create($"replicas_{Guid.NewGuid():N}"), MaxInFlight = AtOnce, Groups = new Dictionary<string, IReadOnlyList<Syndicate.Routing.Group>>() };
        ChannelOptions[] Accounts(bool publish) => [.. Enumerable.Range(1, Replicas.Accounts).Select(i => Some.Channel("x", sink.BaseUrl) with { Name = $"x{i:00}", Publish = publish })];
        await using (var intake = new BenchPipeline(options, Accounts(publish: false)))
        {
            for (var number = 1; number <= Actions; number++)
                await intake.AcceptAsync(Some.Actie(number));
        }

        var start = Stopwatch.GetTimestamp();
        var running = Enumerable.Range(0, workers).Select(_ => new BenchPipeline(options, Accounts(publish: true))).ToList();
        while (running.Sum(r => r.Sent) < Replicas.Accounts * Actions && Stopwatch.GetElapsedTime(start) < AtMost)
            await Task.Delay(5);
        var perSecond = running.Sum(r => r.Sent) / Stopwatch.GetElapsedTime(start).TotalSeconds;
        foreach (var worker in running)
            await worker.DisposeAsync();
        return perSecond;
    }
}
