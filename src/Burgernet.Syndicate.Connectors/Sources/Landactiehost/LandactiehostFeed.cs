using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Areas;

namespace Burgernet.Syndicate.Connectors.Sources.Landactiehost;

/// <summary>
/// The police's feed of AMBER Alerts and Vermist Kind Alerts: a list of messages in the manner of CAP, almost always
/// empty. (Technische koppelingen Burgernet/AMBER Alert berichten, v1.1.) All values are written as text. The AlertId
/// alone is no identity: the official test feed uses one for an AMBER Alert and a Vermist Kind Alert alike.
/// </summary>
static partial class LandactiehostFeed
{
    const int LongestText = 100_000;
    const int LongestTitle = 1_000;
    const int LongestId = 100;

    /// <exception cref="SourceException">This is no landactiehost feed.</exception>
    public static SourceAnswer Read(JsonElement root, FeedContext context)
    {
        if (root.ValueKind != JsonValueKind.Array)
            throw new SourceException($"het antwoord is {root.Describe()}, geen lijst van alerts");

        var items = new Dictionary<string, Item>(StringComparer.Ordinal);
        var faults = new List<SourceFault>();
        foreach (var element in root.EnumerateArray())
        {
            var (item, fault) = ReadItem(element, context);
            if (item is not null && !items.TryAdd(item.Key, item) && items[item.Key] != item)
                fault = "een ander bericht in hetzelfde antwoord heeft dezelfde soort en tijd en zegt iets anders";
            if (fault is not null)
                faults.Add(FeedContext.Fault(element.Member("AlertId").Scalar(), fault, element.GetRawText()));
        }

        return new SourceAnswer
        {
            Alerts = [.. items.Values.GroupBy(item => (item.AlertId, item.Kind)).Select(group => ToAlert(group, context))],
            Faults = faults,
        };
    }

    sealed record Item(
        string AlertId, AlertKind Kind, AlertMessage Message, string? Municipality, Circle? Area, AlertPhoto? Photo, bool Exercise)
    {
        public string Key => $"{AlertId}/{Kind}/{Message.Key}";
    }

    static Alert ToAlert(IEnumerable<Item> group, FeedContext context)
    {
        // Of two in the same second the closing one is the later: rather taken down too early than left standing.
        var items = group.OrderBy(item => item.Message.SentAt).ThenBy(item => item.Message.Phase).ToList();
        var newest = items[^1];
        var ended = newest.Message.Phase == AlertPhase.Closed;
        var told = items.FindLast(item => item.Message.Phase != AlertPhase.Closed);
        var opening = items.Find(item => item.Message.Phase == AlertPhase.Opened) ?? items[0];

        return new Alert
        {
            Source = context.Source,
            SourceId = newest.AlertId,
            Kind = newest.Kind,
            Category = AlertCategory.MissingPerson,
            IssuedAt = opening.Message.SentAt,
            Messages = [.. items.Select(item => item.Message)],
            Ended = ended,
            EndedAt = ended ? newest.Message.SentAt : null,
            Municipality = told?.Municipality,
            Area = told?.Area,
            // A photo lives no longer than its alert.
            Photo = ended ? null : told?.Photo,
            Exercise = context.Exercise || items.Exists(item => item.Exercise),
        };
    }

    static (Item? Item, string? Fault) ReadItem(JsonElement element, FeedContext context)
    {
        if (element.ValueKind != JsonValueKind.Object)
            return (null, $"de alert is {element.Describe()}, geen object");
        if (element.HasDuplicateKeys())
            return (null, "een sleutel staat twee keer in de alert en het is niet te zeggen welke telt");
        if (element.Member("AlertId").Scalar() is not { Length: <= LongestId } id || !id.All(char.IsAsciiDigit))
            return (null, "de AlertId is geen getal");
        if (KindOf(element.Member("AlertLevel").Scalar()) is not { } kind)
            return (null, "de AlertLevel is geen 10 (AMBER Alert) en geen 5 (Vermist Kind Alert)");
        if (PhaseOf(element.Member("Type").Text()) is not { } phase)
            return (null, "de Type is geen Alert, Update of Cancel");
        if (IsExercise(element.Member("State").Text()) is not { } exercise)
            return (null, "de State is geen Actual, Test of Exercise");
        if (element.Member("Sent").Time() is not { } sent)
            return (null, "Sent is geen moment");
        if (context.IsAhead(sent))
            return (null, "de tijd ligt meer dan 10 minuten in de toekomst");

        var item = new Item(
            id, kind,
            new AlertMessage
            {
                Key = $"{element.Member("Type").Text()!.ToLowerInvariant()}-{sent.ToUnixTimeSeconds()}",
                Phase = phase,
                SentAt = sent,
                Text = "",
            },
            Municipality: null, Area: null, Photo: null, exercise);

        // A Cancel takes name and photo away, so whatever it may hold of them is not even read.
        return phase == AlertPhase.Closed ? (item, null) : ReadWords(element, item);
    }

