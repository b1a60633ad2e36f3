using System.Globalization;
using Burgernet.Syndicate.Areas;
using Burgernet.Syndicate.Routing;
using CsvHelper;
using CsvHelper.Configuration;

namespace Burgernet.Syndicate.Configuration;

/// <summary>
/// A semicolon-separated file with a header, as a spreadsheet writes it. A bad row is an error with its line; the
/// other rows are read all the same.
/// </summary>
sealed class CsvFile(string name, List<ConfigurationError> errors)
{
    public IReadOnlyList<Municipality> Municipalities(TextReader text)
    {
        var municipalities = new List<Municipality>();
        var merged = new List<(Row Row, Municipality Municipality)>();
        foreach (var row in Rows(text, ["code", "name", "aliases", "lat", "lon", "radius", "validFrom", "validTo", "successor"]))
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

    public IReadOnlyList<Group> Groups(TextReader text, IReadOnlyCollection<string> channels, Func<string, Municipality?> findMunicipality)
    {
        var groups = new List<Group>();
        foreach (var row in Rows(text, ["name", "chatId", "municipality", "lat", "lon", "radius", "active", "channel"]))
        {
            var municipality = row["municipality"] is { Length: > 0 } written ? findMunicipality(written) : null;
            if (row["municipality"].Length > 0 && municipality is null)
                row.Fault("municipality", $"'{row["municipality"]}' staat niet in het gemeentebestand; schrijf de CBS-code (GM0307) of de naam");

            var group = new Group
            {
                Name = row.Required("name"),
                ChatId = row.Required("chatId"),
                Municipality = municipality?.Code,
                Area = row.Circle(),
                Active = row["active"] switch { "ja" or "" => true, "nee" => false, var other => row.Wrong("active", other, "ja of nee", true) },
                Channel = row["channel"] is { Length: > 0 } channel ? channel : null,
            };
            if (group.ChatId.Length > 0 && !ChatId.IsChatId(group.ChatId))
                row.Fault("chatId", $"'{group.ChatId}' is geen WhatsApp-adres; een groep eindigt op @g.us, een beheerder op @c.us, een kanaal op @newsletter");
            if (group.Area is null && row["municipality"].Length == 0 && !row.HasFault)
                row.Fault("municipality", "deze groep heeft geen gebied; vul een gemeente in, of lat, lon en radius");
            if (group.Channel is not null && !channels.Contains(group.Channel))
                row.Fault("channel", $"kanaal '{group.Channel}' bestaat niet; laat leeg of kies {string.Join(", ", channels)}");
            if (groups.Any(g => g.Name == group.Name))
                row.Fault("name", $"'{group.Name}' staat er al; elke groep heeft een eigen naam");
            if (groups.FirstOrDefault(g => g.ChatId == group.ChatId) is { } twin)
                row.Fault("chatId", $"dit adres heeft '{twin.Name}' al; een groep kreeg elk bericht anders dubbel");
            if (!row.HasFault)
                groups.Add(group);
        }

        return groups;
    }

    IEnumerable<Row> Rows(TextReader text, IReadOnlyList<string> columns)
    {
        using var csv = new CsvReader(text, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = ";",
            TrimOptions = TrimOptions.Trim,
            IgnoreBlankLines = true,
            BadDataFound = null,
            MissingFieldFound = null,
        });
        if (!csv.Read() || !csv.ReadHeader())
        {
            errors.Add(new ConfigurationError(name, $"het bestand is leeg; de eerste regel is {string.Join(";", columns)}") { Place = new Place(name) });
            yield break;
        }

        var missing = columns.Where(c => !csv.HeaderRecord!.Contains(c)).ToList();
        var header = new CsvRecord(name, csv.Parser);
        foreach (var (index, unknown) in csv.HeaderRecord!.Index().Where(h => !columns.Contains(h.Item)))
            errors.Add(new ConfigurationError(name, $"kolom '{unknown}' is onbekend; bekend zijn {string.Join(", ", columns)}") { Place = header.PlaceOf(index) });
        if (missing.Count > 0)
        {
            errors.Add(new ConfigurationError(name, $"kolom {string.Join(", ", missing)} ontbreekt; de eerste regel is {string.Join(";", columns)}") { Place = header.PlaceOf(0) });
            yield break;
        }

        while (csv.Read())
            yield return new Row(csv, new CsvRecord(name, csv.Parser), errors);
    }

    sealed class Row(CsvReader csv, CsvRecord record, List<ConfigurationError> errors)
    {
        public bool HasFault { get; private set; }

        public string this[string column] => csv.GetField(column) ?? "";

        public string Required(string column)
        {
            if (this[column].Length == 0)
                Fault(column, "is leeg");
            return this[column];
        }

        /// <summary>The circle of lat, lon and radius; null when none of the three is filled in or one is wrong.</summary>
        public Circle? Circle()
        {
            if (this["lat"].Length + this["lon"].Length + this["radius"].Length == 0)
                return null;

            double? Number(string column) => double.TryParse(this[column], NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                ? value
                : Wrong<double?>(column, this[column], "een getal met een punt, zoals 52.1796", null);

            var (lat, lon, radius) = (Number("lat"), Number("lon"), Number("radius"));
            if (lat is null || lon is null || radius is null)
                return null;
            return Areas.Circle.Plausible(lat, lon, radius)
                ?? Wrong<Circle?>("lat", $"{lat};{lon};{radius}", "een breedtegraad, lengtegraad en straal (meters) in Nederland", null);
        }

        public DateOnly? Date(string column) => this[column] switch
        {
            "" => null,
            var text when DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) => day,
            var text => Wrong<DateOnly?>(column, text, "een datum als 2027-01-01", null),
        };

        public T Wrong<T>(string column, string text, string expected, T fallback)
        {
            Fault(column, $"'{text}' is hier niet geldig; verwacht wordt {expected}");
            return fallback;
        }

        public void Fault(string column, string message)
        {
            HasFault = true;
            errors.Add(new ConfigurationError(column, message) { Place = record.PlaceOf(csv.GetFieldIndex(column)) });
        }
    }
}
