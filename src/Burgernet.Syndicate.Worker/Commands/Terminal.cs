using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Connectors.Sources;

namespace Burgernet.Syndicate.Worker.Commands;

/// <summary>What the commands that look at a file of alerts have in common: reading it, and lines that fit.</summary>
static class Terminal
{
    /// <summary>The alerts of a file; null after saying why there are none to understand.</summary>
    public static IReadOnlyList<Alert>? ReadAlerts(string path, DateTimeOffset now)
    {
        var (answer, reasons) = AlertFile.Read(path, "bestand", now);
        var faults = (answer?.Faults ?? []).Select(f => f.SourceId is null ? f.Reason : $"{f.SourceId}: {f.Reason}").ToList();
        if (answer is null || answer.Alerts.Count == 0 && faults.Count > 0)
        {
            Console.Error.WriteLine(string.Join(Environment.NewLine, [$"Het bestand '{path}' is niet te begrijpen:", .. reasons.Concat(faults).Select(r => $"  {r}")]));
            return null;
        }

        foreach (var fault in faults)
            Console.Error.WriteLine($"Overgeslagen, want niet te vertrouwen: {fault}");
        return answer.Alerts;
    }

    /// <summary>Writes words beside what stands before them, on as many lines as they need.</summary>
    public static void WriteWrapped(int width, string before, string words)
    {
        var line = before;
        var filled = false;
        foreach (var word in words.Split(' '))
        {
            if (filled && line.Length + word.Length >= Math.Max(width, before.Length + 24))
            {
                Console.WriteLine(line.TrimEnd());
                line = new string(' ', before.Length);
            }

            line += word + " ";
            filled = true;
        }

        Console.WriteLine(line.TrimEnd());
    }
}
