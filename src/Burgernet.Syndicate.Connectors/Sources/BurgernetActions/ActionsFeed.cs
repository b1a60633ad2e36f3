using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Areas;

namespace Burgernet.Syndicate.Connectors.Sources.BurgernetActions;

/// <summary>
/// The Burgernet actions feed, version 2: <c>{"actions": […]}</c>, each action with its whole conversation. The feed has
/// no published contract; what is known comes from its public readers, so every value may be absent or written
/// otherwise. A record that cannot be trusted is put aside and never spoils the others; a document of another shape
/// is refused, because it must not read as "no actions".
/// </summary>
static class ActionsFeed
{
    const int LongestBody = 100_000;
    const int LongestTitle = 1_000;
    const int LongestId = 100;

    /// <exception cref="SourceException">This is no actions feed.</exception>
    public static SourceAnswer Read(JsonElement root, FeedContext context)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw new SourceException($"het antwoord is {root.Describe()}, geen object met \"actions\"");
        if (root.EnumerateObject().Count(member => member.NameEquals("actions")) > 1)
            throw new SourceException("\"actions\" staat meer dan één keer in het antwoord");
        if (root.Member("actions") is not { ValueKind: JsonValueKind.Array } actions)
            throw new SourceException($"\"actions\" is {root.Member("actions").Describe()}, geen lijst");

