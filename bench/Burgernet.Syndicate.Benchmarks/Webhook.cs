using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Threading.Channels;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Connectors;
using Burgernet.Syndicate.Connectors.Sources.Webhook;
using Burgernet.Syndicate.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Burgernet.Syndicate.Benchmarks;

/// <summary>A control room that pushes as fast as it is answered, and one that pushes nonsense.</summary>
static class Webhook
{
    const int Senders = 32;
    const int WarmUp = 2_000;
    const int Pushes = 10_000;

    static readonly Secret Key = new("whsec_" + Convert.ToBase64String(Enumerable.Range(1, 32).Select(i => (byte)i).ToArray()));

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(SyndicateOptions shipped, int random)
    {
        var (perSecond, latency) = await OursAsync(shipped);
        var (floor, floorLatency) = await FloorAsync();
        return
        [
            new Figure("webhook: alerts accepted", "alerts/s")
            {
                Target = "≥ 1000", Measured = Spread.Single(perSecond), Floor = floor, Met = perSecond >= 1000,
                FloorIs = "the same pushes to a bare endpoint that reads the body and answers after a durable commit of one row, shared by those that come together",
                Note = $"{Pushes} signed pushes over HTTP from {Senders} senders in this process, each verified, stored, routed to one channel that only records, its words composed, and answered 202 after the durable commit; here more is better",
            },
            new Figure("· from the first byte to the answer", "ms") { Target = "p99 ≤ 50", Measured = latency, Floor = floorLatency.Median, Met = latency.P99 <= 50, FloorIs = "the median of that floor" },
            .. Random(random),
        ];
    }

    static async Task<(double PerSecond, Spread Latency)> OursAsync(SyndicateOptions shipped)
    {
        await using var pipeline = new BenchPipeline(shipped, Some.Channel("x", new Uri("http://127.0.0.1:9")) with { Publish = false });
        await using var pushed = new PushedAlerts(pipeline.Live);
        var options = new SourceOptions { Name = "meldkamer", Type = "webhook", Listen = new Uri("http://127.0.0.1:0"), Secret = Key, Interval = TimeSpan.Zero };
        await using var listener = ConnectorRegistry.Sources.Single(s => s.Type == "webhook").Listen!(options, new SourceServices(TimeProvider.System, NullLoggerFactory.Instance), pushed.TakeAsync);
        await listener.StartAsync(CancellationToken.None);
        return await PushAsync(new Uri(listener.Address, "/api/alerts"), "\"accepted\"");
    }

    static async Task<(double PerSecond, Spread Latency)> FloorAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        using var commits = new DurableCommits();
        var waiting = System.Threading.Channels.Channel.CreateUnbounded<TaskCompletionSource>();
        var committing = Task.Run(async () =>
        {
            while (await waiting.Reader.WaitToReadAsync())
            {
                var together = new List<TaskCompletionSource>();
                while (waiting.Reader.TryRead(out var one))
                    together.Add(one);
                commits.Commit();
                together.ForEach(t => t.SetResult());
            }
        });
        app.MapPost("/api/alerts", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await waiting.Writer.WriteAsync(done);
            await done.Task;
            return Results.Json(new { outcome = "accepted" }, statusCode: StatusCodes.Status202Accepted);
        });
        await app.StartAsync();
        var result = await PushAsync(new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/api/alerts"), "\"accepted\"");
        waiting.Writer.Complete();
        await committing;
        return result;
    }

    static async Task<(double PerSecond, Spread Latency)> PushAsync(Uri address, string expected)
    {
        using var client = new HttpClient();
        var latencies = new ConcurrentQueue<double>();
        long start = 0;
        var next = 0;
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is var number && number <= WarmUp + Pushes)
            {
                if (number == WarmUp + 1)
                    start = Stopwatch.GetTimestamp();
                using var request = Request(address, number);
                var sent = Stopwatch.GetTimestamp();
                using var answer = await client.SendAsync(request);
                var said = await answer.Content.ReadAsStringAsync();
                if ((int)answer.StatusCode != 202 || !said.Contains(expected, StringComparison.Ordinal))
                    throw new InvalidOperationException($"{answer.StatusCode}: {said}");
                if (number > WarmUp)
                    latencies.Enqueue(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
            }
        })));
        return (Pushes / Stopwatch.GetElapsedTime(start).TotalSeconds, Spread.Of(latencies));
    }

    static HttpRequestMessage Request(Uri address, int number)
    {
        var now = DateTimeOffset.UtcNow;
        var body = Encoding.UTF8.GetBytes($$$"""{"id":"2026-{{{number}}}","kind":"actie","phase":"opened","sent":"{{{now:O}}}","text":"{{{Some.Text}}} {{{number}}}","municipality":"Amersfoort","area":{"lat":52.1796,"lon":5.3861,"radius":1500}}""");
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add(StandardWebhook.IdHeader, $"msg_{number}");
        request.Headers.Add(StandardWebhook.TimestampHeader, $"{now.ToUnixTimeSeconds()}");
        request.Headers.Add(StandardWebhook.SignatureHeader, StandardWebhook.Sign(Key, $"msg_{number}", now, body));
        return request;
    }

    static IEnumerable<Figure> Random(int count)
    {
        var pushes = new RandomPushes(1);
        var (crashes, understood, longest) = (0, 0, TimeSpan.Zero);
        var now = DateTimeOffset.UtcNow;
        for (var number = 0; number < count; number++)
        {
            var start = Stopwatch.GetTimestamp();
            try
            {
                understood += pushes.ReadNext(now).Understood ? 1 : 0;
            }
            catch (Exception exception)
            {
                crashes++;
                Console.Error.WriteLine(exception);
            }

            if (Stopwatch.GetElapsedTime(start) is var took && took > longest)
                longest = took;
        }

        yield return new Figure($"webhook: crashes over {count:N0} damaged pushes", "") { Target = "0", Measured = Spread.Single(crashes), Met = crashes == 0, Note = $"{understood} of them still made sense" };
        yield return new Figure("· the longest of them", "ms") { Measured = Spread.Single(longest.TotalMilliseconds), Note = "making it included" };
    }
}
