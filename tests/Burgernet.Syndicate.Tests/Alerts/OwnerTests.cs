using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Areas;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Tests.Support;
using Npgsql;
using Xunit;

namespace Burgernet.Syndicate.Tests.Alerts;

/// <summary>The same alert by more than one way: one source owns it, the others confirm.</summary>
public abstract class OwnerTests(StorageProvider on) : IDisposable
{
    const string Words = "Gezocht in Schothorst: man van ongeveer 30 jaar, zwarte jas, op een rode step. Bel direct 112.";

    readonly Pipeline _pipeline = new(on: on);

    public void Dispose() => _pipeline.Dispose();

    void OwnedBy(string source) => _pipeline.Reload(options => options with { Owners = new Dictionary<AlertKind, string> { [AlertKind.Actie] = source } });

    static Alert Feed(string text = Words) => SomeAlert.Actie("990001", text: text, source: "acties");

    static Alert Pushed(string text = "Man van 30 jaar op een rode step, draagt een zwarte jas. Bel 112.") => SomeAlert.Actie("MK-2026-7", Pipeline.Noon.AddSeconds(-20), text, "meldkamer");

    async Task<int> PostedAsync()
    {
        await _pipeline.DrainAsync();
        return _pipeline["x"].Channel.Posts.Count;
    }

    async Task<IntakeOutcome> TakeAsync(Alert alert) => Assert.Single(await _pipeline.AcceptAsync(alert)).Outcome;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whichever_comes_first_is_posted_and_the_other_confirms(bool feedFirst)
    {
        Alert[] both = [Pushed(), Feed()];
        Assert.Equal(IntakeOutcome.Accepted, await TakeAsync(feedFirst ? both[1] : both[0]));
        Assert.Equal(1, await PostedAsync());
        Assert.Equal(IntakeOutcome.Confirmed, await TakeAsync(feedFirst ? both[0] : both[1]));
        Assert.Equal(1, await PostedAsync());
    }

    [Fact]
    public async Task The_same_words_or_the_same_number_are_the_same_alert_too()
    {
        await TakeAsync(Feed() with { Area = null, Municipality = "Amersfoort" });
        Assert.Equal(IntakeOutcome.Confirmed, await TakeAsync(Pushed(Words.ToUpperInvariant() + "  ") with { Area = new Circle(52.17, 5.38, 900) }));
        Assert.Equal(IntakeOutcome.Confirmed, await TakeAsync(Pushed() with { SourceId = "990001", Source = "map", Area = null, Municipality = "Amersfoort" }));
        Assert.Equal(1, await PostedAsync());
    }

    [Theory]
    [InlineData("elsewhere")]
    [InlineData("later")]
    [InlineData("exercise")]
    [InlineData("other kind")]
    [InlineData("other circle")]
    [InlineData("other words")]
    public async Task What_only_resembles_it_is_an_alert_of_its_own(string how)
    {
        await TakeAsync(Feed("Rode step gezocht."));
        var other = Pushed("Gezocht: rode step.") with { SourceId = "990001" };
        await TakeAsync(how switch
        {
            "elsewhere" => other with { Area = null, Municipality = "Utrecht" },
            "later" => other with { IssuedAt = Pipeline.Noon.AddMinutes(31) },
            "exercise" => other with { Exercise = true },
            "other kind" => other with { Kind = AlertKind.Burgernetmail },
            "other words" => Pushed("Vermist: jongen van 9 jaar.") with { SourceId = "990001" },
            _ => other with { SourceId = "7", Area = new Circle(52.1797, 5.3861, 1500) },
        });

        Assert.Equal(2, (await _pipeline.Log.NewestAsync(9)).Count(a => a.TwinId is null));
    }

    [Fact]
    public async Task What_is_issued_after_the_other_has_ended_is_a_new_appeal()
    {
        await TakeAsync(Feed());
        await TakeAsync(Feed().Then(AlertPhase.Closed, "Niet gevonden.", TimeSpan.FromMinutes(5)));
        await PostedAsync();
        _pipeline.Time.Advance(TimeSpan.FromMinutes(10));

        // What comes late about the first is known; what is issued anew goes out.
        Assert.Equal(IntakeOutcome.Confirmed, await TakeAsync(Pushed()));
        Assert.Equal(IntakeOutcome.Accepted, await TakeAsync(SomeAlert.Actie("MK-2026-8", Pipeline.Noon.AddMinutes(9), Words, "meldkamer")));
    }

    [Fact]
    public async Task What_went_nowhere_keeps_no_appeal_back()
    {
        // What a feed shows at its first answer is history.
        await _pipeline.AcceptHistoryAsync(Feed());
        Assert.Equal(0, await PostedAsync());
        Assert.Equal(IntakeOutcome.Accepted, await TakeAsync(Pushed()));
        Assert.Equal(1, await PostedAsync());
    }

