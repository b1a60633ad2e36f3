using System.Text.RegularExpressions;
using Burgernet.Syndicate.Acceptance.Support;
using Burgernet.Syndicate.Connectors.Photos;
using Burgernet.Syndicate.Sandbox;
using SkiaSharp;

namespace Burgernet.Syndicate.Acceptance;

/// <summary>What becomes of the photo of an alert.</summary>
public sealed partial class PhotoTests
{
    const string Permission = "Voorbeeld, 2 november 2026, dossier 118";

    static readonly string[] Groups = ["Schothorst;120363040000001001@g.us;;52.1790;5.3870;800;ja;"];

    [Fact]
    public async Task A_copy_with_its_words_is_on_every_network_and_is_gone_when_the_child_is_found()
    {
        await using var stage = await Stage.SetAsync(Groups);
        // The sandbox in the worker itself, where a figure that is nobody stands for every photo.
        stage.Configure("mode", "sandbox");
        stage.Configure("photos", new System.Text.Json.Nodes.JsonObject { ["permission"] = Permission });
        foreach (var channel in (string[])["x", "facebook", "whatsapp"])
            stage.Configure("channels", channel, "photos", "reupload");
        await using var worker = await stage.StartWorkerAsync();
        stage.Drop("open.json", Message("opened", "Fenna (9) wordt vermist. Rode winterjas. Bel direct 112."));
        await Eventually.GetAsync(() => ApiAlert.ListAsync(worker.Client), alerts => alerts.Any(a => a.SourceId == "kind-1" && a.Deliveries.Count == 3 && a.Deliveries.All(d => d.State == "published")));

        // WhatsApp has no place for words that say what a picture shows.
        var pictures = await PicturesAsync(worker);
        Assert.Equal(["", "Foto van Fenna (9)", "Foto van Fenna (9)"], pictures.Select(p => p.AltText).Order(StringComparer.Ordinal));
        var address = pictures[0].Address;
        Assert.Equal("image/jpeg", (await worker.Client.GetAsync(address, TestContext.Current.CancellationToken)).Content.Headers.ContentType?.MediaType);

        stage.Drop("dicht.json", Message("closed", "Fenna is terecht."));
        await Eventually.GetAsync(() => ApiAlert.ListAsync(worker.Client), alerts => alerts.Any(a => a.SourceId == "kind-1" && a.Deliveries.Count(d => d is { Operation: "takedown", State: "gone" }) == 3));
        Assert.Empty(await PicturesAsync(worker));
    }

    [Fact]
    public async Task A_photo_from_a_host_that_is_not_listed_is_left_out_and_the_appeal_goes_out()
    {
        await using var stage = await Stage.SetAsync(Groups);
        stage.Configure("photos", new System.Text.Json.Nodes.JsonObject { ["permission"] = Permission });
        stage.Configure("channels", "x", "photos", "reupload");
        await using var worker = await stage.StartWorkerAsync();
        stage.Drop("open.json", Message("opened", "Fenna (9) wordt vermist. Bel direct 112.").Replace("https://services.burgernet.nl", "https://foto.voorbeeld.example", StringComparison.Ordinal));
        await Eventually.GetAsync(() => ApiAlert.ListAsync(worker.Client), alerts => alerts.Any(a => a.SourceId == "kind-1" && a.Deliveries.Count == 3 && a.Deliveries.All(d => d.State == "published")));

        Assert.Empty(Assert.Single(stage.Sandbox.Posts(SandboxPlatform.X)).Images);
        var page = await worker.Client.GetStringAsync("/", TestContext.Current.CancellationToken);
        Assert.Contains("zonder foto", page, StringComparison.Ordinal);
        Assert.Contains("niet in photos.hosts", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_program_encodes_a_photo_in_a_process_of_its_own_and_says_why_it_cannot()
    {
        using var encoder = new PhotoEncoderProcess([WorkerProgram.DotnetHost, WorkerProgram.Built.First[0], "encode-photo"]);
        using var bitmap = new SKBitmap(new SKImageInfo(3000, 2000));
        bitmap.Erase(SKColors.Teal);
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 90);

        using var encoded = SKBitmap.Decode(await encoder.EncodeAsync(png.ToArray(), TestContext.Current.CancellationToken));
        Assert.Equal((2048, 1365), (encoded.Width, encoded.Height));

        var refused = await Assert.ThrowsAsync<PhotoException>(() => encoder.EncodeAsync("geen foto"u8.ToArray(), TestContext.Current.CancellationToken));
        Assert.Equal("het bestand is geen JPEG, PNG of WebP", refused.Message);
    }

    [Fact]
    public async Task A_process_that_dies_or_hangs_costs_only_the_photo()
    {
        using var dying = new PhotoEncoderProcess(["/bin/sh", "-c", "kill -SEGV $$"]);
        Assert.Contains("kon niet worden bewerkt", (await Assert.ThrowsAsync<PhotoException>(() => dying.EncodeAsync(new byte[1 << 20], TestContext.Current.CancellationToken))).Message, StringComparison.Ordinal);

        using var hanging = new PhotoEncoderProcess(["/bin/sh", "-c", "exec sleep 600"]);
        using var late = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hanging.EncodeAsync([1], late.Token));
    }

    static string Message(string phase, string text) => $$"""
        {"id":"kind-1","kind":"vermist-kind-alert","phase":"{{phase}}","sent":"{{DateTimeOffset.UtcNow:O}}","title":"Fenna (9)","text":"{{text}}","municipality":"Amersfoort",
         "area":{"lat":52.1796,"lon":5.3861,"radius":1500}{{(phase == "opened" ? """,  "photo":{"url":"https://services.burgernet.nl/foto/1.jpg","alt":"Foto van Fenna (9)"}""" : "")}}}
        """;

    static async Task<IReadOnlyList<(Uri Address, string AltText)>> PicturesAsync(WorkerProcess worker)
    {
        var overview = await worker.Client.GetStringAsync("/", TestContext.Current.CancellationToken);
        var timelines = new Uri(Timelines().Match(overview).Groups[1].Value);
        var page = await worker.Client.GetStringAsync(timelines, TestContext.Current.CancellationToken);
        return [.. Picture().Matches(page).Select(m => (new Uri(timelines, m.Groups[1].Value), m.Groups[2].Value))];
    }

    [GeneratedRegex("href=\"(http[^\"]+)\"[^>]*>Bekijk de nagebootste tijdlijnen")]
    private static partial Regex Timelines();

    [GeneratedRegex("<img src=\"(/sandbox/images/[^\"]+)\" alt=\"([^\"]*)\"")]
    private static partial Regex Picture();
}
