using System.Globalization;
using System.Text.RegularExpressions;
using Burgernet.Syndicate.Areas;
using Burgernet.Syndicate.Routing;
using CsvHelper;
using CsvHelper.Configuration;
using Group = Burgernet.Syndicate.Routing.Group;

namespace Burgernet.Syndicate.Configuration;

/// <summary>
/// A table with a header, as a spreadsheet writes it: cells between semicolons, commas or tabs, in UTF-8 or in the
/// letters of Windows, columns in any order, decimals with a dot or a comma. A bad row is an error with its line and
/// column; the other rows are read all the same.
/// </summary>
sealed partial class CsvFile(string name, List<ConfigurationError> errors)
{
    static readonly string[] CircleColumns = ["lat", "lon", "radius"];

    public IReadOnlyList<Municipality> Municipalities(byte[] bytes)
    {
        var municipalities = new List<Municipality>();
        var merged = new List<(Row Row, Municipality Municipality)>();
        foreach (var row in Rows(bytes, ["code", "name", .. CircleColumns], ["aliases", "validFrom", "validTo", "successor"]))
        {
            var extent = row.Circle();
            var municipality = new Municipality
            {
                Code = row.Required("code"),
                Name = row.Required("name"),
                Aliases = row["aliases"].Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
                Extent = extent ?? default,
                ValidFrom = row.Date("validFrom"),
                ValidTo = row.Date("validTo"),
                Successor = row["successor"] is { Length: > 0 } code ? code : null,
            };
            if (municipality.Code.Length > 0 && !(municipality.Code.StartsWith("GM", StringComparison.Ordinal) && municipality.Code.Length == 6))
                row.Fault("code", $"'{municipality.Code}' is geen CBS-code; schrijf GM en vier cijfers, zoals GM0307");
            if (extent is null && !row.HasFault)
                row.Fault("lat", "een gemeente heeft een middelpunt (lat, lon) en een straal in meters nodig");
            if (municipalities.Any(m => m.Code == municipality.Code))
                row.Fault("code", $"{municipality.Code} staat er al; elke gemeente staat één keer in het bestand");
            if (!row.HasFault)
                municipalities.Add(municipality);
            if (municipality.Successor is not null)
                merged.Add((row, municipality));
        }

        foreach (var (row, orphan) in merged.Where(m => municipalities.All(o => o.Code != m.Municipality.Successor)))
            row.Fault("successor", $"{orphan.Name} gaat over in {orphan.Successor}, maar die code staat niet in dit bestand");
        return municipalities;
    }

    /// <param name="region">The municipalities and the areas drawn on a map.</param>
    public IReadOnlyList<Basisteam> Basisteams(byte[] bytes, RegionFiles region)
    {
        var teams = new List<Basisteam>();
        foreach (var row in Rows(bytes, ["basisteam", "municipality"], ["district"]))
        {
            var team = row.Required("basisteam");
            if (row.Required("municipality") is { Length: > 0 } written && row.Municipality(region) is { } municipality)
                teams.Add(new Basisteam(team, municipality.Code, row["district"] is { Length: > 0 } district ? district : null));
        }

        return teams;
    }

