using Burgernet.Syndicate.Areas;
using Burgernet.Syndicate.Templates;

namespace Burgernet.Syndicate.Alerts;

/// <summary>What templates are told of an alert in each phase: the same for what is posted and for what is only shown beforehand.</summary>
sealed class AlertWords(AreaIndex areas)
{
    /// <summary>Where the police show the photo of a child for as long as it is missing.</summary>
    public const string ChildAlertPage = "politie.nl/amberalert";

    public AlertModel Opening(AlertEntry entry, string reference, AlertPhoto? photo) =>
        Model(entry, AlertPhase.Opened, entry.Text, reference) is var model && photo is { Url.Length: > 0 } ? model with { Photo = model.Photo ?? photo.Url } : model;

    /// <param name="entry">The alert, with the words of its opening.</param>
    /// <param name="words">What is added.</param>
    /// <param name="reference">The code of this post.</param>
    public AlertModel Update(AlertEntry entry, string words, string reference) => Model(entry, AlertPhase.Updated, words, reference) with { OpeningText = entry.Text };

    /// <summary>Who is found has a right to be forgotten: no name in a closing.</summary>
    public AlertModel Closing(AlertEntry entry, string words, string reference) => Model(entry, entry.Phase, words, reference) with { Title = null };

    static bool IsOfChild(AlertEntry entry) => entry.Kind is AlertKind.AmberAlert or AlertKind.VermistKindAlert;

    AlertModel Model(AlertEntry entry, AlertPhase phase, string text, string reference) => new()
    {
        Phase = Wire.Name(phase),
        Kind = Wire.Name(entry.Kind),
        Category = Wire.Name(entry.Category),
        Exercise = entry.Exercise,
        Title = entry.Title,
        Text = text,
        Photo = IsOfChild(entry) && phase is (AlertPhase.Opened or AlertPhase.Updated) ? ChildAlertPage : null,
        Municipality = entry.Municipality is { } code ? areas.WithCode(code)?.Name : null,
        IssuedAt = entry.IssuedAt,
        Warn = AlertClassifier.SaysDoNotApproach(entry.Text)
            || entry.Category is AlertCategory.Robbery or AlertCategory.StreetRobbery or AlertCategory.Burglary or AlertCategory.Violence or AlertCategory.RamRaid,
        Reference = reference,
    };
}
