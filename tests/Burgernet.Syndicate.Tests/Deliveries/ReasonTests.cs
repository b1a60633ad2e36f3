using System.Text.RegularExpressions;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Connectors.Channels.Facebook;
using Burgernet.Syndicate.Connectors.Channels.WhatsApp;
using Burgernet.Syndicate.Connectors.Channels.X;
using Burgernet.Syndicate.Connectors.Http;
using Burgernet.Syndicate.Tests.Support;
using Xunit;

namespace Burgernet.Syndicate.Tests.Deliveries;

/// <summary>Reasons stand on pages and in the mail that gets somebody out of bed: they are Dutch.</summary>
public sealed partial class ReasonTests
{
    static readonly TimeSpan Later = TimeSpan.FromMinutes(1);

    // None of these is a Dutch word too.
    [GeneratedRegex(@"\b(the|this|that|it|its|not|no|cannot|could|and|with|from|has|already|says)\b", RegexOptions.IgnoreCase)]
    private static partial Regex English { get; }

    [Fact]
    public void What_a_known_error_of_a_network_means_is_said_in_Dutch()
    {
        KnownError[] known = [.. XErrors.Table.Known, .. FacebookErrors.Table.Known, .. WahaErrors.Table.Known];

        Assert.NotEmpty(known);
        Assert.All(known, row => Assert.DoesNotMatch(English, row.Reason));
    }

    [Fact]
    public async Task Why_something_was_not_posted_is_said_in_Dutch()
    {
        using var pipeline = new Pipeline();
        var opened = SomeAlert.Actie("1", text: "Let op een witte bus.");
        var updated = opened.Then(AlertPhase.Updated, "Eerste.", Later);
        await pipeline.AcceptAsync(
            SomeAlert.Actie("too late", Pipeline.Noon.AddHours(-3)), SomeAlert.Actie("over").Then(AlertPhase.Closed, "Terecht.", Later),
            SomeAlert.Actie("exercise") with { Exercise = true }, SomeAlert.Actie("addition") with { Messages = [SomeAlert.Message(AlertPhase.Updated, "Meer.", Pipeline.Noon)] },
            SomeAlert.Amber("990020", mirror: true), SomeAlert.Amber(), SomeAlert.Actie("waits too long", text: "Gezocht: rode step."), opened);
        await pipeline.AcceptAsync(updated);
        await pipeline.AcceptAsync(updated.Then(AlertPhase.Updated, "Tweede.", Later));
        await pipeline.AcceptAsync(updated.Then(AlertPhase.Updated, "Tweede.", Later).Then(AlertPhase.Closed, "Klaar.", Later));
        pipeline.Time.Advance(TimeSpan.FromHours(3));
        await pipeline.Outbox.ExpireAsync();
        await pipeline.AcceptAsync(SomeAlert.Actie("past its time", pipeline.Time.GetUtcNow(), "Vermist: man met rode jas."));
        pipeline.Time.Advance(TimeSpan.FromHours(25));
        await pipeline.Ending.EndOverdueAsync();

        await AllIsDutchAsync(pipeline, reasons: 10);
    }

    [Fact]
    public async Task What_became_of_an_attempt_is_said_in_Dutch()
    {
        var x = new TimelineChannel("x") { Window = TimeSpan.FromHours(1) };
        using var pipeline = new Pipeline(channels => channels[0] = channels[0] with { Channel = x });
        x.Time = pipeline.Time;

        // Refused with what follows it, held because nobody can look, and up too long to come down.
        x.Then(new PublishResult.Rejected("geweigerd")).Then(new PublishResult.Ambiguous("geen antwoord"));
        await pipeline.AcceptAsync(SomeAlert.Actie("1"));
        await pipeline.AcceptAsync(SomeAlert.Actie("1").Then(AlertPhase.Updated, "Meer.", Later));
        await pipeline.DrainAsync();
        foreach (var alert in new[] { SomeAlert.Actie("2", text: "Vermist: man."), SomeAlert.Actie("3", text: "Vermist: vrouw.") })
        {
            await pipeline.AcceptAsync(alert);
            await pipeline.DrainAsync();
        }

        x.Readable = false;
        for (var minute = 0; minute < 70; minute += 10)
        {
            pipeline.Time.Advance(TimeSpan.FromMinutes(10));
            await pipeline.ReconcileAsync();
        }

        await pipeline.AcceptAsync(SomeAlert.Actie("3", text: "Vermist: vrouw.").Then(AlertPhase.Withdrawn, "Vervallen.", Later));
        await pipeline.DrainAsync();

        await AllIsDutchAsync(pipeline, reasons: 4);
    }

    static async Task AllIsDutchAsync(Pipeline pipeline, int reasons)
    {
        var said = await pipeline.Database.ReadAsync(s => s.QueryAsync<string>("""
            select error from delivery where error is not null union select note from alert where note is not null
            """));
        Assert.True(said.Count >= reasons, string.Join('\n', said));
        Assert.All([.. said, .. await pipeline.ToldAsync()], text => Assert.DoesNotMatch(English, text));
    }
}