    /// <param name="channels">The channels that post to groups.</param>
    /// <param name="region">The municipalities and the areas drawn on a map.</param>
    public IReadOnlyList<Group> Groups(byte[] bytes, IReadOnlyCollection<string> channels, RegionFiles region)
    {
        var groups = new List<Group>();
        var (byName, byAddress) = (new HashSet<string>(), new Dictionary<string, string>());
        foreach (var row in Rows(bytes, ["name", "chatId"], ["municipality", .. CircleColumns, "polygon", "active", "channel"]))
        {
            var group = new Group
            {
                Name = row.Required("name"),
                ChatId = row.Required("chatId"),
                Municipality = row.Municipality(region)?.Code,
                Area = row.Circle(),
                Polygon = row["polygon"] is { Length: > 0 } drawn ? region.Area(drawn) ?? row.Wrong<Ground?>("polygon", drawn, region.AreaHint, null) : null,
                Active = row["active"].ToLowerInvariant() switch { "ja" or "" => true, "nee" => false, _ => row.Wrong("active", row["active"], "ja of nee", true) },
                Channel = row["channel"] is { Length: > 0 } channel ? channel : null,
            };
            if (group.ChatId.Length > 0 && !ChatId.IsChatId(group.ChatId))
                row.Fault("chatId", $"'{group.ChatId}' is geen WhatsApp-adres; een groep eindigt op @g.us, een beheerder op @c.us, een kanaal op @newsletter");
            if (group.Area is not null && group.Polygon is not null)
                row.Fault("polygon", "deze groep heeft ook een cirkel; vul een van de twee in");
            if (group.Area is null && group.Polygon is null && row["municipality"].Length == 0 && !row.HasFault)
                row.Fault("municipality", "deze groep heeft geen gebied; vul een gemeente in, of lat, lon en radius, of polygon");
            if (group.Channel is not null && !channels.Contains(group.Channel))
                row.Fault("channel", $"kanaal '{group.Channel}' bestaat niet; laat leeg of kies {string.Join(", ", channels)}");
            if (group.Name.Length > 0 && !byName.Add(group.Name))
                row.Fault("name", $"'{group.Name}' staat er al; elke groep heeft een eigen naam");
            if (group.ChatId.Length > 0 && !byAddress.TryAdd(group.ChatId, group.Name))
                row.Fault("chatId", $"dit adres heeft '{byAddress[group.ChatId]}' al; een groep kreeg elk bericht anders dubbel");
            if (!row.HasFault)
                groups.Add(group);
        }

        return groups;
    }

    IEnumerable<Row> Rows(byte[] bytes, IReadOnlyList<string> required, IReadOnlyList<string> optional)
    {
        var table = CsvText.Of(bytes);
        string[] known = [.. required, .. optional];
        var expected = string.Join(table.Delimiter, known);
        using var csv = new CsvParser(new StringReader(table.Text), new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = table.Delimiter.ToString(),
            TrimOptions = TrimOptions.Trim,
            IgnoreBlankLines = true,
            BadDataFound = null,
        });
        string[]? header = null;
        var columns = new Dictionary<string, int>();
        // The parser's own count is off by what a quote that was never closed swallowed.
        var (start, line) = (0, 1 + table.SkippedLines);
        while (csv.Read())
        {
            var cells = csv.Record!;
            var next = table.Text.IndexOf(csv.RawRecord, start, StringComparison.Ordinal);
            line += CsvText.LinesIn(table.Text.AsSpan(start..next));
            start = next;
            // A spreadsheet keeps the places of rows and columns that were emptied.
            if (Array.TrueForAll(cells, string.IsNullOrWhiteSpace))
                continue;
            var record = new CsvRecord(name, table.Delimiter, csv.RawRecord, line);
            if (header is null)
            {
                header = cells;
                if (!ReadHeader(header, record, known, required, expected, columns))
                    yield break;
                continue;
            }

            if (Array.FindIndex(cells, c => c.Contains('\n', StringComparison.Ordinal)) is >= 0 and var torn)
                Fault(record.PlaceOf(torn), $"regel {record.PlaceOf(torn).Line} tot en met {record.LastLine} staan samen in één cel; kijk of er een aanhalingsteken (\") te veel of te weinig staat");
            else if (Enumerable.Range(0, cells.Length).Where(i => cells[i].Length > 0 && (i >= header.Length || header[i].Length == 0)).ToList() is [var extra, ..])
                Fault(record.PlaceOf(extra), $"er staan meer cellen dan kolommen; {(table.Delimiter == ',' ? "zet een getal met een komma tussen aanhalingstekens" : $"een tekst met {table.Delimiter} erin hoort tussen aanhalingstekens")}");
            else
                yield return new Row(cells, columns, record, errors);
        }

