using System.CommandLine;
using System.Text.Json;
using Burgernet.Syndicate.Configuration;

namespace Burgernet.Syndicate.Worker.Commands;

/// <summary>Shows every fault in the configuration at once, without touching anything.</summary>
static class CheckCommand
{
    static readonly Option<bool> Json = new("--json") { Description = "De fouten als JSON: file line column path message; wat kan maar beter kan staat op de foutuitvoer" };

    public static Command Create()
    {
        var command = new Command("check", "Controleer de configuratie en toon alle fouten tegelijk") { Json };
        command.SetAction(arguments =>
        {
            var folders = SyndicateCommand.Folders(arguments);
            var options = SyndicateCommand.CheckOf(folders).Load(out var errors);
            var json = arguments.GetValue(Json);
            if (json)
                Console.WriteLine(JsonSerializer.Serialize(errors.Select(FaultView.Of), ViewJson.Options));
            if (options is null)
                return json ? SyndicateCommand.WrongInput : SyndicateCommand.Refuse(folders, errors);

            if (!json)
                Console.WriteLine($"In orde. Stand: {Wire.Name(options.Mode)}; bronnen: {Names(options.Sources.Select(s => s.Name))}; kanalen: {Names(options.Channels.Select(c => c.Name))}; groepen: {options.Groups.Values.Sum(g => g.Count)}.");
            Warn(json ? Console.Error : Console.Out, options.Warnings);
            return SyndicateCommand.Done;
        });
        return command;
    }

    static void Warn(TextWriter output, IReadOnlyList<ConfigurationWarning> warnings)
    {
        if (warnings.Count > 0)
            output.WriteLine("Let op, dit werkt maar kan beter:");
        foreach (var warning in warnings)
            output.WriteLine($"  {warning}");
    }

    static string Names(IEnumerable<string> names) => string.Join(", ", names.DefaultIfEmpty("geen"));
}
