namespace Burgernet.Syndicate.Configuration;

/// <summary>A record of a table as it was written, so that a cell can be pointed at.</summary>
/// <param name="file">The table.</param>
/// <param name="delimiter">What stands between its cells.</param>
/// <param name="raw">The record; a cell between quotes may go on over several lines.</param>
/// <param name="line">The line on which it begins, counted from 1.</param>
sealed class CsvRecord(string file, char delimiter, string raw, int line)
{
    readonly string _text = raw.TrimEnd('\r', '\n');

    /// <summary>The line on which it ends.</summary>
    public int LastLine => line + CsvText.LinesIn(_text);

    /// <summary>Where a cell begins, counted from 0; one that is not there would begin at the end of the record.</summary>
    public Place PlaceOf(int cell)
    {
        var (at, quoted) = (0, false);
        for (; at < _text.Length && cell > 0; at++)
        {
            if (_text[at] == '"')
                quoted = !quoted;
            else if (!quoted && _text[at] == delimiter)
                cell--;
        }

        return new Place(file, line + CsvText.LinesIn(_text.AsSpan(0, at)), at - _text.LastIndexOf('\n', Math.Max(0, at - 1)));
    }
}
