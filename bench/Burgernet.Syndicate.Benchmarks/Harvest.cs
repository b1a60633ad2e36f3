using System.Diagnostics;
using System.Diagnostics.Metrics;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Deliveries;
using Burgernet.Syndicate.Notices;
using Burgernet.Syndicate.Reach;
using Burgernet.Syndicate.Sandbox;
using Microsoft.Extensions.Logging.Abstractions;

namespace Burgernet.Syndicate.Benchmarks;

/// <summary>Ten thousand posts on four accounts of X, all to be asked about at once.</summary>
static class Harvest
{
    const int Accounts = 4;
    const int PostsEach = 2_500;

    static readonly TimeSpan AtMost = TimeSpan.FromMinutes(3);

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(SyndicateOptions shipped)
    {
        var sandboxes = new List<SandboxHost>();
        try
        {
            for (var number = 0; number < Accounts; number++)
                sandboxes.Add(await SandboxHost.StartAsync(new SandboxOptions { PostsKept = PostsEach + 500, XPostsPerWindow = 100_000 }, CancellationToken.None));
            var options = sandboxes.Select((sandbox, number) => AccountOf(sandbox, number)).ToList();
            await using var pipeline = new BenchPipeline(shipped with { Channels = options }, options);
            for (var number = 1; number <= PostsEach; number++)
                await pipeline.AcceptAsync(Some.Actie(number));
            foreach (var account in options)
                await pipeline.SentAsync(account.Name, PostsEach, AtMost);
            if (pipeline.Sent != Accounts * PostsEach)
                throw new InvalidOperationException($"{pipeline.Sent} of {Accounts * PostsEach} were posted");

            // A quarter of an hour later.
            var time = new Later(TimeSpan.FromMinutes(20));
            var notices = new NoticeBoard(pipeline.Database, time, NullLogger<NoticeBoard>.Instance);
            var harvester = new ReachHarvester(new ReachLog(pipeline.Database), new AttemptLog(pipeline.Database, notices, time),
                [.. pipeline.Channels.Zip(options, (channel, its) => new MeasuredChannel(channel, (IMeasuresReach)channel, its))], pipeline.Live, time, NullLogger<ReachHarvester>.Instance);
            using var calls = new Calls();
            var start = Stopwatch.GetTimestamp();
            var asked = await harvester.HarvestAsync();
            var took = Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (asked != Accounts * PostsEach)
                throw new InvalidOperationException($"asked about {asked} of {Accounts * PostsEach}");
            var measured = await pipeline.Database.ReadAsync(session => session.FirstOrDefaultAsync<int>("select count(*) from reach where impressions is not null"));
            return
            [
                new Figure("harvest: 10,000 posts on four accounts of X", "s") { Target = "≤ 10", Measured = Spread.Single(took), Met = took <= 10 && measured == asked, Note = $"{measured} of them with figures; following, asking and writing down, against four sandboxes in this process" },
                new Figure("· requests", "") { Target = "≤ 120", Measured = Spread.Single(calls.Count), Floor = Accounts * PostsEach / 100, FloorIs = "a hundred posts per request", Met = calls.Count <= 120 },
            ];
        }
        finally
        {
            foreach (var sandbox in sandboxes)
                await sandbox.DisposeAsync();
        }
    }

    static ChannelOptions AccountOf(SandboxHost sandbox, int number)
    {
        var keys = sandbox.Credentials.X;
        return Some.Channel("x", sandbox.Address, maxInFlight: 16) with
        {
            Name = $"x_{number}",
            Secrets = new Dictionary<string, Secret>
            {
                ["consumerKey"] = new(keys.ConsumerKey), ["consumerSecret"] = new(keys.ConsumerSecret), ["accessToken"] = new(keys.AccessToken), ["accessTokenSecret"] = new(keys.AccessTokenSecret),
            },
        };
    }

    sealed class Later(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }

    /// <summary>Counts the requests that leave this process, as .NET itself counts them.</summary>
    sealed class Calls : IDisposable
    {
        readonly MeterListener _listener = new();
        int _count;

        public Calls()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument is { Meter.Name: "System.Net.Http", Name: "http.client.request.duration" })
                    listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<double>((_, _, _, _) => Interlocked.Increment(ref _count));
            _listener.Start();
        }

        public int Count => Volatile.Read(ref _count);

        public void Dispose() => _listener.Dispose();
    }
}
