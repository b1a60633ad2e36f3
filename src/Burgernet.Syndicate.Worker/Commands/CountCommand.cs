using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Burgernet.Syndicate.Connectors;

namespace Burgernet.Syndicate.Worker.Commands;

/// <summary>Counts texts as a network counts them: one JSON string per line in, one JSON object per line out.</summary>
static partial class CountCommand
{
    public static Command Create()
    {
        var network = new Option<string>("--network") { Description = $"Het netwerk: {Networks}", Required = true };
        var command = new Command("count", "Tel teksten zoals een netwerk ze telt; één JSON-tekst per regel op standaardinvoer") { network };
        command.SetAction(arguments =>
        {
            var name = arguments.GetRequiredValue(network);
            if (ConnectorRegistry.Channels.FirstOrDefault(c => c.Type == name)?.Limit is not { } limit)
            {
                Console.Error.WriteLine($"--network: '{name}' is hier niet geldig; verwacht wordt {Networks}");
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
                    var text = Text(json);
                    output.WriteLine(JsonSerializer.Serialize(new { length = limit.Count(text), limit = limit.Maximum, valid = limit.Takes(text) }));
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

    // By hand: .NET refuses half a surrogate pair, which a broken text may have and which counts as one character.
    static string Text(string json)
    {
        using var document = JsonDocument.Parse(json);
        if (document.RootElement.ValueKind is not JsonValueKind.String)
            throw new JsonException();
        return Escape().Replace(document.RootElement.GetRawText()[1..^1], escape => escape.Value[1] switch
        {
            'u' => ((char)int.Parse(escape.ValueSpan[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString(),
            'n' => "\n",
            'r' => "\r",
            't' => "\t",
            'b' => "\b",
            'f' => "\f",
            var itself => itself.ToString(),
        });
    }

    [GeneratedRegex(@"\\(?:u[0-9A-Fa-f]{4}|.)")]
    private static partial Regex Escape();

    static string Networks => string.Join(" of ", ConnectorRegistry.Channels.Select(c => c.Type));
}
