using Burgernet.Syndicate.Acceptance.Support;
using Burgernet.Syndicate.Sandbox;

namespace Burgernet.Syndicate.Acceptance;

/// <summary>The program as it runs at work: live, its feeds and platforms elsewhere.</summary>
public sealed class LiveTests
{
    // A ring of groups around every place where an example action is; each has a circle of its own.
    static readonly string[] Groups =
    [
        "Schothorst;120363040000001001@g.us;;52.1790;5.3870;800;ja;",
        "Vathorst;120363040000001002@g.us;;52.2140;5.4110;900;ja;",
        "Woerden;120363040000001003@g.us;GM0632;52.0860;4.8850;900;ja;",
        "Harmelen;31612341004@c.us;GM0632;52.0900;4.9620;900;ja;",
        "Galecop;120363040000001005@g.us;;52.0500;5.0830;900;ja;",
        "IJsselstein centrum;120363040000001006@newsletter;;52.0200;5.0420;700;ja;",
        "Hilversum;120363040000001007@g.us;;52.2230;5.1760;900;ja;",
        "Almere Haven;120363040000001008@g.us;;52.3370;5.2200;900;ja;",
        "Zeist;120363040000001009@g.us;;52.0900;5.2300;900;ja;",
        "Abcoude;120363040000001010@g.us;;52.2720;4.9700;900;ja;",
        "Veenendaal;120363040000001011@g.us;;52.0260;5.5560;900;ja;",
        "Dronten;120363040000001012@g.us;;52.5250;5.7180;900;ja;",
        "Urk;120363040000001013@g.us;;52.6620;5.6000;900;ja;",
        "Gestopt;120363040000001014@g.us;;52.1790;5.3870;800;nee;",
    ];

