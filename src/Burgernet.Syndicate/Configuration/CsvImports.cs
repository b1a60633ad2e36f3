using System.Globalization;
using System.Text.RegularExpressions;
using Burgernet.Syndicate.Areas;
using Burgernet.Syndicate.Reports;
using Burgernet.Syndicate.Routing;

namespace Burgernet.Syndicate.Configuration;

// The tables that the team brings in by hand: how alerts ended, and what is known of municipalities.
sealed partial class CsvFile
{
    public IReadOnlyList<OutcomeLine> Outcomes(byte[] bytes)
    {
        var lines = new List<OutcomeLine>();
        var seen = new Dictionary<string, OutcomeLine>();
        foreach (var row in Rows(bytes, ["sourceId", "outcome"], []))
        {
            var (sourceId, written) = (row.Required("sourceId"), row.Required("outcome"));
            var outcome = written.Length == 0 ? null : Outcome.Parse(written) ?? row.Wrong<string?>("outcome", written, Outcome.Hint, null);
            if (sourceId.Length > 0 && seen.TryGetValue(sourceId, out var earlier))
                row.Fault("sourceId", $"'{sourceId}' staat al op regel {earlier.Place.Line}; elk bericht staat één keer in het bestand");
            if (row.HasFault)
                continue;
            lines.Add(new OutcomeLine(sourceId, outcome!, row.PlaceOf("sourceId")));
            seen.TryAdd(sourceId, lines[^1]);
        }

        return lines;
    }

    public IReadOnlyList<ContextFigure> ContextFigures(byte[] bytes, AreaIndex areas)
    {
        var figures = new List<ContextFigure>();
        var seen = new Dictionary<(string, string), int?>();
        foreach (var row in Rows(bytes, ["municipality", "period", "participants", "downloads", "inhabitants"], []))
        {
            var (written, period) = (row.Required("municipality"), row.Required("period"));
            var last = ContextFigure.LastDayOf(period);
            if (period.Length > 0 && last is null)
                row.Wrong("period", period, "een jaar of een maand, zoals 2017 of 2017-11", "");
            // What a municipality was called then; who only knows today's name means today's ground.
            var municipality = written.Length == 0 || last is not { } day ? null : areas.WithCode(written) ?? areas.Find(written, DutchHours.Moment(day, TimeOnly.MinValue)) ?? areas.Find(written, TimeProvider.System.GetUtcNow());
            if (written.Length > 0 && last is not null && municipality is null)
                row.Fault("municipality", $"'{written}' staat niet in het gemeentebestand; schrijf de CBS-code (GM0307) of de naam");
            var (participants, downloads, inhabitants) = (row.Count("participants"), row.Count("downloads"), row.Count("inhabitants"));
            if (!row.HasFault && participants is null && downloads is null && inhabitants is null)
                row.Fault("participants", "op deze regel staat geen enkel getal");
            if (participants > inhabitants)
                row.Fault("participants", $"{participants} deelnemers op {inhabitants} inwoners kan niet");
            if (municipality is not null && last is not null && !seen.TryAdd((municipality.Code, period), row.PlaceOf("municipality").Line))
                row.Fault("municipality", $"{municipality.Name} staat voor {period} al op regel {seen[(municipality.Code, period)]}; elke gemeente staat één keer per periode in het bestand");
            if (!row.HasFault)
                figures.Add(new ContextFigure { Municipality = municipality!.Code, Period = period, Participants = participants, Downloads = downloads, Inhabitants = inhabitants });
        }

        return figures;
    }

    sealed partial class Row
    {
        public Place PlaceOf(string column) => record.PlaceOf(columns.GetValueOrDefault(column, cells.Length));

        /// <summary>A whole number; null where the cell is empty or holds something else.</summary>
        public long? Count(string column) => this[column] switch
        {
            "" => null,
            var text when WholeNumber().IsMatch(text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) => value,
            var text when Thousands().IsMatch(text) => Wrong<long?>(column, text, $"een heel getal zonder punt of komma, zoals {text.Replace(".", "", StringComparison.Ordinal).Replace(",", "", StringComparison.Ordinal)}", null),
            var text => Wrong<long?>(column, text, "een heel getal zonder punt of komma, zoals 1234", null),
        };

        [GeneratedRegex(@"^\d{1,12}$", RegexOptions.CultureInvariant)]
        private static partial Regex WholeNumber();
    }
}

/// <summary>A line of a table of outcomes.</summary>
sealed record OutcomeLine(string SourceId, string Outcome, Place Place);