    [Fact]
    public async Task A_third_way_does_not_post_again_what_only_one_of_the_others_posted()
    {
        await _pipeline.AcceptHistoryAsync(Feed());
        Assert.Equal(IntakeOutcome.Accepted, await TakeAsync(Pushed(Words)));
        Assert.Equal(IntakeOutcome.Confirmed, await TakeAsync(Pushed(Words) with { Source = "map", SourceId = "map-1" }));
        Assert.Equal(1, await PostedAsync());
    }

    [Fact]
    public async Task A_child_alert_that_its_mirror_posted_is_confirmed_by_its_owner_and_by_the_control_room()
    {
        await TakeAsync(SomeAlert.Amber(mirror: true));
        _pipeline.Time.Advance(Intake.MirrorWaits + TimeSpan.FromSeconds(1));
        Assert.Equal(1, await PostedAsync());
        Assert.Equal(IntakeOutcome.Confirmed, await TakeAsync(SomeAlert.Amber()));
        Assert.Equal(IntakeOutcome.Confirmed, await TakeAsync(SomeAlert.Amber() with { Source = "meldkamer", SourceId = "MK-1" }));
        Assert.Equal(1, await PostedAsync());
    }

    [Fact]
    public async Task Two_alerts_of_one_source_are_two_also_when_another_confirmed_the_first()
    {
        await TakeAsync(Feed());
        await TakeAsync(Pushed(Words));
        Assert.Equal(IntakeOutcome.Accepted, await TakeAsync(Feed() with { SourceId = "990002", IssuedAt = Pipeline.Noon.AddMinutes(5) }));
        Assert.Equal(2, await PostedAsync());
    }

    [Fact]
    public async Task What_the_owner_adds_is_posted_once_under_what_was_out_before_it_came()
    {
        OwnedBy("meldkamer");
        await TakeAsync(Feed());
        await PostedAsync();
        await TakeAsync(Pushed());
        const string Correction = "Correctie: de jas is wit, niet zwart.";
        Assert.Equal(IntakeOutcome.Accepted, await TakeAsync(Pushed().Then(AlertPhase.Updated, Correction, TimeSpan.FromMinutes(2))));
        Assert.Equal(2, await PostedAsync());
        Assert.Contains("de jas is wit", _pipeline["x"].Channel.Posts[^1].Text, StringComparison.Ordinal);

        // The feed follows, and then has news of its own.
        var followed = Feed().Then(AlertPhase.Updated, Correction.ToUpperInvariant(), TimeSpan.FromMinutes(3));
        Assert.Equal(IntakeOutcome.Stored, await TakeAsync(followed));
        Assert.Equal(2, await PostedAsync());
        Assert.Equal(IntakeOutcome.Accepted, await TakeAsync(followed.Then(AlertPhase.Updated, "Hij stapte op de trein.", TimeSpan.FromMinutes(1))));
        Assert.Equal(3, await PostedAsync());
        // The owner says that too, later.
        Assert.Equal(IntakeOutcome.Confirmed, await TakeAsync(Pushed().Then(AlertPhase.Updated, Correction, TimeSpan.FromMinutes(2)).Then(AlertPhase.Updated, "Hij stapte op de trein", TimeSpan.FromMinutes(5))));
        Assert.Equal(3, await PostedAsync());
    }

    [Fact]
    public async Task What_the_owner_had_said_when_it_came_second_is_posted_when_the_first_says_it()
    {
        OwnedBy("meldkamer");
        await TakeAsync(Feed());
        await PostedAsync();
        const string Correction = "Correctie: de jas is wit, niet zwart.";
        Assert.Equal(IntakeOutcome.Confirmed, await TakeAsync(Pushed().Then(AlertPhase.Updated, Correction, TimeSpan.FromMinutes(2))));
        Assert.Equal(1, await PostedAsync());
        Assert.Equal(IntakeOutcome.Accepted, await TakeAsync(Feed().Then(AlertPhase.Updated, Correction, TimeSpan.FromMinutes(3))));
        Assert.Equal(2, await PostedAsync());
    }

    [Fact]
    public async Task What_others_add_that_only_confirm_is_not_posted()
    {
        OwnedBy("acties");
        await TakeAsync(Feed());
        await PostedAsync();
        await TakeAsync(Pushed());
        Assert.Equal(IntakeOutcome.Confirmed, await TakeAsync(Pushed().Then(AlertPhase.Updated, "Correctie: de jas is wit.", TimeSpan.FromMinutes(2))));
        Assert.Equal(1, await PostedAsync());
        // Nor does it keep back what the one that posts says in the same words.
        Assert.Equal(IntakeOutcome.Accepted, await TakeAsync(Feed().Then(AlertPhase.Updated, "Correctie: de jas is wit.", TimeSpan.FromMinutes(3))));
        Assert.Equal(2, await PostedAsync());
    }

