using System.Collections;
using System.Text.Json.Nodes;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Templates;
using Burgernet.Syndicate.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Burgernet.Syndicate.Tests.Configuration;

/// <summary>What becomes of what is saved while the program runs.</summary>
[Collection(nameof(ProcessWide))]
public sealed class ReloaderTests : IDisposable
{
    const string Settings = """
        {
          "mode": "live",
          "notify": { "mailTo": ["wacht@politie.example"], "smtp": { "host": "mail.example" } },
          "sources": { "acties": { "type": "burgernet-actions" } },
          "channels": {
            "x": { "type": "x", "atClose": "keep" },
            "facebook": { "type": "facebook", "pageId": "1", "publish": false },
            "whatsapp": { "type": "whatsapp", "groups": "groups.csv" }
          }
        }
        """;

    const string NewWords = "NIEUW: {{ inhoud }} {{ kenmerk }}";

    readonly ConfigFolder _folder = new();
    readonly Pipeline _pipeline = new();
    readonly LiveConfiguration _live;
    readonly Reloader _reloader;

    public ReloaderTests()
    {
        _folder.Write("syndicate.json", Settings);
        foreach (var secret in (string[])["x__consumerKey", "x__consumerSecret", "x__accessToken", "x__accessTokenSecret", "whatsapp__apiKey"])
            _folder.Write($"secrets/channels__{secret}", "geheim");
        var seen = FolderLook.Take(_folder.Folders);
        _live = new LiveConfiguration(_pipeline.GenerationOf(_folder.Check(out _)!), _pipeline.Time.GetUtcNow());
        _reloader = ReloaderOf(_pipeline.GenerationOf, seen);
    }

    public void Dispose()
    {
        _pipeline.Dispose();
        _folder.Dispose();
    }

    Reloader ReloaderOf(Func<SyndicateOptions, Generation> make, string seen) =>
        new(_live, _folder.Folders, _folder.MakeCheck, saved => saved, make, seen, _pipeline.Time, NullLogger<Reloader>.Instance);

    SyndicateOptions Options => _live.Current.Options;

    ChannelOptions X => Options.Channels.Single(c => c.Name == "x");

    IEnumerable<string> Waiting => _live.State.Waiting.Select(w => w.Path);

    /// <summary>Looks until nothing is new any more, as the service does twice a second.</summary>
    void Settle()
    {
        Assert.False(_reloader.Look());
        Assert.True(_reloader.Look());
        Assert.False(_reloader.Look());
    }

    void Save(string file, string text)
    {
        _folder.Write(file, text);
        Settle();
    }

    /// <summary>Changes one value of syndicate.json.</summary>
    void Set(string path, JsonNode? value)
    {
        var json = JsonNode.Parse(_folder.Read("syndicate.json"))!;
        var keys = path.Split('.');
        var parent = keys[..^1].Aggregate(json, (node, key) => node[key] ??= new JsonObject());
        if (value is null)
            parent.AsObject().Remove(keys[^1]);
        else
            parent[keys[^1]] = value;
        Save("syndicate.json", json.ToJsonString());
    }

    /// <summary>A source offers these.</summary>
    async Task PollAsync(params IReadOnlyList<Alert> alerts)
    {
        var poller = new SourcePoller(new OneAnswer(alerts), TimeSpan.FromMinutes(1), _live, _pipeline.Log, _pipeline.Time, NullLogger<SourcePoller>.Instance);
        Assert.True(await poller.PollAsync(TestContext.Current.CancellationToken));
    }

    async Task<IReadOnlyList<bool>> AreNewAsync() => [.. (await _pipeline.DeliveriesAsync("x")).Select(d => d.Text.StartsWith("NIEUW: ", StringComparison.Ordinal))];

    [Fact]
    public void What_was_there_at_the_start_is_not_read_again()
    {
        Assert.False(_reloader.Look());
        Assert.False(_reloader.Look());
    }

    [Fact]
    public async Task A_saved_template_makes_the_words_of_the_next_alert()
    {
        await PollAsync(SomeAlert.Actie("1"));
        Save("templates/x.liquid", NewWords);
        await PollAsync(SomeAlert.Actie("2"));

        Assert.Equal([false, true], (await AreNewAsync()).Order());
    }

    [Fact]
    public async Task An_intake_that_has_begun_ends_with_what_it_began_with()
    {
        // What is saved between the first and the second alert of one answer is taken over at once.
        await PollAsync(new Interrupted([SomeAlert.Actie("1"), SomeAlert.Actie("2")], () => Save("templates/x.liquid", NewWords)));
        Assert.Equal([false, false], await AreNewAsync());

        await PollAsync(SomeAlert.Actie("3"));
        Assert.Equal([false, false, true], (await AreNewAsync()).Order());
    }

