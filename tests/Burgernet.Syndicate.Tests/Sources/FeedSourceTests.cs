using System.IO.Compression;
using System.Net;
using System.Text;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Connectors;
using Burgernet.Syndicate.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Burgernet.Syndicate.Tests.Sources;

/// <summary>A feed over real HTTP: what is a good answer, what is none, and what is remembered.</summary>
public sealed class FeedSourceTests : IAsyncLifetime
{
    const string Empty = """{"actions":[]}""";

    readonly WebApplication _server;
    readonly List<IHeaderDictionary> _asked = [];
    Func<HttpContext, Task> _answer = context => context.Response.WriteAsync(Empty);

    public FeedSourceTests()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.Run(context =>
        {
            _asked.Add(new HeaderDictionary(new Dictionary<string, Microsoft.Extensions.Primitives.StringValues>(context.Request.Headers, StringComparer.OrdinalIgnoreCase)));
            return _answer(context);
        });
    }

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _server.StartAsync(Cancel);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    IAlertSource Source(string path = "/v2/actions") => ConnectorRegistry.Sources.Single(s => s.Type == "burgernet-actions").Create!(
        new SourceOptions
        {
            Name = "acties", Type = "burgernet-actions", Interval = TimeSpan.FromMinutes(1),
            Url = new Uri(new Uri(_server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()), path),
        },
        new SourceServices(TimeProvider.System, NullLoggerFactory.Instance));

    void Answers(int status, string body, string contentType = "application/json", params (string Name, string Value)[] headers) => _answer = context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        foreach (var (name, value) in headers)
            context.Response.Headers[name] = value;
        return context.Response.WriteAsync(body);
    };

    [Fact]
    public async Task It_says_who_asks_and_what_for()
    {
        await Source().FetchAsync(Cancel);
        Assert.StartsWith("Burgernet.Syndicate/", _asked[0].UserAgent.ToString(), StringComparison.Ordinal);
        Assert.Contains("application/json", _asked[0].Accept.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_validator_is_sent_only_after_the_answer_was_confirmed()
    {
        var source = Source();
        Answers(200, Empty, headers: ("ETag", "\"1\""));
        await source.FetchAsync(Cancel);
        var answer = await source.FetchAsync(Cancel);
        Assert.All(_asked, headers => Assert.Equal(0, headers.IfNoneMatch.Count));

        await source.ConfirmAsync(answer!, [], Cancel);
        Answers(304, "");
        Assert.Null(await source.FetchAsync(Cancel));
        Assert.Equal("\"1\"", _asked[2].IfNoneMatch.ToString());
    }

    [Fact]
    public async Task An_answer_with_a_fault_is_asked_for_again()
    {
        var source = Source();
        Answers(200, """{"actions":[{"id":null}]}""", headers: ("ETag", "\"1\""));
        var answer = await source.FetchAsync(Cancel);
        Assert.Single(answer!.Faults);
        await source.ConfirmAsync(answer, [], Cancel);
        await source.FetchAsync(Cancel);
        Assert.Equal(0, _asked[1].IfNoneMatch.Count);
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(0, 1)]
    public async Task A_record_is_from_the_future_only_if_the_server_thinks_so_too(int serverIsAhead, int faults)
    {
        var now = DateTimeOffset.UtcNow;
        Answers(200, $$"""{"actions":[{"id":1,"area":{"lat":52.18,"lng":5.39,"radius":1500},"startTimestamp":{{now.AddHours(2).ToUnixTimeSeconds()}},"messages":[{"body":"Vermist: man.","messageType":"Start","lastModifiedTimestamp":{{now.AddHours(2).ToUnixTimeSeconds()}}}]}]}""",
            headers: ("Date", now.AddHours(serverIsAhead).ToString("r")));
        var answer = await Source().FetchAsync(Cancel);

        Assert.Equal((1 - faults, faults), (answer!.Alerts.Count, answer.Faults.Count));
    }

    [Theory]
    [InlineData(500, Empty, "application/json")]
    [InlineData(404, Empty, "application/json")]
    [InlineData(204, "", "application/json")]
    [InlineData(302, Empty, "application/json")]
    [InlineData(200, "<!DOCTYPE html><html><body>Site Unavailable</body></html>", "text/html")]
    [InlineData(200, "<html></html>", "application/json")]
    [InlineData(200, "{\"actions\":[", "application/json")]
    [InlineData(200, "[]", "application/json")]
    [InlineData(200, "", "application/json")]
    public async Task What_is_no_good_answer_is_refused_whole(int status, string body, string contentType)
    {
        Answers(status, body, contentType);
        await Assert.ThrowsAsync<SourceException>(() => Source().FetchAsync(Cancel));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/octet-stream")]
    public async Task Json_under_another_name_is_still_json(string contentType)
    {
        Answers(200, Empty, contentType);
        Assert.Empty((await Source().FetchAsync(Cancel))!.Alerts);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_server_that_asks_for_time_gets_it(int status)
    {
        Answers(status, "", headers: ("Retry-After", "120"));
        var exception = await Assert.ThrowsAsync<SourceException>(() => Source().FetchAsync(Cancel));
        Assert.Equal(TimeSpan.FromSeconds(120), exception.RetryAfter);
    }

    [Fact]
    public async Task A_redirect_to_another_host_is_not_followed()
    {
        Answers(302, "", headers: ("Location", "http://localhost:1/elsewhere"));
        await Assert.ThrowsAsync<SourceException>(() => Source().FetchAsync(Cancel));
        Assert.Single(_asked);
    }

    [Fact]
    public async Task A_body_that_ends_before_its_length_is_refused()
    {
        _answer = async context =>
        {
            context.Response.ContentLength = 100;
            await context.Response.WriteAsync(Empty);
            await context.Response.Body.FlushAsync();
            context.Abort();
        };
        await Assert.ThrowsAsync<SourceException>(() => Source().FetchAsync(Cancel));
    }

    [Fact]
    public async Task A_small_answer_that_unpacks_to_a_huge_one_is_refused()
    {
        _answer = async context =>
        {
            context.Response.ContentType = "application/json";
            context.Response.Headers.ContentEncoding = "gzip";
            await using var packed = new GZipStream(context.Response.Body, CompressionLevel.Fastest);
            var spaces = Encoding.ASCII.GetBytes(new string(' ', 1024 * 1024));
            for (var i = 0; i < 20; i++)
                await packed.WriteAsync(spaces);
            await packed.WriteAsync(Encoding.ASCII.GetBytes(Empty));
        };
        var exception = await Assert.ThrowsAsync<SourceException>(() => Source().FetchAsync(Cancel));
        Assert.Contains("MB", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_a_failure_and_not_an_empty_feed()
    {
        var source = Source();
        await _server.StopAsync(Cancel);
        await Assert.ThrowsAsync<SourceException>(() => source.FetchAsync(Cancel));
    }

    [Fact]
    public async Task A_path_for_tests_makes_all_of_it_exercises()
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        Answers(200, $$$"""{"actions":[{"id":1,"active":true,"startTimestamp":{{{now}}},"messages":[{"body":"Vermist: jongen.","messageType":"Start","lastModifiedTimestamp":{{{now}}}}]}]}""");
        Assert.True((await Source("/landactiehost/api/test/actions").FetchAsync(Cancel))!.Alerts[0].Exercise);
        Assert.False((await Source().FetchAsync(Cancel))!.Alerts[0].Exercise);
    }

    [Fact]
    public async Task Failed_looks_become_rarer_change_nothing_and_the_first_good_one_is_the_baseline()
    {
        using var pipeline = new Pipeline(at: DateTimeOffset.UtcNow);
        var poller = new SourcePoller(Source(), TimeSpan.FromMinutes(1), pipeline.Live, pipeline.Log, pipeline.Time, NullLogger<SourcePoller>.Instance);
        Answers(500, "");
        var looks = 0;
        for (var minute = 0; minute < 60; minute++)
        {
            await poller.PollAsync(Cancel);
            looks = _asked.Count;
            pipeline.Time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.InRange(looks, 10, 16);
        var failing = Assert.Single(await pipeline.Log.SourcesAsync());
        Assert.NotNull(failing.LastError);
        Assert.Null(failing.BaselineAt);

        Answers(200, Empty);
        pipeline.Time.Advance(TimeSpan.FromMinutes(15));
        Assert.True(await poller.PollAsync(Cancel));
        var healthy = Assert.Single(await pipeline.Log.SourcesAsync());
        Assert.Null(healthy.LastError);
        Assert.NotNull(healthy.BaselineAt);
    }
}