    static (Item? Item, string? Fault) ReadWords(JsonElement element, Item item)
    {
        var message = element.Member("Message");
        var (rawTitle, rawText) = (message.Member("Title").Text(), message.Member("Description").Text());
        if (rawText?.Length > LongestText || rawTitle?.Length > LongestTitle)
            return (null, "de tekst is veel langer dan een oproep kan zijn");
        if (PlainText.FromBody(rawText ?? "") is not { Length: > 0 } text)
            return (null, "er is geen Description, dus niets om te vertellen");

        var title = PlainText.FromTitle(rawTitle);
        var image = message.Member("Media").Member("Image").Text();
        var photo = Uri.TryCreate(image, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps
            ? new AlertPhoto(image, $"Foto van {title ?? "het vermiste kind"}")
            : null;
        var exercise = item.Exercise
            || AlertClassifier.IsExercise(null, title, text)
            // The picture in the official test feed; a real alert has /foto/.
            || url?.AbsolutePath.Contains("/fototest/", StringComparison.OrdinalIgnoreCase) is true;

        Circle? area = null;
        var (metres, kilometres) = (element.Member("Area").Member("Circle"), element.Member("Area").Member("CircleKM"));
        if (item.Kind == AlertKind.VermistKindAlert && (metres.IsGiven() || kilometres.IsGiven()))
        {
            area = metres.IsGiven() ? CircleOf(metres.Text(), 1) : CircleOf(kilometres.Text(), 1000);
            if (area is null)
                return (null, "de cirkel is geen \"breedte,lengte straal\" in of bij Nederland");
        }

        return (item with
        {
            Message = item.Message with { Title = title, Text = text },
            Municipality = item.Kind == AlertKind.VermistKindAlert ? element.Member("Area").Member("Description").Text() : null,
            Area = area,
            Photo = photo,
            Exercise = exercise,
        }, null);
    }

    static bool IsGiven(this JsonElement value) =>
        value.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null)
        && !(value.ValueKind == JsonValueKind.String && value.Text() is null);

    static AlertKind? KindOf(string? level) => level switch
    {
        "10" => AlertKind.AmberAlert,
        "5" => AlertKind.VermistKindAlert,
        _ => null,
    };

    /// <summary>An Alert that comes after a Cancel opens the case again; the phase is the item's own, whatever else is shown.</summary>
    static AlertPhase? PhaseOf(string? type) => type?.ToUpperInvariant() switch
    {
        "ALERT" => AlertPhase.Opened,
        "UPDATE" => AlertPhase.Updated,
        "CANCEL" => AlertPhase.Closed,
        _ => null,
    };

    static bool? IsExercise(string? state) => state?.ToUpperInvariant() switch
    {
        "ACTUAL" => false,
        "TEST" or "EXERCISE" => true,
        _ => null,
    };

    static Circle? CircleOf(string? text, double unit)
    {
        if (text is null || CircleText().Match(text) is not { Success: true } match)
            return null;
        return Circle.Plausible(Number(1), Number(2), Number(3) * unit);

        double Number(int group) => double.Parse(match.Groups[group].ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"^(-?[0-9]{1,3}(?:\.[0-9]{1,20})?)\s*,\s*(-?[0-9]{1,3}(?:\.[0-9]{1,20})?)\s+([0-9]{1,9}(?:\.[0-9]{1,20})?)$")]
    private static partial Regex CircleText();
}
