using System.Text;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Connectors;
using Burgernet.Syndicate.Previews;
using Burgernet.Syndicate.Routing;
using Burgernet.Syndicate.Templates;
using Burgernet.Syndicate.Worker.Access;
using Burgernet.Syndicate.Worker.Services;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Burgernet.Syndicate.Worker.Pages;

/// <summary>
/// What every channel would show of an alert, with the templates as they are or as somebody is writing one. It changes
/// nothing, here or elsewhere, so a forged request gains nothing and needs no token against it.
/// </summary>
[IgnoreAntiforgeryToken]
[ChangesNothing]
[RequestSizeLimit(LargestRequest)]
[RequestFormLimits(MultipartBodyLengthLimit = LargestRequest, ValueLengthLimit = LargestRequest, ValueCountLimit = 20)]
sealed partial class TemplatesModel(LiveConfiguration live, AlertLog log, Surroundings surroundings, TimeProvider time) : PageModel
{
    public const int LongestText = 8_000;

    const int LargestRequest = 256 * 1024;
    const int RealAlerts = 20;
    const string Real = "echt-";
    const string First = "missing-person-opened";

    // Trying a template takes a core for a moment; what the program is for must not wait for that.
    static readonly SemaphoreSlim OneAtATime = new(1);
    static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    // Of one moment, whatever is saved meanwhile.
    readonly SyndicateOptions _options = live.Current.Options;

    public bool Live => surroundings.Mode is SyndicateMode.Live;
    public IReadOnlyList<SelectListItem> Choices { get; private set; } = [];
    public IEnumerable<string> Files => _options.Templates.Sources.Keys.Order(StringComparer.Ordinal);
    public string Text { get; private set; } = "";
    public string Template { get; private set; } = "";
    public string Source { get; private set; } = "";
    public string Original { get; private set; } = "";
    public bool Edited { get; private set; }
    public bool MaySave => Permission.Has(User, Role.Editor);
    public TemplateDraft? Draft { get; private set; }
    public IReadOnlyList<Preview> Previews { get; private set; } = [];

    public string Status => Draft switch
    {
        null => Edited ? "Er zijn nu te veel aanvragen. Probeer het zo nog eens." : "Zo zijn de sjablonen nu.",
        { Readable: false } => "Dit sjabloon klopt niet. Hieronder staat wat er nu geldt, zonder uw wijziging.",
        { Faults.Count: > 0 } => "Zo wordt het met uw wijziging, maar zo wordt het sjabloon niet overgenomen.",
        _ => "Zo wordt het met uw wijziging.",
    };

    public Task OnGetAsync(string? bericht, string? sjabloon) => ShowAsync(bericht, null, sjabloon, null);

    /// <param name="bericht">The example or the real alert.</param>
    /// <param name="tekst">Words to show instead of its own.</param>
    /// <param name="sjabloon">The template that is to be open.</param>
    /// <param name="getoond">The template that <paramref name="bron"/> was made of.</param>
    /// <param name="bron">What somebody made of it.</param>
    /// <param name="opnieuw">Not null: forget what somebody made of it.</param>
    public async Task<IActionResult> OnPostAsync(string? bericht, string? tekst, string? sjabloon, string? getoond, string? bron, string? opnieuw)
    {
        // Of a form that is too large nothing was read.
        if (!ModelState.IsValid)
            return StatusCode(StatusCodes.Status413PayloadTooLarge);
        await ShowAsync(bericht, tekst, sjabloon, getoond == sjabloon && opnieuw is null ? bron : null);
        return Page();
    }

