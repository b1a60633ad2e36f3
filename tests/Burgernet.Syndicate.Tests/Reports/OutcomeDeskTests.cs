using System.Text;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Audit;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Reports;
using Burgernet.Syndicate.Tests.Support;
using Xunit;

namespace Burgernet.Syndicate.Tests.Reports;

/// <summary>How alerts ended, and what is known of municipalities: by hand and from spreadsheets.</summary>
public abstract class OutcomeDeskTests : IDisposable
{
    static readonly Signature Jan = new("Jan", null);

    readonly Pipeline _pipeline;
    readonly OutcomeDesk _desk;

    protected OutcomeDeskTests(StorageProvider on)
    {
        _pipeline = new Pipeline(on: on);
        _desk = new OutcomeDesk(_pipeline.Database, _pipeline.Audit, _pipeline.Time);
    }

    public void Dispose() => _pipeline.Dispose();

    async Task<string> AcceptAsync(string id, string text = "Vermist: meisje van 9 jaar. Bel direct 112.", Func<Alert, Alert>? change = null) =>
        (await _pipeline.AcceptAsync((change ?? (a => a))(SomeAlert.Actie(id, text: text))))[0].AlertId!;

    Task<IReadOnlyList<string>> StoredAsync() => _pipeline.Database.ReadAsync(s => s.QueryAsync<string>(
        "select a.source_id || ' ' || o.outcome || ' ' || o.by_whom from outcome o join alert a on a.id = o.alert_id order by a.source_id"));

    Task<IReadOnlyList<string>> ContextAsync() => _pipeline.Database.ReadAsync(s => s.QueryAsync<string>(
        "select municipality || ' ' || period || ' ' || coalesce(cast(participants as text), '-') || ' ' || coalesce(cast(downloads as text), '-') || ' ' || coalesce(cast(inhabitants as text), '-') from context_figure order by municipality, period"));

    async Task<string[]> ActsAsync() => [.. (await _pipeline.Audit.NewestAsync(9)).Select(a => $"{a.ByWhom} {a.Action} {a.Subject}").Order(StringComparer.Ordinal)];

    Task<(int Lines, IReadOnlyList<ConfigurationError> Errors)> ImportAsync(string text) => _desk.ImportAsync("afloop.csv", Encoding.UTF8.GetBytes(text), Jan);

    Task<(int Lines, IReadOnlyList<ConfigurationError> Errors)> ContextAsync(byte[] bytes) => _desk.ImportContextAsync("cijfers.csv", bytes, Pipeline.Options.Areas, Jan);

    [Fact]
    public async Task An_outcome_is_written_down_and_may_be_changed_and_stands_in_the_log()
    {
        var id = await AcceptAsync("1");
        Assert.Null(await _desk.SetAsync(id, Outcome.Soft, Jan));
        Assert.Null(await _desk.SetAsync(id, Outcome.Hard, new Signature("Eva", "na overleg")));
        Assert.Equal(["1 hard Eva"], await StoredAsync());
        Assert.Equal((Outcome.Hard, "Eva"), ((await _desk.OfAsync(id))!.Outcome, (await _desk.OfAsync(id))!.ByWhom));
        Assert.Equal([$"Eva outcome {id} hard", $"Jan outcome {id} soft"], await ActsAsync());
    }

    [Fact]
    public async Task Of_what_only_confirms_the_other_is_meant_and_exercises_have_no_outcome()
    {
        await AcceptAsync("1");
        var twin = (await _pipeline.AcceptAsync(SomeAlert.Actie("1", source: "meldkamer")))[0].AlertId!;
        var confirming = (await _pipeline.Log.NewestAsync(9)).Single(a => a.TwinId is not null);
        Assert.Null(await _desk.SetAsync(confirming.Id, Outcome.None, Jan));
        Assert.Equal(confirming.TwinId, Assert.Single(await _pipeline.Database.ReadAsync(s => s.QueryAsync<string>("select alert_id from outcome"))));
        Assert.NotNull(twin);

        var exercise = await AcceptAsync("9", "Oefening: rode step.", a => a with { Exercise = true });
        Assert.Equal("een oefening heeft geen afloop die telt", (await _desk.SetAsync(exercise, Outcome.Hard, Jan))?.Reason);
        Assert.True((await _desk.SetAsync("bestaat-niet", Outcome.Hard, Jan))?.Unknown);
        Assert.Single(await ActsAsync());
    }

