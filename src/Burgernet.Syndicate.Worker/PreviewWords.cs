using System.Globalization;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Previews;

namespace Burgernet.Syndicate.Worker;

/// <summary>What the page and the command say of a preview.</summary>
static class PreviewWords
{
    static readonly CultureInfo Dutch = CultureInfo.GetCultureInfo("nl-NL");

    public static string Phase(string phase) => phase switch
    {
        "opened" => "oproep",
        "updated" => "update",
        "closed" => "afsluiting",
        _ => "intrekking",
    };

    /// <summary>Null where there is no photo.</summary>
    public static string? Photo(Preview preview) => preview switch
    {
        { Photo: null } => null,
        { Photo: PhotoUse.None } => "dit kanaal zegt er niets van",
        { Photo: PhotoUse.Link } => "geen kopie; de tekst zegt waar hij te zien is, als dat een vertrouwd adres is",
        { AltText: { } words } => $"een kopie gaat mee, en waar het kanaal dat kan de woorden: {words}",
        _ => "gaat niet mee: er staat niet bij wat erop te zien is",
    };

    public static string Cost(Preview preview) => preview.Cost == 0 ? "geen" : string.Create(Dutch, $"$ {preview.Cost:0.00#} per bericht");

    /// <summary>The first of the targets, and how many there are.</summary>
    public static string Targets(Preview preview, int most) => preview.Targets is [var one]
        ? one == preview.Channel ? "het account" : one
        : $"{preview.Targets.Count} groepen, de dichtstbijzijnde eerst: {string.Join(", ", preview.Targets.Take(most))}{(preview.Targets.Count > most ? $" en nog {preview.Targets.Count - most}" : "")}";
}
