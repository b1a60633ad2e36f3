using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Channels;

namespace Burgernet.Syndicate.Templates;

/// <summary>
/// Makes every sort of post once: a wrong name in a branch that is seldom taken shows here, and not on the night it is
/// needed.
/// </summary>
sealed class TemplateTrial(TemplateSet templates, TextNeutraliser neutraliser)
{
    static readonly DateTimeOffset Moment = new(2026, 11, 24, 19, 15, 0, TimeSpan.Zero);

    static readonly List<AlertModel> Models =
    [
        .. from kind in Enum.GetValues<AlertKind>()
           from category in Enum.GetValues<AlertCategory>()
           from phase in TemplateName.Phases
           from rich in (bool[])[true, false]
           select new AlertModel
           {
               Kind = Wire.Name(kind), Category = Wire.Name(category), Phase = phase, Exercise = !rich, Text = rich ? "Tekst." : "",
               Title = rich ? "Titel" : null, OpeningText = rich ? "Eerste tekst." : null, Photo = rich ? AlertWords.ChildAlertPage : null, Municipality = rich ? "Amersfoort" : null,
               IssuedAt = Moment, Now = Moment, Warn = rich, Call = rich ? "112" : null, Reference = "BN-00000", Shortened = !rich,
           },
    ];

    /// <summary>The first thing that goes wrong on a channel; null when nothing does.</summary>
    public TemplateFault? Try(string channel, PostLimit limit) =>
        Models.Select(model => Try(channel, limit, model)).FirstOrDefault(fault => fault is not null);

    /// <summary>What a channel's posts do not say although readers need it. It can be run: somebody may want it so.</summary>
    public IEnumerable<TemplateFault> Lacks(string channel) =>
        Needs.Select(need => Openings.Where(model => templates.Render(channel, need.With(model)) == templates.Render(channel, need.Without(model)))
            .Select(model => new TemplateFault(templates.FileFor(channel, model), 0, 0, $"{need.Lacking} bij {model.Kind}, {model.Category}; {need.WayOut}")).FirstOrDefault()).OfType<TemplateFault>();

    static readonly List<AlertModel> Openings = [.. Models.Where(m => m is { Phase: "opened", Exercise: false })];

    static readonly (string Lacking, string WayOut, Func<AlertModel, AlertModel> With, Func<AlertModel, AlertModel> Without)[] Needs =
    [
        ("toont geen waarschuwing om niet zelf te benaderen", "zet er {{ oproep }} in", m => m, m => m with { Warn = false }),
        ("toont geen nummer om te bellen", "zet er {{ oproep }} in", m => m, m => m with { Call = "0900-8844" }),
        ("klinkt bij een afsluiting als een oproep", "zet er {{ kop }} in", m => m with { Warn = false, Call = null }, m => m with { Phase = "closed", Warn = false, Call = null }),
        ("klinkt na intrekking als een oproep", "zet er {{ kop }} in", m => m with { Warn = false, Call = null }, m => m with { Phase = "withdrawn", Warn = false, Call = null }),
        ("zegt niet dat een oefening een oefening is", "zet er {{ kop }} in", m => m, m => m with { Exercise = true }),
    ];

    TemplateFault? Try(string channel, PostLimit limit, AlertModel model)
    {
        try
        {
            var post = templates.Render(channel, model);
            return !post.Contains(model.Reference, StringComparison.Ordinal)
                ? Fault($"laat bij {model.Kind}, {model.Phase} het kenmerk weg; zet er {{{{ reference }}}} in, anders is het bericht later niet terug te vinden")
                : limit.Count(post) > limit.Maximum
                ? Fault($"is bij {model.Kind}, {model.Phase} met bijna geen tekst al {limit.Count(post)} tekens; op {channel} mogen het er {limit.Maximum} zijn")
                : neutraliser.FindElsewhere(post) is { } elsewhere
                ? Fault($"toont bij {model.Kind}, {model.Phase} '{elsewhere}', en dat staat niet op de lijst; haal het weg, of zet een site of nummer in syndicate.json onder texts")
                : null;
        }
        catch (TemplateException exception)
        {
            return Fault($"gaat mis bij {model.Kind}, {model.Phase}: {exception.Reason}");
        }

        TemplateFault Fault(string reason) => new(templates.FileFor(channel, model), 0, 0, reason);
    }
}
