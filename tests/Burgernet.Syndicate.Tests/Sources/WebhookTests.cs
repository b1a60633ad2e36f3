using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Connectors;
using Burgernet.Syndicate.Connectors.Sources;
using Burgernet.Syndicate.Connectors.Sources.Webhook;
using Burgernet.Syndicate.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using NJsonSchema;
using Xunit;

namespace Burgernet.Syndicate.Tests.Sources;

public sealed class WebhookTests : IAsyncLifetime
{
    static readonly Secret Key = new("whsec_" + Convert.ToBase64String(Enumerable.Range(1, 32).Select(i => (byte)i).ToArray()));
    static readonly Secret NextKey = new("whsec_" + Convert.ToBase64String(Enumerable.Range(101, 32).Select(i => (byte)i).ToArray()));
    static readonly Secret Stranger = new("whsec_" + Convert.ToBase64String(new byte[32]));

    readonly Pipeline _pipeline = new();
    readonly HttpClient _http = new();
    readonly PushedAlerts _pushed;
    readonly IAlertListener _listener;
    Func<PushedAlert, Task<IntakeResult>>? _instead;
    int _taken;

    public WebhookTests()
    {
        _pushed = new PushedAlerts(_pipeline.Live);
        var options = new SourceOptions { Name = "meldkamer", Type = "webhook", Listen = new Uri("http://127.0.0.1:0"), Secret = Key, NextSecret = NextKey, Interval = TimeSpan.Zero };
        _listener = ConnectorRegistry.Sources.Single(s => s.Type == "webhook").Listen!(options, new SourceServices(_pipeline.Time, NullLoggerFactory.Instance), TakeAsync);
    }

    DateTimeOffset Now => _pipeline.Time.GetUtcNow();