    [Fact]
    public async Task Of_an_appeal_in_episodes_the_last_is_meant_and_of_what_was_issued_anew_nobody_can_tell_which()
    {
        var missing = SomeAlert.Actie("1");
        await _pipeline.AcceptAsync(missing with { Messages = [SomeAlert.Message(AlertPhase.Updated, "Nu met rode jas.", Pipeline.Noon)] });
        await _pipeline.AcceptAsync(missing);
        var (first, last) = ((await _pipeline.Log.NewestAsync(9)).Single(a => a.Episode == 1).Id, (await _pipeline.Log.NewestAsync(9)).Single(a => a.Episode == 2).Id);
        Assert.Equal((1, 0), (await ImportAsync("sourceId;outcome\n1;soft\n")) is var read ? (read.Lines, read.Errors.Count) : default);
        Assert.Equal([last], await _pipeline.Database.ReadAsync(s => s.QueryAsync<string>("select alert_id from outcome")));
        Assert.Null(await _desk.SetAsync(first, Outcome.Hard, Jan));
        Assert.Equal(["1 hard Jan"], await StoredAsync());
        Assert.Equal((Outcome.Hard, Outcome.Hard), ((await _desk.OfAsync(first))!.Outcome, (await _desk.OfAsync(last))!.Outcome));
        // Recorded before the appeal went on.
        _pipeline.Time.Advance(TimeSpan.FromMinutes(1));
        await _pipeline.Database.WriteAsync(s => s.ExecuteAsync("insert into outcome (alert_id, outcome, by_whom, at) values (@first, 'none', 'Eva', @now)", new { first, now = _pipeline.Time.GetUtcNow() }), TestContext.Current.CancellationToken);
        Assert.Equal("Eva", (await _desk.OfAsync(last))!.ByWhom);

        var closed = missing.Then(AlertPhase.Closed, "Terecht.", TimeSpan.FromMinutes(20));
        await _pipeline.AcceptAsync(closed);
        await _pipeline.AcceptAsync(closed.Then(AlertPhase.Opened, "Vermist: meisje van 9 jaar, opnieuw.", TimeSpan.FromMinutes(35), ended: false));
        Assert.Contains("'1' kan 2 berichten zijn", Assert.Single((await ImportAsync("sourceId;outcome\n1;hard\n")).Errors).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sourceId;outcome\n1;hard\n2;zacht\n")]
    [InlineData("outcome,sourceId\r\nHard succes,1\r\nSOFT,2\r\n")]
    [InlineData("\ufeffsourceId\toutcome\n\n1\thard\n2\tsoft\n\t\n")]
    public async Task A_spreadsheet_is_read_as_any_program_saves_it(string table)
    {
        await AcceptAsync("1");
        await AcceptAsync("2", "Gezocht: rode step.");
        var (lines, errors) = await ImportAsync(table);
        Assert.Empty(errors);
        Assert.Equal(2, lines);
        Assert.Equal(["1 hard Jan", "2 soft Jan"], await StoredAsync());
        Assert.Equal(["Jan outcome-import afloop.csv (2)"], await ActsAsync());
    }

    [Fact]
    public async Task Every_line_that_cannot_be_read_is_told_with_its_number_and_nothing_is_half_imported()
    {
        var id = await AcceptAsync("1");
        await AcceptAsync("2", "Gezocht: rode step.");
        await AcceptAsync("3", "Oefening: gele step.", a => a with { Exercise = true });
        // Two sources that count for themselves gave the same number to something else.
        await _pipeline.AcceptAsync(SomeAlert.Actie("2", text: "Gezocht: zwarte bestelauto met schade.", source: "meldkamer") with { Municipality = "Almere", Area = null });
        var (lines, errors) = await ImportAsync($"sourceId;outcome\n1;hard\n1;soft\n4711;none\n3;hard\n{id};none\n;hard\n1x;misschien\n2;hard\n");

        Assert.Equal(0, lines);
        Assert.Equal([3, 4, 5, 6, 7, 8, 9], errors.Select(e => e.Place!.Line!.Value));
        Assert.Collection(errors.Select(e => e.Message),
            m => Assert.Contains("staat al op regel 2", m, StringComparison.Ordinal),
            m => Assert.Contains("'4711' is niet bekend", m, StringComparison.Ordinal),
            m => Assert.Contains("is een oefening", m, StringComparison.Ordinal),
            m => Assert.Contains("is hetzelfde bericht als op regel 2", m, StringComparison.Ordinal),
            m => Assert.Equal("is leeg", m),
            m => Assert.Contains("'misschien' is hier niet geldig; verwacht wordt hard, soft, none of unknown", m, StringComparison.Ordinal),
            m => Assert.Contains("'2' kan 2 berichten zijn", m, StringComparison.Ordinal));
        Assert.Empty(await StoredAsync());
        Assert.Empty(await ActsAsync());
    }

    [Theory]
    [InlineData("sourceId;outcome\n1;hard\n\"2;soft\n3;none\n4;hard\n")]
    [InlineData("sourceId;outcome\r\n1;hard\r\n\"2;soft\r\n3;none\r\n4;hard")]
    [InlineData("sourceId;outcome\n\n\"2;soft\n3;none\n4;hard\n\n\n")]
    public async Task A_quote_that_is_never_closed_is_told_where_it_opens_with_the_lines_that_it_swallowed(string table)
    {
        await AcceptAsync("1");
        var (lines, errors) = await ImportAsync(table);
        var error = Assert.Single(errors);
        Assert.Equal((0, 3, 1), (lines, error.Place!.Line, error.Place.Column));
        Assert.StartsWith("regel 3 tot en met 5 staan samen in één cel", error.Message, StringComparison.Ordinal);
        Assert.Empty(await StoredAsync());
    }

    [Fact]
    public async Task Context_figures_come_by_code_or_name_and_later_ones_keep_what_they_do_not_tell()
    {
        var (lines, errors) = await ContextAsync(Encoding.Latin1.GetBytes("municipality;period;participants;downloads;inhabitants\nGM0307;2025;9000;;160000\nDe Bilt;2025-11;;120;\nVianen;2017;800;;20000\n"));
        Assert.Empty(errors);
        Assert.Equal(3, lines);
        Assert.Equal(["GM0307 2025 9000 - 160000", "GM0310 2025-11 - 120 -", "GM0620 2017 800 - 20000"], await ContextAsync());

        Assert.Equal(1, (await ContextAsync("municipality,period,participants,downloads,inhabitants\nAmersfoort,2025,9100,12000,\n"u8.ToArray())).Lines);
        Assert.Equal("GM0307 2025 9100 12000 160000", (await ContextAsync())[0]);
        Assert.Equal(["Jan context-import cijfers.csv (1)", "Jan context-import cijfers.csv (3)"], await ActsAsync());
    }

    [Fact]
    public async Task Unknown_names_double_rows_and_wrong_numbers_are_told_line_by_line()
    {
        var (lines, errors) = await ContextAsync("""
            municipality;period;participants;downloads;inhabitants
            Amersvoort;2025;1;1;1
            Amersfoort;2025;12.345;;
            Zeist;2025;12,5;;
            Soest;2025;-3;;
            Baarn;2025;;;
            Leusden;25;1;;
            Leusden;2025-13;1;;
            Woerden;2025;900;;800
            Urk;2025;5;;
            GM0184;2025;6;;
            """u8.ToArray());

        Assert.Equal(0, lines);
        Assert.Equal([2, 3, 4, 5, 6, 7, 8, 9, 11], errors.Select(e => e.Place!.Line!.Value));
        Assert.Contains("'Amersvoort' staat niet in het gemeentebestand", errors[0].Message, StringComparison.Ordinal);
        Assert.Contains("zonder punt of komma, zoals 12345", errors[1].Message, StringComparison.Ordinal);
        Assert.Contains("zoals 1234", errors[2].Message, StringComparison.Ordinal);
        Assert.Contains("geen enkel getal", errors[4].Message, StringComparison.Ordinal);
        Assert.Contains("zoals 2017 of 2017-11", errors[5].Message, StringComparison.Ordinal);
        Assert.Contains("900 deelnemers op 800 inwoners", errors[7].Message, StringComparison.Ordinal);
        Assert.Contains("al op regel 10", errors[8].Message, StringComparison.Ordinal);
        Assert.Empty(await ContextAsync());
        Assert.Contains("kolom downloads ontbreekt", (await ContextAsync("municipality;period;participants;inhabitants\n"u8.ToArray())).Errors[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hard_success_offers_a_post_that_names_nobody_and_waits_for_consent()
    {
        var id = await AcceptAsync("1", "Vermist: Fenna de Vries (9), rode jas. Bel direct 112.");
        Assert.Contains("leg dat eerst vast", (await _desk.ProposeSuccessAsync(id, _pipeline.Submissions, Pipeline.Options.Areas, Jan))!.Reason, StringComparison.Ordinal);
        await _desk.SetAsync(id, Outcome.Hard, Jan);
        Assert.Null(await _desk.ProposeSuccessAsync(id, _pipeline.Submissions, Pipeline.Options.Areas, Jan));

        var waiting = Assert.Single(await _pipeline.Submissions.WaitingAsync());
        Assert.Equal(("succes", SubmissionDecision.Hold, "GM0307"), (waiting.Kind, waiting.Decision, waiting.MunicipalityCodes[0]));
        Assert.Contains("in Amersfoort om mee uit te kijken naar een vermiste persoon", waiting.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Fenna", waiting.Title + waiting.Text + waiting.Original + waiting.Subject, StringComparison.Ordinal);
        Assert.Contains("er al", (await _desk.ProposeSuccessAsync(id, _pipeline.Submissions, Pipeline.Options.Areas, Jan))!.Reason, StringComparison.Ordinal);
        Assert.Equal([$"Jan outcome {id} hard", $"Jan success-post {id}"], await ActsAsync());
    }
}

public sealed class OutcomeDeskOnSqliteTests() : OutcomeDeskTests(StorageProvider.Sqlite);

public sealed class OutcomeDeskOnPostgresTests() : OutcomeDeskTests(StorageProvider.Postgres);
