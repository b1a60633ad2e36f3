using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Deliveries;
using Burgernet.Syndicate.Tests.Support;
using Xunit;

namespace Burgernet.Syndicate.Tests.Deliveries;

public sealed class PhotoTests
{
    const string Url = "https://services.burgernet.nl/foto/990001.jpg";

    static readonly Alert Alert = SomeAlert.Actie() with { Photo = new AlertPhoto(Url, "Foto van een meisje met een rode jas") };

    static Pipeline Make(PhotoUse photos) => new(channels =>
    {
        for (var i = 0; i < channels.Count; i++)
            channels[i] = channels[i] with { Photos = photos, MaxInFlight = 4 };
    });

    static async Task TakeAsync(Pipeline pipeline, Alert alert)
    {
        await pipeline.AcceptAsync(alert);
        await pipeline.DrainAsync();
    }

    [Fact]
    public async Task A_copy_goes_with_every_post_and_is_fetched_once()
    {
        using var pipeline = Make(PhotoUse.Reupload);
        await TakeAsync(pipeline, Alert);

        var posts = pipeline.Channels.SelectMany(c => c.Channel.Posts).ToList();
        Assert.Equal(2, posts.Count);
        Assert.All(posts, p => Assert.Equal(("image/jpeg", "Foto van een meisje met een rode jas", 4), (Assert.Single(p.Photos).ContentType, p.Photos[0].AltText, p.Photos[0].Bytes.Length)));
        Assert.Equal([Url], pipeline.Photographs.Asked);
        Assert.All(posts, p => Assert.DoesNotContain("Foto:", p.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_permission_the_words_say_where_the_photo_is_and_nothing_is_fetched()
    {
        using var pipeline = Make(PhotoUse.Link);
        await TakeAsync(pipeline, Alert);

        Assert.All(pipeline.Channels.SelectMany(c => c.Channel.Posts), p => Assert.Empty(p.Photos));
        Assert.Contains($"Foto: {Url}.", pipeline["whatsapp"].Channel.Posts[0].Text, StringComparison.Ordinal);
        Assert.Empty(pipeline.Photographs.Asked);
    }

    [Theory]
    [InlineData("https://foto.voorbeeld.com/990001.jpg")]
    [InlineData("https://politie.nl.voorbeeld.com/990001.jpg")]
    [InlineData("https://politie.nl@voorbeeld.com/990001.jpg")]
    public async Task A_photo_elsewhere_is_not_pointed_to_and_the_words_stay(string url)
    {
        using var pipeline = Make(PhotoUse.Link);
        await TakeAsync(pipeline, Alert with { Photo = new AlertPhoto(url, "Een meisje") });

        var text = pipeline["whatsapp"].Channel.Posts[0].Text;
        Assert.DoesNotContain("voorbeeld.com", text, StringComparison.Ordinal);
        Assert.Contains("meisje van 9 jaar", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_channel_can_say_nothing_of_photos()
    {
        using var pipeline = Make(PhotoUse.None);
        await TakeAsync(pipeline, Alert);
        await TakeAsync(pipeline, SomeAlert.Amber() with { Photo = new AlertPhoto(Url, "Foto van Fenna (9)") });

        Assert.All(pipeline.Channels.SelectMany(c => c.Channel.Posts), p => Assert.True(p.Photos.Count == 0 && !p.Text.Contains("Foto:", StringComparison.Ordinal)));
        Assert.Empty(pipeline.Photographs.Asked);
    }

    [Fact]
    public async Task Beside_a_copy_of_a_child_s_photo_the_page_of_the_police_is_named()
    {
        using var pipeline = Make(PhotoUse.Reupload);
        await TakeAsync(pipeline, SomeAlert.Amber() with { Photo = new AlertPhoto(Url, "Foto van Fenna (9)") });

        var post = pipeline["whatsapp"].Channel.Posts[0];
        Assert.Single(post.Photos);
        Assert.Contains("Foto: politie.nl/amberalert.", post.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_appeal_goes_out_without_its_photo_when_that_cannot_be_had_and_a_person_is_told_once_per_channel()
    {
        using var pipeline = Make(PhotoUse.Reupload);
        pipeline.Photographs.Photo = new FetchedPhoto(null, "de server van de foto antwoordde met 404");
        await TakeAsync(pipeline, Alert);

        Assert.All(pipeline.Channels, c => Assert.All(c.Channel.Posts, p => Assert.Empty(p.Photos)));
        Assert.All(await pipeline.DeliveriesAsync("whatsapp"), d => Assert.Equal(DeliveryState.Published, d.State));
        var told = (await pipeline.ToldAsync()).Where(t => t.Contains("zonder foto", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, told.Count);
        Assert.All(told, t => Assert.Contains("antwoordde met 404", t, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("   ")]
    public async Task A_photo_that_nobody_describes_goes_nowhere_and_a_person_is_told(string? altText)
    {
        using var pipeline = Make(PhotoUse.Reupload);
        await TakeAsync(pipeline, Alert with { Photo = new AlertPhoto(Url, altText) });

        Assert.All(pipeline.Channels.SelectMany(c => c.Channel.Posts), p => Assert.Empty(p.Photos));
        Assert.Contains("er staat niet bij wat erop te zien is", Assert.Single(await pipeline.ToldAsync()), StringComparison.Ordinal);
        Assert.Empty(pipeline.Photographs.Asked);
    }

    [Fact]
    public async Task The_words_that_describe_a_photo_are_harmless()
    {
        using var pipeline = Make(PhotoUse.Reupload);
        await TakeAsync(pipeline, Alert with { Photo = new AlertPhoto(Url, "Meisje, zie @vreemde of boevenbende.nl") });

        Assert.Equal("Meisje, zie at vreemde of", pipeline["x"].Channel.Posts[0].Photos[0].AltText);
    }

    [Fact]
    public async Task An_update_and_a_closing_bring_no_photo()
    {
        using var pipeline = Make(PhotoUse.Reupload);
        await TakeAsync(pipeline, Alert);
        await TakeAsync(pipeline, Alert.Then(AlertPhase.Updated, "Ze draagt een blauwe muts.", TimeSpan.FromMinutes(5)));
        await TakeAsync(pipeline, Alert.Then(AlertPhase.Updated, "Ze draagt een blauwe muts.", TimeSpan.FromMinutes(5)).Then(AlertPhase.Closed, "Het meisje is terecht.", TimeSpan.FromMinutes(5)));

        var posts = pipeline["x"].Channel.Posts;
        Assert.Equal(3, posts.Count);
        Assert.All(posts.Skip(1), p => Assert.Empty(p.Photos));
    }

    [Fact]
    public async Task A_message_with_a_photo_bears_no_name_of_ours_even_when_it_goes_without()
    {
        using var pipeline = Make(PhotoUse.Reupload);
        pipeline.Photographs.Photo = new FetchedPhoto(null, "weg");
        await TakeAsync(pipeline, Alert);

        Assert.All(pipeline["whatsapp"].Channel.Posts, p => Assert.Equal("", p.Key));
        Assert.All(await pipeline.DeliveriesAsync("whatsapp"), d => Assert.Equal("", d.ToPost().Key));
    }

    [Fact]
    public async Task A_photo_is_fetched_anew_for_a_later_attempt_after_it_could_not_be_had()
    {
        using var pipeline = Make(PhotoUse.Reupload);
        pipeline.Photographs.Photo = new FetchedPhoto(null, "weg");
        await pipeline.Photos.GetAsync(Url, TestContext.Current.CancellationToken);
        await pipeline.Photos.GetAsync(Url, TestContext.Current.CancellationToken);
        pipeline.Time.Advance(TimeSpan.FromMinutes(1));
        await pipeline.Photos.GetAsync(Url, TestContext.Current.CancellationToken);
        Assert.Equal(2, pipeline.Photographs.Asked.Count);
    }
}
