using Burgernet.Syndicate.Alerts;

namespace Burgernet.Syndicate.Templates;

/// <summary>
/// What a template is for, by its file's name: <c>x</c> for a channel or a type, <c>x.missing-person</c> for that with a
/// category, <c>x.missing-person.closed</c> for that in a phase. The words behind the first may stand in any order.
/// </summary>
sealed record TemplateName(string File, string Base, string? Phase, string? Kind, string? Category)
{
    /// <summary>The phases in which something is posted.</summary>
    public static IReadOnlyList<string> Phases { get; } = [.. new[] { AlertPhase.Opened, AlertPhase.Updated, AlertPhase.Closed, AlertPhase.Withdrawn }.Select(Wire.Name)];

    static readonly HashSet<string> Kinds = [.. Wire.All<AlertKind>()];
    static readonly HashSet<string> Categories = [.. Wire.All<AlertCategory>()];

    /// <summary>The name, or null and what is wrong with it (Dutch).</summary>
    public static TemplateName? Parse(string file, out string? fault)
    {
        var parts = file.Split('.');
        string? phase = null, kind = null, category = null;
        foreach (var part in parts.Skip(1))
        {
            var before = (phase, kind, category);
            if (Phases.Contains(part))
                phase ??= part;
            else if (Kinds.Contains(part))
                kind ??= part;
            else if (Categories.Contains(part))
                category ??= part;
            if (before == (phase, kind, category))
            {
                fault = $"de naam van dit bestand klopt niet: '{part}' is geen fase, soort of onderwerp, of het tweede; {Suggestion.Hint(part, [.. Phases, .. Kinds, .. Categories])}";
                return null;
            }
        }

        fault = null;
        return new TemplateName(file, parts[0], phase, kind, category);
    }

    public bool Fits(AlertModel model) =>
        (Phase is null || Phase == model.Phase) && (Kind is null || Kind == model.Kind) && (Category is null || Category == model.Category);

    /// <summary>
    /// The more words, the more particular. Among equals the phase counts most, so that a closing reads as one, and
    /// "actie" least, because nearly everything is one.
    /// </summary>
    public int Rank => 16 * ((Phase is null ? 0 : 1) + (Kind is null ? 0 : 1) + (Category is null ? 0 : 1))
        + (Phase is null ? 0 : 8) + (Kind is null ? 0 : Kind == "actie" ? 1 : 4) + (Category is null ? 0 : 2);
}