        var alerts = new List<Alert>();
        var faults = new List<SourceFault>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var action in actions.EnumerateArray())
        {
            var id = Id(action);
            var (alert, fault) = ReadAction(action, id, context);
            if (fault is not null)
                faults.Add(FeedContext.Fault(id, fault, action.GetRawText()));
            else if (alert is not null && seen.Add(alert.SourceId))
                alerts.Add(alert);
        }

        return new SourceAnswer { Alerts = alerts, Faults = faults };
    }

    /// <summary>The alert, or what is wrong with it, or neither when it says nothing yet.</summary>
    static (Alert? Alert, string? Fault) ReadAction(JsonElement action, string? id, FeedContext context)
    {
        if (action.ValueKind != JsonValueKind.Object)
            return (null, $"de actie is {action.Describe()}, geen object");
        if (id is null)
            return (null, "de actie heeft geen bruikbaar nummer");
        if (action.HasDuplicateKeys())
            return (null, "een sleutel staat twee keer in de actie en het is niet te zeggen welke telt");
        if (action.Member("messages") is { ValueKind: not (JsonValueKind.Array or JsonValueKind.Null or JsonValueKind.Undefined) } other)
            return (null, $"\"messages\" is {other.Describe()}, geen lijst");

        var start = action.Member("startTimestamp").Time();
        if (!TryReadMessages(action, start, out var said, out var fault))
            return (null, fault);
        if (said.Count == 0)
            return default;
        if (start is null && said.All(message => message.SentAt is null))
            return (null, "de actie noch een bericht ervan heeft een bruikbare tijd");

        var issuedAt = start ?? said.Min(message => message.SentAt)!.Value;
        if (context.IsAhead(issuedAt) || said.Any(message => message.SentAt is { } sent && context.IsAhead(sent)))
            return (null, "de tijd ligt meer dan 10 minuten in de toekomst");

        said = InOrder(said, issuedAt);
        var newest = said[^1];
        var end = action.Member("endTimestamp").Time() is { } given && given <= context.Now ? given : (DateTimeOffset?)null;
        var active = action.Member("active").Flag() ?? end is null;
        var ended = !active || newest.Type == MessageType.Afloop;
        var endedAt = ended ? end ?? newest.SentAt : null;

        var messages = Phased(said, ended);
        if (ended && messages.All(message => message.Phase != AlertPhase.Closed))
            messages.Add(new AlertMessage { Key = "closed", Phase = AlertPhase.Closed, SentAt = endedAt!.Value, Text = "" });

        var opening = messages.Find(message => message.Phase == AlertPhase.Opened) ?? messages[0];
        var hint = action.Member("actionType").Text();
        var mirror = action.Member("amberAlert").Flag() is true;
        var kind = !mirror ? AlertKind.Actie
            : messages.Exists(SaysVermistKindAlert) ? AlertKind.VermistKindAlert
            : AlertKind.AmberAlert;
        var area = action.Member("area");

        return (new Alert
        {
            Source = context.Source,
            SourceId = id,
            Kind = kind,
            Category = AlertClassifier.Categorise(kind, hint, $"{opening.Title}\n{opening.Text}"),
            IssuedAt = issuedAt,
            Messages = messages,
            Ended = ended,
            EndedAt = endedAt,
            Municipality = action.Member("municipality").Text(),
            Area = Circle.Plausible(area.Member("lat").Number(), area.Member("lng").Number(), area.Member("radius").Number()),
            Exercise = context.Exercise || AlertClassifier.IsExercise(hint, opening.Title, opening.Text),
            Mirror = mirror,
        }, null);
    }

    /// <summary>An id is opaque: a whole number or a text, the same one with or without quotes.</summary>
    static string? Id(JsonElement action)
    {
        var id = action.Member("id").Scalar();
        return id is { Length: <= LongestId } && !id.Any(char.IsControl)
            && (action.Member("id").ValueKind == JsonValueKind.String || id.AsSpan().TrimStart('-').IndexOfAnyExceptInRange('0', '9') < 0)
                ? id
                : null;
    }

    enum MessageType
    {
        /// <summary>None, or a word we do not know: its place decides.</summary>
        Unknown,
        Start,
        Update,
        Afloop,
    }

    readonly record struct Said(MessageType Type, string? Title, string Text, DateTimeOffset? SentAt);

    /// <summary>What has words, in the order of the feed. An element without words is passed over.</summary>
    static bool TryReadMessages(
        JsonElement action, DateTimeOffset? start, out List<Said> said, [NotNullWhen(false)] out string? fault)
    {
        said = [];
        fault = null;
        if (action.Member("messages") is not { ValueKind: JsonValueKind.Array } messages)
            return true;

        foreach (var message in messages.EnumerateArray())
        {
            if (message.Member("body").Text() is not { } body)
                continue;
            var title = message.Member("title").Text();
            if (body.Length > LongestBody || title?.Length > LongestTitle)
            {
                fault = "een bericht is veel langer dan een oproep kan zijn";
                return false;
            }

            if (PlainText.FromBody(body) is { Length: > 0 } text)
            {
                said.Add(new Said(
                    TypeOf(message.Member("messageType").Text()),
                    PlainText.FromTitle(title),
                    text,
                    message.Member("lastModifiedTimestamp").Time() ?? start));
            }
        }

        return true;
    }

    static MessageType TypeOf(string? type) => type?.ToUpperInvariant() switch
    {
        "START" => MessageType.Start,
        "UPDATE" => MessageType.Update,
        "AFLOOP" => MessageType.Afloop,
        _ => MessageType.Unknown,
    };

    /// <summary>
    /// Oldest first. The time is that of the last edit, so an opening that was corrected late would come after its own
    /// updates; it stays in front.
    /// </summary>
    static List<Said> InOrder(IEnumerable<Said> said, DateTimeOffset start)
    {
        var ordered = said
            .Select(message => message with { SentAt = message.SentAt ?? start })
            .OrderBy(message => message.SentAt)
            .Distinct()
            .ToList();
        var opening = ordered.FindIndex(message => message.Type == MessageType.Start);
        if (opening > 0)
        {
            var moved = ordered[opening];
            ordered.RemoveAt(opening);
            ordered.Insert(0, moved);
        }

        return ordered;
    }

    static List<AlertMessage> Phased(List<Said> said, bool ended)
    {
        var messages = new List<AlertMessage>(said.Count + 1);
        for (var at = 0; at < said.Count; at++)
        {
            var (type, title, text, sentAt) = said[at];
            var phase = type switch
            {
                MessageType.Start when at == 0 => AlertPhase.Opened,
                MessageType.Afloop => AlertPhase.Closed,
                MessageType.Unknown when at == 0 => AlertPhase.Opened,
                MessageType.Unknown when ended && at == said.Count - 1 => AlertPhase.Closed,
                _ => AlertPhase.Updated,
            };
            messages.Add(new AlertMessage
            {
                Key = Key(phase, title, text, sentAt!.Value),
                Phase = phase,
                SentAt = sentAt.Value,
                Title = title,
                Text = text,
            });
        }

        return [.. messages.DistinctBy(message => message.Key)];
    }

    /// <summary>The feed gives its messages no id. Of what it gives, everything counts: an edited message is a new one.</summary>
    static string Key(AlertPhase phase, string? title, string text, DateTimeOffset sentAt)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{phase}\n{title}\n{text}\n{sentAt.ToUnixTimeSeconds()}"));
        return Convert.ToHexStringLower(hash.AsSpan(0, 8));
    }

    static bool SaysVermistKindAlert(AlertMessage message) =>
        $"{message.Title}\n{message.Text}".Contains("Vermist Kind Alert", StringComparison.OrdinalIgnoreCase);
}
