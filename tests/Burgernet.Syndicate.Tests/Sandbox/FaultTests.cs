using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Burgernet.Syndicate.Sandbox;
using Burgernet.Syndicate.Tests.Support;
using Xunit;

namespace Burgernet.Syndicate.Tests.Sandbox;

public sealed class FaultTests
{
    public static TheoryData<SandboxPlatform> Platforms => [SandboxPlatform.X, SandboxPlatform.Facebook, SandboxPlatform.WhatsApp];

    static Task<HttpResponseMessage> Create(SandboxClient sandbox, SandboxPlatform platform, string text = "Oproep") => platform switch
    {
        SandboxPlatform.X => sandbox.Post(text),
        SandboxPlatform.Facebook => sandbox.PagePost(text),
        _ => sandbox.Message(text),
    };

    [Theory, MemberData(nameof(Platforms))]
    public async Task A_post_answered_with_500_after_accepting_is_on_the_timeline(SandboxPlatform platform)
    {
        await using var sandbox = await SandboxClient.StartAsync();
        sandbox.Host.Faults.Add(platform, SandboxFault.ErrorAfterAccepting);

        Assert.Equal(500, await Create(sandbox, platform).Status());

        Assert.Equal("Oproep", Assert.Single(sandbox.Host.Posts(platform)).Text);
    }

    [Theory, MemberData(nameof(Platforms))]
    public async Task A_post_answered_with_500_before_accepting_is_not_on_the_timeline(SandboxPlatform platform)
    {
        await using var sandbox = await SandboxClient.StartAsync();
        sandbox.Host.Faults.Add(platform, SandboxFault.ErrorBefore);

        Assert.Equal(500, await Create(sandbox, platform).Status());

        Assert.Empty(sandbox.Host.Posts(platform));
    }

    [Theory, MemberData(nameof(Platforms))]
    public async Task A_cut_connection_leaves_the_post_only_when_it_came_after_accepting(SandboxPlatform platform)
    {
        await using var sandbox = await SandboxClient.StartAsync();
        sandbox.Host.Faults.Add(platform, SandboxFault.CutBefore);
        sandbox.Host.Faults.Add(platform, SandboxFault.Cut);

        await Assert.ThrowsAsync<HttpRequestException>(() => Create(sandbox, platform, "Voor"));
        Assert.Empty(sandbox.Host.Posts(platform));
        await Assert.ThrowsAsync<HttpRequestException>(() => Create(sandbox, platform, "Na"));
        Assert.Equal("Na", Assert.Single(sandbox.Host.Posts(platform)).Text);
    }

    [Theory, MemberData(nameof(Platforms))]
    public async Task A_fault_is_spent_on_as_many_posts_as_was_said(SandboxPlatform platform)
    {
        await using var sandbox = await SandboxClient.StartAsync();
        sandbox.Host.Faults.Add(platform, SandboxFault.Html, times: 2);

        for (var time = 0; time < 2; time++)
        {
            using var answer = await Create(sandbox, platform);
            Assert.Equal(503, (int)answer.StatusCode);
            Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        }

        Assert.InRange(await Create(sandbox, platform).Status(), 200, 201);
        Assert.Empty(sandbox.Host.Faults.Pending);
    }

    [Fact]
    public async Task Each_platform_refuses_too_many_calls_in_its_own_way()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        foreach (var platform in Platforms.Select(row => row.Data))
            sandbox.Host.Faults.Add(platform, SandboxFault.RateLimit, wait: TimeSpan.FromMinutes(3));

        using var x = await sandbox.Post("Oproep");
        Assert.Equal(429, (int)x.StatusCode);
        Assert.Equal($"{sandbox.Time.GetUtcNow().AddMinutes(3).ToUnixTimeSeconds()}", x.Header("x-rate-limit-reset"));

        using var facebook = await sandbox.PagePost("Oproep");
        Assert.Equal(400, (int)facebook.StatusCode);
        Assert.Equal(32, (int)(await facebook.Content.ReadFromJsonAsync<JsonNode>(SandboxClient.Cancel))!["error"]!["code"]!);
        Assert.Contains("\"estimated_time_to_regain_access\":3", facebook.Header("X-Business-Use-Case-Usage"), StringComparison.Ordinal);

