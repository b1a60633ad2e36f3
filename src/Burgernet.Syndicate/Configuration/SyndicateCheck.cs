using System.Globalization;
using System.Text.Json;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Areas;
using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Routing;
using Burgernet.Syndicate.Templates;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Burgernet.Syndicate.Configuration;

/// <summary>Where the configuration is.</summary>
/// <param name="Config">The folder with syndicate.json, the tables and the templates.</param>
/// <param name="Data">The folder the program writes in.</param>
/// <param name="Secrets">A folder with one file per secret; it need not exist.</param>
public sealed record SyndicateFolders(string Config, string Data, string Secrets)
{
    /// <summary>Where a secret of this name belongs, for who has to put it there (Dutch).</summary>
    internal string PlaceOfSecret(string name) => $"in het bestand {Path.Combine(Secrets, name)} of in {ConfigurationLayers.EnvironmentPrefix}{name}";
}

/// <summary>
/// Reads the whole configuration and reports every fault in it at once. What it returns without faults can be run.
/// Environment (<c>SYNDICATE_channels__x__consumerKey</c>) beats the secrets folder beats syndicate.json.
/// </summary>
public sealed class SyndicateCheck(SyndicateFolders folders, IReadOnlyList<ChannelConnector> channelTypes, IReadOnlyList<SourceConnector> sourceTypes)
{
    /// <summary>The setting of a channel that says which file has its groups.</summary>
    internal const string GroupsKey = "groups";

    static readonly string[] Sections = ["mode", "storage", "region", "sources", "channels", "notAfter", "notify", "routes", "texts", "photos", "access", "approval", "notUrgent", "owners", "harvest", "mail", "reports"];

    // What the publishers of municipal boundaries call the CBS code.
    static readonly string[] CodeProperties = ["code", "statcode", "gemeentecode"];
    static readonly string[] NameProperties = ["name", "naam"];

    // More than a person reads.
    const int MostGaps = 8;
    const int MostNames = 4;

    static readonly Dictionary<AlertKind, TimeSpan> DefaultNotAfter = new()
    {
        [AlertKind.Actie] = TimeSpan.FromHours(2),
        [AlertKind.VermistKindAlert] = TimeSpan.FromHours(12),
        [AlertKind.AmberAlert] = TimeSpan.FromHours(24),
        [AlertKind.Burgernetmail] = TimeSpan.FromDays(7),
    };

    readonly List<ConfigurationError> _errors = [];
    readonly List<ConfigurationWarning> _warnings = [];
    ConfigurationLayers? _layers;

    /// <summary>The options, or null when there are errors.</summary>
    /// <param name="errors">Everything that is wrong.</param>
    /// <param name="running">The channels that are at work now, also if they are not in the configuration any more: they
    /// still need words.</param>
    public SyndicateOptions? Load(out IReadOnlyList<ConfigurationError> errors, IReadOnlyList<ChannelOptions>? running = null)
    {
        var options = Read(running ?? []);
        errors = Placed();
        return errors.Count > 0 || options is null ? null : options with { Warnings = [.. _warnings.Select(w => w with { Place = w.Place ?? PlaceOf(w.Path) })] };
    }

    /// <summary>Only the database, for commands that read beside a running service; null when there are errors.</summary>
    public StorageOptions? LoadStorage(out IReadOnlyList<ConfigurationError> errors)
    {
        var storage = Layers() is { } layers ? Storage(new ConfigReader(layers.Values, "", _errors, _warnings).Object("storage")) : null;
        errors = Placed();
        return errors.Count > 0 ? null : storage;
    }

    /// <summary>Where an item of syndicate.json was written, or would be; or the file that is called so.</summary>
    internal Place? PlaceOf(string path) => _layers?.PlaceOf(path) ?? (File.Exists(Path.Combine(folders.Config, path)) ? new Place(path) : null);

    /// <summary>Each with its place; those of syndicate.json first, from its top to its bottom.</summary>
    List<ConfigurationError> Placed() =>
    [
        .. _errors.Select(e => e with { Place = e.Place ?? PlaceOf(e.Path) })
            .OrderBy(e => e.Place is { File: ConfigurationLayers.FileName } place ? place.Line ?? 0 : int.MaxValue),
    ];

    ConfigurationLayers? Layers() => _layers ??= ConfigurationLayers.Read(folders, Sections, _errors);

