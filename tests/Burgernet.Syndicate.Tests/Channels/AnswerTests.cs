using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Burgernet.Syndicate.Tests.Channels;

/// <summary>What an answer means when the platform's own table does not know it; the same for all three networks.</summary>
public sealed class AnswerTests
{
    const string Html = "<html><body>Bad gateway</body></html>";

    static readonly Dictionary<string, string> UnlistedErrors = new()
    {
        ["x"] = """{"title":"Odd","detail":"Something new.","type":"https://api.x.com/2/problems/brand-new"}""",
        ["facebook"] = """{"error":{"message":"Something new","type":"OAuthException","code":987654,"fbtrace_id":"AbCd12"}}""",
        ["whatsapp"] = """{"statusCode":400,"message":"Something new","error":"Bad Request"}""",
    };

    public static TheoryData<string> Types => ["x", "facebook", "whatsapp"];

    public static MatrixTheoryData<string, int> Refusals => new(["x", "facebook", "whatsapp"], [400, 404, 413, 415, 422]);

    public static MatrixTheoryData<string, int> Unknowns => new(
        ["x", "facebook", "whatsapp"], [200, 201, 204, 300, 301, 302, 304, 307, 308, 405, 408, 409, 418, 451, 500, 501, 502, 503, 504, 520, 529]);

    public static MatrixTheoryData<string, int> NotFromThePlatform => new(
        ["x", "facebook", "whatsapp"], [400, 401, 402, 403, 404, 413, 415, 422, 429]);

    [Theory, MemberData(nameof(Refusals))]
    public async Task A_refusal_in_the_platforms_own_words_is_rejected(string type, int status)
    {
        var (result, requests) = await PublishAsync(type, new ScriptedAnswer(status, UnlistedErrors[type]));

        // Who reads it is called out of bed for it.
        Assert.Contains($" antwoordde {status}, geweigerd (", Assert.IsType<PublishResult.Rejected>(result).Reason, StringComparison.Ordinal);
        Assert.Equal(1, requests);
    }

    [Theory, MemberData(nameof(NotFromThePlatform))]
    public async Task The_same_status_with_a_body_of_somebody_else_is_ambiguous(string type, int status)
    {
        foreach (var body in new[] { Html, "", "{}", "[]", "null", "12", """{"error":"proxy says no"}""", "{\"title\":\"\\ud800\"}" })
        {
            var (result, requests) = await PublishAsync(type, new ScriptedAnswer(status, body, "text/html"));

            Assert.IsType<PublishResult.Ambiguous>(result);
            Assert.Equal(1, requests);
        }
    }

    [Theory, MemberData(nameof(Unknowns))]
    public async Task A_status_that_does_not_say_whether_the_post_is_there_is_ambiguous(string type, int status)
    {
        foreach (var body in status == 204 || status == 304 ? [""] : new[] { UnlistedErrors[type], Html, "" })
        {
            var (result, requests) = await PublishAsync(type, new ScriptedAnswer(status, body));

            Assert.IsType<PublishResult.Ambiguous>(result);
            Assert.Equal(1, requests);
        }
    }

    [Theory, MemberData(nameof(Types))]
    public async Task A_limit_without_a_time_leaves_the_wait_to_us(string type)
    {
        var (result, _) = await PublishAsync(type, new ScriptedAnswer(429, UnlistedErrors[type]));

        var notSent = Assert.IsType<PublishResult.NotSent>(result);
        Assert.True(notSent.WholeChannel);
        Assert.Null(notSent.RetryAfter);
    }

    [Theory]
    [InlineData("Retry-After", "120", 120)]
    [InlineData("Retry-After", "Tue, 24 Nov 2026 12:05:00 GMT", 300)]
    [InlineData("Retry-After", "Tue, 24 Nov 2026 11:00:00 GMT", 0)]
    [InlineData("Retry-After", "99999999999999999999999999", 86_400)]
    [InlineData("x-rate-limit-reset", "1795521690", 90)]
    [InlineData("x-rate-limit-reset", "1", 0)]
    [InlineData("x-rate-limit-reset", "9223372036854775807", 86_400)]
    [InlineData("x-user-limit-24hour-reset", "1795525200", 3_600)]
    [InlineData("X-Business-Use-Case-Usage", """{"1":[{"type":"pages","estimated_time_to_regain_access":7},{"type":"x","estimated_time_to_regain_access":3}]}""", 420)]
    public async Task A_limit_says_how_long_to_wait_and_holds_for_the_whole_channel(string header, string value, int seconds)
    {
        foreach (var type in (string[])["x", "facebook", "whatsapp"])
        {
            var (result, _) = await PublishAsync(type, new ScriptedAnswer(429, Html, "text/html").With(header, value));

            var notSent = Assert.IsType<PublishResult.NotSent>(result);
            Assert.True(notSent.WholeChannel);
            Assert.Equal(TimeSpan.FromSeconds(seconds), notSent.RetryAfter);
        }
    }

