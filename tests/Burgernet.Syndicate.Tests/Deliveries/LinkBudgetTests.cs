using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Connectors.Channels.X;
using Burgernet.Syndicate.Deliveries;
using Burgernet.Syndicate.Templates;
using Burgernet.Syndicate.Tests.Support;
using Xunit;

namespace Burgernet.Syndicate.Tests.Deliveries;

/// <summary>Posts with a link beyond the month's budget go out without it. On both databases.</summary>
public abstract class LinkBudgetTests(StorageProvider on) : IDisposable
{
    static readonly LinkLimit Two = new(2, 0.20m);

    readonly Pipeline _pipeline = new(Limited(Two), on: on);

    public void Dispose() => _pipeline.Dispose();

    static Action<List<TestChannel>> Limited(LinkLimit limit) => channels => channels[0] = channels[0] with { Links = limit, Limit = new PostLimit(WeightedLength.Maximum, WeightedLength.Of) };

    static Alert WithLink(string id, string text = "Zie politie.nl/vermist voor meer.") => SomeAlert.Actie(id, text: text);

    static async Task<IReadOnlyList<string>> PostsAsync(Pipeline pipeline, params string[] ids)
    {
        foreach (var id in ids)
        {
            await pipeline.AcceptAsync(WithLink(id) with { IssuedAt = pipeline.Time.GetUtcNow() });
            await pipeline.DrainAsync();
        }

        return [.. pipeline["x"].Channel.Posts.Select(p => p.Text)];
    }

    static Task<IReadOnlyList<(string Cause, string Channel, string Text)>> ToldAsync(Pipeline pipeline) =>
        pipeline.Database.ReadAsync(s => s.QueryAsync<(string, string, string)>("select cause, channel, text from notice where cause like 'links:%' order by cause"));

    [Fact]
    public async Task Beyond_the_budget_links_are_spelled_out_the_post_goes_out_and_a_person_is_told_once()
    {
        var posts = await PostsAsync(_pipeline, "1", "2", "3", "4");

        Assert.Equal([true, true, false, false], posts.Select(LinkBudget.IsLinked));
        Assert.Contains("Zie politie punt nl/vermist voor meer.", posts[2], StringComparison.Ordinal);
        var told = Assert.Single(await ToldAsync(_pipeline));
        Assert.Equal(("links:x:2026-11", "x"), (told.Cause, told.Channel));
        Assert.Contains("de 2 berichten met een link voor deze maand zijn op (ongeveer $ 0,40). Tot 1 december", told.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restart_and_another_worker_go_on_counting()
    {
        await PostsAsync(_pipeline, "1");
        using var other = new Pipeline(Limited(Two), beside: _pipeline);
        Assert.Equal([true], (await PostsAsync(other, "2")).Select(LinkBudget.IsLinked));
        Assert.Equal([true, false], (await PostsAsync(_pipeline, "3")).Select(LinkBudget.IsLinked));
    }

    [Fact]
    public async Task Every_calendar_month_in_the_netherlands_begins_anew()
    {
        await PostsAsync(_pipeline, "1", "2", "3");
        using var november = new Pipeline(Limited(Two), beside: _pipeline, at: new DateTimeOffset(2026, 11, 30, 22, 59, 0, TimeSpan.Zero));
        Assert.Equal([false], (await PostsAsync(november, "4")).Select(LinkBudget.IsLinked));
        using var december = new Pipeline(Limited(Two), beside: _pipeline, at: new DateTimeOffset(2026, 11, 30, 23, 0, 0, TimeSpan.Zero));
        Assert.Equal([true, true, false], (await PostsAsync(december, "5", "6", "7")).Select(LinkBudget.IsLinked));
        Assert.Equal(["links:x:2026-11", "links:x:2026-12"], (await ToldAsync(december)).Select(n => n.Cause));
    }

    [Fact]
    public async Task What_the_network_refused_costs_nothing()
    {
        _pipeline["x"].Channel.Answering(new PublishResult.Rejected("no"), new PublishResult.Rejected("no"));
        await PostsAsync(_pipeline, "1", "2");
        Assert.Equal([true, true, true, true, false], (await PostsAsync(_pipeline, "3", "4", "5")).Select(LinkBudget.IsLinked));
    }

    [Fact]
    public async Task Posts_without_a_link_and_channels_without_a_budget_are_left_alone()
    {
        for (var i = 0; i < 4; i++)
            await _pipeline.AcceptAsync(SomeAlert.Actie($"{i}"));
        Assert.Empty(await ToldAsync(_pipeline));

        await _pipeline.AcceptAsync(WithLink("a"), WithLink("b"), WithLink("c"));
        await _pipeline.DrainAsync();
        Assert.Equal(3, _pipeline["whatsapp"].Channel.Posts.Count(p => p.Text.Contains("politie.nl/vermist", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_budget_of_nothing_means_never_a_link_and_nobody_needs_to_be_told()
    {
        using var none = new Pipeline(Limited(new LinkLimit(0, 0.20m)), on: on);
        Assert.Equal([false], (await PostsAsync(none, "1")).Select(LinkBudget.IsLinked));
        Assert.Empty(await ToldAsync(none));
    }

    [Fact]
    public async Task Words_that_are_longer_without_their_link_still_fit()
    {
        using var none = new Pipeline(Limited(new LinkLimit(0, 0.20m)), on: on);
        await none.AcceptAsync(WithLink("1", string.Concat(Enumerable.Repeat("Kijk op politie.nl/vermist/kinderen. ", 12))));
        await none.DrainAsync();

        var text = none["x"].Channel.Posts[0].Text;
        Assert.False(LinkBudget.IsLinked(text));
        Assert.InRange(WeightedLength.Of(text), 150, WeightedLength.Maximum);
        Assert.Contains("Ref. BN-", text, StringComparison.Ordinal);
    }
}

public sealed class LinkBudgetOnSqliteTests() : LinkBudgetTests(StorageProvider.Sqlite);

public sealed class LinkBudgetOnPostgresTests() : LinkBudgetTests(StorageProvider.Postgres);

public sealed class SpelledLinksTests
{
    [Theory]
    [InlineData("Geen link.", "Geen link.")]
    [InlineData("Zie politie.nl voor meer.", "Zie politie punt nl voor meer.")]
    [InlineData("Foto: politie.nl/amberalert", "Foto: politie punt nl/amberalert")]
    [InlineData("https://www.politie.nl/", "politie punt nl")]
    [InlineData("https://www.burgernet.nl/kindvermissing/id=202 en bel 112", "burgernet punt nl/kindvermissing/id=202 en bel 112")]
    [InlineData("Zie https://www.politie.nl/gezocht-en-vermist/vermiste-kinderen/2026/november/99-amersfoort.html.", "Zie politie punt nl.")]
    [InlineData("politie.nl/zoek?q=fiets", "politie punt nl")]
    public void An_address_is_spelled_so_that_it_can_still_be_found(string text, string spelled) => Assert.Equal(spelled, SpelledLinks.In(text));

    [Fact]
    public void Whatever_the_text_no_link_is_left()
    {
        var random = new Random(5);
        string[] parts = ["politie.nl", "https://", "www.", "a", ".", "/", "nl", "com", "xn--", "-", "_", "é", "日本", "@", "#", " ", "t.co/", "?q=", "(", ")", ":80", "één.nl"];
        for (var i = 0; i < 20_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => parts[random.Next(parts.Length)]));
            Assert.False(LinkBudget.IsLinked(SpelledLinks.In(text)), text);
        }
    }
}