    [Fact]
    public async Task When_its_owner_is_silent_a_person_is_told_after_five_minutes_and_the_appeal_did_not_wait()
    {
        OwnedBy("meldkamer");
        await TakeAsync(Feed());
        Assert.Equal(1, await PostedAsync());
        Assert.Empty(await _pipeline.ToldAsync());

        _pipeline.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Contains("kwam na vijf minuten nog niet van meldkamer", Assert.Single(await _pipeline.ToldAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_owner_that_sent_it_before_anything_was_posted_is_not_called_silent()
    {
        OwnedBy("meldkamer");
        await _pipeline.AcceptHistoryAsync(Pushed(Words));
        Assert.Equal(IntakeOutcome.Accepted, await TakeAsync(Feed()));
        _pipeline.Time.Advance(TimeSpan.FromMinutes(6));
        Assert.Empty(await _pipeline.ToldAsync());
        Assert.Equal(1, await PostedAsync());
    }

    [Fact]
    public async Task When_its_owner_comes_in_time_nobody_is_told()
    {
        OwnedBy("meldkamer");
        await TakeAsync(Feed());
        await PostedAsync();
        _pipeline.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(IntakeOutcome.Confirmed, await TakeAsync(Pushed()));
        _pipeline.Time.Advance(TimeSpan.FromMinutes(9));

        Assert.Empty(await _pipeline.ToldAsync());
        Assert.Equal(1, await PostedAsync());
    }

    [Fact]
    public async Task The_owner_takes_over_what_has_not_gone_out_yet()
    {
        OwnedBy("meldkamer");
        await TakeAsync(Feed());
        Assert.Equal(IntakeOutcome.Accepted, await TakeAsync(Pushed("Man op rode step, zwarte jas: de woorden van de meldkamer.")));

        Assert.Equal(1, await PostedAsync());
        Assert.Contains("de woorden van de meldkamer.", _pipeline["x"].Channel.Posts[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_says_first_that_it_is_over_ends_what_is_out()
    {
        await TakeAsync(Feed());
        await TakeAsync(Pushed());
        await PostedAsync();
        await TakeAsync(Pushed().Then(AlertPhase.Closed, "Gevonden.", TimeSpan.FromMinutes(5)));
        await PostedAsync();

        Assert.All(await _pipeline.Log.NewestAsync(9), a => Assert.Equal(AlertPhase.Closed, a.Phase));
    }
}

public sealed class OwnerOnSqliteTests() : OwnerTests(StorageProvider.Sqlite);

public sealed class OwnerOnPostgresTests() : OwnerTests(StorageProvider.Postgres)
{
    [Fact]
    public async Task Nothing_is_claimed_while_the_owner_takes_it_over()
    {
        using var pipeline = new Pipeline(on: StorageProvider.Postgres);
        pipeline.Reload(options => options with { Owners = new Dictionary<AlertKind, string> { [AlertKind.Actie] = "meldkamer" } });
        const string Said = "Gezocht in Schothorst: man van ongeveer 30 jaar, zwarte jas, op een rode step. Bel direct 112.";
        await pipeline.AcceptAsync(SomeAlert.Actie(text: Said));

        // The owner's intake stands still just before it stores, until this transaction ends.
        await using var connection = new NpgsqlConnection(pipeline.Database.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await ExecuteAsync(connection, "lock table alert in share mode");
        var owner = Task.Run(() => pipeline.AcceptAsync(SomeAlert.Actie("MK-1", text: Said, source: "meldkamer")), TestContext.Current.CancellationToken);
        await WaitersAsync(connection, 1);
        var claim = Task.Run(() => pipeline.ClaimAsync("x"), TestContext.Current.CancellationToken);
        await WaitersAsync(connection, 2, claim);
        await transaction.RollbackAsync(TestContext.Current.CancellationToken);

        Assert.Equal(IntakeOutcome.Accepted, (await owner)[0].Outcome);
        foreach (var delivery in await claim)
            await pipeline.RecordAsync(delivery, await pipeline["x"].Channel.PublishAsync(delivery.ToPost(), TestContext.Current.CancellationToken));
        await pipeline.DrainAsync();
        Assert.Single(pipeline["x"].Channel.Posts);
    }

    // The server itself does the waiting between two looks.
    static async Task WaitersAsync(NpgsqlConnection connection, int count, Task? orUntil = null)
    {
        for (var looks = 0; looks < 2_000 && orUntil is not { IsCompleted: true }; looks++)
        {
            await using var command = new NpgsqlCommand("select count(*), pg_sleep(0.02) from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())", connection);
            if ((long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))! >= count)
                return;
        }

        Assert.True(orUntil?.IsCompleted, $"no {count} waited for a lock");
    }

    static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