    IReadOnlySet<string> Declared(string section) => _layers?.Declared(section) ?? new HashSet<string>();

    SyndicateOptions? Read(IReadOnlyList<ChannelOptions> running)
    {
        if (Layers() is not { } layers)
            return null;

        var root = new ConfigReader(layers.Values, "", _errors, _warnings);
        root.Expect("$schema");
        var mode = root.Choice("mode", "schrijf \"sandbox\" om te proberen of \"live\" om echt te plaatsen", SyndicateMode.Sandbox);
        var storage = Storage(root.Object("storage"));
        var maxInFlight = root.Number("maxInFlight", 256, 1, 1024);
        var areas = Region(root.Object("region"));
        var (source, channel) = (new SourceReader(folders, sourceTypes, mode), new ChannelReader(folders, channelTypes, mode));
        var sources = root.Named("sources", Declared("sources")).Select(s => source.Source(s.Name, s.Entry)).OfType<SourceOptions>().ToList();
        var channels = root.Named("channels", Declared("channels")).Select(c => channel.Channel(c.Name, c.Entry)).OfType<ChannelOptions>().ToList();
        var groups = GroupsOf(channels, areas);
        var notAfter = NotAfter(root.Object("notAfter"));
        var routes = new RouteReader(Declared("channels"), areas).Read(root, layers.Declared("routes"));
        var notify = new NotifyReader(folders, mode).Notify(root.Object("notify"));
        var texts = Texts(root.Object("texts"));
        var photos = Photos(root.Object("photos"), channels);
        var access = AccessReader.Read(root.Object("access"), name => $"zet het {folders.PlaceOfSecret(name)}");
        var approval = ApprovalOptions.Read(root.Object("approval"));
        var harvest = HarvestOptions.Read(root.Object("harvest"), Declared("channels"));
        var owners = Owners(root.Object("owners"));
        var notUrgent = NotUrgentOptions.Read(root.Object("notUrgent"));
        var mailRules = MailSettings.Rules(root.Object("mail"));
        var reports = ReportsReader.Reports(root.Object("reports"));
        if (reports.Schedule is not null && notify.Mail is null)
        {
            if (mode is SyndicateMode.Sandbox)
                Warn("reports", "er gaat geen rapport per mail uit: in de zandbak alleen via een mailserver op dit apparaat zelf (notify.smtp)");
            else
                Fault("reports.schedule", "er is geen mailserver; vul notify.mailTo en notify.smtp in, of haal schedule weg");
        }

        root.RejectUnknown();
        var templates = Templates([.. running, .. channels.Where(c => running.All(r => r.Name != c.Name))], texts);

        if (_errors.Count > 0)
            return null;
        WarnOfRouting(areas.Index, [.. channels.Select(c => new RoutedChannel(c.Name, c.Test, groups.GetValueOrDefault(c.Name)))], routes);
        return new SyndicateOptions
        {
            Mode = mode,
            Storage = storage,
            MaxInFlight = maxInFlight,
            Sources = sources,
            Channels = channels,
            Groups = groups,
            NotAfter = notAfter,
            Areas = areas.Index,
            Basisteams = areas.Basisteams ?? [],
            MailRules = mailRules,
            Routes = routes,
            Templates = templates,
            Texts = texts,
            Photos = photos,
            Notify = notify,
            Access = access,
            Approval = approval,
            NotUrgent = notUrgent,
            Owners = owners,
            Harvest = harvest,
            Reports = reports,
            Warnings = _warnings,
        };
    }

    // ---- storage

