using System.Text.Json;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Areas;

namespace Burgernet.Syndicate.Connectors.Sources.Folder;

/// <summary>
/// One message in a file of our own format, for whoever has an appeal but no feed. Strict on purpose: a person or a
/// script wrote it for us and can mend it, so every mistake is named with its place and the way out, all at once.
/// </summary>
sealed class OwnFormat
{
    const int LongestText = 100_000;
    const int LongestLine = 1_000;
    const int LongestId = 100;

    static readonly string[] Known =
    [
        "id", "kind", "phase", "sent", "text", "title", "category", "municipality", "area", "photo", "exercise", "expires", "outcome",
    ];

    static readonly Dictionary<string, AlertKind> Kinds = Names<AlertKind>();

    static readonly Dictionary<string, AlertCategory> Categories = Names<AlertCategory>();

    static readonly Dictionary<string, AlertPhase> Phases =
        Names(AlertPhase.Opened, AlertPhase.Updated, AlertPhase.Closed, AlertPhase.Withdrawn);

    readonly List<string> _errors = [];

    OwnFormat()
    {
    }

    /// <summary>The alert, or all that is wrong with the file.</summary>
    public static (Alert? Alert, IReadOnlyList<string> Errors) Read(JsonElement root, FeedContext context)
    {
        var format = new OwnFormat();
        var alert = format.ReadAlert(root, context);
        return format._errors.Count == 0 ? (alert, []) : (null, format._errors);
    }

