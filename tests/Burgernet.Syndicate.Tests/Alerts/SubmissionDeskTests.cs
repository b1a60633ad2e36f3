using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Audit;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Deliveries;
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
        Assert.Contains("zelf gemaakt", (await ApproveAsync(edited, Jan))!.Reason, StringComparison.Ordinal);
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