        using var whatsapp = await sandbox.Message("Oproep");
        Assert.Equal(429, (int)whatsapp.StatusCode);
        Assert.Equal("180", whatsapp.Header("Retry-After"));
    }

    [Fact]
    public async Task A_dead_token_and_a_duplicate_are_told_in_the_platforms_own_words()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        sandbox.Host.Faults.Add(SandboxPlatform.X, SandboxFault.ExpiredToken);
        sandbox.Host.Faults.Add(SandboxPlatform.X, SandboxFault.Duplicate);
        sandbox.Host.Faults.Add(SandboxPlatform.Facebook, SandboxFault.ExpiredToken);
        sandbox.Host.Faults.Add(SandboxPlatform.Facebook, SandboxFault.Duplicate);
        sandbox.Host.Faults.Add(SandboxPlatform.WhatsApp, SandboxFault.ExpiredToken);

        Assert.Equal(89, (int)(await sandbox.Post("a").Json())["errors"]![0]!["code"]!);
        Assert.Contains("duplicate content", (string?)(await sandbox.Post("a").Json())["detail"], StringComparison.Ordinal);
        Assert.Equal(463, (int)(await sandbox.PagePost("a").Json())["error"]!["error_subcode"]!);
        Assert.Equal(506, (int)(await sandbox.PagePost("a").Json())["error"]!["code"]!);
        Assert.Equal(401, await sandbox.Message("a").Status());
        Assert.Throws<ArgumentException>(() => sandbox.Host.Faults.Add(SandboxPlatform.WhatsApp, SandboxFault.Duplicate));
    }

    [Fact]
    public async Task A_slow_answer_comes_after_the_post_is_there()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        sandbox.Host.Faults.Add(SandboxPlatform.X, SandboxFault.Slow, wait: TimeSpan.FromSeconds(40));

        var answering = sandbox.Post("Traag");
        await sandbox.Time.PassUntilAsync(answering, TimeSpan.FromSeconds(40), () => sandbox.Host.Posts(SandboxPlatform.X).Count == 1);

        Assert.Equal(201, await answering.Status());
    }

    [Fact]
    public async Task A_fault_may_also_hit_reading_and_deleting()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        var id = (string)(await sandbox.Post("Weg").Json())["data"]!["id"]!;
        sandbox.Host.Faults.Add(SandboxPlatform.X, SandboxFault.ErrorBefore, on: SandboxOperation.Read);
        sandbox.Host.Faults.Add(SandboxPlatform.X, SandboxFault.ErrorAfterAccepting, on: SandboxOperation.Delete);

        Assert.Equal(500, await sandbox.X(HttpMethod.Get, $"/2/tweets/{id}").Status());
        Assert.Equal(200, await sandbox.X(HttpMethod.Get, $"/2/tweets/{id}").Status());
        Assert.Equal(500, await sandbox.X(HttpMethod.Delete, $"/2/tweets/{id}").Status());
        Assert.True(Assert.Single(sandbox.Host.Posts(SandboxPlatform.X)).Deleted);
    }

    [Fact]
    public async Task Faults_can_be_set_and_cleared_over_http()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        Task<HttpResponseMessage> Add(string json) => sandbox.Send(new HttpRequestMessage(HttpMethod.Post, "/sandbox/faults")
        {
            Content = new StringContent(json, System.Text.Encoding.UTF8, "application/json"),
        });

        Assert.Equal(204, await Add("""{"platform":"whatsapp","fault":"error-after-accepting","times":3}""").Status());
        Assert.Equal(204, await Add("""{"platform":"x","fault":"slow","seconds":2.5,"on":"delete"}""").Status());
        Assert.Equal(400, await Add("""{"platform":"telegram","fault":"slow"}""").Status());
        Assert.Equal(400, await Add("""{"platform":"x","fault":"7"}""").Status());
        Assert.Equal(400, await Add("""{"platform":"feed","fault":"duplicate"}""").Status());
        Assert.Equal(400, await Add("""{"platform":"x","fault":"cut","times":0}""").Status());

        var pending = (await sandbox.Get("/sandbox/faults").Json()).AsArray();
        Assert.Equal(4, pending.Count);
        Assert.Equal(("whatsapp", "error-after-accepting", "create"), ((string)pending[0]!["platform"]!, (string)pending[0]!["fault"]!, (string)pending[0]!["on"]!));

        Assert.Equal(204, await sandbox.Send(new HttpRequestMessage(HttpMethod.Delete, "/sandbox/faults")).Status());
        Assert.Empty(sandbox.Host.Faults.Pending);
    }
}
