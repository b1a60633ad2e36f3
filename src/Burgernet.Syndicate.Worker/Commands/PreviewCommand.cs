using System.CommandLine;
using System.Text.Json;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Connectors;
using Burgernet.Syndicate.Previews;
using Burgernet.Syndicate.Routing;

namespace Burgernet.Syndicate.Worker.Commands;

/// <summary>Shows what every channel would make of an alert; from the configuration alone.</summary>
static class PreviewCommand
{
    const int Width = 80;
    const int BarWidth = 40;
    const int MostTargets = 10;

    static readonly Argument<string> FileName = new("FILE") { Description = "Een bericht in ons eigen formaat, of een antwoord van een van de feeds" };
    static readonly Option<string?> Channel = new("--channel") { Description = "Alleen dit kanaal" };
    static readonly Option<bool> Json = new("--json") { Description = "Als JSON: channel alert phase text length limit valid shortened neutralised altText cost targets" };

    public static Command Create()
    {
        var command = new Command("preview", "Toon wat elk kanaal van een bericht zou laten zien; er wordt niets geplaatst") { FileName, Channel, Json };
        command.SetAction(Show);
        return command;
    }

    static int Show(ParseResult arguments)
    {
        var folders = SyndicateCommand.Folders(arguments);
        if (SyndicateCommand.CheckOf(folders).Load(out var errors) is not { } options)
            return SyndicateCommand.Refuse(folders, errors);
        var channel = arguments.GetValue(Channel);
        if (channel is not null && options.Channels.All(c => c.Name != channel))
            return SyndicateCommand.Fail($"--channel: kanaal '{channel}' bestaat niet of staat uit; {Suggestion.Hint(channel, [.. options.Channels.Select(c => c.Name)])}", SyndicateCommand.WrongInput);
        if (Terminal.ReadAlerts(arguments.GetRequiredValue(FileName), TimeProvider.System.GetUtcNow()) is not { } alerts)
            return SyndicateCommand.WrongInput;

        var previewer = new Previewer(options, ConnectorRegistry.Channels);
        var previews = alerts.Select(alert => (Alert: alert, Channels: previewer.Of(alert).Where(p => channel is null || p.Channel == channel).ToList())).ToList();
        foreach (var fault in previews.SelectMany(p => p.Channels).Select(p => p.Fault).OfType<string>().Distinct())
            Console.Error.WriteLine(fault);
        if (arguments.GetValue(Json))
            Console.WriteLine(JsonSerializer.Serialize(previews.SelectMany(p => p.Channels).Select(p => new { p.Channel, p.Alert, p.Phase, p.Text, p.Length, p.Limit, p.Valid, p.Shortened, p.Neutralised, p.AltText, p.Cost, p.Targets }), ViewJson.Options));
        else if (previews.Count == 0)
            Console.WriteLine("Het bestand is in orde, maar er staat geen bericht in.");
        else
            foreach (var (alert, channels) in previews)
                Write(alert, channels);
        return SyndicateCommand.Done;
    }

    // ---- for people

    static void Write(Alert alert, List<Preview> channels)
    {
        Wrapped("", $"{RouteWords.Of(alert.Kind)} {alert.SourceId} ({RouteWords.Of(alert.Category)}): {PreviewWords.Phase(channels[0].Phase)}{(alert.Exercise ? ", een oefening" : "")}");
        foreach (var preview in channels)
            Write(preview);
    }

    static void Write(Preview preview)
    {
        Console.WriteLine();
        Console.WriteLine($"── {preview.Channel} {new string('─', Math.Max(0, Width - preview.Channel.Length - 4))}");
        foreach (var line in preview.Text.Split('\n'))
            Wrapped("  ", line);
        Console.WriteLine();
        Wrapped("  ", $"lengte {preview.Length} van {preview.Limit} {Bar(preview)}{(preview.Valid ? "" : " DIT NEEMT HET KANAAL NIET AAN")}");
        if (preview.Fault is { } fault)
            Wrapped("  FOUT: ", fault);
        if (preview.Shortened)
            Wrapped("  ", "ingekort: de tekst paste niet helemaal");
        if (preview.Neutralised.Count > 0)
            Wrapped("  weggelaten of veranderd: ", string.Join(", ", preview.Neutralised));
        if (PreviewWords.Photo(preview) is { } photo)
            Wrapped("  foto: ", photo);
        if (preview.Cost > 0)
            Wrapped("  kosten: ", PreviewWords.Cost(preview));
        if (preview.Targets.Count > 0)
            Wrapped("  naar: ", PreviewWords.Targets(preview, MostTargets));
        else
            Wrapped("  NIET naar dit kanaal: ", preview.NotSent ?? "");
    }

    static string Bar(Preview preview)
    {
        var filled = Math.Clamp((int)Math.Ceiling((double)BarWidth * preview.Length / preview.Limit), 0, BarWidth);
        return $"[{new string('#', filled)}{new string('.', BarWidth - filled)}]";
    }

    static void Wrapped(string before, string words) => Terminal.WriteWrapped(Width, before, words);
}