    [Fact]
    public async Task What_is_wrong_changes_nothing_and_is_told_with_its_place_until_it_is_mended()
    {
        var good = _live.Current;
        var template = _folder.Read("templates/x.liquid");
        Save("templates/x.liquid", "{% if kop %}");
        Save("syndicate.json", Settings.Replace("\"atClose\"", "\"atClos\"", StringComparison.Ordinal));

        Assert.Same(good, _live.Current);
        Assert.Contains(_live.State.Errors, e => e.Place!.File == "templates/x.liquid");
        Assert.Contains(_live.State.Errors, e => e.ToString().StartsWith("syndicate.json:6:25 channels.x.atClos: deze sleutel is onbekend; bedoelde u 'atClose'?", StringComparison.Ordinal));
        await PollAsync(SomeAlert.Actie("1"));
        Assert.Single(await _pipeline.DeliveriesAsync("x"));

        Save("templates/x.liquid", template);
        Assert.Single(_live.State.Errors);
        Save("syndicate.json", Settings);
        Assert.Empty(_live.State.Errors);
        Assert.NotSame(good, _live.Current);
    }

    [Fact]
    public void A_file_that_is_still_being_written_is_not_read()
    {
        _folder.Write("groups.csv", "name;chatId;municipality;lat;lon;radius;active;channel\nA;1@g.us;GM0307;;;;ja;\n");
        Assert.False(_reloader.Look());
        _folder.Write("groups.csv", "name;chatId;municipality;lat;lon;radius;active;channel\nA;1@g.us;GM0307;;;;ja;\nB;2@g.us;GM0307;;;;ja;\n");
        Assert.False(_reloader.Look());
        Assert.True(_reloader.Look());

        Assert.Equal(["A", "B"], Options.Groups["whatsapp"].Select(g => g.Name));
    }

    [Fact]
    public void What_is_saved_while_it_is_being_read_is_read_again()
    {
        var saved = false;
        var reloader = ReloaderOf(options =>
        {
            if (!saved)
                _folder.Write("syndicate.json", Settings.Replace("\"keep\"", "\"delete\"", StringComparison.Ordinal));
            saved = true;
            return _pipeline.GenerationOf(options);
        }, FolderLook.Take(_folder.Folders));
        _folder.Write("syndicate.json", Settings.Replace("\"keep\"", "\"edit\"", StringComparison.Ordinal));

        Assert.Equal([false, false, false, true], Enumerable.Range(0, 4).Select(_ => reloader.Look()));
        Assert.Equal(AtClose.Delete, X.AtClose);
    }

