using System.Diagnostics;
using System.Text;
using Burgernet.Syndicate.Configuration;
using RestSharp;

namespace Burgernet.Syndicate.Benchmarks;

/// <summary>From the call that hands over an action to its request at the platform, one action after another.</summary>
static class Dispatch
{
    const int WarmUps = 200;
    const int Actions = 2_000;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(SyndicateOptions shipped)
    {
        using var sink = new LoopbackSink();
        var (fromCall, fromCommit) = await ActionsAsync(shipped, sink, Actions, Some.Channel("x", sink.BaseUrl));
        var request = sink.LastRequest();

        using var others = new LoopbackSink();
        var (withAll, _) = await ActionsAsync(shipped, sink, Actions / 4,
            Some.Channel("x", sink.BaseUrl), Some.Channel("facebook", others.BaseUrl), Some.Channel("whatsapp", others.BaseUrl));

        using var commits = new DurableCommits();
        using var rest = RestSharpOf(sink.BaseUrl);
        using var plain = HttpClientOf(sink.BaseUrl);
        var restCommits = await FloorAsync(sink, commits.Commit, () => PostAsync(rest, request));
        var plainCommits = await FloorAsync(sink, commits.Commit, () => PostAsync(plain, request));
        var restOnly = await FloorAsync(sink, () => { }, () => PostAsync(rest, request));
        var plainOnly = await FloorAsync(sink, () => { }, () => PostAsync(plain, request));
        var commit = Spread.Of(Enumerable.Range(0, Actions).Select(_ => Timed(commits.Commit)));

        const string Floor = "RestSharp, the same bytes to the same sink, one durable commit before and one after";
        return
        [
            new Figure("action accepted → request at X", "ms")
            {
                Target = "median ≤ 2, p99 ≤ 10", Measured = fromCall, Floor = restCommits.Median, FloorIs = Floor,
                Met = fromCall is { Median: <= 2, P99: <= 10 }, Note = "from the call of Intake.AcceptAsync; the figure that counts",
            },
            new Figure("· from the commit of the action", "ms") { Measured = fromCommit, Floor = restCommits.Median },
            new Figure("· with facebook and whatsapp beside it", "ms") { Measured = withAll, Floor = restCommits.Median, Note = $"{Actions / 4} actions, the shipped groups" },
            new Figure("floor: RestSharp, commit before and after", "ms") { Measured = restCommits },
            new Figure("floor: HttpClient, commit before and after", "ms") { Measured = plainCommits },
            new Figure("floor: RestSharp, no commit", "ms") { Measured = restOnly },
            new Figure("floor: HttpClient, no commit", "ms") { Measured = plainOnly },
            new Figure("floor: one durable commit", "ms") { Measured = commit },
        ];
    }

    static async Task<(Spread FromCall, Spread FromCommit)> ActionsAsync(SyndicateOptions shipped, LoopbackSink sink, int count, params IReadOnlyList<ChannelOptions> channels)
    {
        var before = sink.Count;
        var (fromCall, fromCommit) = (new List<double>(), new List<double>());
        await using var pipeline = new BenchPipeline(shipped, channels);
        for (var number = 1; number <= WarmUps + count; number++)
        {
            var called = await pipeline.AcceptAsync(Some.Actie(number));
            if (await pipeline.SentAsync("x", number, Patience) != number || sink.Count - before != number)
                throw new InvalidOperationException($"action {number} did not arrive once");
            if (number > WarmUps)
            {
                fromCall.Add(Milliseconds(called, sink.LastArrival));
                fromCommit.Add(Milliseconds(pipeline.CommittedAt, sink.LastArrival));
            }

            await RestAsync(channels.Count);
        }

        if (channels.Count == 1)
            await pipeline.ProveAsync(WarmUps + count);
        return (Spread.Of(fromCall), Spread.Of(fromCommit));
    }

    static async Task<Spread> FloorAsync(LoopbackSink sink, Action commit, Func<Task> post)
    {
        var samples = new List<double>();
        for (var number = 1; number <= WarmUps + Actions; number++)
        {
            var start = Stopwatch.GetTimestamp();
            commit();
            await post();
            commit();
            if (number > WarmUps)
                samples.Add(Milliseconds(start, sink.LastArrival));
            await RestAsync(1);
        }

        return Spread.Of(samples);
    }

    // Real actions are minutes apart: the loops come to rest, also those of the other channels.
    static Task RestAsync(int channels) => Task.Delay(channels == 1 ? 1 : 20);

    public static RestClient RestSharpOf(Uri baseUrl) =>
        new(new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false }), new RestClientOptions(baseUrl), disposeHttpClient: true);

    static HttpClient HttpClientOf(Uri baseUrl) => new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = baseUrl };

    public static async Task PostAsync(RestClient client, CapturedRequest captured)
    {
        var request = new RestRequest(captured.Path, Method.Post).AddStringBody(captured.Body, ContentType.Json);
        foreach (var (name, value) in captured.OwnHeaders)
            request.AddOrUpdateHeader(name, value);
        var response = await client.ExecuteAsync(request);
        if (!response.IsSuccessful)
            throw new InvalidOperationException("the sink did not answer", response.ErrorException);
    }

    static async Task PostAsync(HttpClient client, CapturedRequest captured)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, captured.Path) { Content = new StringContent(captured.Body, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in captured.OwnHeaders)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await client.SendAsync(request);
        await response.Content.ReadAsStringAsync();
    }

    static double Timed(Action work)
    {
        var start = Stopwatch.GetTimestamp();
        work();
        return Milliseconds(start, Stopwatch.GetTimestamp());
    }

    static double Milliseconds(long from, long to) => Stopwatch.GetElapsedTime(from, to).TotalMilliseconds;
}