        if (header is null)
            Fault(new Place(name), $"het bestand is leeg; de eerste regel is {expected}");
    }

    void Fault(Place place, string message) => errors.Add(new ConfigurationError(name, message) { Place = place });

    bool ReadHeader(string[] header, CsvRecord record, string[] known, IReadOnlyList<string> required, string expected, Dictionary<string, int> columns)
    {
        for (var at = 0; at < header.Length; at++)
        {
            if (header[at].Length == 0)
                continue;
            if (Array.Find(known, k => k.Equals(header[at], StringComparison.OrdinalIgnoreCase)) is not { } column)
                Fault(record.PlaceOf(at), $"kolom '{header[at]}' is onbekend; bekend zijn {string.Join(", ", known)}");
            else if (!columns.TryAdd(column, at))
                Fault(record.PlaceOf(at), $"kolom {column} staat er twee keer; haal er een weg");
        }

        var missing = required.Where(c => !columns.ContainsKey(c)).ToList();
        if (missing.Count > 0)
            Fault(record.PlaceOf(0), $"kolom {string.Join(", ", missing)} ontbreekt; de eerste regel is {expected}");
        return missing.Count == 0;
    }

    sealed partial class Row(string[] cells, Dictionary<string, int> columns, CsvRecord record, List<ConfigurationError> errors)
    {
        public bool HasFault { get; private set; }

        /// <summary>Empty where the column or the cell is not there.</summary>
        public string this[string column] => columns.TryGetValue(column, out var at) && at < cells.Length ? cells[at] : "";

        public string Required(string column)
        {
            if (this[column].Length == 0)
                Fault(column, "is leeg");
            return this[column];
        }

        /// <summary>The municipality by code or name; null when the cell is empty or names none.</summary>
        public Municipality? Municipality(RegionFiles region)
        {
            if (this["municipality"] is not { Length: > 0 } written)
                return null;
            var municipality = region.Find(written);
            if (municipality is null)
                Fault("municipality", $"'{written}' staat niet in het gemeentebestand; schrijf de CBS-code (GM0307) of de naam");
            return municipality;
        }

        /// <summary>The circle of lat, lon and radius; null when none of the three is filled in or one is wrong.</summary>
        public Circle? Circle()
        {
            if (CircleColumns.All(c => this[c].Length == 0))
                return null;

            var (lat, lon, radius) = (Number("lat", "52,1796 of 52.1796"), Number("lon", "5,3861 of 5.3861"), Radius());
            if (lat is null || lon is null || radius is null)
                return null;
            return Areas.Circle.Plausible(lat, lon, radius)
                ?? Wrong<Circle?>("lat", $"{this["lat"]} {this["lon"]} {this["radius"]}", "een breedtegraad, lengtegraad en straal (meters) in Nederland", null);
        }

        double? Number(string column, string example) =>
            double.TryParse(this[column].Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                ? value
                : Wrong<double?>(column, this[column], $"een getal, zoals {example}", null);

        // "1.200" is a number too, but whoever writes it means twelve hundred and would reach one metre.
        double? Radius() => Thousands().IsMatch(this["radius"])
            ? Wrong<double?>("radius", this["radius"], $"een straal in hele meters zonder punt of komma, zoals {this["radius"].Replace(".", "", StringComparison.Ordinal).Replace(",", "", StringComparison.Ordinal)}", null)
            : Number("radius", "1200");

        public DateOnly? Date(string column) => this[column] switch
        {
            "" => null,
            var text when DateOnly.TryParseExact(text, ["yyyy-MM-dd", "d-M-yyyy"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) => day,
            var text => Wrong<DateOnly?>(column, text, "een datum als 2027-01-01 of 1-1-2027", null),
        };

        public T Wrong<T>(string column, string text, string expected, T fallback)
        {
            Fault(column, $"'{text}' is hier niet geldig; verwacht wordt {expected}");
            return fallback;
        }

        public void Fault(string column, string message)
        {
            HasFault = true;
            errors.Add(new ConfigurationError(column, message) { Place = record.PlaceOf(columns.GetValueOrDefault(column, cells.Length)) });
        }

        [GeneratedRegex(@"^\d{1,3}([.,]\d{3})+$")]
        private static partial Regex Thousands();
    }
}