    Alert? ReadAlert(JsonElement root, FeedContext context)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            _errors.Add($"het bestand is {root.Describe()}; schrijf één bericht als object, {{ \"id\": …, \"kind\": …, \"phase\": …, \"sent\": …, \"text\": … }}");
            return null;
        }

        CheckKeys(root, "", Known);
        var id = Text(root, "id", "hetzelfde voor elk bericht van één oproep", required: true, LongestId);
        if (id is not null && id.Any(char.IsControl))
            _errors.Add("id: heeft een regeleinde of een ander stuurteken; gebruik letters, cijfers en streepjes");
        var kind = Choice(root, "kind", Kinds, required: true);
        var phase = Choice(root, "phase", Phases, required: true);
        var ends = phase is AlertPhase.Closed or AlertPhase.Withdrawn;
        var sent = Moment(root, "sent", required: true);
        if (sent is not null && context.IsAhead(sent.Value))
            _errors.Add("sent: ligt meer dan 10 minuten in de toekomst; schrijf wanneer het bericht is verzonden");
        var expires = Moment(root, "expires", required: false);
        if (sent is not null && expires <= sent)
            _errors.Add("expires: is niet later dan sent; laat het weg als de gewone grens goed is");
        var text = Text(root, "text", "de woorden voor het publiek", required: true, LongestText, mayBeEmpty: ends);
        var title = Text(root, "title", "één regel boven de woorden", required: false, LongestLine);
        var category = Choice(root, "category", Categories, required: false);
        var municipality = Text(root, "municipality", "de naam of de CBS-code", required: false, LongestLine);
        var outcome = Text(root, "outcome", "hoe het afliep", required: false, LongestLine);
        var exercise = YesNo(root, "exercise");
        var area = ReadArea(root);
        var photo = ReadPhoto(root);

        if (_errors.Count > 0)
            return null;

        return new Alert
        {
            Source = context.Source,
            SourceId = id!,
            Kind = kind!.Value,
            Category = category ?? AlertClassifier.Categorise(kind.Value, null, $"{title}\n{text}"),
            IssuedAt = sent!.Value,
            Messages =
            [
                new AlertMessage
                {
                    Key = $"{Name(phase!.Value)}-{sent.Value.ToUnixTimeSeconds()}",
                    Phase = phase.Value,
                    SentAt = sent.Value,
                    Title = title,
                    Text = text!,
                },
            ],
            Ended = ends,
            EndedAt = ends ? sent : null,
            Municipality = municipality,
            Area = area,
            // A photo lives no longer than its alert.
            Photo = ends ? null : photo,
            Exercise = context.Exercise || (exercise ?? AlertClassifier.IsExercise(null, title, text!)),
            ExpiresAt = expires,
            Outcome = outcome,
        };
    }

    Circle? ReadArea(JsonElement root)
    {
        if (!Has(root, "area", out var area))
            return null;
        if (!IsObject(area, "area", "{ \"lat\": 52.09, \"lon\": 5.12, \"radius\": 1500 }"))
            return null;

        CheckKeys(area, "area.", ["lat", "lon", "radius"]);
        var before = _errors.Count;
        var lat = Number(area, "lat", "graden noord, zoals 52.09");
        var lon = Number(area, "lon", "graden oost, zoals 5.12");
        var radius = Number(area, "radius", "meters, zoals 1500");
        if (_errors.Count > before)
            return null;

        if (Circle.Plausible(lat, lon, radius) is { } circle)
            return circle;
        _errors.Add("area: is geen cirkel in of bij Nederland; lat is ongeveer 52, lon ongeveer 5, radius is in meters, meer dan 0 en hoogstens 400000");
        return null;
    }

    AlertPhoto? ReadPhoto(JsonElement root)
    {
        if (!Has(root, "photo", out var photo))
            return null;
        if (!IsObject(photo, "photo", "{ \"url\": \"https://…\", \"alt\": \"…\" }"))
            return null;

        CheckKeys(photo, "photo.", ["url", "alt"]);
        var url = Text(photo, "url", "een adres dat begint met https://", required: true, LongestLine, prefix: "photo.");
        var alt = Text(photo, "alt", "wat de foto toont", required: false, LongestLine, prefix: "photo.");
        if (url is not null && !(Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme == Uri.UriSchemeHttps))
            _errors.Add("photo.url: is geen volledig https-adres; alleen https mag");
        return url is null ? null : new AlertPhoto(url, alt);
    }

    void CheckKeys(JsonElement element, string prefix, string[] known)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in element.EnumerateObject().Select(member => member.Name))
        {
            if (!known.Contains(name, StringComparer.Ordinal))
                _errors.Add($"{prefix}{name}: is hier niet bekend; wel bekend zijn {string.Join(", ", known)}");
            else if (!seen.Add(name))
                _errors.Add($"{prefix}{name}: staat er meer dan één keer; houd er een over");
        }
    }

    string? Text(
        JsonElement element, string name, string meaning, bool required, int longest, bool mayBeEmpty = false, string prefix = "")
    {
        if (!Has(element, name, out var value))
        {
            if (required)
                _errors.Add($"{prefix}{name}: ontbreekt; schrijf {meaning}");
            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            _errors.Add($"{prefix}{name}: is {value.Describe()}; schrijf {meaning}, tussen aanhalingstekens");
            return null;
        }

        var text = value.GetString()!.Replace("\r\n", "\n", StringComparison.Ordinal).Trim();
        if (text.Length == 0 && !mayBeEmpty)
        {
            _errors.Add(required
                ? $"{prefix}{name}: is leeg; schrijf {meaning}"
                : $"{prefix}{name}: is leeg; schrijf {meaning}, of laat het weg");
            return null;
        }

        if (text.Length > longest)
        {
            _errors.Add($"{prefix}{name}: heeft {text.Length} tekens; hoogstens {longest} mag");
            return null;
        }

        return text;
    }

    T? Choice<T>(JsonElement element, string name, Dictionary<string, T> choices, bool required) where T : struct
    {
        var choose = $"kies er een van {string.Join(", ", choices.Keys)}";
        if (!Has(element, name, out var value))
        {
            if (required)
                _errors.Add($"{name}: ontbreekt; {choose}");
            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
            _errors.Add($"{name}: is {value.Describe()}; {choose}, tussen aanhalingstekens");
        else if (choices.TryGetValue(value.GetString()!, out var choice))
            return choice;
        else
            _errors.Add($"{name}: \"{Short(value.GetString()!)}\" is niet bekend; {choose}");
        return null;
    }

    DateTimeOffset? Moment(JsonElement element, string name, bool required)
    {
        const string Way = "schrijf het met een tijdzone, zoals 2026-11-25T13:00:00+01:00";
        if (!Has(element, name, out var value))
        {
            if (required)
                _errors.Add($"{name}: ontbreekt; {Way}");
            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
            _errors.Add($"{name}: is {value.Describe()}; {Way}, tussen aanhalingstekens");
        else if (FeedJson.Iso(value.GetString()) is { } moment)
            return moment;
        else
            _errors.Add($"{name}: \"{Short(value.GetString()!)}\" is geen ISO 8601-moment met een tijdzone; {Way}");
        return null;
    }

    double? Number(JsonElement area, string name, string meaning)
    {
        if (!Has(area, name, out var value))
            _errors.Add($"area.{name}: ontbreekt; schrijf {meaning}");
        else if (value.ValueKind != JsonValueKind.Number)
            _errors.Add($"area.{name}: is {value.Describe()}; schrijf {meaning}, zonder aanhalingstekens");
        else if (value.Number() is { } number)
            return number;
        else
            _errors.Add($"area.{name}: is te groot; schrijf {meaning}");
        return null;
    }

    bool? YesNo(JsonElement element, string name)
    {
        if (!Has(element, name, out var value))
            return null;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return value.GetBoolean();
        _errors.Add($"{name}: is {value.Describe()}; schrijf true of false, zonder aanhalingstekens");
        return null;
    }

    bool IsObject(JsonElement value, string name, string example)
    {
        if (value.ValueKind == JsonValueKind.Object)
            return true;
        _errors.Add($"{name}: is {value.Describe()}; schrijf {example}");
        return false;
    }

    /// <summary>A key with null is as good as no key.</summary>
    static bool Has(JsonElement element, string name, out JsonElement value)
    {
        value = element.Member(name);
        return value.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);
    }

    static string Short(string value) => value.Length <= 40 ? value : value[..40] + "…";

    static Dictionary<string, T> Names<T>(params T[] values) where T : struct, Enum =>
        (values is [] ? Enum.GetValues<T>() : values).ToDictionary(Name, StringComparer.Ordinal);

    static string Name<T>(T value) where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
