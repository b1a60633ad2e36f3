using System.Globalization;
using System.Net;

namespace Burgernet.Syndicate.Reports;

/// <summary>A few lines on one municipality that can be pasted into its newsletter (Dutch).</summary>
public static class Newsletter
{
    static readonly CultureInfo Dutch = CultureInfo.GetCultureInfo("nl-NL");

    /// <summary>As plain text: a heading, an empty line, a paragraph.</summary>
    public static string Text(Report report, MunicipalityRow municipality) => $"{Heading(report, municipality)}\n\n{Words(report, municipality)}";

    /// <summary>As HTML without any markup of ours.</summary>
    public static string Html(Report report, MunicipalityRow municipality) => $"<h2>{WebUtility.HtmlEncode(Heading(report, municipality))}</h2>\n<p>{WebUtility.HtmlEncode(Words(report, municipality))}</p>";

    static string Heading(Report report, MunicipalityRow municipality) => $"Burgernet in {municipality.Name}: {report.Period}{(report.Invented > 0 ? $" ({ExampleYear.Label})" : "")}";

    static string Words(Report report, MunicipalityRow m)
    {
        var words = new List<string> { m.Actions == 0
            ? $"In deze periode ({report.Period}) waren er geen acties van Burgernet in {m.Name}."
            : $"In deze periode ({report.Period}) vroeg de politie {Times(m.Actions)} via Burgernet om mee uit te kijken in {m.Name}{Of(m)}." };
        if (m.HardSuccess is { Part: > 0 } hard)
            words.Add($"{Times((int)hard.Part)} gaf een deelnemer de informatie waardoor iemand direct werd gevonden.");
        if (m.Reach.Impressions is { } shown)
            words.Add(string.Create(Dutch, $"De berichten zijn, voor zover bekend, {shown:N0} keer getoond."));
        if (m.Context?.Participants is { } participants)
            words.Add(string.Create(Dutch, $"{m.Name} telt {participants:N0} deelnemers."));
        words.Add("Ook meedoen? Kijk op burgernet.nl.");
        return string.Join(" ", words);
    }

    static string Of(MunicipalityRow m) => (m.MissingPersons, m.HighImpactCrime) switch
    {
        (0, 0) => "",
        (var missing, 0) => $", waarvan {Times(missing)} naar een vermiste persoon",
        (0, var crime) => $", waarvan {Times(crime)} na een overval, straatroof, inbraak of geweld",
        var (missing, crime) => $", waarvan {Times(missing)} naar een vermiste persoon en {Times(crime)} na een overval, straatroof, inbraak of geweld",
    };

    static string Times(int times) => string.Create(Dutch, $"{times:N0} keer");
}