    public async ValueTask InitializeAsync() => await _listener.StartAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync();
        await _pushed.DisposeAsync();
        _http.Dispose();
        _pipeline.Dispose();
    }

    Task<IntakeResult> TakeAsync(PushedAlert pushed)
    {
        Interlocked.Increment(ref _taken);
        return _instead?.Invoke(pushed) ?? _pushed.TakeAsync(pushed);
    }

    string Message(string id = "2026-0412", string phase = "opened", string text = "Vermist: jongen van 7 jaar. Bel 112.") => $$$"""
        {"id":"{{{id}}}","kind":"actie","phase":"{{{phase}}}","sent":"{{{Now:O}}}","text":"{{{text}}}","municipality":"Amersfoort","area":{"lat":52.1796,"lon":5.3861,"radius":1500}}
        """;

    HttpRequestMessage Request(string body, Secret? key = null, string id = "msg_1", DateTimeOffset? at = null)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_listener.Address, "/api/alerts")) { Content = new ByteArrayContent(bytes) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", $"{(at ?? Now).ToUnixTimeSeconds()}");
        request.Headers.Add("webhook-signature", StandardWebhook.Sign(key ?? Key, id, at ?? Now, bytes));
        return request;
    }

    async Task<(HttpStatusCode Status, WebhookAnswer? Answer)> PushAsync(HttpRequestMessage request)
    {
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (response.StatusCode, text.Length > 0 ? JsonSerializer.Deserialize<WebhookAnswer>(text, WebhookAnswer.Json) : null);
    }

    [Fact]
    public async Task A_signed_message_is_on_disk_when_it_is_answered_and_goes_out()
    {
        var (status, answer) = await PushAsync(Request(Message()));

        Assert.Equal((HttpStatusCode.Accepted, "accepted"), (status, answer!.Outcome));
        var stored = Assert.Single(await _pipeline.Log.NewestAsync(10));
        Assert.Equal((answer.AlertId, "meldkamer", "2026-0412"), (stored.Id, stored.Source, stored.SourceId));
        await _pipeline.DrainAsync();
        Assert.Contains("jongen van 7 jaar", Assert.Single(_pipeline["x"].Channel.Posts).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_key_that_takes_its_place_is_good_as_well()
    {
        Assert.Equal(HttpStatusCode.Accepted, (await PushAsync(Request(Message(), NextKey))).Status);
        var both = Request(Message("2026-0413"), Stranger, "msg_2");
        var strange = both.Headers.GetValues("webhook-signature").Single();
        both.Headers.Remove("webhook-signature");
        both.Headers.Add("webhook-signature", $"v1a,abc {strange} {Request(Message("2026-0413"), Key, "msg_2").Headers.GetValues("webhook-signature").Single()}");
        Assert.Equal(HttpStatusCode.Accepted, (await PushAsync(both)).Status);
    }

    [Fact]
    public async Task The_same_again_is_known_whatever_it_says_also_after_a_restart()
    {
        await PushAsync(Request(Message()));
        foreach (var body in (string[])[Message(), Message("een-ander"), Message(text: "Iets anders."), "geen json"])
        {
            var (status, answer) = await PushAsync(Request(body));
            Assert.Equal((HttpStatusCode.Accepted, "known"), (status, answer!.Outcome));
        }

        await using var restarted = new PushedAlerts(_pipeline.Live);
        _instead = restarted.TakeAsync;
        Assert.Equal("known", (await PushAsync(Request(Message()))).Answer!.Outcome);
        Assert.Single(await _pipeline.Log.NewestAsync(10));
        Assert.Empty(await _pipeline.ToldAsync());
    }

    [Fact]
    public void Twenty_thousand_damaged_messages_are_each_understood_or_told_apart()
    {
        var pushes = new RandomPushes(20);
        var understood = Enumerable.Range(0, 20_000).Count(_ => pushes.ReadNext(Now).Understood);

        // Most are damaged, and some are not: both ways are walked.
        Assert.InRange(understood, 1_000, 19_000);
    }

    [Fact]
    public async Task Whatever_is_signed_is_taken_or_put_aside_and_never_breaks_the_listener()
    {
        var pushes = new RandomPushes(21);
        for (var number = 0; number < 300; number++)
        {
            var body = pushes.Next();
            var request = Request("", id: $"msg_{number}");
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            Replace(request, "webhook-signature", StandardWebhook.Sign(Key, $"msg_{number}", Now, body));
            Assert.Equal(HttpStatusCode.Accepted, (await PushAsync(request)).Status);
        }

        Assert.Equal(300, _taken);
    }

    [Theory]
    [InlineData(StorageProvider.Sqlite)]
    [InlineData(StorageProvider.Postgres)]
    public async Task Whatever_is_pushed_can_be_stored(StorageProvider provider)
    {
        using var pipeline = new Pipeline(on: provider);
        var pushes = new RandomPushes(22);
        for (var number = 0; number < 500; number++)
        {
            var (pushed, _) = WebhookListener.Understand($"msg_{number}", pushes.Next(), new FeedContext("meldkamer", Now, false));
            await pipeline.Intake.TakePushedAsync([pushed], TestContext.Current.CancellationToken);
        }
    }

    public static TheoryData<string, Action<HttpRequestMessage>> Forgeries => new()
    {
        { "no signature", r => r.Headers.Remove("webhook-signature") },
        { "no id", r => r.Headers.Remove("webhook-id") },
        { "no time", r => r.Headers.Remove("webhook-timestamp") },
        { "two ids", r => r.Headers.Add("webhook-id", "msg_1") },
        { "two times", r => r.Headers.Add("webhook-timestamp", r.Headers.GetValues("webhook-timestamp").Single()) },
        { "another id", r => Replace(r, "webhook-id", "msg_2") },
        { "an id with a dot", r => Replace(r, "webhook-id", "msg.1") },
        { "an id that is too long", r => Replace(r, "webhook-id", new string('a', 65)) },
        { "another time", r => Replace(r, "webhook-timestamp", $"{long.Parse(r.Headers.GetValues("webhook-timestamp").Single(), System.Globalization.CultureInfo.InvariantCulture) + 1}") },
        { "a time with a sign", r => Replace(r, "webhook-timestamp", $"+{r.Headers.GetValues("webhook-timestamp").Single()}") },
        { "a time that is no number", r => Replace(r, "webhook-timestamp", "nu") },
        { "a time that overflows", r => Replace(r, "webhook-timestamp", "99999999999999999999") },
        { "the largest time", r => Replace(r, "webhook-timestamp", $"{long.MaxValue}") },
        { "another version", r => Replace(r, "webhook-signature", r.Headers.GetValues("webhook-signature").Single().Replace("v1,", "v2,", StringComparison.Ordinal)) },
        { "the version of a public key", r => Replace(r, "webhook-signature", r.Headers.GetValues("webhook-signature").Single().Replace("v1,", "v1a,", StringComparison.Ordinal)) },
        { "no version", r => Replace(r, "webhook-signature", r.Headers.GetValues("webhook-signature").Single()[3..]) },
        { "a cut signature", r => Replace(r, "webhook-signature", r.Headers.GetValues("webhook-signature").Single()[..^4]) },
        { "an empty signature", r => Replace(r, "webhook-signature", "v1,") },
        { "no base64", r => Replace(r, "webhook-signature", "v1,!!!") },
        { "another case", r => Replace(r, "webhook-signature", "v1," + r.Headers.GetValues("webhook-signature").Single()[3..].ToLowerInvariant()) },
        { "the right one behind too many", r => Replace(r, "webhook-signature", string.Join(' ', Enumerable.Repeat("v1,AAAA", 16).Append(r.Headers.GetValues("webhook-signature").Single()))) },
        { "another body", r => Swap(r, body => body.Replace("Amersfoort", "Zeist", StringComparison.Ordinal)) },
        { "the same body, written otherwise", r => Swap(r, body => body.Replace("\":\"", "\": \"", StringComparison.Ordinal)) },
        { "a byte more", r => Swap(r, body => body + " ") },
        { "no body", r => Swap(r, _ => "") },
    };

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task What_is_not_signed_as_it_must_be_is_refused_without_a_word(string name, Action<HttpRequestMessage> forge)
    {
        var request = Request(Message());
        forge(request);
        var (status, answer) = await PushAsync(request);

        Assert.True(status == HttpStatusCode.Unauthorized && answer is null, $"{name}: {status} {answer}");
        Assert.Equal(0, _taken);
    }

    [Theory]
    [InlineData(-301)]
    [InlineData(-86_400)]
    [InlineData(301)]
    [InlineData(31_536_000)]
    public async Task What_was_signed_at_another_time_is_refused(int seconds) =>
        Assert.Equal(HttpStatusCode.Unauthorized, (await PushAsync(Request(Message(), at: Now.AddSeconds(seconds)))).Status);

    [Fact]
    public async Task Another_s_key_is_refused() => Assert.Equal(HttpStatusCode.Unauthorized, (await PushAsync(Request(Message(), Stranger))).Status);

    [Theory]
    [InlineData("text/plain", 415)]
    [InlineData("application/x-www-form-urlencoded", 415)]
    [InlineData("application/json; charset=utf-16", 415)]
    [InlineData("", 415)]
    [InlineData("application/json; charset=utf-8", 202)]
    [InlineData("application/json; charset=\"UTF-8\"", 202)]
    public async Task Only_json_in_utf8_is_taken(string contentType, int expected)
    {
        var request = Request(Message());
        request.Content!.Headers.Remove("Content-Type");
        if (contentType.Length > 0)
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        Assert.Equal(expected, (int)(await PushAsync(request)).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_too_big_is_refused_however_it_is_sent(bool chunked)
    {
        var request = Request(Message(text: new string('a', 256 * 1024)));
        request.Headers.TransferEncodingChunked = chunked;
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await PushAsync(request)).Status);
        Assert.Equal(0, _taken);
    }

    [Fact]
    public async Task What_cannot_be_stored_is_asked_for_again_and_then_taken()
    {
        _instead = _ => throw new IOException("disk full");
        var request = Request(Message());
        using (var response = await _http.SendAsync(request, TestContext.Current.CancellationToken))
            Assert.Equal((HttpStatusCode.ServiceUnavailable, 5), (response.StatusCode, (int)response.Headers.RetryAfter!.Delta!.Value.TotalSeconds));

        _instead = null;
        Assert.Equal("accepted", (await PushAsync(Request(Message()))).Answer!.Outcome);
    }

    [Theory]
    [InlineData("geen json", "het bericht is geen JSON")]
    [InlineData("[]", "schrijf één bericht als object")]
    [InlineData("{\"id\":\"1\",\"kind\":\"aktie\",\"phase\":\"opened\",\"sent\":\"gisteren\",\"text\":\"x\"}", "kind: \"aktie\" is niet bekend")]
    public async Task What_is_signed_and_cannot_be_understood_is_kept_and_a_person_is_told(string body, string error)
    {
        var (status, answer) = await PushAsync(Request(body));

        Assert.Equal((HttpStatusCode.Accepted, "quarantined"), (status, answer!.Outcome));
        Assert.Contains(answer.Errors!, e => e.Contains(error, StringComparison.Ordinal));
        Assert.Contains("niet vertrouwd en niet geplaatst", Assert.Single(await _pipeline.ToldAsync()), StringComparison.Ordinal);
        Assert.Equal(body, await _pipeline.Database.ReadAsync(session => session.FirstOrDefaultAsync<string>("select content from quarantine")));
    }

    [Fact]
    public async Task Many_at_once_are_each_taken_once()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => PushAsync(Request(Message($"nr-{i / 2}"), id: $"msg_{i / 2}"))));

        Assert.All(answers, a => Assert.Equal(HttpStatusCode.Accepted, a.Status));
        Assert.Equal(100, answers.Count(a => a.Answer!.Outcome == "accepted"));
        Assert.Equal(100, (await _pipeline.Log.NewestAsync(1000)).Count);
    }

    [Fact]
    public async Task One_that_cannot_be_taken_does_not_hold_up_the_others()
    {
        await _pipeline.Database.WriteAsync(session => session.ExecuteAsync("create trigger refuses before insert on alert when new.source_id = 'nr-7' begin select raise(abort, 'no'); end"), TestContext.Current.CancellationToken);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => PushAsync(Request(Message($"nr-{i}"), id: $"msg_{i}"))));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answers[7].Status);
        Assert.All(answers.Where((_, i) => i != 7), a => Assert.Equal("accepted", a.Answer!.Outcome));
    }

    [Theory]
    [InlineData("GET", "/api/alerts", 405)]
    [InlineData("POST", "/", 404)]
    [InlineData("GET", "/api/alerts/../../health", 404)]
    public async Task There_is_nothing_else(string method, string path, int expected)
    {
        using var response = await _http.SendAsync(new HttpRequestMessage(new HttpMethod(method), new Uri(_listener.Address, path)), TestContext.Current.CancellationToken);
        Assert.Equal(expected, (int)response.StatusCode);
        Assert.False(response.Headers.Contains("Server"));
    }

    [Fact]
    public async Task Whoever_sends_slowly_keeps_nobody_waiting()
    {
        // Forty that promise a body and never send it.
        var slow = new List<TcpClient>();
        try
        {
            for (var i = 0; i < 40; i++)
            {
                var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, _listener.Address.Port, TestContext.Current.CancellationToken);
                await client.GetStream().WriteAsync("POST /api/alerts HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"u8.ToArray(), TestContext.Current.CancellationToken);
                slow.Add(client);
            }

            Assert.Equal(HttpStatusCode.Accepted, (await PushAsync(Request(Message()))).Status);
        }
        finally
        {
            slow.ForEach(c => c.Dispose());
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_does_not_come_in_whole_in_time_is_asked_for_again(bool late)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _listener.Address.Port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync("POST /api/alerts HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{"u8.ToArray(), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var answer = reader.ReadLineAsync(TestContext.Current.CancellationToken).AsTask();
        // Without its clock moving on it is the speed that is too low.
        if (late)
            await _pipeline.Time.PassUntilAsync(answer, TimeSpan.FromSeconds(1));

        Assert.Equal("HTTP/1.1 503 Service Unavailable", await answer.WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken));
        Assert.Equal(0, _taken);
    }

    [Fact]
    public void A_signature_is_that_of_the_specification()
    {
        // The example of the reference implementations.
        var secret = new Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        var at = DateTimeOffset.FromUnixTimeSeconds(1614265330);
        const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
        const string Expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

        Assert.Equal(Expected, StandardWebhook.Sign(secret, Id, at, "{\"test\": 2432232314}"u8));
        Assert.True(StandardWebhook.Verify([secret], Id, "1614265330", Expected, "{\"test\": 2432232314}"u8, at.AddSeconds(300)));
        Assert.False(StandardWebhook.Verify([secret], Id, "1614265330", Expected, "{\"test\": 2432232315}"u8, at));
    }

    [Theory]
    [InlineData("whsec_", false)]
    [InlineData("geheim", false)]
    [InlineData("whsec_AAAA", false)]
    [InlineData("whsec_niet base64!", false)]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", true)]
    public void A_key_must_be_long_enough(string value, bool good)
    {
        var fault = StandardWebhook.FaultOf(new Secret(value));
        Assert.Equal(good, fault is null);
        Assert.DoesNotContain(value.Length > 8 ? value : "\0", fault ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_example_of_the_format_is_as_its_schema_says_and_is_understood()
    {
        var text = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "docs", "alert.schema.json"), TestContext.Current.CancellationToken);
        var schema = await JsonSchema.FromJsonAsync(text, TestContext.Current.CancellationToken);
        using var document = JsonDocument.Parse(text);
        foreach (var example in document.RootElement.GetProperty("examples").EnumerateArray())
        {
            Assert.Empty(schema.Validate(example.GetRawText()));
            var (alert, errors) = Syndicate.Connectors.Sources.Folder.OwnFormat.Read(example, new Syndicate.Connectors.Sources.FeedContext("m", new DateTimeOffset(2026, 11, 25, 15, 0, 0, TimeSpan.Zero), false));
            Assert.Empty(errors);
            Assert.NotNull(alert);
        }

        Assert.NotEmpty(schema.Validate("""{"id":"1","kind":"aktie","phase":"opened","sent":"2026-11-25T13:00:00+01:00","text":"x"}"""));
        Assert.NotEmpty(schema.Validate("""{"id":"1","kind":"actie","phase":"opened","sent":"2026-11-25T13:00:00+01:00"}"""));
    }

    static void Replace(HttpRequestMessage request, string header, string value)
    {
        request.Headers.Remove(header);
        request.Headers.TryAddWithoutValidation(header, value);
    }

    static void Swap(HttpRequestMessage request, Func<string, string> change)
    {
        using var reader = new StreamReader(request.Content!.ReadAsStream());
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(change(reader.ReadToEnd())));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
    }
}
