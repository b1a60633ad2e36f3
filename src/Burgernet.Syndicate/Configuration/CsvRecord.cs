using CsvHelper;

namespace Burgernet.Syndicate.Configuration;

/// <summary>A record of a table as it was written, so that a cell can be pointed at.</summary>
/// <param name="file">The table.</param>
/// <param name="table">Its text.</param>
/// <param name="parser">It stands at the record now.</param>
sealed class CsvRecord(string file, CsvText table, IParser parser)
{
    readonly string _raw = parser.RawRecord;
    readonly int _lastLine = table.SkippedLines + parser.RawRow;

    /// <summary>Where a cell begins, counted from 0; one that is not there would begin at the end of the record.</summary>
    public Place PlaceOf(int cell)
    {
        var text = _raw.TrimEnd('\r', '\n');
        var (at, quoted) = (0, false);
        for (; at < text.Length && cell > 0; at++)
        {
            if (text[at] == '"')
                quoted = !quoted;
            else if (!quoted && text[at] == table.Delimiter)
                cell--;
        }

        // A cell between quotes may go on over several lines.
        return new Place(file, _lastLine - text.AsSpan(at).Count('\n'), at - text.LastIndexOf('\n', Math.Max(0, at - 1)));
    }
}
