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
            _errors.Add($"the file is {root.Describe()}; write one message as an object, {{ \"id\": …, \"kind\": …, \"phase\": …, \"sent\": …, \"text\": … }}");
            return null;
        }

        CheckKeys(root, "", Known);
        var id = Text(root, "id", "the same for every message of one alert", required: true, LongestId);
        if (id is not null && id.Any(char.IsControl))
            _errors.Add("id: has a line break or another control character; use letters, digits and dashes");
        var kind = Choice(root, "kind", Kinds, required: true);
        var phase = Choice(root, "phase", Phases, required: true);
        var ends = phase is AlertPhase.Closed or AlertPhase.Withdrawn;
        var sent = Moment(root, "sent", required: true);
        if (sent is not null && context.IsAhead(sent.Value))
            _errors.Add("sent: lies more than 10 minutes in the future; write when the message was sent");
        var expires = Moment(root, "expires", required: false);
        if (sent is not null && expires <= sent)
            _errors.Add("expires: is not later than sent; leave it out if the usual limit will do");
        var text = Text(root, "text", "the words for the public", required: true, LongestText, mayBeEmpty: ends);
        var title = Text(root, "title", "one line above the words", required: false, LongestLine);
        var category = Choice(root, "category", Categories, required: false);
        var municipality = Text(root, "municipality", "its name or its CBS code", required: false, LongestLine);
        var outcome = Text(root, "outcome", "how it ended", required: false, LongestLine);
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
        var lat = Number(area, "lat", "degrees north, such as 52.09");
        var lon = Number(area, "lon", "degrees east, such as 5.12");
        var radius = Number(area, "radius", "metres, such as 1500");
        if (_errors.Count > before)
            return null;

        if (Circle.Plausible(lat, lon, radius) is { } circle)
            return circle;
        _errors.Add("area: is no circle in or near the Netherlands; lat is about 52, lon about 5, radius is in metres, above 0 and at most 400000");
        return null;
    }

    AlertPhoto? ReadPhoto(JsonElement root)
    {
        if (!Has(root, "photo", out var photo))
            return null;
        if (!IsObject(photo, "photo", "{ \"url\": \"https://…\", \"alt\": \"…\" }"))
            return null;

        CheckKeys(photo, "photo.", ["url", "alt"]);
        var url = Text(photo, "url", "an address that begins with https://", required: true, LongestLine, prefix: "photo.");
        var alt = Text(photo, "alt", "what the photo shows", required: false, LongestLine, prefix: "photo.");
        if (url is not null && !(Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme == Uri.UriSchemeHttps))
            _errors.Add("photo.url: is not a full https address; only https is taken");
        return url is null ? null : new AlertPhoto(url, alt);
    }

    void CheckKeys(JsonElement element, string prefix, string[] known)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in element.EnumerateObject().Select(member => member.Name))
        {
            if (!known.Contains(name, StringComparer.Ordinal))
                _errors.Add($"{prefix}{name}: is not known here; known are {string.Join(", ", known)}");
            else if (!seen.Add(name))
                _errors.Add($"{prefix}{name}: stands here more than once; keep one");
        }
    }

    string? Text(
        JsonElement element, string name, string meaning, bool required, int longest, bool mayBeEmpty = false, string prefix = "")
    {
        if (!Has(element, name, out var value))
        {
            if (required)
                _errors.Add($"{prefix}{name}: is missing; write {meaning}");
            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            _errors.Add($"{prefix}{name}: is {value.Describe()}; write {meaning}, between quotes");
            return null;
        }

        var text = value.GetString()!.Replace("\r\n", "\n", StringComparison.Ordinal).Trim();
        if (text.Length == 0 && !mayBeEmpty)
        {
            _errors.Add(required
                ? $"{prefix}{name}: is empty; write {meaning}"
                : $"{prefix}{name}: is empty; write {meaning}, or leave it out");
            return null;
        }

        if (text.Length > longest)
        {
            _errors.Add($"{prefix}{name}: has {text.Length} characters; {longest} is the most");
            return null;
        }

        return text;
    }

    T? Choice<T>(JsonElement element, string name, Dictionary<string, T> choices, bool required) where T : struct
    {
        var choose = $"choose one of {string.Join(", ", choices.Keys)}";
        if (!Has(element, name, out var value))
        {
            if (required)
                _errors.Add($"{name}: is missing; {choose}");
            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
            _errors.Add($"{name}: is {value.Describe()}; {choose}, between quotes");
        else if (choices.TryGetValue(value.GetString()!, out var choice))
            return choice;
        else
            _errors.Add($"{name}: \"{Short(value.GetString()!)}\" is not known; {choose}");
        return null;
    }

    DateTimeOffset? Moment(JsonElement element, string name, bool required)
    {
        const string Way = "write it with an offset, such as 2026-11-25T13:00:00+01:00";
        if (!Has(element, name, out var value))
        {
            if (required)
                _errors.Add($"{name}: is missing; {Way}");
            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
            _errors.Add($"{name}: is {value.Describe()}; {Way}, between quotes");
        else if (FeedJson.Iso(value.GetString()) is { } moment)
            return moment;
        else
            _errors.Add($"{name}: \"{Short(value.GetString()!)}\" is no ISO 8601 moment with an offset; {Way}");
        return null;
    }

    double? Number(JsonElement area, string name, string meaning)
    {
        if (!Has(area, name, out var value))
            _errors.Add($"area.{name}: is missing; write {meaning}");
        else if (value.ValueKind != JsonValueKind.Number)
            _errors.Add($"area.{name}: is {value.Describe()}; write {meaning}, without quotes");
        else if (value.Number() is { } number)
            return number;
        else
            _errors.Add($"area.{name}: is too large; write {meaning}");
        return null;
    }

    bool? YesNo(JsonElement element, string name)
    {
        if (!Has(element, name, out var value))
            return null;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return value.GetBoolean();
        _errors.Add($"{name}: is {value.Describe()}; write true or false, without quotes");
        return null;
    }

    bool IsObject(JsonElement value, string name, string example)
    {
        if (value.ValueKind == JsonValueKind.Object)
            return true;
        _errors.Add($"{name}: is {value.Describe()}; write {example}");
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
