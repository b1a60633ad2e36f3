using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Connectors;
using Burgernet.Syndicate.Tests.Support;
using Xunit;

namespace Burgernet.Syndicate.Tests.Configuration;

/// <summary>Each test makes one folder of configuration, mostly with something wrong in it.</summary>
[Collection(nameof(ProcessWide))]
public sealed class SyndicateCheckTests : IDisposable
{
    const string Good = """
        {
          "mode": "live", // comments and trailing commas are allowed
          "sources": { "acties": { "type": "burgernet-actions", "url": "http://127.0.0.1:9/base/actions", "interval": "00:00:01" } },
          "channels": { "x_midden": { "type": "x", "baseUrl": "http://127.0.0.1:9/base", "pacing": { "min": "00:00:00", "max": "00:00:00" } } },
        }
        """;

    readonly string _folder = Directory.CreateTempSubdirectory("syndicate-config-").FullName;
    readonly List<string> _variables = [];

    public SyndicateCheckTests()
    {
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "config"), "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(_folder, Path.GetRelativePath(Path.Combine(AppContext.BaseDirectory, "config"), file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        Write("syndicate.json", Good);
        foreach (var secret in new[] { "consumerKey", "consumerSecret", "accessToken", "accessTokenSecret" })
            Write($"secrets/channels__x_midden__{secret}", $"file-{secret}\n");
    }

    public void Dispose()
    {
        foreach (var variable in _variables)
            Environment.SetEnvironmentVariable(variable, null);
        Directory.Delete(_folder, recursive: true);
    }

    void Write(string file, string text)
    {
        var path = Path.Combine(_folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    void Set(string variable, string value)
    {
        _variables.Add(variable);
        Environment.SetEnvironmentVariable(variable, value);
    }

    SyndicateOptions? Load(out IReadOnlyList<string> errors)
    {
        var options = new SyndicateCheck(new SyndicateFolders(_folder, Path.Combine(_folder, "data"), Path.Combine(_folder, "secrets")), ConnectorRegistry.Channels, ConnectorRegistry.Sources).Load(out var found);
        // Where it stands in syndicate.json is told in PlaceTests.
        errors = [.. found.Select(e => e.Path == e.Place?.File || e.Place?.File.EndsWith(".csv", StringComparison.Ordinal) is true ? e.ToString() : $"{e.Path}: {e.Message}")];
        return options;
    }

    IReadOnlyList<string> Errors(string? json = null)
    {
        if (json is not null)
            Write("syndicate.json", json);
        Assert.Null(Load(out var errors));
        Assert.NotEmpty(errors);
        return errors;
    }

    [Fact]
    public void A_good_configuration_is_read_whole()
    {
        var options = Load(out var errors);

        Assert.Empty(errors);
        Assert.Equal(SyndicateMode.Live, options!.Mode);
        var channel = Assert.Single(options.Channels);
        Assert.Equal(("x_midden", "x", 1, TimeSpan.FromSeconds(15)), (channel.Name, channel.Type, channel.MaxInFlight, channel.RequestTimeout));
        Assert.Equal("file-consumerKey", channel.Secrets["consumerKey"].Reveal());
        Assert.Equal(TimeSpan.FromSeconds(1), Assert.Single(options.Sources).Interval);
        Assert.Equal(TimeSpan.FromDays(7), options.NotAfter[AlertKind.Burgernetmail]);
        Assert.Equal("x", options.TemplateOf(channel));
    }

    [Fact]
    public void Environment_beats_the_secrets_folder_and_that_beats_the_file()
    {
        Set("SYNDICATE_channels__x_midden__consumerKey", "env-key");
        Set("SYNDICATE_mode", "sandbox");
        Write("secrets/notAfter__actie", "03:00:00");
        Write("secrets/of-somebody-else", "hands off");
        var options = Load(out var errors);

        Assert.Empty(errors);
        Assert.Equal("env-key", options!.Channels[0].Secrets["consumerKey"].Reveal());
        Assert.Equal("file-consumerSecret", options.Channels[0].Secrets["consumerSecret"].Reveal());
        Assert.Equal(SyndicateMode.Sandbox, options.Mode);
        Assert.Equal(TimeSpan.FromHours(3), options.NotAfter[AlertKind.Actie]);
    }

    [Fact]
    public void Every_fault_is_told_at_once_with_its_path_and_the_way_out()
    {
        Directory.Delete(Path.Combine(_folder, "secrets"), recursive: true);
        Write("templates/x.liquid", "{{ kop }} {{ reference | upcas }}");
        Write("groups.csv", "name;chatId;municipality;lat;lon;radius;active;channel\nZonder gebied;1203@g.us;;;;;ja;\n");
        var errors = Errors("""
            {
              "mode": "life",
              "sources": { "acties": { "type": "burgernet-acties", "interval": "1m" }, "map": { "type": "folder" } },
              "channels": {
                "X-Midden": { "type": "x", "enabled": false },
                "x_midden": { "type": "x", "maxInFlght": 2, "requestTimeout": "00:00:00" },
                "whatsapp": { "type": "whatsapp", "groups": "groups.csv" },
              },
              "notAfter": { "aktie": "02:00:00" },
            }
            """);

        Assert.Contains(errors, e => e.StartsWith("mode: 'life'", StringComparison.Ordinal) && e.Contains("sandbox of live", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.StartsWith("sources.acties.type:", StringComparison.Ordinal) && e.Contains("burgernet-actions", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.StartsWith("sources.acties.interval: '1m'", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.StartsWith("sources.map.path:", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.StartsWith("channels.X-Midden:", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.StartsWith("channels.x_midden.maxInFlght:", StringComparison.Ordinal) && e.Contains("'maxInFlight'", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.StartsWith("channels.x_midden.requestTimeout:", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.StartsWith("notAfter.aktie:", StringComparison.Ordinal) && e.Contains("'actie'", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.StartsWith("groups.csv:2:25 municipality:", StringComparison.Ordinal) && e.Contains("geen gebied", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.StartsWith("templates/x.liquid:", StringComparison.Ordinal) && e.Contains("upcas", StringComparison.Ordinal));
    }

    [Fact]
    public void A_missing_secret_is_an_error_in_live_mode_that_says_where_to_put_it()
    {
        File.Delete(Path.Combine(_folder, "secrets/channels__x_midden__accessToken"));

        var error = Assert.Single(Errors());
        Assert.StartsWith("channels.x_midden.accessToken: ontbreekt", error, StringComparison.Ordinal);
        Assert.Contains("SYNDICATE_channels__x_midden__accessToken", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_left_behind_by_a_channel_that_was_removed_is_nobodys()
    {
        Write("secrets/channels__x_oud__consumerKey", "oud");
        Assert.Single(Load(out _)!.Channels);
    }

    [Theory]
    [InlineData("\"mode\": \"live\"", "\"mode\": \"sandbox\"")]
    [InlineData("\"type\": \"x\",", "\"type\": \"x\", \"publish\": false,")]
    [InlineData("\"type\": \"x\",", "\"type\": \"x\", \"enabled\": false,")]
    public void A_secret_that_is_not_needed_may_be_absent(string from, string to)
    {
        Directory.Delete(Path.Combine(_folder, "secrets"), recursive: true);
        Write("syndicate.json", Good.Replace(from, to, StringComparison.Ordinal));

        Assert.NotNull(Load(out _));
    }

    [Fact]
    public void A_secret_never_shows_in_an_error_or_in_the_options()
    {
        Write("secrets/channels__x_midden__maxInFlight", "s3cr3t-waarde");
        Set("SYNDICATE_storage__connectionString", "Wachtwoord s3cr3t-waarde");
        var errors = Errors();
        Assert.DoesNotContain(errors, e => e.Contains("Wachtwoord", StringComparison.Ordinal));
        Assert.Equal("<secret>", new Secret("s3cr3t-waarde").ToString());
        Assert.DoesNotContain("s3cr3t", $"{new ChannelOptions { Name = "x", Type = "x", BaseUrl = new Uri("http://a"), Secrets = new Dictionary<string, Secret> { ["k"] = new("s3cr3t") } }}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ \"mode\": \"live\" \"x\": 1 }", "syndicate.json:1:")]
    [InlineData("[]", "syndicate.json:1:1: hoort één object")]
    [InlineData("", "syndicate.json:1:1")]
    [InlineData("{ }", "mode: ontbreekt")]
    [InlineData("{ \"mode\": { \"live\": true } }", "mode: hier hoort één waarde")]
    [InlineData("{ \"mode\": \"live\", \"mode\": \"sandbox\" }", "mode: staat er al op regel 1")]
    [InlineData("{ \"mode\": \"live\", \"routes\": [ { \"channels\": [\"x\"] } ] }", "routes: hier hoort per route een naam te staan")]
    [InlineData("{ \"mode\": \"live\", \"routes\": { } }", "routes: hier hoort per route een naam te staan")]
    [InlineData("{ \"mode\": \"live\", \"storage\": { \"provider\": \"postgres\" } }", "storage.connectionString: ontbreekt")]
    [InlineData("{ \"mode\": \"live\", \"storage\": { \"provider\": \"postgres\", \"connectionString\": \"Hots=db;Password=geheim\" } }", "storage.connectionString: is geen verbinding voor postgres")]
    [InlineData("{ \"mode\": \"live\", \"storage\": { \"provider\": \"oracle\" } }", "storage.provider: 'oracle'")]
    [InlineData("{ \"mode\": \"live\", \"region\": { \"boundaries\": \"weg.geojson\" } }", "region.boundaries: bestand")]
    [InlineData("{ \"mode\": \"live\", \"sources\": { \"a\": { \"type\": \"landactiehost\", \"url\": \"ftp://x\" } } }", "sources.a.url: 'ftp://x'")]
    [InlineData("{ \"mode\": \"live\", \"channels\": { \"f\": { \"type\": \"facebook\", \"publish\": false } } }", "channels.f.pageId: ontbreekt")]
    [InlineData("{ \"mode\": \"live\", \"channels\": { \"w\": { \"type\": \"whatsapp\", \"publish\": false, \"groups\": \"weg.csv\" } } }", "channels.w.groups: bestand")]
    [InlineData("{ \"mode\": \"live\", \"channels\": { \"x\": { \"type\": \"x\", \"publish\": false, \"pacing\": { \"min\": \"00:00:09\", \"max\": \"00:00:05\" } } } }", "channels.x.pacing.max: is korter dan min")]
    public void A_wrong_file_is_told_by_its_place(string json, string start) =>
        Assert.Contains(Errors(json), e => e.StartsWith(start, StringComparison.Ordinal));

    [Fact]
    public void A_price_of_links_without_a_budget_for_them_is_warned_of()
    {
        Write("syndicate.json", Good.Replace("\"type\": \"x\",", "\"type\": \"x\", \"linkPrice\": 0.25,", StringComparison.Ordinal));
        Assert.Contains(Load(out _)!.Warnings, w => w.Path == "channels.x_midden.linkPrice" && w.Message.Contains("linkBudget", StringComparison.Ordinal));
    }

    // ---- photos

    [Fact]
    public void A_copy_of_a_photo_is_only_posted_with_a_permission_that_is_written_down()
    {
        var asked = Good.Replace("\"type\": \"x\",", "\"type\": \"x\", \"photos\": \"reupload\",", StringComparison.Ordinal);
        foreach (var without in (string[])[asked, asked.Replace("\"live\",", "\"live\", \"photos\": { \"permission\": \"  \" },", StringComparison.Ordinal)])
            Assert.StartsWith("channels.x_midden.photos: een kopie van een foto plaatsen (reupload) mag alleen met toestemming", Assert.Single(Errors(without)), StringComparison.Ordinal);

        Write("syndicate.json", asked.Replace("\"live\",", "\"live\", \"photos\": { \"permission\": \"LMS, dossier 118\", \"hosts\": [\"Politie.nl\"] },", StringComparison.Ordinal));
        var options = Load(out _)!;
        Assert.Equal((PhotoUse.Reupload, "LMS, dossier 118"), (options.Channels[0].Photos, options.Photos.Permission));
        Assert.Equal(["politie.nl"], options.Photos.Hosts);
    }

    [Theory]
    [InlineData("\"photos\": { \"hosts\": [\"https://politie.nl\"] },", "photos.hosts: 'https://politie.nl' is geen naam van een site")]
    [InlineData("\"photos\": { \"hosts\": [\"localhost\"] },", "photos.hosts: 'localhost' is geen naam van een site")]
    [InlineData("\"photos\": { \"permision\": \"ja\" },", "photos.permision: deze sleutel is onbekend; bedoelde u 'permission'?")]
    [InlineData("\"photos\": \"reupload\",", "photos: hier hoort een object")]
    public void A_wrong_word_on_photos_is_told_by_its_place(string photos, string error) =>
        Assert.Contains(Errors(Good.Replace("\"live\",", $"\"live\", {photos}", StringComparison.Ordinal)), e => e.StartsWith(error, StringComparison.Ordinal));

    // ---- who is told

    NotifyOptions Notify(string notify, string mode = "live")
    {
        Write("syndicate.json", Good.Replace("\"live\",", $"\"{mode}\", \"notify\": {notify},", StringComparison.Ordinal));
        var options = Load(out var errors);
        Assert.Empty(errors);
        _warnings = [.. options!.Warnings.Select(w => $"{w.Path}: {w.Message}")];
        return options.Notify;
    }

    IReadOnlyList<string> _warnings = [];

    [Fact]
    public void Mail_and_a_webhook_are_read_whole()
    {
        Write("secrets/notify__smtp__password", "geheim\n");
        var notify = Notify("""{ "mailTo": "wacht@politie.example, pers@politie.example", "smtp": { "host": "mail.politie.example", "user": "syndicate@politie.example" }, "webhookUrl": "https://hook.example/T0/B0?a=b" }""");

        Assert.Equal(["wacht@politie.example", "pers@politie.example"], notify.Mail!.To);
        Assert.Equal(("mail.politie.example", 587, "syndicate@politie.example", "geheim", MailTls.StartTls, "syndicate@politie.example"),
            (notify.Mail.Host, notify.Mail.Port, notify.Mail.User, notify.Mail.Password!.Reveal(), notify.Mail.Tls, notify.Mail.From));
        Assert.Equal("https://hook.example/T0/B0?a=b", notify.WebhookUrl!.Reveal());
        Assert.Empty(_warnings);
    }

    [Theory]
    [InlineData(""" "a@b.example" """, "a@b.example")]
    [InlineData(""" "a@b.example;c@d.example" """, "a@b.example c@d.example")]
    [InlineData(""" ["a@b.example", "c@d.example"] """, "a@b.example c@d.example")]
    public void Mail_may_go_to_one_or_to_several(string mailTo, string read) =>
        Assert.Equal(read, string.Join(' ', Notify($$"""{ "mailTo": {{mailTo}}, "smtp": { "host": "mail.example" } }""").Mail!.To));

    [Theory]
    [InlineData("mail.example", "", 587, "StartTls")]
    [InlineData("mail.example", ", \"tls\": true", 587, "StartTls")]
    [InlineData("mail.example", ", \"tls\": \"starttls\", \"port\": 25", 25, "StartTls")]
    [InlineData("mail.example", ", \"tls\": \"implicit\"", 465, "Implicit")]
    [InlineData("mail.example", ", \"port\": 465", 465, "Implicit")]
    [InlineData("mail.example", ", \"port\": 465, \"tls\": true", 465, "Implicit")]
    [InlineData("mail.example", ", \"port\": 25, \"tls\": false", 25, "None")]
    [InlineData("localhost", ", \"port\": 25", 25, "WhenOffered")]
    [InlineData("127.0.0.1", "", 587, "WhenOffered")]
    [InlineData("::1", ", \"tls\": \"none\"", 587, "None")]
    public void TLS_is_asked_for_unless_the_file_says_otherwise_or_the_server_is_on_this_machine(string host, string more, int port, string tls)
    {
        var mail = Notify($$"""{ "mailTo": "a@b.example", "smtp": { "host": "{{host}}"{{more}} } }""").Mail!;

        Assert.Equal((port, tls, "burgernet-syndicate@b.example"), (mail.Port, mail.Tls.ToString(), mail.From));
        Assert.Equal(host == "mail.example" && tls == "None", _warnings.Any(w => w.StartsWith("notify.smtp.tls: meldingen gaan onversleuteld", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("""{ "mailTo": "wacht", "smtp": { "host": "m.example" } }""", "notify.mailTo: 'wacht' is geen mailadres")]
    [InlineData("""{ "mailTo": "Wacht <a@b.example>", "smtp": { "host": "m.example" } }""", "notify.mailTo: 'Wacht <a@b.example>' is geen mailadres")]
    [InlineData("""{ "mailTo": "a@b.example" }""", "notify.smtp.host: ontbreekt")]
    [InlineData("""{ "smtp": { "host": "m.example" } }""", "notify.mailTo: ontbreekt")]
    [InlineData("""{ "mailTo": "a@b.example", "smtp": { "host": "m.example:25" } }""", "notify.smtp.host: 'm.example:25' is geen naam")]
    [InlineData("""{ "mailTo": "a@b.example", "smtp": { "host": "m.example", "port": 0 } }""", "notify.smtp.port: '0'")]
    [InlineData("""{ "mailTo": "a@b.example", "smtp": { "host": "m.example", "tls": "ssl" } }""", "notify.smtp.tls: 'ssl'")]
    [InlineData("""{ "mailTo": "a@b.example", "smtp": { "host": "m.example", "from": "politie" } }""", "notify.smtp.from: 'politie'")]
    [InlineData("""{ "mailTo": "a@b.example", "smtp": { "host": "m.example", "user": "u" } }""", "notify.smtp.password: ontbreekt bij user; zet het in het bestand")]
    [InlineData("""{ "mailTo": "a@b.example", "smtp": { "host": "m.example", "password": "p" } }""", "notify.smtp.user: ontbreekt bij password")]
    [InlineData("""{ "mailTo": "a@b.example", "smtp": { "host": "m.example", "user": "u", "password": "p", "tls": "none" } }""", "notify.smtp.tls: zonder tls gaat het wachtwoord leesbaar")]
    [InlineData("""{ "mailTo": "a@b.example", "smtp": { "host": "m.example", "server": "x" } }""", "notify.smtp.server: deze sleutel is onbekend")]
    [InlineData("""{ "mailto": "a@b.example", "smtp": "m.example" }""", "notify.smtp: hier hoort een object")]
    [InlineData("""{ "webhookUri": "https://h.example" }""", "notify.webhookUri: deze sleutel is onbekend; bedoelde u 'webhookUrl'?")]
    [InlineData("""{ "webhookUrl": "h.example/s3cr3t" }""", "notify.webhookUrl: is geen volledig adres")]
    [InlineData("""{ "webhookUrl": "ftp://h.example/s3cr3t" }""", "notify.webhookUrl: is geen volledig adres")]
    [InlineData("""{ "webhookUrl": "https://u:s3cr3t@h.example/" }""", "notify.webhookUrl: is geen volledig adres")]
    public void A_wrong_way_to_tell_people_is_told_by_its_place_and_with_the_way_out(string notify, string error)
    {
        var errors = Errors(Good.Replace("\"live\",", $"\"live\", \"notify\": {notify},", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.StartsWith(error, StringComparison.Ordinal));
        Assert.DoesNotContain(errors, e => e.Contains("s3cr3t", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{ "mailTo": "a@b.example", "smtp": { "host": "m.example", "user": "u" }, "webhookUrl": "https://h.example" }""", false)]
    [InlineData("""{ "mailTo": "a@b.example", "smtp": { "host": "localhost", "port": 2525 }, "webhookUrl": "http://127.0.0.1:9/hook" }""", true)]
    public void In_the_sandbox_nobody_is_told_outside_this_machine(string json, bool stays)
    {
        var notify = Notify(json, "sandbox");
        Assert.Equal((stays, stays), (notify.Mail is not null, notify.WebhookUrl is not null));
        Assert.Equal(!stays, _warnings.Any(w => w.StartsWith("notify: in de zandbak gaat er niets naar buiten", StringComparison.Ordinal)));
    }

    // ---- what works and can be better

    IReadOnlyList<string> Warnings(string channel, string notify = """ "notify": { "webhookUrl": "https://h.example" }, """)
    {
        Write("syndicate.json", Good.Replace("\"live\",", $"\"live\",{notify}", StringComparison.Ordinal).Replace("\"type\": \"x\",", $"\"type\": \"x\", {channel}", StringComparison.Ordinal));
        var options = Load(out var errors);
        Assert.Empty(errors);
        return [.. options!.Warnings.Select(w => $"{w.Path}: {w.Message}")];
    }

    [Fact]
    public void Live_without_anybody_who_is_told_is_a_warning() =>
        Assert.StartsWith("notify: niemand krijgt bericht als een mens iets moet doen; vul mailTo en smtp in, of webhookUrl", Assert.Single(Warnings("", notify: "")), StringComparison.Ordinal);

    [Fact]
    public void A_webhook_without_TLS_is_a_warning() =>
        Assert.StartsWith("notify.webhookUrl: meldingen gaan onversleuteld", Assert.Single(Warnings("", """ "notify": { "webhookUrl": "http://h.example" }, """)), StringComparison.Ordinal);

    [Theory]
    [InlineData("quiet", "00:01:29", "00:01:30")]
    [InlineData("quiet", "00:00:01", "00:01:30")]
    [InlineData("requestTimeout", "00:00:01", "00:00:05")]
    [InlineData("listingLag", "00:00:01", "00:00:10")]
    [InlineData("lease", "00:00:01", "00:00:45")]
    [InlineData("holdAfter", "00:00:01", "00:03:00")]
    public void A_duration_below_its_floor_is_a_warning_that_names_the_floor_and_never_an_error(string key, string value, string floor)
    {
        var warning = Assert.Single(Warnings($"\"{key}\": \"{value}\","));
        Assert.StartsWith($"channels.x_midden.{key}: {value} is korter dan {floor}: ", warning, StringComparison.Ordinal);
        Assert.EndsWith($"Neem ten minste {floor}, of laat de sleutel weg", warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"quiet\": \"00:01:30\", \"requestTimeout\": \"00:00:05\", \"listingLag\": \"00:00:10\", \"lease\": \"00:00:15\", \"holdAfter\": \"00:03:00\",")]
    [InlineData("\"enabled\": false, \"quiet\": \"00:00:01\",")]
    public void What_is_at_its_floor_or_not_in_use_is_no_warning(string channel) =>
        Assert.DoesNotContain(Warnings(channel), w => w.StartsWith("channels.x_midden", StringComparison.Ordinal));

    [Fact]
    public void The_floor_of_the_quiet_time_follows_the_listings() =>
        Assert.Contains("is korter dan 00:02:00", Assert.Single(Warnings("\"listingLag\": \"00:00:20\", \"quiet\": \"00:01:59\",")), StringComparison.Ordinal);

    [Theory]
    [InlineData("Naam;1203@g.us;Amersfoort;;;;ja;", "")]
    [InlineData("Naam;1203@g.us;GM9999;;;;ja;", "municipality: 'GM9999'")]
    [InlineData("Naam;1203;GM0307;;;;ja;", "chatId: '1203' is geen WhatsApp-adres")]
    [InlineData("Naam;1203@g.us;GM0307;52,1;5,3;100;ja;", "")]
    [InlineData("Naam;1203@g.us;GM0307;52,1 N;5.3;100;ja;", "lat: '52,1 N'")]
    [InlineData("Naam;1203@g.us;GM0307;52.1;5.3;1.200;ja;", "radius: '1.200' is hier niet geldig; verwacht wordt een straal in hele meters zonder punt of komma, zoals 1200")]
    [InlineData("Naam;1203@g.us;GM0307;52.1;5.3;;ja;", "radius: ''")]
    [InlineData("Naam;1203@g.us;GM0307;0;0;100;ja;", "lat: '0 0 100'")]
    [InlineData("Naam;1203@g.us;GM0307;;;;yes;", "active: 'yes'")]
    [InlineData(";1203@g.us;GM0307;;;;ja;", "name: is leeg")]
    [InlineData("Naam;1203@g.us;GM0307;;;;ja;telegram", "channel: kanaal 'telegram' bestaat niet")]
    [InlineData("Naam;1203@g.us;GM0307;;;;ja;\nNaam;1204@g.us;GM0307;;;;ja;", "name: 'Naam' staat er al")]
    [InlineData("Naam;1203@g.us;GM0307;;;;ja;\nAnder;1203@g.us;GM0307;;;;ja;", "chatId: dit adres heeft 'Naam' al")]
    public void A_wrong_row_of_groups_is_told_with_its_line(string rows, string error)
    {
        Write("groups.csv", $"name;chatId;municipality;lat;lon;radius;active;channel\n{rows}\n");
        Write("syndicate.json", """{ "mode": "sandbox", "channels": { "whatsapp": { "type": "whatsapp" } } }""");
        var options = Load(out var errors);

        if (error.Length == 0)
            Assert.Equal("GM0307", Assert.Single(options!.Groups["whatsapp"]).Municipality);
        else
            Assert.Contains(errors, e => e.StartsWith("groups.csv:", StringComparison.Ordinal) && e.Contains(error, StringComparison.Ordinal));
    }

    [Fact]
    public void A_row_may_name_the_channel_that_posts_to_it_and_without_one_it_belongs_to_the_first_public_channel()
    {
        Write("groups.csv", "name;chatId;municipality;lat;lon;radius;active;channel\nA;1@g.us;GM0307;;;;ja;\nB;2@g.us;GM0307;;;;ja;tweede\nC;3@g.us;GM0307;;;;ja;proef\n");
        Write("syndicate.json", """{ "mode": "sandbox", "channels": { "proef": { "type": "whatsapp", "test": true }, "eerste": { "type": "whatsapp" }, "tweede": { "type": "whatsapp" } } }""");
        var options = Load(out _);

        Assert.Equal(["A"], options!.Groups["eerste"].Select(g => g.Name));
        Assert.Equal(["B"], options.Groups["tweede"].Select(g => g.Name));
        Assert.Equal(["C"], options.Groups["proef"].Select(g => g.Name));
    }

    [Theory]
    [InlineData("{{ kop }}", "laat bij actie, opened het kenmerk weg")]
    [InlineData("{% if kop %}", ":1:13: een blok is niet afgesloten; zet {% endif %} waar het ophoudt")]
    [InlineData("{{ kenmerk }}\n{% if phase == 'withdrawn' %}{{ tekst }}{% endif %}", ":2:33: 'tekst' bestaat niet; bedoelde u 'text'?")]
    [InlineData("{{ kenmerk }}{% if phase == 'withdrawn' %}{% assign a = 1 %}{% else %}{{ a }}{% endif %}", "gaat mis bij actie, opened: een naam heeft hier nog geen waarde")]
    [InlineData("{{ kenmerk }} www.example.com", "toont bij actie, opened 'www.example.com', en dat staat niet op de lijst")]
    [InlineData("{{ kenmerk }} @politie", "toont bij actie, opened '@politie'")]
    [InlineData("{{ kenmerk }} bel 030-1234567", "toont bij actie, opened '030-1234567'")]
    public void A_wrong_template_is_told_before_the_night_it_is_needed(string template, string error)
    {
        Write("templates/x.liquid", template);
        Assert.Contains(Errors(), e => e.StartsWith("templates/x.liquid", StringComparison.Ordinal) && e.Contains(error, StringComparison.Ordinal));
    }

    [Fact]
    public void One_fault_in_what_all_channels_share_is_told_once()
    {
        var shared = Path.Combine(_folder, "templates", "gedeeld.liquid");
        File.WriteAllText(shared, File.ReadAllText(shared).Replace("'Ziet u deze persoon?'", "‘Ziet u deze persoon?’", StringComparison.Ordinal));
        Assert.Contains("tussen rechte aanhalingstekens", Assert.Single(Errors()), StringComparison.Ordinal);

        Write("templates/x.liquid", "{{ kopp }} {{ kenmerk }}");
        Assert.Contains(Errors(), e => e.StartsWith("templates/x.liquid:1:4: 'kopp' bestaat niet; bedoelde u 'kop'?", StringComparison.Ordinal));
    }

    [Fact]
    public void A_channel_may_have_a_template_of_its_own_name()
    {
        Write("templates/x_midden.liquid", "Midden: {{ kop }} {{ kenmerk }}");
        var options = Load(out _);
        Assert.Equal("x_midden", options!.TemplateOf(options.Channels[0]));
    }

    [Fact]
    public void A_template_that_leaves_out_what_readers_need_is_warned_of()
    {
        Write("templates/x.liquid", "{{ text }} {{ kenmerk }}");
        var warnings = Load(out var errors)!.Warnings.Where(w => w.Path == "templates/x.liquid").Select(w => w.Message).ToList();

        Assert.Empty(errors);
        Assert.Equal(
            [
                "toont geen waarschuwing om niet zelf te benaderen bij actie, other; zet er {{ oproep }} in",
                "toont geen nummer om te bellen bij actie, other; zet er {{ oproep }} in",
                "klinkt bij een afsluiting als een oproep bij actie, other; zet er {{ kop }} in",
                "klinkt na intrekking als een oproep bij actie, other; zet er {{ kop }} in",
                "zegt niet dat een oefening een oefening is bij actie, other; zet er {{ kop }} in",
            ], warnings);
    }

    [Theory]
    [InlineData("x.missing-persn", "bedoelde u 'missing-person'?")]
    [InlineData("x.closed.opened", "of het tweede")]
    [InlineData("facebok", "hoort bij geen kanaal; bedoelde u 'facebook'?")]
    public void A_file_that_would_never_be_used_is_an_error(string name, string error)
    {
        Write($"templates/{name}.liquid", "{{ kenmerk }}");
        Assert.Contains(Errors(), e => e.StartsWith($"templates/{name}.liquid", StringComparison.Ordinal) && e.Contains(error, StringComparison.Ordinal));
    }

    [Fact]
    public void A_template_that_leaves_no_room_on_its_channel_is_an_error()
    {
        Write("templates/x.liquid", new string('x', 300) + "{{ kenmerk }}");
        Assert.Contains(Errors(), e => e.Contains("op x_midden mogen het er 280 zijn", StringComparison.Ordinal));
    }

    [Fact]
    public void A_template_in_another_spelling_than_utf8_is_an_error_at_its_place()
    {
        File.WriteAllBytes(Path.Combine(_folder, "templates/x.liquid"), [.. "{{ kenmerk }}\n"u8, 0xE9]);
        Assert.Contains(Errors(), e => e.StartsWith("templates/x.liquid:2:1: hier staat een teken dat niet te lezen is", StringComparison.Ordinal));
    }

    [Fact]
    public void What_texts_may_point_to_is_a_choice_but_112_stays()
    {
        Write("syndicate.json", Good.Replace("\"mode\"", """
            "texts": { "links": ["Zeist.nl", "politie.nl"], "phoneNumbers": ["112", "030-1234567"] }, "mode"
            """, StringComparison.Ordinal));
        var rules = Load(out var errors)!.Texts;

        Assert.Empty(errors);
        Assert.Equal(["zeist.nl", "politie.nl"], rules.LinkHosts);
        Assert.Equal(["112", "030-1234567"], rules.PhoneNumbers);
    }

    [Theory]
    [InlineData("\"links\": [\"https://zeist.nl/\"]", "texts.links: 'https://zeist.nl/' is geen naam van een site")]
    [InlineData("\"links\": \"zeist.nl\"", "texts.links: hier hoort een lijst te staan")]
    [InlineData("\"phoneNumbers\": [\"0900-8844\"]", "texts.phoneNumbers: 112 ontbreekt")]
    [InlineData("\"phoneNumbers\": [\"112\", \"het bureau\"]", "texts.phoneNumbers: 'het bureau' is geen telefoonnummer")]
    [InlineData("\"phonenumber\": [\"112\"]", "texts.phonenumber: deze sleutel is onbekend; bedoelde u 'phoneNumbers'?")]
    public void A_wrong_list_is_told(string texts, string error)
    {
        Write("syndicate.json", Good.Replace("\"mode\"", $"\"texts\": {{ {texts} }}, \"mode\"", StringComparison.Ordinal));
        Assert.Contains(Errors(), e => e.StartsWith(error, StringComparison.Ordinal));
    }

    [Fact]
    public void A_channel_without_a_template_is_an_error()
    {
        File.Delete(Path.Combine(_folder, "templates/x.liquid"));
        Assert.Contains(Errors(), e => e.StartsWith("channels.x_midden: er is geen sjabloon", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("00:00:01", 1)]
    [InlineData("02:00:00", 7200)]
    [InlineData("168:00:00", 604800)]
    [InlineData("7.00:00:00", 604800)]
    public void A_duration_is_hours_minutes_and_seconds(string text, double seconds) =>
        Assert.Equal(seconds, ConfigReader.ParseDuration(text)?.TotalSeconds);

    [Theory]
    [InlineData("60")]
    [InlineData("00:60:00")]
    [InlineData("-00:00:01")]
    [InlineData("1 uur")]
    [InlineData("")]
    public void What_is_no_duration_is_refused(string text) => Assert.Null(ConfigReader.ParseDuration(text));

    [Fact]
    public void Boundaries_are_read_by_their_code_and_what_is_wrong_with_them_is_told()
    {
        const string Square = """{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"GM0307"},"geometry":{"type":"Polygon","coordinates":[[[5.3,52.1],[5.5,52.1],[5.5,52.3],[5.3,52.3],[5.3,52.1]]]}}]}""";
        Write("syndicate.json", Good.Replace("\"mode\"", "\"region\": { \"boundaries\": \"grenzen.geojson\" }, \"mode\"", StringComparison.Ordinal));
        Write("grenzen.geojson", Square);
        Assert.NotNull(Load(out _));

        foreach (var wrong in new[] { "{", Square.Replace(",[5.3,52.1]]]", "]]", StringComparison.Ordinal), Square.Replace("\"code\"", "\"kode\"", StringComparison.Ordinal) })
        {
            Write("grenzen.geojson", wrong);
            Assert.Contains(Errors(), e => e.StartsWith("grenzen.geojson", StringComparison.Ordinal));
        }
    }
}
