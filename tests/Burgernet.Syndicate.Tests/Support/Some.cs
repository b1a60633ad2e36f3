using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Areas;

namespace Burgernet.Syndicate.Tests.Support;

/// <summary>Makes alerts for tests; what a test does not name does not matter to it.</summary>
static class SomeAlert
{
    public static readonly Circle Schothorst = new(52.1796, 5.3861, 1500);

    public static Alert Actie(string id = "990001", DateTimeOffset? at = null, string text = "Vermist: meisje van 9 jaar. Bel direct 112.", string source = "acties") => new()
    {
        Source = source,
        SourceId = id,
        Kind = AlertKind.Actie,
        Category = AlertCategory.MissingPerson,
        IssuedAt = at ?? Pipeline.Noon,
        Municipality = "Amersfoort",
        Area = Schothorst,
        Messages = [Message(AlertPhase.Opened, text, at ?? Pipeline.Noon)],
    };

    public static Alert Amber(string id = "880001", DateTimeOffset? at = null, bool mirror = false) => new()
    {
        Source = mirror ? "acties" : "kindalarm",
        SourceId = id,
        Kind = AlertKind.AmberAlert,
        Category = AlertCategory.MissingPerson,
        IssuedAt = at ?? Pipeline.Noon,
        Mirror = mirror,
        Messages = [Message(AlertPhase.Opened, mirror ? "AMBER Alert: Fenna (9). Rode winterjas. Bel direct 112." : "Laatst gezien in Amersfoort. Rode winterjas. Bel direct 112.", at ?? Pipeline.Noon, mirror ? "AMBER Alert" : "Fenna (9)")],
    };

    public static Alert Then(this Alert alert, AlertPhase phase, string text, TimeSpan later, bool? ended = null)
    {
        var at = alert.Messages[^1].SentAt + later;
        var over = ended ?? phase is AlertPhase.Closed or AlertPhase.Withdrawn;
        return alert with { Messages = [.. alert.Messages, Message(phase, text, at)], Ended = over, EndedAt = over ? at : null };
    }

    public static AlertMessage Message(AlertPhase phase, string text, DateTimeOffset at, string? title = null) =>
        new() { Key = $"{phase}-{at.ToUnixTimeSeconds()}-{text.GetHashCode(StringComparison.Ordinal)}", Phase = phase, SentAt = at, Text = text, Title = title };
}
