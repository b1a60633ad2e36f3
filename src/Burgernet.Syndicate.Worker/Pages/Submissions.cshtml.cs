using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Worker.Access;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Burgernet.Syndicate.Worker.Pages;

/// <summary>
/// What was sent in and waits for consent, with the posts it would become, and what became of the rest. A form that was
/// refused comes back here with what was typed; the page itself changes nothing.
/// </summary>
[IgnoreAntiforgeryToken]
[ChangesNothing]
[RequestSizeLimit(256 * 1024)]
sealed class SubmissionsModel(SubmissionDesk desk, LiveConfiguration live) : PageModel
{
    const int Shown = 30;

    readonly SyndicateOptions _options = live.Current.Options;

    public IReadOnlyList<WaitingSubmission> Waiting { get; private set; } = [];
    public IReadOnlyList<SubmissionEntry> Done { get; private set; } = [];
    public bool FourEyes => _options.Approval.FourEyes;
    public bool MayDecide => Permission.Has(User, Role.Editor);
    public string? Me => User.Identity?.Name;

    public Task OnGetAsync() => ShowAsync(null);

    public Task OnPostAsync(string? bron, string? bericht, string? titel, string? tekst, string? gemeenten) => ShowAsync(new Typed(bron, bericht, titel, tekst, gemeenten));

    async Task ShowAsync(Typed? typed)
    {
        var waiting = new List<WaitingSubmission>();
        foreach (var entry in await desk.WaitingAsync())
        {
            var proposal = desk.ProposalOf(entry, _options);
            var its = typed?.Source == entry.Source && typed.Id == entry.Id ? typed : null;
            waiting.Add(new WaitingSubmission(
                entry, proposal, await desk.AgreedAsync(entry, proposal.Hash), its is not null, its?.Title ?? entry.Title, its?.Text ?? entry.Text, its?.Municipalities ?? Places(entry)));
        }

        (Waiting, Done) = (waiting, await desk.DoneAsync(Shown));
    }

    public string Places(SubmissionEntry entry) => string.Join(", ", entry.MunicipalityCodes.Select(code => _options.Areas.WithCode(code)?.Name ?? code));

    /// <summary>It goes out by itself.</summary>
    public static bool GoesBySelf(SubmissionEntry entry) => entry.Decision is not SubmissionDecision.Hold;

    public static string Dutchness(SubmissionEntry entry) => entry.State switch
    {
        SubmissionState.Posted when entry.DecidedBy is { } who => $"geplaatst na akkoord van {who}",
        SubmissionState.Posted => "geplaatst",
        SubmissionState.Rejected => $"afgewezen door {entry.DecidedBy}",
        SubmissionState.Expired => "vervallen zonder akkoord",
        SubmissionState.Quarantined => "niet vertrouwd",
        SubmissionState.Duplicate => "dubbel",
        _ => "niet geplaatst",
    };

    public static string Tone(SubmissionEntry entry) => entry.State switch
    {
        SubmissionState.Posted => "good",
        SubmissionState.Quarantined or SubmissionState.Expired => "wrong",
        _ => "past",
    };

    sealed record Typed(string? Source, string? Id, string? Title, string? Text, string? Municipalities);
}

/// <summary>A submission that waits, as the page shows it.</summary>
sealed record WaitingSubmission(SubmissionEntry Entry, Proposal Proposal, IReadOnlyList<string> Agreed, bool Editing, string? Title, string Text, string Municipalities);
