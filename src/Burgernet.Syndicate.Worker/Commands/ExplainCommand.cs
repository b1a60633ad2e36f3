using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Routing;
using Burgernet.Syndicate.Templates;

namespace Burgernet.Syndicate.Worker.Commands;

/// <summary>Shows where an alert goes, why, and when the last one has it; from the configuration alone.</summary>
static class ExplainCommand
{
    const int Width = 100;
    const int WidestTarget = 34;

    static readonly Argument<string> FileName = new("FILE") { Description = "Een bericht in ons eigen formaat, of een antwoord van een van de feeds" };
    static readonly Option<bool> Json = new("--json") { Description = "Als JSON: channel target route reason expectedAt" };
    static readonly Option<string?> At = new("--at") { Description = "Alsof het bericht toen uitkwam, bijvoorbeeld 2026-11-25T03:00 (Nederlandse tijd); anders nu" };

    public static Command Create()
    {
        var command = new Command("explain", "Toon waar een bericht heen gaat, waarom, en wanneer de laatste het heeft") { FileName, Json, At };
        command.SetAction(Explain);
        return command;
    }

    static int Explain(ParseResult arguments)
    {
        if (Moment(arguments.GetValue(At)) is not { } at)
            return SyndicateCommand.Fail("--at: schrijf een moment als 2026-11-25T03:00", SyndicateCommand.WrongInput);
        var folders = SyndicateCommand.Folders(arguments);
        if (SyndicateCommand.CheckOf(folders).Load(out var errors) is not { } options)
            return SyndicateCommand.Refuse(folders, errors);

        var now = TimeProvider.System.GetUtcNow();
        if (Terminal.ReadAlerts(arguments.GetRequiredValue(FileName), at > now ? at : now) is not { } alerts)
            return SyndicateCommand.WrongInput;

        var explanations = alerts.Select(alert => Explanation.Of(alert, options, at)).ToList();
        if (arguments.GetValue(Json))
            WriteJson(explanations);
        else
            WriteTables(explanations);
        return SyndicateCommand.Done;
    }

    static DateTimeOffset? Moment(string? text)
    {
        if (text is null)
            return TimeProvider.System.GetUtcNow();
        if (DateTime.TryParseExact(text, ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd' 'HH:mm", "yyyy-MM-dd'T'HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var clock) && !DutchTime.Zone.IsInvalidTime(clock))
            return new DateTimeOffset(clock, DutchTime.Zone.GetUtcOffset(clock)).ToUniversalTime();
        return DateTimeOffset.TryParseExact(text, ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment) ? moment.ToUniversalTime() : null;
    }

    // ---- for programs

    static void WriteJson(List<Explanation> explanations)
    {
        foreach (var (explanation, warning) in explanations.SelectMany(e => e.Warnings.Select(w => (e, w))))
            Console.Error.WriteLine($"Let op ({explanation.Alert.SourceId}): {warning}");
        // Which alert it is stands there only where there are several to tell apart.
        Console.WriteLine(JsonSerializer.Serialize(explanations.SelectMany(e => e.Targets, (e, t) => explanations.Count == 1
            ? (object)new { t.Route.Channel, t.Route.Target, Route = t.Route.Name, t.Route.Reason, t.ExpectedAt }
            : new { Alert = e.Alert.SourceId, t.Route.Channel, t.Route.Target, Route = t.Route.Name, t.Route.Reason, t.ExpectedAt }), ViewJson.Options));
    }

    // ---- for people

    static void WriteTables(List<Explanation> explanations)
    {
        if (explanations.Count == 0)
            Console.WriteLine("Het bestand is in orde, maar er staat geen bericht in.");
        foreach (var explanation in explanations)
        {
            var alert = explanation.Alert;
            WriteWrapped("", $"{RouteWords.Of(alert.Kind)} {alert.SourceId} ({RouteWords.Of(alert.Category)}, {Place(explanation)}){(alert.Exercise ? ", een oefening" : "")}, alsof het bericht {Explanation.Moment(explanation.At, explanation.At)} uitkomt");
            foreach (var remark in explanation.Remarks)
                WriteWrapped("  ", $"{remark}.");
            WriteTargets(explanation);
            foreach (var (channel, reason) in explanation.NotTo)
                WriteWrapped("  ", $"niet naar {channel}: {reason}");
            foreach (var warning in explanation.Warnings)
                WriteWrapped("  ", $"LET OP: {warning}.");
            Console.WriteLine();
        }
    }

    static string Place(Explanation explanation) => explanation.Location.Touched.Select(m => m.Name).ToList() switch
    {
        [] => explanation.Alert.Kind is Alerts.AlertKind.AmberAlert ? "landelijk" : explanation.Alert.Municipality ?? "plaats onbekend",
        [var one] => one,
        [var first, .. var others] => $"{first}, raakt ook {string.Join(", ", others)}",
    };

    static void WriteTargets(Explanation explanation)
    {
        if (explanation.Targets.Count == 0)
            return;
        var channel = Math.Max("Kanaal".Length, explanation.Targets.Max(t => t.Route.Channel.Length));
        var target = Math.Max("Doel".Length, Math.Min(WidestTarget, explanation.Targets.Max(t => t.Route.Target.Length)));
        WriteRow("Wanneer", "Kanaal", "Doel", "Waarom");
        (string Channel, string Reason)? above = null;
        foreach (var (route, expectedAt) in explanation.Targets)
        {
            var same = above == (route.Channel, route.Reason);
            WriteRow(Time(expectedAt, explanation.At), route.Channel, route.Target.Length <= target ? route.Target : route.Target[..(target - 1)] + "…", same ? "idem" : route.Reason);
            above = (route.Channel, route.Reason);
        }

        void WriteRow(string time, string name, string place, string reason) =>
            WriteWrapped($"  {time,-14} {name.PadRight(channel)} {place.PadRight(target)} ", reason);
    }

    static string Time(DateTimeOffset? moment, DateTimeOffset now) => moment is not { } at ? "alleen bewaard"
        : DutchTime.Of(at).ToString(DutchTime.DayOf(at) == DutchTime.DayOf(now) ? "H.mm.ss" : "ddd d-M H.mm", CultureInfo.GetCultureInfo("nl-NL"));

    static void WriteWrapped(string before, string words) => Terminal.WriteWrapped(Width, before, words);
}
