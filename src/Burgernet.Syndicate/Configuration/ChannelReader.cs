using Burgernet.Syndicate.Channels;

namespace Burgernet.Syndicate.Configuration;

/// <summary>Reads one channel among <c>channels</c> in syndicate.json, of whatever type it is.</summary>
sealed class ChannelReader(SyndicateFolders folders, IReadOnlyList<ChannelConnector> types, SyndicateMode mode)
{
    // Listings were seen to be right within seconds; this is what we allow them at least.
    static readonly TimeSpan ListingMargin = TimeSpan.FromSeconds(30);
    static readonly TimeSpan UsualLag = TimeSpan.FromSeconds(10);

    // Less is cut off while a platform is merely slow.
    static readonly TimeSpan ShortestTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Null when it is off or cannot be used; why is among the faults.</summary>
    public ChannelOptions? Channel(string name, ConfigReader entry)
    {
        var typeName = entry.Required("type", $"kies {string.Join(", ", types.Select(t => t.Type))}");
        var type = types.FirstOrDefault(t => t.Type == typeName);
        if (type is null && typeName.Length > 0)
            entry.Fault("type", $"'{typeName}' bestaat niet; kies {string.Join(", ", types.Select(t => t.Type))}");

        var enabled = entry.Flag("enabled", true);
        var publish = entry.Flag("publish", true);
        var baseUrl = entry.Url("baseUrl", type?.DefaultBaseUrl);
        var test = entry.Flag("test", false);
        var maxInFlight = entry.Number("maxInFlight", 1, 1, 256);
        var timeout = entry.Duration("requestTimeout", TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(1));
        var listingLag = entry.Duration("listingLag", UsualLag, TimeSpan.FromSeconds(1));
        var certain = (type?.LongestEffect ?? TimeSpan.Zero) + TimeSpan.FromTicks(Math.Max(ListingMargin.Ticks, 3 * listingLag.Ticks));
        var quiet = entry.Duration("quiet", certain, TimeSpan.FromSeconds(1));
        var holdAfter = entry.Has("holdAfter") ? entry.Duration("holdAfter", TimeSpan.Zero, TimeSpan.FromSeconds(1)) : (TimeSpan?)null;
        entry.Expect("holdAfter");
        var lease = entry.Duration("lease", 3 * timeout, TimeSpan.FromSeconds(1));
        var atClose = entry.Has("atClose") ? entry.Choice("atClose", "", AtClose.Keep, required: false) : (AtClose?)null;
        entry.Expect("atClose");
        var photos = entry.Choice("photos", "", PhotoUse.Link, required: false);
        var links = type?.LinkPrice is { } price ? Links(entry, price) : null;
        var pacing = entry.Object("pacing");
        var min = pacing.Duration("min", TimeSpan.Zero, TimeSpan.Zero);
        var max = pacing.Duration("max", min, TimeSpan.Zero);
        if (max < min)
            pacing.Fault("max", "is korter dan min; de pauze ligt tussen die twee");
        pacing.RejectUnknown();

        var settings = new Dictionary<string, string>();
        foreach (var setting in type?.Settings ?? [])
        {
            var value = setting.Default is { } fallback ? entry.Text(setting.Name, fallback) : entry.Required(setting.Name, $"een kanaal van het type {type!.Type} heeft dit nodig");
            settings[setting.Name] = value ?? "";
        }

        var secrets = new Dictionary<string, Secret>();
        foreach (var secret in type?.Secrets ?? [])
        {
            // What is not needed may be absent: the sandbox brings its own, and what is not published needs none.
            var value = mode is SyndicateMode.Live && enabled && publish
                ? entry.Required(secret, $"zet het {folders.PlaceOfSecret($"channels__{name}__{secret}")}")
                : entry.Text(secret);
            if (!string.IsNullOrEmpty(value))
                secrets[secret] = new Secret(value.Trim());
        }

        foreach (var secret in type?.OptionalSecrets ?? [])
            if (entry.Text(secret) is { } value)
                secrets[secret] = new Secret(value.Trim());
        if (type?.FaultOf?.Invoke(settings, secrets) is { } wrong)
            entry.Fault(wrong.Key, wrong.Fault);

        entry.RejectUnknown();
        if (enabled)
        {
            Floor(entry, "quiet", quiet, certain, "een plaatsing waarvan de uitkomst onzeker is kan dan dubbel komen");
            Floor(entry, "requestTimeout", timeout, ShortestTimeout, "een kanaal dat alleen traag is levert dan steeds onzekere plaatsingen op");
            Floor(entry, "listingLag", listingLag, UsualLag, "een nieuw bericht is op het kanaal soms pas later terug te lezen");
            Floor(entry, "lease", lease, 3 * timeout, "een ander proces kan een plaatsing dan overnemen terwijl zij nog loopt");
            if (holdAfter is { } asked)
                Floor(entry, "holdAfter", asked, 2 * quiet, "u wordt dan gevraagd te beslissen voordat het programma dat zelf kon");
        }

        return type is null || baseUrl is null || !enabled ? null : new ChannelOptions
        {
            Name = name,
            Type = type.Type,
            BaseUrl = baseUrl,
            Test = test,
            Publish = publish,
            MaxInFlight = maxInFlight,
            Pacing = new Pacing(min, max),
            RequestTimeout = timeout,
            ListingLag = listingLag,
            Quiet = quiet,
            HoldAfter = holdAfter,
            Lease = lease,
            AtClose = atClose,
            Photos = photos,
            Links = links,
            Settings = settings,
            Secrets = secrets,
        };
    }

    static LinkLimit? Links(ConfigReader entry, decimal usualPrice)
    {
        var price = entry.Amount("linkPrice", usualPrice, 0, 100);
        var posts = entry.Number("linkBudget", 0, 0, 1_000_000);
        if (entry.Has("linkPrice") && !entry.Has("linkBudget"))
            entry.Warn("linkPrice", "telt alleen samen met linkBudget; zet dat erbij, of laat deze sleutel weg");
        return entry.Has("linkBudget") ? new LinkLimit(posts, price) : null;
    }

    static void Floor(ConfigReader entry, string key, TimeSpan value, TimeSpan floor, string consequence)
    {
        if (value < floor)
            entry.Warn(key, $"{value:c} is korter dan {floor:c}: {consequence}. Neem ten minste {floor:c}, of laat de sleutel weg");
    }
}