    StorageOptions Storage(ConfigReader storage)
    {
        var provider = storage.Text("provider", "sqlite");
        var connectionString = storage.Text("connectionString");
        storage.RejectUnknown();
        switch (provider)
        {
            case "postgres" when connectionString is null:
                storage.Fault("connectionString", $"ontbreekt; zet bijvoorbeeld Host=db;Database=syndicate;Username=syndicate;Password=... {folders.PlaceOfSecret("storage__connectionString")}");
                break;
            case "postgres":
                return Checked(StorageProvider.Postgres, () => new NpgsqlConnectionStringBuilder(connectionString) is { Host.Length: > 0 } server ? server.ToString() : null,
                    "is geen verbinding voor postgres; schrijf bijvoorbeeld Host=db;Database=syndicate;Username=syndicate;Password=...");
            case "sqlite":
                return Checked(StorageProvider.Sqlite, () => (connectionString is null ? new SqliteConnectionStringBuilder { DataSource = Path.Combine(folders.Data, "syndicate.db") } : new SqliteConnectionStringBuilder(connectionString)).ToString(),
                    "is geen verbinding voor sqlite; schrijf bijvoorbeeld Data Source=/data/syndicate.db, of laat de sleutel weg");
            default:
                storage.Fault("provider", $"'{provider}' is hier niet geldig; verwacht wordt sqlite of postgres");
                break;
        }

        return new StorageOptions(StorageProvider.Sqlite, new Secret(""));

        // The text itself may hold a password: it is not repeated.
        StorageOptions Checked(StorageProvider kind, Func<string?> read, string fault)
        {
            try
            {
                if (read() is { } good)
                    return new StorageOptions(kind, new Secret(good));
            }
            catch (Exception exception) when (exception is ArgumentException or FormatException or KeyNotFoundException)
            {
            }

            storage.Fault("connectionString", fault);
            return new StorageOptions(kind, new Secret(""));
        }
    }

    // ---- region

    RegionFiles Region(ConfigReader region)
    {
        var registry = region.Text("municipalities", "municipalities.csv")!;
        var boundaries = region.Text("boundaries");
        var (drawn, teams) = (IfThere(region, "areas", RegionFiles.DrawnFile), IfThere(region, "basisteams", "basisteams.csv"));
        region.RejectUnknown();

        var files = new RegionFiles(
            OpenConfigFile(region.PathOf("municipalities"), registry, bytes => new CsvFile(registry, _errors).Municipalities(bytes)) ?? [],
            boundaries is null ? null : OpenConfigFile(region.PathOf("boundaries"), boundaries, bytes => new GeoJsonFile(boundaries, CodeProperties, "GM0307", _errors).Read(bytes)),
            drawn is null ? null : OpenConfigFile(region.PathOf("areas"), drawn, bytes => new GeoJsonFile(drawn, NameProperties, "Schothorst", _errors).Read(bytes)));
        return teams is null ? files : files with
        {
            Basisteams = OpenConfigFile(region.PathOf("basisteams"), teams, bytes => new CsvFile(teams, _errors).Basisteams(bytes, files)),
        };
    }

    /// <summary>A file that is read when it is named or simply there.</summary>
    string? IfThere(ConfigReader region, string key, string usual) =>
        region.Text(key) ?? (File.Exists(Path.Combine(folders.Config, usual)) ? usual : null);

    // ---- groups

    Dictionary<string, IReadOnlyList<Group>> GroupsOf(IReadOnlyList<ChannelOptions> channels, RegionFiles region)
    {
        var withGroups = channels.Where(c => channelTypes.Any(t => t.Type == c.Type && t.HasGroups)).ToList();
        var names = withGroups.Select(c => c.Name).ToList();
        var groups = new Dictionary<string, IReadOnlyList<Group>>();
        foreach (var file in withGroups.GroupBy(c => c.Settings[GroupsKey]))
        {
            // A row that names no channel belongs to the first that is public; a channel for tests takes only rows that name it.
            var owner = file.FirstOrDefault(c => !c.Test) ?? file.First();
            var rows = OpenConfigFile($"channels.{owner.Name}.groups", file.Key, bytes => new CsvFile(file.Key, _errors).Groups(bytes, names, region)) ?? [];
            foreach (var channel in file)
                groups[channel.Name] = [.. rows.Where(g => g.Channel is null ? channel == owner : g.Channel == channel.Name)];
        }

        return groups;
    }

    // ---- routes

