using System.CommandLine;
using System.Text.Json;
using Burgernet.Syndicate.Connectors.Channels.X;

namespace Burgernet.Syndicate.Worker.Commands;

/// <summary>Counts texts as a network counts them: one JSON string per line in, one JSON object per line out.</summary>
static class CountCommand
{
    public static Command Create()
    {
        var network = new Option<string>("--network") { Description = "Het netwerk: x", Required = true };
        var command = new Command("count", "Tel teksten zoals een netwerk ze telt; één JSON-tekst per regel op standaardinvoer") { network };
        command.SetAction(arguments =>
        {
            if (arguments.GetRequiredValue(network) is not "x")
            {
                Console.Error.WriteLine($"--network: '{arguments.GetRequiredValue(network)}' is hier niet geldig; verwacht wordt x");
                return SyndicateCommand.WrongInput;
            }

            using var input = new StreamReader(Console.OpenStandardInput());
            using var output = new StreamWriter(Console.OpenStandardOutput());
            for (var line = 1; input.ReadLine() is { } json; line++)
            {
                if (json.Length == 0)
                    continue;
                try
                {
                    var text = JsonSerializer.Deserialize<string>(json) ?? throw new JsonException();
                    output.WriteLine(JsonSerializer.Serialize(new { length = WeightedLength.Of(text), limit = WeightedLength.Maximum, valid = WeightedLength.IsValid(text) }));
                }
                catch (JsonException)
                {
                    Console.Error.WriteLine($"regel {line}: dit is geen JSON-tekst; zet de tekst tussen aanhalingstekens");
                    return SyndicateCommand.WrongInput;
                }
            }

            return SyndicateCommand.Done;
        });
        return command;
    }
}
