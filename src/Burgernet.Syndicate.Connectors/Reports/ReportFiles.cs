using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Burgernet.Syndicate.Reports;
using MiniExcelLibs;
using MiniExcelLibs.Attributes;
using MiniExcelLibs.OpenXml;

namespace Burgernet.Syndicate.Connectors.Reports;

/// <summary>How a report is written.</summary>
public enum ReportFormat
{
    /// <summary>One file that needs nothing else.</summary>
    Html,

    /// <summary>A workbook with a sheet per table.</summary>
    Xlsx,

    /// <summary>A row per cell: table, line, column, value; semicolons and decimal commas, as a Dutch spreadsheet reads it.</summary>
    Csv,

    Json,
}

/// <summary>Writes a report into a file.</summary>
public static class ReportFiles
{
    // A workbook takes no longer names.
    const int LongestSheetName = 31;

    const int RoomBeside = 2;

    static readonly CultureInfo Dutch = CultureInfo.GetCultureInfo("nl-NL");

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower), new ShareConverter() },
    };

    /// <param name="site">Where the pages are for who reads it; null: it leads nowhere.</param>
    public static byte[] Bytes(Report report, ReportFormat format, Uri? site = null) => format switch
    {
        ReportFormat.Html => Encoding.UTF8.GetBytes(ReportHtml.File(report, ReportMail.Links(report, site))),
        ReportFormat.Xlsx => Workbook(report),
        // Without the mark Excel takes it for letters of Windows.
        ReportFormat.Csv => [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Csv(report))],
        _ => JsonSerializer.SerializeToUtf8Bytes(new { label = report.Invented > 0 ? ExampleYear.Label : null, report, tables = ReportTables.Of(report).Select(t => new { t.Key, t.Title, t.Meaning, t.Basis }) }, Json),
    };

    static byte[] Workbook(Report report)
    {
        var sheets = new Dictionary<string, List<Dictionary<string, object?>>> { ["toelichting"] = Explained(report) };
        foreach (var table in ReportTables.Of(report))
            sheets[table.Key[..Math.Min(table.Key.Length, LongestSheetName)]] = Rows(table);
        // Left alone, columns are made for what stands below their heading.
        var headings = sheets.Values.SelectMany(rows => rows.SelectMany(row => row.Keys)).Distinct().Select(name => new DynamicExcelColumn(name) { Width = name.Length + RoomBeside }).ToArray();
        using var stream = new MemoryStream();
        stream.SaveAs(sheets.ToDictionary(sheet => sheet.Key, sheet => (object)sheet.Value), configuration: new OpenXmlConfiguration { FastMode = true, EnableAutoWidth = true, FreezeRowCount = 1, DynamicColumns = headings });
        return stream.ToArray();
    }

    static List<Dictionary<string, object?>> Explained(Report report) =>
    [
        new() { ["Blad"] = "", ["Wat"] = $"Burgernet, {ReportTables.AreaOf(report)}, {report.Period}", ["Berust op"] = report.Invented > 0 ? ExampleYear.Label : "" },
        .. ReportTables.Of(report).Select(t => new Dictionary<string, object?> { ["Blad"] = t.Key, ["Wat"] = $"{t.Title}. {t.Meaning}", ["Berust op"] = t.Basis }),
    ];

    static List<Dictionary<string, object?>> Rows(ReportTable table)
    {
        var shares = Enumerable.Range(0, table.Columns.Count).Where(at => table.Rows.Any(row => row[at] is Share)).ToHashSet();
        var split = table.Rows.Select(row => row.Select((cell, at) => Split(table.Columns[at], cell, shares.Contains(at)).ToList()).ToList()).ToList();
        // Every row has every column of any, each where it belongs.
        var columns = Enumerable.Range(0, table.Columns.Count).SelectMany(at => split.SelectMany(row => row[at]).Select(cell => cell.Column).Distinct()).Distinct().ToList();
        return [.. split.Select(row =>
        {
            var cells = columns.ToDictionary(column => column, _ => (object?)null);
            foreach (var (column, value) in row.SelectMany(cell => cell))
                cells[column] = value;
            return cells;
        })];
    }

    static string Csv(Report report)
    {
        var csv = new StringBuilder("tabel;regel;kolom;waarde\r\n");
        foreach (var table in ReportTables.Of(report))
            foreach (var (line, row) in table.Rows.Index())
                foreach (var (at, cell) in row.Index())
                    foreach (var (column, value) in Split(table.Columns[at], cell, isShare: cell is Share))
                        csv.Append(CultureInfo.InvariantCulture, $"{table.Key};{line + 1};{Quoted(column)};{Quoted(Written(value))}\r\n");
        if (report.Invented > 0)
            csv.Append(CultureInfo.InvariantCulture, $"toelichting;1;Let op;{ExampleYear.Label}\r\n");
        return csv.ToString();
    }

    /// <summary>A cell as the columns that a spreadsheet can calculate with.</summary>
    static IEnumerable<(string Column, object? Value)> Split(string column, object? cell, bool isShare)
    {
        switch (cell)
        {
            case Share share:
                yield return ($"{column} (%)", share.Percentage is { } percentage ? Math.Round(percentage, 1) : null);
                yield return ($"{column}: aantal", share.Part);
                yield return ($"{column}: van", share.Whole);
                break;
            case Seconds seconds:
                yield return ($"{column} (s)", Math.Round(seconds.Value, 1));
                break;
            case Dollars dollars:
                yield return ($"{column} ($)", dollars.Value);
                break;
            case TimeSpan:
                yield return (column, ReportTables.Shown(cell));
                break;
            case DateTimeOffset moment:
                yield return (column, Templates.DutchTime.Of(moment).DateTime);
                break;
            // Where the others of the column have a share, what there is instead is its number.
            default:
                yield return (isShare ? $"{column}: aantal" : column, cell);
                break;
        }
    }

    static string Written(object? value) => value switch
    {
        null => "",
        DateTime moment => moment.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
        // Whoever opens this in a spreadsheet must not run what somebody else wrote.
        string text => text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? $"'{text}" : text,
        IFormattable number => number.ToString(null, Dutch),
        _ => value.ToString()!,
    };

    static string Quoted(string text) => text.AsSpan().ContainsAny(";\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;

    sealed class ShareConverter : JsonConverter<Share>
    {
        public override Share Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, Share value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            writer.WriteNumber("part", value.Part);
            writer.WriteNumber("whole", value.Whole);
            if (value.Percentage is { } percentage)
                writer.WriteNumber("percentage", Math.Round(percentage, 2));
            else
                writer.WriteNull("percentage");
            writer.WriteEndObject();
        }
    }
}