    void WarnOfRouting(AreaIndex areas, IReadOnlyList<RoutedChannel> channels, IReadOnlyList<RouteRule>? routes)
    {
        if (channels.All(c => c.Test))
        {
            Warn("channels", "er staat geen openbaar kanaal aan, dus er wordt niets geplaatst; zet er een aan");
            return;
        }

        foreach (var twice in channels.Where(c => !c.Test).SelectMany(c => c.Groups ?? [], (c, g) => (Channel: c.Name, Group: g)).Where(g => g.Group.Active).GroupBy(g => g.Group.ChatId).Where(g => g.Count() > 1))
            Warn($"channels.{twice.Last().Channel}.groups", $"'{twice.Last().Group.Name}' heeft hetzelfde adres als '{twice.First().Group.Name}' bij kanaal {twice.First().Channel} en kan een bericht dubbel krijgen; laat die groep bij één kanaal staan");
        foreach (var unused in channels.Where(c => !c.Test && routes is not null && !routes.Any(r => r.Channels.Contains(c.Name))))
            Warn($"channels.{unused.Name}", "geen enkele route gaat hierheen, dus dit kanaal krijgt niets; noem het bij een route of zet enabled op false");
        var gaps = Coverage.Gaps(areas, channels, routes, TimeProvider.System.GetUtcNow());
        foreach (var gap in gaps.Take(MostGaps))
            Warn(routes is null ? "channels" : "routes", $"{Describe(gap)} bereikt geen enkel kanaal; {(routes is null ? "voeg een kanaal of groepen toe" : "voeg als vangnet een route zonder voorwaarden toe")}");
        if (gaps.Count > MostGaps)
            Warn("routes", $"en zo zijn er nog {gaps.Count - MostGaps}");
    }

    static string Describe(Gap gap)
    {
        var names = gap.Municipalities.Select(m => m.Name).ToList();
        var categories = gap.Categories.Count == 0 ? "" : $" over {string.Join(", ", gap.Categories.Select(RouteWords.Of))}";
        var where = names.Count == 0 ? "" : names.Count <= MostNames ? $" in {string.Join(", ", names)}" : $" in {string.Join(", ", names.Take(MostNames))} en {names.Count - MostNames} andere gemeenten";
        var when = gap.At is { } at ? $" (bijvoorbeeld {DutchTime.Of(at).ToString("dddd H.mm 'uur'", CultureInfo.GetCultureInfo("nl-NL"))})" : "";
        return $"een {RouteWords.Of(gap.Kind)}{categories}{where}{when}";
    }

    // ---- expiry

    static Dictionary<AlertKind, TimeSpan> NotAfter(ConfigReader notAfter)
    {
        var limits = DefaultNotAfter.ToDictionary(pair => pair.Key, pair => notAfter.Duration(Wire.Name(pair.Key), pair.Value, TimeSpan.FromSeconds(1)));
        notAfter.RejectUnknown();
        return limits;
    }

    Dictionary<AlertKind, string> Owners(ConfigReader owners)
    {
        var named = new Dictionary<AlertKind, string>();
        foreach (var kind in DefaultNotAfter.Keys)
        {
            if (owners.Text(Wire.Name(kind)) is not { } source)
                continue;
            if (Declared("sources").Contains(source))
                named[kind] = source;
            else
                owners.Fault(Wire.Name(kind), $"bron '{source}' bestaat niet; kies {string.Join(", ", Declared("sources"))}");
        }

        owners.RejectUnknown();
        return named;
    }

    // ---- texts

    static NeutraliserRules Texts(ConfigReader texts)
    {
        var rules = new NeutraliserRules
        {
            LinkHosts = [.. texts.List("links", NeutraliserRules.Default.LinkHosts).Select(host => host.ToLowerInvariant())],
            PhoneNumbers = texts.List("phoneNumbers", NeutraliserRules.Default.PhoneNumbers),
        };
        texts.RejectUnknown();
        foreach (var host in rules.LinkHosts.Where(host => Uri.CheckHostName(host) is not UriHostNameType.Dns || !host.Contains('.', StringComparison.Ordinal)))
            texts.Fault("links", $"'{host}' is geen naam van een site; schrijf alleen de naam, zoals politie.nl");
        foreach (var number in rules.PhoneNumbers.Where(number => number.Count(char.IsAsciiDigit) is < 3 or > 15 || !number.All(c => char.IsAsciiDigit(c) || c is ' ' or '-' or '(' or ')')))
            texts.Fault("phoneNumbers", $"'{number}' is geen telefoonnummer; schrijf het zoals 0900-8844 of 030-1234567");
        if (!rules.PhoneNumbers.Contains("112"))
            texts.Fault("phoneNumbers", "112 ontbreekt; zonder 112 in de lijst zou het uit elke oproep verdwijnen");
        return rules;
    }

    // ---- photos

