using System.Globalization;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Areas;
using Burgernet.Syndicate.Routing;

namespace Burgernet.Syndicate.Configuration;

/// <summary>Reads <c>routes</c> of syndicate.json.</summary>
/// <param name="channels">The channels in the file, those that are switched off included.</param>
/// <param name="region">What places and areas there are.</param>
sealed class RouteReader(IReadOnlySet<string> channels, RegionFiles region)
{
    static readonly IReadOnlyList<string> None = [];
    static readonly TimeSpan UsualSpread = TimeSpan.FromMinutes(10);

    /// <summary>The routes in the order of their names; null where there is no such section.</summary>
    /// <param name="declared">The names in the file; null where it has no such object.</param>
    public IReadOnlyList<RouteRule>? Read(ConfigReader root, IReadOnlySet<string>? declared)
    {
        var routes = root.Named("routes", declared ?? new HashSet<string>()).Select(r => Route(r.Name, r.Entry)).ToList();
        var there = declared is not null || root.Has("routes");
        if (there && routes.Count == 0)
            root.Fault("routes", "hier hoort per route een naam te staan: { \"naam\": { \"channels\": [\"x\"] } }; zonder routes gaat elk openbaar bericht naar elk kanaal zonder test: haal dan de sleutel weg");
        return there ? routes : null;
    }

    RouteRule Route(string name, ConfigReader entry)
    {
        var kinds = Words<AlertKind>(entry, "kinds");
        var urgent = entry.Text("urgency") switch
        {
            null => (bool?)null,
            "urgent" => true,
            "not-urgent" => false,
            var other => Wrong<bool?>(entry, "urgency", $"'{other}' is hier niet geldig; verwacht wordt urgent of not-urgent", null),
        };
        var area = entry.Has("area") ? entry.Object("area") : null;
        entry.Expect("area");
        var rule = new RouteRule
        {
            Name = name,
            Channels = Channels(entry),
            Kinds = kinds,
            Categories = Words<AlertCategory>(entry, "categories"),
            Urgent = urgent,
            Places = [.. ((RoutePlaces?[])[Municipalities(entry), Teams(entry, "districts", t => t.District), Teams(entry, "basisteams", t => t.Name)]).OfType<RoutePlaces>()],
            Circle = area?.Has("polygon") is false ? CircleOf(area) : null,
            Polygon = area?.Has("polygon") is true ? PolygonOf(area) : null,
            Time = entry.Has("time") ? Hours(entry.Object("time")) : null,
            Deliver = entry.Has("deliver") ? Window(entry.Object("deliver")) : null,
        };
        entry.Expect("time");
        entry.Expect("deliver");
        entry.RejectUnknown();

        if (rule.Deliver is not null && rule.Urgent is not false && (kinds.Count == 0 || kinds.Any(k => k.IsUrgent())))
            entry.Fault("deliver", "een dringend bericht wacht nooit op een bezorgvenster; zet bij deze route \"urgency\": \"not-urgent\", en maak voor wat dringend is een eigen route");
        if (rule.Urgent is { } wanted && kinds.Count > 0 && kinds.All(k => k.IsUrgent() != wanted))
            entry.Fault("urgency", $"past bij geen van de kinds, dus deze route brengt nooit iets; alleen {Wire.Name(AlertKind.Burgernetmail)} is not-urgent");
        return rule;
    }

    HashSet<string> Channels(ConfigReader entry)
    {
        var named = List(entry, "channels");
        if (!entry.Has("channels"))
            entry.Fault("channels", $"ontbreekt; noem de kanalen waar deze route heen gaat: {string.Join(", ", channels)}");
        foreach (var unknown in named.Where(n => !channels.Contains(n)))
            entry.Fault("channels", $"kanaal '{unknown}' bestaat niet; kies {string.Join(", ", channels)}");
        return [.. named];
    }

    static HashSet<T> Words<T>(ConfigReader entry, string key) where T : struct, Enum
    {
        var values = new HashSet<T>();
        foreach (var written in List(entry, key))
        {
            if (Wire.TryParse(written, out T value))
                values.Add(value);
            else
                entry.Fault(key, $"'{written}' is hier niet geldig; kies {string.Join(", ", Wire.All<T>())}");
        }

        return values;
    }

    RoutePlaces? Municipalities(ConfigReader entry)
    {
        var codes = new Dictionary<string, IReadOnlySet<string>>();
        foreach (var written in List(entry, "municipalities"))
        {
            if (region.Find(written) is { } municipality)
                codes[municipality.Name] = new HashSet<string> { municipality.Code };
            else
                entry.Fault("municipalities", $"'{written}' staat niet in het gemeentebestand; schrijf de CBS-code (GM0307) of de naam");
        }

        return codes.Count == 0 ? null : new RoutePlaces("municipalities", codes);
    }

