using System.Globalization;
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

    public static string Cost(Preview preview) => preview.Cost == 0 ? "geen" : string.Create(Dutch, $"$ {preview.Cost:0.00#} per bericht");

    /// <summary>The first of the targets, and how many there are.</summary>
    public static string Targets(Preview preview, int most) => preview.Targets is [var one]
        ? one == preview.Channel ? "het account" : one
        : $"{preview.Targets.Count} groepen, de dichtstbijzijnde eerst: {string.Join(", ", preview.Targets.Take(most))}{(preview.Targets.Count > most ? $" en nog {preview.Targets.Count - most}" : "")}";
}
