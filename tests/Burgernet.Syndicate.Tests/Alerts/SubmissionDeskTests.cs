using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Audit;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Deliveries;
using Burgernet.Syndicate.Templates;
using Burgernet.Syndicate.Tests.Support;
using Xunit;

namespace Burgernet.Syndicate.Tests.Alerts;

/// <summary>What is sent in to be posted: posted at once, with consent, or not.</summary>
public abstract class SubmissionDeskTests(StorageProvider on) : IDisposable
{
    const string Words = "In Amersfoort bellen de laatste dagen mannen aan die zeggen dat zij van het energiebedrijf zijn. Laat niemand binnen.";

    const string Place = "ik@mail.example imap.mail.example inbox";

    static readonly Signature Eva = new("eva", null);
    static readonly Signature Jan = new("jan", null);
    static readonly Signature Piet = new("piet", null);

    readonly Pipeline _pipeline = new(on: on);

    public void Dispose() => _pipeline.Dispose();

    static Submission Mail(SubmissionDecision decision, string id = "m1@mail.example", string text = Words, string sender = "burgernetmail@mail.example", params string[] municipalities) => new()
    {
        Source = "postbus", Id = id, Sender = sender, Subject = "Burgernetmail: pas op", SentAt = Pipeline.Noon.AddMinutes(-1), Decision = decision, Kind = "preventie",
        Reason = "het is een waarschuwing", Municipalities = municipalities.Length == 0 ? ["GM0307"] : municipalities, Title = "Pas op voor monteurs", Text = text, Original = $"Beste deelnemer,\n{text}",
    };

    Task<IntakeResult> TakeAsync(Submission submission, MailboxPosition? position = null) => _pipeline.Submissions.TakeAsync(submission, submission.Source, position, cancellationToken: TestContext.Current.CancellationToken);

    Task<IntakeResult> MoveAsync(MailboxPosition position) => _pipeline.Submissions.TakeAsync(null, "postbus", position, cancellationToken: TestContext.Current.CancellationToken);

    async Task<SubmissionEntry> WaitingAsync() => Assert.Single(await _pipeline.Submissions.WaitingAsync());

    async Task<SubmissionEntry> DoneAsync() => Assert.Single(await _pipeline.Submissions.DoneAsync(9));

    string Hash(SubmissionEntry entry) => _pipeline.Submissions.ProposalOf(entry, _pipeline.Live.Current.Options).Hash;

    Task<Refusal?> ApproveAsync(SubmissionEntry entry, Signature by) => _pipeline.Submissions.ApproveAsync(entry.Source, entry.Id, entry.Edition, Hash(entry), by);

    async Task<int> PostedAsync()
    {
        await _pipeline.DrainAsync();
        return _pipeline["x"].Channel.Posts.Count;
    }

    [Fact]
    public async Task What_needs_no_consent_goes_out_once_however_often_it_comes()
    {
        Assert.Equal(IntakeOutcome.Accepted, (await TakeAsync(Mail(SubmissionDecision.Post))).Outcome);
        Assert.Equal(IntakeOutcome.Known, (await TakeAsync(Mail(SubmissionDecision.Post))).Outcome);

        Assert.Equal(1, await PostedAsync());
        Assert.Contains("energiebedrijf", _pipeline["x"].Channel.Posts[0].Text, StringComparison.Ordinal);
        Assert.Equal(SubmissionState.Posted, (await DoneAsync()).State);
        Assert.Equal(AlertKind.Burgernetmail, (await _pipeline.Log.NewestAsync(1))[0].Kind);
    }

    [Theory]
    // Another municipality hears it too.
    [InlineData("GM0342", SubmissionDecision.Post, 2, 0)]
    // Half of it was told already: a person decides.
    [InlineData("GM0307 GM0342", SubmissionDecision.Post, 1, 1)]
    [InlineData("GM0342", SubmissionDecision.Hold, 1, 1)]
    public async Task The_same_words_for_another_municipality_are_another_message(string municipalities, SubmissionDecision decision, int posted, int waiting)
    {
        await TakeAsync(Mail(SubmissionDecision.Post));
        await TakeAsync(Mail(decision, "m2@mail.example", municipalities: municipalities.Split(' ')));
        Assert.Equal((posted, waiting), (await PostedAsync(), (await _pipeline.Submissions.WaitingAsync()).Count));
    }