    [Fact]
    public void A_folder_that_is_gone_changes_nothing()
    {
        var good = _live.Current;
        Directory.Delete(_folder.Config, recursive: true);
        Settle();

        Assert.Same(good, _live.Current);
        Assert.StartsWith("syndicate.json: staat niet in", Assert.Single(_live.State.Errors).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_very_many_faults_the_first_are_told_and_how_many_there_are_more()
    {
        Save("groups.csv", $"name;chatId;municipality;lat;lon;radius;active;channel\n{string.Join("", Enumerable.Range(0, 60).Select(n => $"G{n};{n};GM0307;;;;ja;\n"))}");

        Assert.Equal(51, _live.State.Errors.Count);
        Assert.Equal("syndicate.json: en nog 10 fouten; het commando check toont ze alle", _live.State.Errors[^1].ToString());
    }

    [Fact]
    public void What_fails_for_another_reason_changes_nothing_either()
    {
        var good = _live.Current;
        var reloader = ReloaderOf(_ => throw new InvalidOperationException("onverwacht"), FolderLook.Take(_folder.Folders));
        _folder.Write("templates/x.liquid", NewWords);

        Assert.False(reloader.Look());
        Assert.True(reloader.Look());
        Assert.Same(good, _live.Current);
        Assert.Contains("onverwacht", Assert.Single(_live.State.Errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_configuration_that_is_mounted_as_links_is_seen_to_change()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Making links needs a right that not everybody has on Windows.");

        // As a config map does it: every file leads through one hidden link that is replaced at once.
        _folder.Write(".1/notAfter.txt", "1");
        _folder.Write(".2/notAfter.txt", "twee");
        var through = Path.Combine(_folder.Config, ".data");
        Directory.CreateSymbolicLink(through, ".1");
        File.CreateSymbolicLink(Path.Combine(_folder.Config, "notAfter.txt"), ".data/notAfter.txt");
        var before = FolderLook.Take(_folder.Folders);
        Assert.Equal(before, FolderLook.Take(_folder.Folders));

        Directory.Delete(through);
        Directory.CreateSymbolicLink(through, ".2");
        var after = FolderLook.Take(_folder.Folders);
        Assert.NotEqual(before, after);

        // One that leads to nothing hides no change of the others.
        File.CreateSymbolicLink(Path.Combine(_folder.Config, "nergens.txt"), ".3/nergens.txt");
        var dangling = FolderLook.Take(_folder.Folders);
        _folder.Write(".2/notAfter.txt", "drie!");
        Assert.Equal(3, new[] { after, dangling, FolderLook.Take(_folder.Folders) }.Distinct().Count());
    }

    // ---- what counts at once

    [Fact]
    public void What_goes_where_and_how_it_ends_counts_at_once()
    {
        _folder.Write("groups.csv", "name;chatId;municipality;lat;lon;radius;active;channel\nNieuw;1@g.us;GM0307;;;;ja;\n");
        _folder.Write("syndicate.json", Settings.Replace("\"keep\"", "\"delete\", \"publish\": false, \"test\": true", StringComparison.Ordinal).Replace("\"mode\"", "\"texts\": { \"links\": [\"politie.nl\", \"zeist.nl\"] }, \"notAfter\": { \"actie\": \"01:00:00\" }, \"mode\"", StringComparison.Ordinal));
        Settle();

        Assert.Empty(_live.State.Errors);
        Assert.Empty(Waiting);
        Assert.Equal("Nieuw", Assert.Single(Options.Groups["whatsapp"]).Name);
        Assert.Equal(TimeSpan.FromHours(1), Options.NotAfter[AlertKind.Actie]);
        Assert.Equal(["politie.nl", "zeist.nl"], Options.Texts.LinkHosts);
        Assert.True(X is { AtClose: AtClose.Delete, Publish: false, Test: true });

        // It was published at the start, so it can be again.
        Save("syndicate.json", Settings);
        Assert.True(X is { AtClose: AtClose.Keep, Publish: true, Test: false });
        Assert.Empty(Waiting);
    }

    [Fact]
    public void Another_file_of_groups_is_read_at_once()
    {
        _folder.Write("groepen.csv", "name;chatId;municipality;lat;lon;radius;active;channel\nAnders;1@g.us;GM0307;;;;ja;\n");
        Set("channels.whatsapp.groups", "groepen.csv");

        Assert.Empty(Waiting);
        Assert.Equal("Anders", Assert.Single(Options.Groups["whatsapp"]).Name);
    }

    // ---- what needs a restart

    [Theory]
    [InlineData("maxInFlight", "8", "maxInFlight")]
    [InlineData("storage", """{ "connectionString": "Data Source=/elders/syndicate.db" }""", "storage")]
    [InlineData("mode", "\"sandbox\"", "mode", "notify")]
    [InlineData("sources.acties.interval", "\"00:00:30\"", "sources.acties")]
    [InlineData("sources.map", """{ "type": "folder", "path": "in" }""", "sources.map")]
    [InlineData("notify.mailTo", """["pers@politie.example"]""", "notify")]
    [InlineData("notify", null, "notify")]
    [InlineData("reports", """{ "schedule": "weekly", "mailTo": "team@politie.example" }""", "reports")]
    [InlineData("channels.x.baseUrl", "\"http://127.0.0.1:9\"", "channels.x.baseUrl")]
    [InlineData("channels.x.maxInFlight", "4", "channels.x.maxInFlight")]
    [InlineData("channels.x.pacing", """{ "min": "00:00:09" }""", "channels.x.pacing")]
    [InlineData("channels.x.requestTimeout", "\"00:00:16\"", "channels.x.requestTimeout", "channels.x.lease")]
    [InlineData("channels.x.holdAfter", "\"00:30:00\"", "channels.x.holdAfter")]
    [InlineData("channels.facebook.pageId", "\"2\"", "channels.facebook.pageId")]
    [InlineData("channels.facebook.publish", "true", "channels.facebook.publish", "channels.facebook.appId", "channels.facebook.accessToken", "channels.facebook.appSecret")]
    public void What_holds_a_connection_or_a_pace_keeps_its_value_until_a_restart_and_the_rest_counts(string path, string? value, params string[] waiting)
    {
        foreach (var secret in (string[])["appId", "accessToken", "appSecret"])
            _folder.Write($"secrets/channels__facebook__{secret}", value == "true" ? "geheim" : "");
        var started = Options;
        _folder.Write("templates/x.liquid", NewWords);
        Set(path, value is null ? null : JsonNode.Parse(value));

        Assert.Empty(_live.State.Errors);
        Assert.Equal(waiting, Waiting);
        Assert.All(_live.State.Waiting, w => Assert.Equal("geldt na een herstart", w.Message));
        Assert.Equal(
            (started.Mode, started.Storage, started.MaxInFlight, started.Sources, started.Notify),
            (Options.Mode, Options.Storage, Options.MaxInFlight, Options.Sources, Options.Notify));
        Assert.Equal(started.Channels, Options.Channels);
        Assert.NotSame(started.Templates, Options.Templates);

        // Put back, nothing waits any more.
        Save("syndicate.json", Settings);
        Assert.DoesNotContain(waiting[0], Waiting);
    }

    [Fact]
    public void Another_secret_is_told_without_showing_it()
    {
        _folder.Write("secrets/channels__x__consumerKey", "s3cr3t");
        Save("templates/x.liquid", NewWords);

        var waiting = Assert.Single(_live.State.Waiting);
        Assert.Equal($"{Path.Combine(_folder.Secrets, "channels__x__consumerKey")} channels.x.consumerKey: geldt na een herstart", waiting.ToString());
        Assert.Equal("geheim", X.Secrets["consumerKey"].Reveal());
    }

    [Fact]
    public void Where_alerts_go_waits_with_a_channel_that_is_new_so_that_none_goes_to_nobody()
    {
        var before = Options.Groups["whatsapp"];
        _folder.Write("groups.csv", "name;chatId;municipality;lat;lon;radius;active;channel\nA;1@g.us;GM0307;;;;ja;tweede\n");
        _folder.Write("templates/x.liquid", NewWords);
        Save("syndicate.json", Settings.Replace("\"keep\" }", "\"delete\", \"test\": true }, \"tweede\": { \"type\": \"whatsapp\", \"publish\": false }", StringComparison.Ordinal));

        Assert.Empty(_live.State.Errors);
        Assert.Equal(["channels.tweede", "channels"], Waiting);
        Assert.Same(before, Options.Groups["whatsapp"]);
        Assert.Equal(["facebook", "whatsapp", "x"], Options.Channels.Select(c => c.Name));
        Assert.True(X is { Test: false, AtClose: AtClose.Delete });
        Assert.Contains("NIEUW", Options.Templates.Render("x", Some), StringComparison.Ordinal);
    }

    [Fact]
    public void A_channel_that_is_taken_away_keeps_its_words_until_the_restart()
    {
        Set("channels.x", null);
        Assert.Empty(_live.State.Errors);
        Assert.Equal(["channels.x", "channels"], Waiting);
        Assert.Contains("pause x --by NAAM", _live.State.Waiting[0].Message, StringComparison.Ordinal);
        Assert.Equal(["facebook", "whatsapp", "x"], Options.Channels.Select(c => c.Name));

        File.Delete(Path.Combine(_folder.Config, "templates/x.liquid"));
        Settle();
        Assert.Contains("draait nog", Assert.Single(_live.State.Errors).Message, StringComparison.Ordinal);
    }

    static AlertModel Some => new() { Phase = "opened", Kind = "actie", Category = "other", Exercise = false, Text = "Tekst.", IssuedAt = Pipeline.Noon, Now = Pipeline.Noon, Reference = "BN-00000" };

    /// <summary>Something happens between the first and the second.</summary>
    sealed class Interrupted(IReadOnlyList<Alert> alerts, Action interruption) : IReadOnlyList<Alert>
    {
        public int Count => alerts.Count;
        public Alert this[int index] => alerts[index];
        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public IEnumerator<Alert> GetEnumerator()
        {
            yield return alerts[0];
            interruption();
            foreach (var alert in alerts.Skip(1))
                yield return alert;
        }
    }

    sealed class OneAnswer(IReadOnlyList<Alert> alerts) : IAlertSource
    {
        public string Name => "acties";
        public bool TakesBaseline => false;
        public Task<SourceAnswer?> FetchAsync(CancellationToken cancellationToken) => Task.FromResult<SourceAnswer?>(new SourceAnswer { Alerts = alerts });
        public Task ConfirmAsync(SourceAnswer answer, IReadOnlyList<IntakeResult> results, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
