using System.Net.Http.Json;
using Burgernet.Syndicate.Sandbox;
using Xunit;

namespace Burgernet.Syndicate.Tests.Sandbox;

public sealed class SandboxHostTests
{
    [Fact]
    public async Task The_page_shows_all_platforms_and_lets_no_text_become_markup()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        Assert.Equal(201, await sandbox.Post("<script>alert(1)</script> op X").Status());
        var id = (string)(await sandbox.PagePost("Eerste <b>versie</b>").Json())["id"]!;
        Assert.Equal(200, await sandbox.Graph(HttpMethod.Post, id, JsonContent.Create(new { message = "Tweede versie" })).Status());
        Assert.Equal(201, await sandbox.Message("\"Aanhaling\" & groep").Status());

        using var answer = await sandbox.Get("/");
        var page = await answer.Content.ReadAsStringAsync(SandboxClient.Cancel);

        Assert.Contains("Zandbak: niets hiervan is echt", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt; op X", page, StringComparison.Ordinal);
        Assert.Contains("Eerste &lt;b&gt;versie&lt;/b&gt;", page, StringComparison.Ordinal);
        Assert.Contains("bewerkt", page, StringComparison.Ordinal);
        Assert.Contains("&quot;Aanhaling&quot; &amp; groep", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("default-src 'none'", answer.Header("Content-Security-Policy"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_post_has_a_page_until_it_is_deleted()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        var id = (string)(await sandbox.Post("Overval in Nieuwegein").Json())["data"]!["id"]!;

        Assert.Contains("Overval in Nieuwegein", await sandbox.Get($"/i/web/status/{id}").Words(), StringComparison.Ordinal);
        Assert.Contains("Overval in Nieuwegein", await sandbox.Get($"/burgernetmn_zb/status/{id}").Words(), StringComparison.Ordinal);
        Assert.Equal(200, await sandbox.X(HttpMethod.Delete, $"/2/tweets/{id}").Status());
        Assert.Equal(404, await sandbox.Get($"/i/web/status/{id}").Status());
        Assert.DoesNotContain("Overval in Nieuwegein", await sandbox.Get($"/i/web/status/{id}").Words(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_posts_can_be_read_as_json()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        Assert.Equal(201, await sandbox.Message("Groepsbericht").Status());

        var posts = await sandbox.Get("/sandbox/posts").Json();

        Assert.Empty(posts["x"]!.AsArray());
        Assert.Empty(posts["facebook"]!.AsArray());
        var message = Assert.Single(posts["whatsapp"]!.AsArray())!;
        Assert.Equal("Groepsbericht", (string?)message["text"]);
        Assert.Equal(SandboxClient.Group, (string?)message["chatId"]);
        Assert.False((bool)message["deleted"]!);
        Assert.False((bool)message["edited"]!);
        Assert.Equal("2026-11-24T13:00:00.0000000+00:00", (string?)message["at"]);
    }

    [Fact]
    public async Task Only_the_newest_posts_are_kept()
    {
        await using var sandbox = await SandboxClient.StartAsync(options => options with { PostsKept = 3 });
        for (var number = 1; number <= 5; number++) Assert.Equal(201, await sandbox.Message($"Bericht {number}").Status());

        Assert.Equal(["Bericht 3", "Bericht 4", "Bericht 5"], sandbox.Host.Posts(SandboxPlatform.WhatsApp).Select(post => post.Text));
    }

    [Fact]
    public async Task Callers_at_the_same_time_each_get_their_own_post()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(number => sandbox.Post($"Bericht {number}").Json()));

        Assert.Equal(60, answers.Select(answer => (string)answer["data"]!["id"]!).Distinct().Count());
        var ids = sandbox.Host.Posts(SandboxPlatform.X).Select(post => long.Parse(post.Id, System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(ids.Order(), ids);
    }

    [Fact]
    public async Task It_listens_on_this_computer_alone_whatever_the_surrounding_process_is_told()
    {
        Environment.SetEnvironmentVariable("ASPNETCORE_URLS", "http://0.0.0.0:1");
        Environment.SetEnvironmentVariable("Kestrel__Endpoints__Http__Url", "http://0.0.0.0:2");
        try
        {
            await using var sandbox = await SandboxClient.StartAsync();

            Assert.Equal("127.0.0.1", sandbox.Host.Address.Host);
            Assert.NotInRange(sandbox.Host.Address.Port, 0, 1023);
            Assert.Equal(200, await sandbox.Get("/ping").Status());
        }
        finally
        {
            Environment.SetEnvironmentVariable("ASPNETCORE_URLS", null);
            Environment.SetEnvironmentVariable("Kestrel__Endpoints__Http__Url", null);
        }
    }

    [Fact]
    public async Task No_key_stands_on_the_page_or_among_the_posts()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        Assert.DoesNotContain(sandbox.Host.Credentials.Facebook.AppSecret, await sandbox.Get("/").Words(), StringComparison.Ordinal);
        Assert.DoesNotContain(sandbox.Host.Credentials.Facebook.AccessToken, await sandbox.Get("/sandbox/posts").Words(), StringComparison.Ordinal);
    }
}