    [Theory]
    [InlineData("Retry-After", "Tue, 24 Nov 2026 11:05:00 GMT")]
    [InlineData("x-rate-limit-reset", "1795518300")]
    public async Task A_moment_that_a_platform_names_is_told_by_its_own_clock(string header, string value)
    {
        var (result, _) = await PublishAsync("x", new ScriptedAnswer(429, Html).With(header, value).With("Date", "Tue, 24 Nov 2026 11:00:00 GMT"));

        Assert.Equal(TimeSpan.FromMinutes(5), Assert.IsType<PublishResult.NotSent>(result).RetryAfter);
    }

    [Theory]
    [InlineData("Retry-After", "NaN")]
    [InlineData("Retry-After", "straks")]
    [InlineData("x-rate-limit-reset", "-5")]
    [InlineData("X-Business-Use-Case-Usage", "{")]
    [InlineData("X-Business-Use-Case-Usage", "[1]")]
    [InlineData("X-Business-Use-Case-Usage", """{"1":[{"estimated_time_to_regain_access":0}]}""")]
    public async Task A_limit_that_speaks_nonsense_leaves_the_wait_to_us(string header, string value)
    {
        var (result, _) = await PublishAsync("x", new ScriptedAnswer(429, Html).With(header, value));

        Assert.Null(Assert.IsType<PublishResult.NotSent>(result).RetryAfter);
    }

    [Fact]
    public async Task The_window_that_is_used_up_counts_not_the_one_with_room_left()
    {
        var (result, _) = await PublishAsync("x", new ScriptedAnswer(429, UnlistedErrors["x"])
            .With("x-rate-limit-remaining", "73").With("x-rate-limit-reset", "1795521690")
            .With("x-user-limit-24hour-remaining", "0").With("x-user-limit-24hour-reset", "1795525200"));

        Assert.Equal(TimeSpan.FromHours(1), Assert.IsType<PublishResult.NotSent>(result).RetryAfter);
    }

    static async Task<(PublishResult Result, int Requests)> PublishAsync(string type, ScriptedAnswer answer)
    {
        await using var server = await ScriptedServer.StartAsync(answer);
        var channel = Some.Channel(type, server.Url, time: new FakeTimeProvider(Some.Now));
        using (channel as IDisposable)
            return (await channel.PublishAsync(Some.Post), server.Requests.Count);
    }

    [Theory]
    [InlineData("x-rate-limit", 73, 90)]
    [InlineData("x-user-limit-24hour", 12, 3600)]
    [InlineData("x-app-limit-24hour", 0, 3600)]
    public async Task What_an_account_has_left_is_told_with_every_answer_and_the_tightest_limit_counts(string limit, int left, int seconds)
    {
        var reset = Some.Now.AddSeconds(seconds).ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
        foreach (var status in (int[])[201, 403, 500])
        {
            var (result, _) = await PublishAsync("x", new ScriptedAnswer(status, status == 201 ? """{"data":{"id":"1"}}""" : UnlistedErrors["x"])
                .With($"{limit}-remaining", $"{left}").With($"{limit}-reset", reset)
                .With("x-rate-limit-remaining", "90").With("x-rate-limit-reset", "1795521690"));

            Assert.Equal(left, Assert.IsType<Allowance>(result.Allowance).Remaining);
        }
    }

    [Fact]
    public async Task A_window_that_is_over_says_nothing_of_what_is_left()
    {
        var (result, _) = await PublishAsync("x", new ScriptedAnswer(201, """{"data":{"id":"1"}}""").With("x-rate-limit-remaining", "0").With("x-rate-limit-reset", "1795521599"));

        Assert.Null(result.Allowance);
    }

    [Fact]
    public async Task Graph_shuts_us_out_for_as_many_minutes_as_it_says()
    {
        var (result, _) = await PublishAsync("facebook", new ScriptedAnswer(200, """{"id":"1_2"}""")
            .With("X-Business-Use-Case-Usage", """{"77":[{"type":"pages","call_count":101,"estimated_time_to_regain_access":7}]}"""));

        Assert.Equal(new Allowance(0, TimeSpan.FromMinutes(7)), result.Allowance);
    }

    [Theory]
    [InlineData("x", 403, """{"detail":"You are not allowed to create a Tweet with duplicate content.","type":"about:blank","title":"Forbidden","status":403}""")]
    [InlineData("facebook", 400, """{"error":{"message":"Duplicate status message","code":506}}""")]
    [InlineData("facebook", 400, """{"error":{"message":"You already posted this","code":368}}""")]
    public async Task That_the_network_has_these_words_already_is_evidence_and_no_refusal(string type, int status, string body)
    {
        var (result, _) = await PublishAsync(type, new ScriptedAnswer(status, body));

        Assert.True(Assert.IsType<PublishResult.Ambiguous>(result).SaysDuplicate);
    }
}