    PhotoOptions Photos(ConfigReader photos, IReadOnlyList<ChannelOptions> channels)
    {
        var permission = photos.Text("permission")?.Trim();
        var options = new PhotoOptions { Permission = permission is { Length: > 0 } ? permission : null };
        options = options with { Hosts = [.. photos.List("hosts", options.Hosts).Select(host => host.ToLowerInvariant())] };
        photos.RejectUnknown();
        foreach (var host in options.Hosts.Where(host => Uri.CheckHostName(host) is not UriHostNameType.Dns || !host.Contains('.', StringComparison.Ordinal)))
            photos.Fault("hosts", $"'{host}' is geen naam van een site; schrijf alleen de naam, zoals politie.nl");
        foreach (var channel in channels.Where(c => c.Photos is PhotoUse.Reupload && options.Permission is null))
            _errors.Add(new ConfigurationError($"channels.{channel.Name}.photos",
                "een kopie van een foto plaatsen (reupload) mag alleen met toestemming; schrijf in photos.permission van wie, van welke dag en waar die ligt, of kies link"));
        return options;
    }

    // ---- templates

    TemplateSet Templates(IReadOnlyList<ChannelOptions> channels, NeutraliserRules rules)
    {
        var folder = Path.GetFullPath(Path.Combine(folders.Config, "templates"));
        var sources = new Dictionary<string, string>();
        foreach (var file in Directory.Exists(folder) ? Directory.GetFiles(folder, "*.liquid") : [])
        {
            // As bytes, so that a file that is no template is not read at all.
            if (new FileInfo(file).Length > 4 * TemplateSet.LongestSource)
                Fault($"templates/{Path.GetFileName(file)}", $"is te groot; een sjabloon telt hoogstens {TemplateSet.LongestSource} tekens");
            else if (OpenConfigFile($"templates/{Path.GetFileName(file)}", file, bytes => new StreamReader(new MemoryStream(bytes)).ReadToEnd()) is { } source)
                sources[Path.GetFileNameWithoutExtension(file)] = source;
        }

        var before = _errors.Count;
        string[] owners = [TemplateSet.Shared, .. channelTypes.Select(t => t.Type), .. Declared("channels"), .. channels.Select(c => c.Name)];
        foreach (var name in sources.Keys.Where(name => !owners.Contains(name.Split('.')[0])))
            Fault($"templates/{name}.liquid", $"hoort bij geen kanaal; {Suggestion.Hint(name.Split('.')[0], owners)}");
        var templates = new TemplateSet(sources, out var faults, channels.ToDictionary(c => c.Name, c => c.Type));
        foreach (var fault in faults)
            Fault(fault);

        var trial = new TemplateTrial(templates, new TextNeutraliser(rules));
        foreach (var channel in channels)
        {
            if (!sources.ContainsKey(channel.Name) && !sources.ContainsKey(channel.Type))
                Fault($"channels.{channel.Name}", Declared("channels").Contains(channel.Name)
                    ? $"er is geen sjabloon; maak templates/{channel.Name}.liquid of templates/{channel.Type}.liquid"
                    : $"dit kanaal draait nog en heeft zijn sjabloon nodig; zet templates/{channel.Name}.liquid of templates/{channel.Type}.liquid terug tot na de herstart");
            // What is wrong already would only be told again.
            else if (_errors.Count == before && trial.Try(channel.Name, channelTypes.Single(t => t.Type == channel.Type).Limit) is { } fault)
                Fault(fault);
            else if (_errors.Count == before)
                foreach (var lack in trial.Lacks(channel.Name))
                    Warn($"templates/{lack.Template}.liquid", lack.Reason);
        }

        return templates;
    }

    // ---- files

    T? OpenConfigFile<T>(string item, string file, Func<byte[], T> read) where T : class
    {
        var path = Path.GetFullPath(file, Path.GetFullPath(folders.Config));
        try
        {
            return read(File.ReadAllBytes(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Fault(item, $"bestand '{path}' kan niet gelezen worden; zet het neer of pas de sleutel aan");
            return null;
        }
    }

    void Fault(TemplateFault fault) =>
        Fault(new Place($"templates/{fault.Template}.liquid", fault.Line > 0 ? fault.Line : null, fault.Line > 0 ? fault.Column : null), fault.Reason);

    void Warn(string path, string message) => _warnings.Add(new ConfigurationWarning(path, message));

    void Fault(string path, string message) => _errors.Add(new ConfigurationError(path, message));

    void Fault(Place place, string message) => _errors.Add(new ConfigurationError(place.File, message) { Place = place });
}