    [Fact]
    public async Task What_needs_no_consent_does_not_wait_for_what_does_and_takes_its_place()
    {
        await TakeAsync(Mail(SubmissionDecision.Hold, "fw@politie.example", sender: "wijkagent@politie.example"));
        await TakeAsync(Mail(SubmissionDecision.Post));
        Assert.Equal(1, await PostedAsync());
        Assert.Empty(await _pipeline.Submissions.WaitingAsync());
        Assert.Empty(await _pipeline.ToldAsync());
        Assert.Equal([SubmissionState.Posted, SubmissionState.Duplicate], (await _pipeline.Submissions.DoneAsync(9)).Select(s => s.State).Order());
    }

    [Fact]
    public async Task What_a_person_turned_down_goes_out_by_itself_in_no_other_mail()
    {
        await TakeAsync(Mail(SubmissionDecision.Hold, "nb", $"Nieuwsbrief van november. {Words} Verder was er een open dag."));
        var newsletter = await WaitingAsync();
        await _pipeline.Submissions.RejectAsync(newsletter.Source, newsletter.Id, Eva);
        await TakeAsync(Mail(SubmissionDecision.Post));
        Assert.Equal(0, await PostedAsync());
        Assert.Contains("afgewezen", (await WaitingAsync()).Reason, StringComparison.Ordinal);
        Assert.Contains("wacht op akkoord: dezelfde tekst is op", Assert.Single(await _pipeline.ToldAsync()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Words + " De man is aangehouden.", "wijkagent@politie.example")]
    [InlineData("De man is aangehouden. " + Words, "burgernetmail@mail.example")]
    public async Task A_little_news_under_the_same_words_is_news(string text, string sender)
    {
        await TakeAsync(Mail(SubmissionDecision.Post));
        await TakeAsync(Mail(SubmissionDecision.Post, "m2@mail.example", text, sender));
        Assert.Equal(1, await PostedAsync());
        Assert.Contains("zegt er iets bij", (await WaitingAsync()).Reason, StringComparison.Ordinal);
    }

    const string Missing = "Vermist in Amersfoort: meisje van 9 jaar, rode winterjas, blauwe fiets, laatst gezien in Schothorst. Bel direct 112.";

    [Fact]
    public async Task A_mail_that_repeats_a_running_actie_does_not_go_out_and_a_person_hears_of_it()
    {
        await _pipeline.AcceptAsync(SomeAlert.Actie(text: Missing));
        Assert.Equal(1, await PostedAsync());
        await TakeAsync(Mail(SubmissionDecision.Post, text: Missing));
        Assert.Equal(1, await PostedAsync());
        Assert.Contains("niet nog eens geplaatst: het zegt hetzelfde als de oproep van 25-11 13.00", Assert.Single(await _pipeline.ToldAsync()), StringComparison.Ordinal);
        Assert.Equal(SubmissionState.Recorded, (await DoneAsync()).State);

        await TakeAsync(Mail(SubmissionDecision.Hold, "m2@mail.example", $"Gezien? {Missing}"));
        var refusal = await ApproveAsync(await WaitingAsync(), Eva);
        Assert.Contains("er is niets geplaatst: het zegt hetzelfde", refusal!.Reason, StringComparison.Ordinal);
        Assert.Equal(1, await PostedAsync());
    }

    [Theory]
    [InlineData(SubmissionDecision.Post)]
    [InlineData(SubmissionDecision.Hold)]
    public async Task A_mail_that_repeats_an_actie_that_is_over_waits_for_a_person(SubmissionDecision decision)
    {
        await _pipeline.AcceptAsync(SomeAlert.Actie(text: Missing));
        await _pipeline.AcceptAsync(SomeAlert.Actie(text: Missing).Then(AlertPhase.Closed, "Terecht.", TimeSpan.FromMinutes(5)));
        var before = await PostedAsync();
        await TakeAsync(Mail(decision, text: Missing));
        Assert.Equal(before, await PostedAsync());
        var entry = await WaitingAsync();
        Assert.EndsWith("het zegt hetzelfde als de oproep van 25-11 13.00, die voorbij is", entry.Reason, StringComparison.Ordinal);
        // He may know that she is still missing.
        Assert.Null(await ApproveAsync(entry, Eva));
        Assert.Equal(before + 1, await PostedAsync());
    }

    [Fact]
    public async Task What_would_go_out_by_itself_is_held_when_what_it_says_was_closed_meanwhile()
    {
        _pipeline.Reload(options => options with { Approval = new ApprovalOptions { Veto = TimeSpan.FromMinutes(30) } });
        await TakeAsync(Mail(SubmissionDecision.Post, text: Missing));
        await _pipeline.AcceptAsync(SomeAlert.Actie(text: Missing));
        await _pipeline.AcceptAsync(SomeAlert.Actie(text: Missing).Then(AlertPhase.Closed, "Terecht.", TimeSpan.FromMinutes(5)));
        var before = await PostedAsync();
        _pipeline.Time.Advance(TimeSpan.FromMinutes(31));
        await _pipeline.Submissions.LookAsync();
        Assert.Equal(before, await PostedAsync());
        Assert.Equal(SubmissionDecision.Hold, (await WaitingAsync()).Decision);
        Assert.Contains("die voorbij is", Assert.Single(await _pipeline.ToldAsync(), told => told.Contains("wacht op akkoord", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_actie_that_went_nowhere_keeps_no_mail_back()
    {
        await _pipeline.AcceptHistoryAsync(SomeAlert.Actie(text: Missing));
        await TakeAsync(Mail(SubmissionDecision.Post, text: Missing));
        _pipeline.Time.Advance(TimeSpan.FromHours(3));
        await _pipeline.RightOfWay.LookAsync();
        Assert.Equal(1, await PostedAsync());
    }

    [Fact]
    public async Task Whoever_wrote_at_the_words_is_none_of_the_four_eyes_and_one_person_is_one_however_written()
    {
        _pipeline.Reload(options => options with { Approval = new ApprovalOptions { FourEyes = true } });
        await TakeAsync(Mail(SubmissionDecision.Hold));
        foreach (var (editor, text) in new[] { (Eva, "Helemaal door Eva geschreven."), (Jan, "Helemaal door Eva geschreven") })
            if (await WaitingAsync() is var entry)
                Assert.Null(await _pipeline.Submissions.EditAsync(entry.Source, entry.Id, entry.Edition, entry.Title, text, entry.MunicipalityCodes, editor));
        var changed = await WaitingAsync();
        Assert.Equal(["eva", "jan"], changed.Editors);
        foreach (var name in new[] { "eva", "Eva", "jan" })
            Assert.Contains("meegeschreven", (await ApproveAsync(changed, new Signature(name, null)))!.Reason, StringComparison.Ordinal);

        Assert.Null(await ApproveAsync(changed, new Signature("piet@x.nl", null)));
        Assert.Contains("al ingestemd", (await ApproveAsync(changed, new Signature("Piet@x.nl", null)))!.Reason, StringComparison.Ordinal);
        Assert.Equal(0, await PostedAsync());
    }

    [Fact]
    public async Task Consent_is_to_the_words_that_go_out_when_the_budget_for_links_is_used_up_too()
    {
        const string Linked = "Kijk op politie.nl/tips hoe u een babbeltruc herkent, en laat niemand binnen die u niet kent.";
        var budget = new LinkLimit(1, 0.2m);
        _pipeline.Reload(options => options with { Channels = [.. options.Channels.Select(c => c.Type == "x" ? c with { Links = budget } : c)] });
        await TakeAsync(Mail(SubmissionDecision.Hold, text: Linked));
        var entry = await WaitingAsync();
        var proposal = _pipeline.Submissions.ProposalOf(entry, _pipeline.Live.Current.Options);
        var shown = proposal.Posts.Single(p => p.Channel == "x");
        Assert.Contains("politie.nl/tips", shown.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("politie.nl/tips", shown.TextWithoutLinks, StringComparison.Ordinal);

        var without = _pipeline.Live.Current.Options with { Channels = [.. _pipeline.Live.Current.Options.Channels.Select(c => c with { Links = null })] };
        Assert.NotEqual(proposal.Hash, _pipeline.Submissions.ProposalOf(entry, without).Hash);
    }

    [Theory]
    [InlineData("jan@politie.example")]
    [InlineData("Jan")]
    public async Task An_account_is_known_by_the_mail_address_of_its_person_too(string account)
    {
        await TakeAsync(Mail(SubmissionDecision.Hold, sender: "jan@politie.example"));
        Assert.Contains("zelf ingestuurd", (await ApproveAsync(await WaitingAsync(), new Signature(account, null)))!.Reason, StringComparison.Ordinal);
        Assert.Null(await ApproveAsync(await WaitingAsync(), Eva));
    }

    [Fact]
    public async Task After_a_change_people_are_told_and_reminded_anew_and_after_the_decision_no_more()
    {
        _pipeline.Reload(options => options with { Approval = new ApprovalOptions { Veto = TimeSpan.FromHours(5) } });
        await TakeAsync(Mail(SubmissionDecision.Post));
        Assert.Contains("gaat om", Assert.Single(await _pipeline.ToldAsync()), StringComparison.Ordinal);
        var entry = await WaitingAsync();
        await _pipeline.Submissions.EditAsync(entry.Source, entry.Id, entry.Edition, entry.Title, Words + " Echt.", entry.MunicipalityCodes, Eva);
        Assert.Contains("wacht op akkoord: eva heeft de tekst gewijzigd", Assert.Single(await _pipeline.ToldAsync()), StringComparison.Ordinal);

        _pipeline.Time.Advance(new ApprovalOptions().RemindAfter + TimeSpan.FromHours(1));
        await _pipeline.Submissions.LookAsync();
        Assert.Equal(2, (await _pipeline.ToldAsync()).Length);
        entry = await WaitingAsync();
        await _pipeline.Submissions.EditAsync(entry.Source, entry.Id, entry.Edition, entry.Title, Words + " Echt waar.", entry.MunicipalityCodes, Jan);
        _pipeline.Time.Advance(TimeSpan.FromMinutes(1));
        await _pipeline.Submissions.LookAsync();
        var reminder = Assert.Single(await _pipeline.ToldAsync(), told => told.Contains("wacht sinds", StringComparison.Ordinal));
        Assert.Contains($"vervalt het op {DutchTime.Of((await WaitingAsync()).DueAt!.Value):d-M H.mm}", reminder, StringComparison.Ordinal);

        Assert.Null(await ApproveAsync(await WaitingAsync(), Piet));
        Assert.Empty(await _pipeline.ToldAsync());
        Assert.Contains((await _pipeline.Audit.NewestAsync(9)), a => a.Action == "approve" && a.Subject.Contains("versie 3", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Graag ook op Facebook. " + Words)]
    [InlineData("in Amersfoort bellen de laatste dagen mannen aan die zeggen dat zij van het energiebedrijf zijn")]
    public async Task The_same_words_from_another_sender_are_known_for_a_week(string forwarded)
    {
        await TakeAsync(Mail(SubmissionDecision.Post));
        var again = Mail(SubmissionDecision.Hold, "fw@politie.example", forwarded, "wijkagent@politie.example");
        Assert.Equal(IntakeOutcome.Known, (await TakeAsync(again)).Outcome);
        Assert.Empty(await _pipeline.Submissions.WaitingAsync());
        Assert.Equal(["dubbel"], (await _pipeline.Submissions.DoneAsync(9)).Where(s => s.State is SubmissionState.Duplicate).Select(_ => "dubbel"));

        _pipeline.Time.Advance(TimeSpan.FromDays(8));
        await TakeAsync(again with { Id = "later@politie.example", SentAt = _pipeline.Time.GetUtcNow() });
        Assert.Equal("later@politie.example", (await WaitingAsync()).Id);
    }

    [Fact]
    public async Task News_that_repeats_the_appeal_is_not_swallowed_with_it()
    {
        await TakeAsync(Mail(SubmissionDecision.Post));
        await TakeAsync(Mail(SubmissionDecision.Post, "nieuws@mail.example", $"{Words} Nieuw: de politie zoekt nu een witte bestelbus met het kenteken van een ander."));

        Assert.Contains("zegt er iets bij", (await WaitingAsync()).Reason, StringComparison.Ordinal);
        Assert.Equal(1, await PostedAsync());
    }

    [Fact]
    public async Task What_is_for_several_municipalities_reaches_the_groups_of_each()
    {
        await TakeAsync(Mail(SubmissionDecision.Post, municipalities: ["GM0342", "GM0308"]));
        var alert = Assert.Single(await _pipeline.Log.NewestAsync(9));

        Assert.Equal(["GM0342", "GM0308"], alert.MunicipalityCodes);
        Assert.Equal("GM0342", alert.Municipality);
        Assert.Equal(["GM0342", "GM0308"], (await _pipeline.Log.ToldAsync(alert.Id))!.MunicipalityCodes);
    }

    [Fact]
    public async Task What_names_no_municipality_waits_for_a_person_who_knows()
    {
        await TakeAsync(Mail(SubmissionDecision.Post) with { Municipalities = [] });
        var entry = await WaitingAsync();
        Assert.Equal("het noemt geen gemeente van deze regio", entry.Reason);
        Assert.Contains("geen gemeente", (await ApproveAsync(entry, Eva))!.Reason, StringComparison.Ordinal);

        Assert.Null(await _pipeline.Submissions.EditAsync(entry.Source, entry.Id, entry.Edition, entry.Title, entry.Text, ["GM0307"], Jan));
        Assert.Null(await ApproveAsync(await WaitingAsync(), Eva));
        Assert.Equal(1, await PostedAsync());
    }

    [Fact]
    public async Task What_needs_consent_waits_and_a_person_is_told()
    {
        await TakeAsync(Mail(SubmissionDecision.Hold));
        Assert.Equal(0, await PostedAsync());
        var told = Assert.Single(await _pipeline.ToldAsync());
        Assert.Contains("wacht op akkoord", told, StringComparison.Ordinal);
        Assert.Contains("Amersfoort", told, StringComparison.Ordinal);

        Assert.Null(await ApproveAsync(await WaitingAsync(), Eva));
        Assert.Equal(1, await PostedAsync());
        Assert.Equal(("eva", SubmissionState.Posted), ((await DoneAsync()).DecidedBy, (await DoneAsync()).State));
        Assert.Empty(await _pipeline.ToldAsync());
        Assert.Equal(("eva", "approve"), Assert.Single((await _pipeline.Audit.NewestAsync(9)).Select(a => (a.ByWhom, a.Action))));
    }

    [Fact]
    public async Task Consent_is_to_the_exact_posts_and_no_others()
    {
        await TakeAsync(Mail(SubmissionDecision.Hold));
        var entry = await WaitingAsync();
        var looked = Hash(entry);

        // The templates changed while somebody read.
        _pipeline.Reload(options => options with { Channels = [.. options.Channels.Where(c => c.Name != "facebook")] });
        Assert.NotEqual(looked, Hash(entry));
        Assert.Contains("veranderd", (await _pipeline.Submissions.ApproveAsync(entry.Source, entry.Id, entry.Edition, looked, Eva))!.Reason, StringComparison.Ordinal);

        // The words did.
        Assert.Null(await _pipeline.Submissions.EditAsync(entry.Source, entry.Id, entry.Edition, entry.Title, "Heel andere woorden.", entry.MunicipalityCodes, Jan));
        Assert.Contains("veranderd", (await ApproveAsync(entry, Eva))!.Reason, StringComparison.Ordinal);
        Assert.Contains("intussen gewijzigd", (await _pipeline.Submissions.EditAsync(entry.Source, entry.Id, entry.Edition, null, "Nog iets anders.", [], Piet))!.Reason, StringComparison.Ordinal);
        Assert.Equal(0, await PostedAsync());

        Assert.Null(await ApproveAsync(await WaitingAsync(), Eva));
        Assert.Equal(1, await PostedAsync());
        Assert.Contains("Heel andere woorden.", _pipeline["x"].Channel.Posts[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_agrees_to_what_he_sent_in_himself()
    {
        await TakeAsync(Mail(SubmissionDecision.Hold, sender: "Eva@politie.example"));
        Assert.Contains("zelf ingestuurd", (await ApproveAsync(await WaitingAsync(), new Signature("eva@politie.example", null)))!.Reason, StringComparison.Ordinal);
        Assert.Empty(await _pipeline.Audit.NewestAsync(9));
    }

    [Fact]
    public async Task With_four_eyes_two_others_than_the_writer_must_agree_to_the_same_edition()
    {
        _pipeline.Reload(options => options with { Approval = new ApprovalOptions { FourEyes = true } });
        await TakeAsync(Mail(SubmissionDecision.Hold));
        var entry = await WaitingAsync();
        Assert.Null(await ApproveAsync(entry, Eva));
        Assert.Contains("al ingestemd", (await ApproveAsync(entry, Eva))!.Reason, StringComparison.Ordinal);
        Assert.Equal(["eva"], await _pipeline.Submissions.AgreedAsync(entry, Hash(entry)));

        // An edit makes what was agreed to void.
        Assert.Null(await _pipeline.Submissions.EditAsync(entry.Source, entry.Id, entry.Edition, null, entry.Text + " Bel 112.", entry.MunicipalityCodes, Jan));
        var edited = await WaitingAsync();
        Assert.Empty(await _pipeline.Submissions.AgreedAsync(edited, Hash(edited)));
        Assert.Contains("meegeschreven", (await ApproveAsync(edited, Jan))!.Reason, StringComparison.Ordinal);
        Assert.Null(await ApproveAsync(edited, Eva));
        Assert.Equal(0, await PostedAsync());
        Assert.Null(await ApproveAsync(edited, Piet));
        Assert.Equal(1, await PostedAsync());
        Assert.Contains("al besloten", (await ApproveAsync(edited, Eva))!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_goes_out_by_itself_can_be_stopped_until_then()
    {
        _pipeline.Reload(options => options with { Approval = new ApprovalOptions { Veto = TimeSpan.FromMinutes(30) } });
        await TakeAsync(Mail(SubmissionDecision.Post));
        await TakeAsync(Mail(SubmissionDecision.TextOnly, "m2@mail.example", "Op Urk is brand gesticht in een speeltuin. Van wie is de step die daar is gevonden? Bel 0900-8844."));
        Assert.Equal(2, (await _pipeline.Submissions.WaitingAsync()).Count);
        Assert.Null(await _pipeline.Submissions.RejectAsync("postbus", "m1@mail.example", new Signature("eva", "klopt niet")));

        _pipeline.Time.Advance(TimeSpan.FromMinutes(29));
        await _pipeline.Submissions.LookAsync();
        Assert.Equal(0, await PostedAsync());
        _pipeline.Time.Advance(TimeSpan.FromMinutes(1));
        await _pipeline.Submissions.LookAsync();
        await _pipeline.Submissions.LookAsync();
        Assert.Equal(1, await PostedAsync());
        Assert.Contains("step", _pipeline["x"].Channel.Posts[0].Text, StringComparison.Ordinal);
        Assert.Equal(["klopt niet"], (await _pipeline.Submissions.DoneAsync(9)).Where(s => s.State is SubmissionState.Rejected).Select(s => s.Note));
    }

    [Fact]
    public async Task What_was_changed_no_longer_goes_out_by_itself()
    {
        _pipeline.Reload(options => options with { Approval = new ApprovalOptions { Veto = TimeSpan.FromMinutes(30) } });
        await TakeAsync(Mail(SubmissionDecision.Post));
        var entry = await WaitingAsync();
        await _pipeline.Submissions.EditAsync(entry.Source, entry.Id, entry.Edition, null, "Andere woorden.", entry.MunicipalityCodes, Eva);
        _pipeline.Time.Advance(TimeSpan.FromMinutes(31));
        await _pipeline.Submissions.LookAsync();

        Assert.Equal(0, await PostedAsync());
        Assert.Equal(SubmissionDecision.Hold, (await WaitingAsync()).Decision);
    }

    [Fact]
    public async Task People_are_reminded_once_and_then_it_is_given_up()
    {
        await TakeAsync(Mail(SubmissionDecision.Hold));
        _pipeline.Time.Advance(TimeSpan.FromHours(4));
        await _pipeline.Submissions.LookAsync();
        await _pipeline.Submissions.LookAsync();
        Assert.Single(await _pipeline.ToldAsync(), t => t.Contains("wacht sinds", StringComparison.Ordinal));

        _pipeline.Time.Advance(TimeSpan.FromHours(44));
        await _pipeline.Submissions.LookAsync();
        Assert.Equal(SubmissionState.Expired, (await DoneAsync()).State);
        Assert.Contains(await _pipeline.ToldAsync(), t => t.Contains("niemand stemde ermee in", StringComparison.Ordinal));
        Assert.Equal(0, await PostedAsync());
    }

    [Theory]
    [InlineData(SubmissionDecision.Never, SubmissionState.Recorded, 0)]
    [InlineData(SubmissionDecision.Quarantine, SubmissionState.Quarantined, 1)]
    public async Task What_is_not_for_the_public_or_not_trusted_is_kept_and_never_posted(SubmissionDecision decision, SubmissionState state, int told)
    {
        await TakeAsync(Mail(decision));

        Assert.Equal(state, (await DoneAsync()).State);
        Assert.Equal(told, (await _pipeline.ToldAsync()).Length);
        Assert.Equal(0, await PostedAsync());
        Assert.Empty(await _pipeline.Log.NewestAsync(9));
    }

    [Fact]
    public async Task Nothing_of_a_source_for_tests_is_for_the_public()
    {
        _pipeline.Reload(options => options with { Sources = [new SourceOptions { Name = "postbus", Type = "imap", Interval = TimeSpan.Zero, Test = true }] });
        await TakeAsync(Mail(SubmissionDecision.Post));

        Assert.Equal(0, await PostedAsync());
        Assert.True((await _pipeline.Log.NewestAsync(1))[0].Exercise);
    }

    [Fact]
    public async Task What_no_database_takes_as_text_keeps_nothing_from_being_stored()
    {
        var mail = Mail(SubmissionDecision.Hold, "id\0\ud800@mail.example", Words + "\0\udc00 😀");
        await TakeAsync(mail with { Subject = "\ud83d", Title = "\0", Sender = "\0@x", Original = "\0" });
        Assert.Equal(IntakeOutcome.Known, (await TakeAsync(mail)).Outcome);
        Assert.EndsWith("\ufffd\ufffd 😀", (await WaitingAsync()).Text, StringComparison.Ordinal);

        Assert.Equal(IntakeOutcome.Quarantined, (await TakeAsync(Mail(SubmissionDecision.Quarantine, "ander\0@x") with { Original = "\0\ud800" })).Outcome);
    }

    [Fact]
    public async Task The_position_of_a_mailbox_moves_with_what_was_taken_and_never_back()
    {
        Assert.Null(await _pipeline.Submissions.PositionAsync("postbus"));
        await MoveAsync(new MailboxPosition(Place, 7, 40));
        await TakeAsync(Mail(SubmissionDecision.Never), new MailboxPosition(Place, 7, 42));
        await TakeAsync(Mail(SubmissionDecision.Never, "late@mail.example"), new MailboxPosition(Place, 7, 41));
        Assert.Equal(new MailboxPosition(Place, 7, 42), await _pipeline.Submissions.PositionAsync("postbus"));

        await MoveAsync(new MailboxPosition(Place, 8, 3));
        Assert.Equal(new MailboxPosition(Place, 8, 3), await _pipeline.Submissions.PositionAsync("postbus"));
    }

    [Fact]
    public async Task The_position_is_that_of_one_mailbox()
    {
        await MoveAsync(new MailboxPosition(Place, 7, 40));
        await MoveAsync(new MailboxPosition("een andere", 7, 3));
        Assert.Equal(new MailboxPosition("een andere", 7, 3), await _pipeline.Submissions.PositionAsync("postbus"));

        // From before it was kept which one it is.
        await _pipeline.Database.WriteAsync(session => session.ExecuteAsync("update mailbox set place = null"), TestContext.Current.CancellationToken);
        Assert.Equal(new MailboxPosition(null, 7, 3), await _pipeline.Submissions.PositionAsync("postbus"));
        await MoveAsync(new MailboxPosition(Place, 7, 2));
        Assert.Equal(new MailboxPosition(Place, 7, 3), await _pipeline.Submissions.PositionAsync("postbus"));
    }

    [Fact]
    public async Task That_mail_cannot_be_moved_is_told_until_it_can()
    {
        foreach (var fault in (string[])["naar map Verwerkt, want dat mag niet", "naar map Quarantaine, want de mailbox is vol"])
            await _pipeline.Submissions.NoteMovesAsync("postbus", fault);
        _pipeline.Time.Advance(TimeSpan.FromDays(3));
        Assert.StartsWith("Mail van bron postbus kan niet worden verplaatst: naar map Verwerkt, want dat mag niet.", Assert.Single(await _pipeline.ToldAsync()), StringComparison.Ordinal);

        await _pipeline.Submissions.NoteMovesAsync("postbus", null);
        Assert.Empty(await _pipeline.ToldAsync());
    }

    [Fact]
    public async Task What_came_before_a_mailbox_was_first_read_can_be_told_from_the_rest()
    {
        await MoveAsync(new MailboxPosition(Place, 7, 41));
        await _pipeline.Submissions.NoteGoodAsync("postbus");
        _pipeline.Time.Advance(TimeSpan.FromHours(3));
        await _pipeline.Submissions.NoteGoodAsync("postbus");

        Assert.Equal(new MailboxPosition(Place, 7, 41, Pipeline.Noon), await _pipeline.Submissions.PositionAsync("postbus"));
    }

    [Fact]
    public async Task Each_mail_that_was_not_even_fetched_is_told_of()
    {
        foreach (var id in new[] { "sha256:01", "sha256:02" })
            Assert.Equal(IntakeOutcome.Quarantined, (await TakeAsync(Mail(SubmissionDecision.Quarantine, id, text: "") with { Original = "" })).Outcome);

        Assert.Equal(2, (await _pipeline.ToldAsync()).Length);
    }

    [Fact]
    public async Task Two_workers_that_look_at_the_same_time_post_it_once()
    {
        _pipeline.Reload(options => options with { Approval = new ApprovalOptions { Veto = TimeSpan.FromMinutes(1) } });
        using var other = new Pipeline(beside: _pipeline);
        await TakeAsync(Mail(SubmissionDecision.Post));
        _pipeline.Time.Advance(TimeSpan.FromMinutes(2));
        other.Time.Advance(TimeSpan.FromMinutes(2));
        await Task.WhenAll(_pipeline.Submissions.LookAsync(), other.Submissions.LookAsync());

        Assert.Equal(1, await PostedAsync());
        Assert.Single(await _pipeline.Log.NewestAsync(9));
    }
}

public sealed class SubmissionDeskOnSqliteTests() : SubmissionDeskTests(StorageProvider.Sqlite);

public sealed class SubmissionDeskOnPostgresTests() : SubmissionDeskTests(StorageProvider.Postgres);