    RoutePlaces? Teams(ConfigReader entry, string key, Func<Basisteam, string?> nameOf)
    {
        var codes = new Dictionary<string, IReadOnlySet<string>>();
        var known = (region.Basisteams ?? []).Where(t => nameOf(t) is not null).ToLookup(t => nameOf(t)!, StringComparer.OrdinalIgnoreCase);
        foreach (var written in List(entry, key))
        {
            if (known.Contains(written))
                codes[known[written].Select(nameOf).First()!] = known[written].Select(t => t.Municipality).ToHashSet();
            else
                entry.Fault(key, region.Basisteams is null ? "er is geen basisteams.csv; maak dat bestand met de kolommen basisteam;municipality;district"
                    : known.Count == 0 ? "basisteams.csv heeft geen kolom district; voeg die toe"
                    : $"'{written}' staat niet in basisteams.csv; bekend zijn {string.Join(", ", known.Select(t => t.Key))}");
        }

        return codes.Count == 0 ? null : new RoutePlaces(key, codes);
    }

    static Circle? CircleOf(ConfigReader area)
    {
        var (lat, lon, radius) = (Number("lat"), Number("lon"), Number("radius"));
        area.RejectUnknown();
        return lat is null || lon is null || radius is null ? null
            : Circle.Plausible(lat, lon, radius) ?? Wrong<Circle?>(area, "lat", "hier hoort een breedtegraad, lengtegraad en straal (meters) in Nederland te staan", null);

        double? Number(string key)
        {
            if (area.Required(key, "een gebied is { \"lat\": 52.18, \"lon\": 5.39, \"radius\": 2000 } of { \"polygon\": \"naam\" }") is not { Length: > 0 } text)
                return null;
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value
                : Wrong<double?>(area, key, $"'{text}' is geen getal; schrijf het met een punt, zoals 52.18", null);
        }
    }

    Ground? PolygonOf(ConfigReader area)
    {
        var name = area.Required("polygon", "noem een getekend gebied");
        area.RejectUnknown();
        return name.Length == 0 ? null : region.Area(name) ?? Wrong<Ground?>(area, "polygon", $"'{name}' is hier niet geldig; verwacht wordt {region.AreaHint}", null);
    }

    internal static DeliveryWindow Window(ConfigReader entry)
    {
        var spread = entry.Duration("spread", UsualSpread, TimeSpan.Zero);
        var hours = Hours(entry);
        if (spread > hours.Length)
            entry.Fault("spread", "is langer dan het bezorgvenster zelf; wat wachtte moet daarbinnen passen");
        return new DeliveryWindow(hours, spread);
    }

    static DutchHours Hours(ConfigReader entry)
    {
        var (from, to) = (Clock("from"), Clock("to"));
        var days = List(entry, "days");
        foreach (var unknown in days.Where(d => DutchHours.DayNamed(d) is null))
            entry.Fault("days", $"'{unknown}' is geen dag; kies {string.Join(", ", DutchHours.DayNames)}");
        entry.RejectUnknown();
        if (from is not null && from == to)
            entry.Fault("to", "is gelijk aan from; laat het venster weg als het altijd open is");
        return new DutchHours(from ?? default, to ?? default, days.Count == 0 ? DutchHours.EveryDay : days.Select(DutchHours.DayNamed).OfType<DayOfWeek>().ToHashSet());

        TimeOnly? Clock(string key)
        {
            if (entry.Required(key, "schrijf een tijd als 07:00") is not { Length: > 0 } text)
                return null;
            return TimeOnly.TryParseExact(text == "24:00" ? "00:00" : text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time
                : Wrong<TimeOnly?>(entry, key, $"'{text}' is geen tijd; schrijf uren en minuten, zoals 07:00", null);
        }
    }

    // An empty list may mean all or nothing; whoever wrote it must say.
    static IReadOnlyList<string> List(ConfigReader entry, string key)
    {
        var values = entry.List(key, None);
        if (values.Count == 0 && values != None)
            entry.Fault(key, "de lijst is leeg; vul haar, of haal de sleutel weg als het niet uitmaakt");
        return values;
    }

    static T Wrong<T>(ConfigReader entry, string key, string message, T fallback)
    {
        entry.Fault(key, message);
        return fallback;
    }
}