    async Task ShowAsync(string? chosen, string? text, string? template, string? source)
    {
        var alert = await ChooseAsync(chosen ?? First);
        Text = Lines(text).Trim();
        if (Text.Length > LongestText)
            Text = Text[..LongestText];
        if (Text.Length > 0)
            alert = alert with { Messages = [.. alert.Messages.SkipLast(1), alert.Messages[^1] with { Text = Text }] };

        Template = template is not null && _options.Templates.Sources.ContainsKey(template) ? template : TemplateSet.Shared;
        Original = Lines(_options.Templates.Sources.GetValueOrDefault(Template));
        Source = source is null ? Original : Lines(source);
        Edited = Source.Trim() != Original.Trim();
        if (Edited && await OneAtATime.WaitAsync(LongestWait, HttpContext.RequestAborted))
        {
            try
            {
                Draft = TemplateDraft.Of(_options, ConnectorRegistry.Channels, Template, Source);
            }
            finally
            {
                OneAtATime.Release();
            }
        }

        Previews = new Previewer(Draft?.Options ?? _options, ConnectorRegistry.Channels).Of(alert);
    }

    async Task<Alert> ChooseAsync(string chosen)
    {
        var now = time.GetUtcNow();
        var examples = ExampleAlerts.At(now, _options.Areas);
        var real = (await log.NewestAsync(RealAlerts)).Where(a => a.Phase is not (AlertPhase.Expired or AlertPhase.Silent)).ToList();
        var told = chosen.StartsWith(Real, StringComparison.Ordinal) && real.Any(a => Real + a.Id == chosen) ? await log.ToldAsync(chosen[Real.Length..]) : null;
        var example = examples.FirstOrDefault(e => e.Key == chosen) ?? examples.First(e => e.Key == First);
        var key = told is null ? example.Key : chosen;

        var groups = examples.GroupBy(e => e.Name).ToDictionary(g => g.Key, g => new SelectListGroup { Name = g.Key });
        var kept = new SelectListGroup { Name = "Laatste echte berichten" };
        Choices =
        [
            .. examples.Select(e => new SelectListItem($"{e.Name}: {PreviewWords.Phase(e.Phase)}{e.More}", e.Key, e.Key == key) { Group = groups[e.Name] }),
            .. real.Select(a => new SelectListItem($"{DutchTime.Of(a.IssuedAt):d-M H.mm} {RouteWords.Of(a.Kind)}, {RouteWords.Of(a.Category)}, {a.SourceId}: {PreviewWords.Phase(Wire.Name(a.Phase))}", Real + a.Id, Real + a.Id == key) { Group = kept }),
        ];
        return told is null ? example.Alert : told with { Municipality = told.Municipality is { } code ? _options.Areas.WithCode(code)?.Name : null };
    }

    // A browser sends its own line ends.
    static string Lines(string? text) => (text ?? "").ReplaceLineEndings("\n");

    public static string Place(TemplateFault fault) => fault.Line > 0 ? $"{fault.Template}.liquid, regel {fault.Line}, kolom {fault.Column}" : $"{fault.Template}.liquid";

    /// <summary>The words as the network shows them: its links stand out, its marks become bold or italic.</summary>
    public static IHtmlContent Shown(Preview preview)
    {
        if (preview.Type == "whatsapp")
            return new HtmlString(Italic().Replace(Bold().Replace(Encode(preview.Text), "<strong>$1</strong>"), "<em>$1</em>"));
        var (html, at) = (new StringBuilder(), 0);
        foreach (var link in LinkFinder.Find(preview.Text))
        {
            html.Append(Encode(preview.Text[at..link.Start])).Append("<span class=\"linked\">").Append(Encode(preview.Text.Substring(link.Start, link.Length))).Append("</span>");
            at = link.Start + link.Length;
        }

        return new HtmlString(html.Append(Encode(preview.Text[at..])).ToString());
    }

    static string Encode(string text) => HtmlEncoder.Default.Encode(text);

    [GeneratedRegex(@"(?<![\w*])\*(\S(?:[^*\n]*[^\s*])?)\*(?![\w*])")]
    private static partial Regex Bold();

    [GeneratedRegex(@"(?<![\w_])_(\S(?:[^_\n<>]*[^\s_<>])?)_(?![\w_])")]
    private static partial Regex Italic();
}