    [Fact]
    public async Task Every_public_action_is_opened_once_per_channel_then_updated_and_closed_in_order_also_over_a_restart()
    {
        await using var stage = await Stage.SetAsync(Groups);
        var feed = new FixtureFeed();
        var worker = await stage.StartWorkerAsync();
        try
        {
            await BaselineTakenAsync(worker);
            for (var step = 1; step <= feed.Steps; step++)
            {
                stage.Sandbox.ServeActions(feed.At(step));
                await Eventually.GetAsync(() => ApiAlert.ListAsync(worker.Client), alerts => feed.Public.All(key => SettledAt(alerts, feed, key, step)), describe: Describe);

                // In the middle of it all, with actions open on every channel.
                if (step == 1)
                {
                    await worker.StopAsync();
                    await worker.DisposeAsync();
                    worker = await stage.StartWorkerAsync();
                }
            }

            var seen = await ApiAlert.ListAsync(worker.Client);
            foreach (var key in feed.Public)
                AssertWhole(seen.Single(a => a.SourceId == feed.IdOf(key)), feed, key);

            AssertNothing(seen, feed, "A11-oefening-wijk-bij-duurstede", exercise: true);
            AssertNothing(seen, feed, "A12-testbericht-houten", exercise: true);
            Assert.DoesNotContain(seen, a => a.SourceId == feed.IdOf("A18-buiten-regio-apeldoorn"));
            Assert.DoesNotContain(seen.Single(a => a.SourceId == feed.IdOf("A20-amber-spiegel-midden-nederland")).Deliveries, d => d.State == "published");

            // What the platforms really got, counted on their side.
            var posts = feed.Public.Sum(feed.StepsOf);
            Assert.Equal(posts, stage.Sandbox.Posts(SandboxPlatform.X).Count);
            var taken = seen.Where(a => a.Deliveries.Any(d => d.Operation == "takedown")).ToList();
            Assert.NotEmpty(taken);
            Assert.All(taken, a => Assert.Equal("missing-person", a.Category));
            Assert.Equal(feed.Public.Count() + taken.Count, stage.Sandbox.Posts(SandboxPlatform.Facebook).Count);
            Assert.All(taken.SelectMany(a => a.Deliveries).Where(d => d.Operation is "create" or "update"), d => Assert.True(stage.Sandbox.Posts(PlatformOf(d.Channel)).Single(p => p.Id == d.PostId).Deleted));
            Assert.Equal(feed.Public.Sum(key => GroupsTouched(feed, key).Count * feed.StepsOf(key)), stage.Sandbox.Posts(SandboxPlatform.WhatsApp).Count);
        }
        finally
        {
            await worker.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_child_alert_is_posted_by_its_owner_and_its_mirror_only_confirms()
    {
        await using var stage = await Stage.SetAsync(Groups);
        await using var worker = await stage.StartWorkerAsync();
        await BaselineTakenAsync(worker);
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        string Item(string type, string title, string text) => $$$"""{"AlertId":"880001","MessageId":"1","Sender":"KindAlarmPortal","Sent":"{{{now}}}","State":"Actual","Type":"{{{type}}}","Scope":"Public","AlertLevel":"10","Message":{"Title":{{{title}}},"Description":"{{{text}}}","Media":{"Image":null}},"Area":{"Circle":null}}""";
        stage.Sandbox.ServeAlerts($"[{Item("Alert", "\"Fenna (9)\"", "Rode winterjas. Bel direct 112.")}]");
        stage.Sandbox.ServeActions($$$"""{"actions":[{"id":990020,"municipality":"Landelijk","active":true,"amberAlert":true,"startTimestamp":{{{now}}},"area":{"lat":52.1551,"lng":5.3872,"radius":50000},"messages":[{"title":"AMBER Alert","body":"AMBER Alert: Fenna (9).","messageType":"Start","lastModifiedTimestamp":{{{now}}}}]}]}""");

        var active = Groups.Count(g => g.Contains(";ja;", StringComparison.Ordinal));
        await Eventually.GetAsync(() => ApiAlert.ListAsync(worker.Client),
            alerts => alerts.Count == 2 && alerts.Any(a => a.Source == "kindalarm" && a.Deliveries.Count(d => d.State == "published") == 2 + active), describe: Describe);
        var seen = await ApiAlert.ListAsync(worker.Client);
        Assert.DoesNotContain(seen.Single(a => a.Source == "acties").Deliveries, d => d.State is "published" or "pending");

        stage.Sandbox.ServeAlerts($"[{Item("Cancel", "null", "Sluitbericht AMBER Alert")}]");
        await Eventually.GetAsync(() => ApiAlert.ListAsync(worker.Client), alerts => alerts.Single(a => a.Source == "kindalarm").Deliveries.Count(d => d is { Operation: "close", State: "published" }) == 2 + active, describe: Describe);
        await Eventually.GetAsync(() => ApiAlert.ListAsync(worker.Client), alerts => alerts.Single(a => a.Source == "kindalarm").Deliveries.Count(d => d is { Operation: "takedown", State: "gone" }) == 2 + active, describe: Describe);
        var standing = Enum.GetValues<SandboxPlatform>().Where(p => p != SandboxPlatform.Feed).SelectMany(stage.Sandbox.Posts).Where(p => !p.Deleted).ToList();
        Assert.Equal(2 + active, standing.Count);
        Assert.All(standing, p => Assert.DoesNotContain("Fenna", p.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_dropped_file_is_posted_and_moved_and_a_wrong_one_is_set_aside_with_its_reasons()
    {
        await using var stage = await Stage.SetAsync(Groups);
        await using var worker = await stage.StartWorkerAsync();
        var sent = DateTimeOffset.UtcNow.ToString("O");
        stage.Drop("goed.json", $$$"""{"id":"bericht-1","kind":"actie","phase":"opened","sent":"{{{sent}}}","text":"Gezocht: rode step.","municipality":"Amersfoort","area":{"lat":52.1796,"lon":5.3861,"radius":1500}}""");
        stage.Drop("fout.json", $$$"""{"id":"bericht-2","kind":"aktie","phase":"opened","sent":"gisteren","text":"x","area":{"lat":52.1,"lon":5.3,"radus":1}}""");

        await Eventually.GetAsync(() => ApiAlert.ListAsync(worker.Client), alerts => alerts.Any(a => a.SourceId == "bericht-1" && a.Deliveries.Count > 0 && a.Deliveries.All(d => d.State == "published")), describe: Describe);
        var files = await Eventually.GetAsync(() => Task.FromResult(stage.Dropped()), f => f.Count == 3 && f.All(n => n.Contains('/', StringComparison.Ordinal)), describe: f => string.Join(" ", f));
        Assert.Equal(["done/goed.json", "rejected/fout.json", "rejected/fout.json.reason.txt"], files);
    }

    [Theory]
    [InlineData(SandboxPlatform.X, "x")]
    [InlineData(SandboxPlatform.Facebook, "facebook")]
    [InlineData(SandboxPlatform.WhatsApp, "whatsapp")]
    public async Task An_answer_lost_after_the_platform_accepted_is_looked_up_and_posted_once(SandboxPlatform platform, string channel)
    {
        await using var stage = await Stage.SetAsync(Groups[..1]);
        stage.BeQuick();
        await using var worker = await stage.StartWorkerAsync();
        stage.Sandbox.Faults.Add(platform, SandboxFault.ErrorAfterAccepting);
        stage.Drop("actie.json", $$$"""{"id":"a","kind":"actie","phase":"opened","sent":"{{{DateTimeOffset.UtcNow:O}}}","text":"Gezocht: rode step.","area":{"lat":52.1796,"lon":5.3861,"radius":1500}}""");

        var alerts = await Eventually.GetAsync(() => ApiAlert.ListAsync(worker.Client), found => found.Count == 1 && found[0].Deliveries.Count == 3 && found[0].Deliveries.All(d => d.State is "published"), describe: Describe);
        var post = Assert.Single(stage.Sandbox.Posts(platform));
        Assert.Equal((post.Id, 1), (Assert.Single(alerts[0].On(channel)).PostId, alerts[0].On(channel)[0].Attempts));
    }

    [Fact]
    public async Task What_was_under_way_when_the_program_was_killed_is_looked_up_and_posted_once_and_the_rest_goes_on()
    {
        await using var stage = await Stage.SetAsync(Groups[..1]);
        stage.BeQuick();
        stage.Sandbox.Faults.Add(SandboxPlatform.X, SandboxFault.Slow, wait: TimeSpan.FromSeconds(30));
        await using (var worker = await stage.StartWorkerAsync())
        {
            stage.Drop("actie.json", $$$"""{"id":"a","kind":"actie","phase":"opened","sent":"{{{DateTimeOffset.UtcNow:O}}}","text":"Gezocht: rode step.","area":{"lat":52.1796,"lon":5.3861,"radius":1500}}""");
            await Eventually.GetAsync(() => ApiAlert.ListAsync(worker.Client), found => found.Count == 1 && found[0].On("x").Any(d => d.State == "sending") && stage.Sandbox.Posts(SandboxPlatform.X).Count == 1, describe: Describe);
            await worker.KillAsync();
        }

        await using var restarted = await stage.StartWorkerAsync();
        stage.Drop("ander.json", $$$"""{"id":"b","kind":"actie","phase":"opened","sent":"{{{DateTimeOffset.UtcNow:O}}}","text":"Gezocht: blauwe fiets.","area":{"lat":52.1796,"lon":5.3861,"radius":1500}}""");
        await Eventually.GetAsync(() => ApiAlert.ListAsync(restarted.Client), found => found.Count == 2 && found.All(a => a.Deliveries.Count(d => d.State == "published") == 3), describe: Describe);
        Assert.Equal(2, stage.Sandbox.Posts(SandboxPlatform.X).Count);
    }

    [Fact]
    public async Task A_channel_that_only_records_keeps_the_words_and_sends_nothing()
    {
        await using var stage = await Stage.SetAsync(Groups[..1]);
        stage.Configure("channels", "x", "publish", false);
        await using var worker = await stage.StartWorkerAsync();
        stage.Drop("actie.json", $$$"""{"id":"a","kind":"actie","phase":"opened","sent":"{{{DateTimeOffset.UtcNow:O}}}","text":"Gezocht: rode step.","area":{"lat":52.1796,"lon":5.3861,"radius":1500}}""");

        var alerts = await Eventually.GetAsync(() => ApiAlert.ListAsync(worker.Client), found => found.Count == 1 && found[0].On("facebook").Any(d => d.State == "published"), describe: Describe);
        Assert.Contains("rode step", Assert.Single(alerts[0].On("x")).Text, StringComparison.Ordinal);
        Assert.Empty(stage.Sandbox.Posts(SandboxPlatform.X));
    }

    static async Task BaselineTakenAsync(WorkerProcess worker) =>
        await Eventually.GetAsync(() => worker.Client.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken), 
            page => page.Contains("gelezen", StringComparison.Ordinal) && !page.Contains("nog niet gelezen", StringComparison.Ordinal));

    static bool SettledAt(IReadOnlyList<ApiAlert> alerts, FixtureFeed feed, string key, int step)
    {
        var expected = Math.Min(step, feed.StepsOf(key));
        var alert = alerts.FirstOrDefault(a => a.SourceId == feed.IdOf(key));
        return alert is not null && alert.PostsOn("x").Count == expected && alert.PostsOn("whatsapp").Count == expected * GroupsTouched(feed, key).Count
            && alert.Deliveries.All(d => d.State == (d.Operation == "takedown" || d.Operation != "close" && alert.On(d.Channel).Any(o => o.Operation == "takedown" && o.Target == d.Target) ? "gone" : "published"));
    }

    static SandboxPlatform PlatformOf(string channel) => channel switch
    {
        "x" => SandboxPlatform.X,
        "facebook" => SandboxPlatform.Facebook,
        _ => SandboxPlatform.WhatsApp,
    };

    static void AssertWhole(ApiAlert alert, FixtureFeed feed, string key)
    {
        var operations = Enumerable.Range(1, feed.StepsOf(key)).Select(s => s == 1 ? "create" : s == feed.StepsOf(key) ? "close" : "update").ToList();
        Assert.Equal(operations, alert.PostsOn("x").Select(d => d.Operation));
        Assert.Equal(operations, alert.PostsOn("facebook").Select(d => d.Operation));
        // Facebook's words are changed in place, but whoever was missing is deleted and closed anew.
        Assert.Equal(alert.Category == "missing-person" ? 2 : 1, alert.PostsOn("facebook").Select(d => d.PostId).Distinct().Count());
        Assert.All(["x", "facebook"], channel => Assert.Equal(alert.PostsOn(channel).Select(d => d.PublishedAt).Order(StringComparer.Ordinal), alert.PostsOn(channel).Select(d => d.PublishedAt)));
        Assert.Equal(GroupsTouched(feed, key), alert.On("whatsapp").Where(d => d.Operation == "create").Select(d => d.Target));
        Assert.All(alert.Deliveries.GroupBy(d => (d.Channel, d.Operation, d.Text)), same => Assert.Contains("Ref. BN-", same.Key.Text, StringComparison.Ordinal));
        Assert.Equal(("actie", "closed"), (alert.Kind, alert.Phase));
        Assert.EndsWith("Z", alert.OpenedAt, StringComparison.Ordinal);
        Assert.EndsWith("Z", alert.ClosedAt!, StringComparison.Ordinal);
    }

    static void AssertNothing(IReadOnlyList<ApiAlert> alerts, FixtureFeed feed, string key, bool exercise)
    {
        var alert = alerts.Single(a => a.SourceId == feed.IdOf(key));
        Assert.Equal(exercise, alert.Exercise);
        Assert.Empty(alert.Deliveries);
    }

    /// <summary>The active groups whose circle touches the action's, nearest first, by a calculation of our own (spherical law of cosines).</summary>
    static IReadOnlyList<string> GroupsTouched(FixtureFeed feed, string key)
    {
        var (latitude, longitude, radius) = feed.CircleOf(key);
        double Metres(double lat, double lon) => 6_371_000 * Math.Acos(Math.Min(1,
            Math.Sin(latitude * Math.PI / 180) * Math.Sin(lat * Math.PI / 180) + Math.Cos(latitude * Math.PI / 180) * Math.Cos(lat * Math.PI / 180) * Math.Cos((lon - longitude) * Math.PI / 180)));
        return
        [
            .. Groups.Select(g => g.Split(';')).Where(g => g[6] == "ja")
                .Select(g => (Name: g[0], Metres: Metres(double.Parse(g[3], null), double.Parse(g[4], null)), Radius: double.Parse(g[5], null)))
                .Where(g => g.Metres <= radius + g.Radius).OrderBy(g => g.Metres).Select(g => g.Name),
        ];
    }

    static string Describe(IReadOnlyList<ApiAlert> alerts) => string.Join('\n', alerts.Select(a => $"{a.Source} {a.SourceId} {a.Phase}: {string.Join(", ", a.Deliveries.Select(d => $"{d.Channel}/{d.Target} {d.Operation} {d.State} {d.Error}"))}"));
}
