using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Burgernet.Syndicate.Benchmarks;

/// <summary>The figures of one run, as a table for people and as JSON for programs.</summary>
sealed class Report(Machine machine)
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public List<Figure> Figures { get; } = [];

    public void Print(TextWriter to)
    {
        to.WriteLine($"{machine.Cores} cores, {machine.Runtime}, {machine.System}; load before the run: {machine.LoadBefore?.ToString("0.0", CultureInfo.InvariantCulture) ?? "unknown"}");
        to.WriteLine();
        string[] heads = ["figure", "unit", "target", "min", "median", "p99", "max", "floor", "ratio", "met"];
        var rows = Figures.Select(Row).Prepend(heads).ToList();
        var widths = heads.Select((_, column) => rows.Max(row => row[column].Length)).ToArray();
        foreach (var (number, row) in rows.Index())
        {
            to.WriteLine($"| {string.Join(" | ", row.Select((cell, column) => cell.PadRight(widths[column])))} |");
            if (number == 0)
                to.WriteLine($"|{string.Join("|", widths.Select(width => new string('-', width + 2)))}|");
        }

        to.WriteLine();
        foreach (var figure in Figures.Where(f => f.FloorIs is not null || f.Note is not null))
            to.WriteLine($"- {figure.Name}: {string.Join("; ", new[] { figure.FloorIs is null ? null : $"floor: {figure.FloorIs}", figure.Note }.Where(words => words is not null))}");
    }

    public void Write(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, JsonSerializer.Serialize(new { machine, figures = Figures }, Json));
    }

    static string[] Row(Figure figure)
    {
        var many = figure.Measured is { Count: > 1 };
        return
        [
            figure.Name,
            figure.Unit,
            figure.Target ?? "",
            many ? Number(figure.Measured?.Min) : "",
            figure.Measured is null ? "not measured" : Number(figure.Measured?.Median),
            many ? Number(figure.Measured?.P99) : "",
            many ? Number(figure.Measured?.Max) : "",
            Number(figure.Floor),
            figure.Ratio?.ToString("0.0x", CultureInfo.InvariantCulture) ?? "",
            figure.Met switch { true => "yes", false => "no", null => "" },
        ];
    }

    static string Number(double? value) => value switch
    {
        null => "",
        >= 100 => value.Value.ToString("0", CultureInfo.InvariantCulture),
        >= 10 => value.Value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.Value.ToString("0.000", CultureInfo.InvariantCulture),
    };
}

/// <summary>What a reader must know of the machine to compare figures.</summary>
sealed record Machine(int Cores, string Runtime, string System, double? LoadBefore)
{
    public static Machine Describe() =>
        new(Environment.ProcessorCount, RuntimeInformation.FrameworkDescription, RuntimeInformation.OSDescription, Load());

    // Others may be busy on the same machine; a figure that does not say so is not honest.
    static double? Load() =>
        File.Exists("/proc/loadavg") && double.TryParse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture, out var load) ? load : null;
}
