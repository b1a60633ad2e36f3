using System.CommandLine;

namespace Burgernet.Syndicate.Worker.Commands;

/// <summary>Shows every fault in the configuration at once, without touching anything.</summary>
static class CheckCommand
{
    public static Command Create()
    {
        var command = new Command("check", "Controleer de configuratie en toon alle fouten tegelijk");
        command.SetAction(arguments =>
        {
            var folders = SyndicateCommand.Folders(arguments);
            if (SyndicateCommand.CheckOf(folders).Load(out var errors) is not { } options)
                return SyndicateCommand.Refuse(folders, errors);

            Console.WriteLine($"In orde. Stand: {Wire.Name(options.Mode)}; bronnen: {Names(options.Sources.Select(s => s.Name))}; kanalen: {Names(options.Channels.Select(c => c.Name))}; groepen: {options.Groups.Values.Sum(g => g.Count)}.");
            if (options.Warnings.Count > 0)
                Console.WriteLine("Let op, dit werkt maar kan beter:");
            foreach (var warning in options.Warnings)
                Console.WriteLine($"  {warning}");
            return SyndicateCommand.Done;
        });
        return command;
    }

    static string Names(IEnumerable<string> names) => string.Join(", ", names.DefaultIfEmpty("geen"));
}
