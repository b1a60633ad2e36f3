using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Deliveries;
using Burgernet.Syndicate.Notices;
using Burgernet.Syndicate.Routing;
using Burgernet.Syndicate.Storage;

namespace Burgernet.Syndicate.Alerts;

/// <summary>
/// A running alert has the right of way: what is not urgent waits until it is over where it is about the same municipality,
/// so that nobody reads a warning about salesmen while the street looks for a child. A nationwide one is about all of them.
/// </summary>
public sealed class RightOfWay(Database database, Outbox outbox, NoticeBoard notices, LiveConfiguration live, TimeProvider time)
{
    // An alert of which nobody said that it is over counts no longer than it may be opened.
    const string Running = """
        select id, kind, municipalities from alert where kind <> 'Burgernetmail' and phase in ('Opened', 'Updated') and not exercise and not_after > @now order by issued_at
        """;

    const string NotUrgent = """
        select a.id, a.kind, a.municipalities from alert a where a.kind = 'Burgernetmail' and a.not_after > @now
            and exists (select 1 from delivery d where d.alert_id = a.id and d.operation = 'Create' and d.state = 'Pending' and d.waits_for is null)
        """;

    const string Wait = """
        update delivery set waits_for = @running, reason = case when waits_for is null then coalesce(reason, '') || '; wacht tot een oproep in dezelfde gemeente voorbij is' else reason end
        where alert_id = @mail and operation = 'Create' and state = 'Pending'
        """;

    /// <summary>What was just put in the outbox waits for what it must, or what waits there makes room for it.</summary>
    internal static async Task GiveAsync(Session session, AlertEntry entry, DateTimeOffset now)
    {
        if (entry.Kind is AlertKind.Burgernetmail && FirstTouching(entry.MunicipalityCodes, await session.QueryAsync<Place>(Running, new { now }).ConfigureAwait(false)) is { } running)
            await session.ExecuteAsync(Wait, new { running, mail = entry.Id }).ConfigureAwait(false);
        if (!entry.Kind.IsUrgent() || entry.Exercise)
            return;
        var place = new Place { Id = entry.Id, Kind = entry.Kind, Municipalities = entry.Municipalities };
        foreach (var mail in await session.QueryAsync<Place>(NotUrgent, new { now }).ConfigureAwait(false))
            if (FirstTouching(mail.MunicipalityCodes, [place]) is not null)
                await session.ExecuteAsync(Wait, new { running = entry.Id, mail = mail.Id }).ConfigureAwait(false);
    }

    /// <summary>
    /// Lets go what waited for an alert that is over, unless another one runs there: within its hours, one after the other. What
    /// only repeats that alert never goes out any more.
    /// </summary>
    public async Task LookAsync()
    {
        const string Waiting = """
            select distinct a.id, a.kind, a.municipalities, d.waits_for from delivery d join alert a on a.id = d.alert_id where d.waits_for is not null and d.state = 'Pending'
            """;
        var waiting = await database.ReadAsync(session => session.QueryAsync<Place>(Waiting)).ConfigureAwait(false);
        if (waiting.Count == 0)
            return;

        var free = await database.WriteAsync(async session =>
        {
            await session.LockAsync(Intake.Lock).ConfigureAwait(false);
            var running = await session.QueryAsync<Place>(Running, new { now = time.GetUtcNow() }).ConfigureAwait(false);
            var let = 0;
            foreach (var (mail, waitsFor) in waiting.Where(w => running.All(r => r.Id != w.WaitsFor)).Select(w => (w, w.WaitsFor!)))
            {
                if (await DropsAsync(session, mail.Id, waitsFor).ConfigureAwait(false))
                    continue;
                var next = FirstTouching(mail.MunicipalityCodes, running);
                if (next is null)
                    await PlanAsync(session, mail.Id).ConfigureAwait(false);
                await session.ExecuteAsync("update delivery set waits_for = @next where alert_id = @id and waits_for = @waitsFor", new { next, id = mail.Id, waitsFor }).ConfigureAwait(false);
                let += next is null ? 1 : 0;
            }

            return let;
        }).ConfigureAwait(false);
        if (free > 0)
            outbox.Wake();
    }

    // Nobody must be asked to look out for who was found; of what nobody closed that is not known.
    async Task<bool> DropsAsync(Session session, string mailId, string waitsFor)
    {
        if (await AlertLog.FindAsync(session, mailId).ConfigureAwait(false) is not { } mail || await AlertLog.FindAsync(session, waitsFor).ConfigureAwait(false) is not { IsClosed: true } over || !AlertLog.Repeats(mail.Text, over.Text))
            return false;
        await Outbox.CancelWaitingAsync(session, mailId, "het zegt hetzelfde als een oproep die voorbij is").ConfigureAwait(false);
        await session.ExecuteAsync("update delivery set waits_for = null where alert_id = @mailId", new { mailId }).ConfigureAwait(false);
        await notices.TellAsync(session, $"repeated:{mailId}",
            $"Een bericht via {mail.Source} zegt hetzelfde als een oproep die intussen voorbij is en gaat niet meer uit. Klopt dat niet, plaats het dan met de hand.", mailId).ConfigureAwait(false);
        return true;
    }

    async Task PlanAsync(Session session, string mailId)
    {
        if (await AlertLog.FindAsync(session, mailId).ConfigureAwait(false) is not { } mail)
            return;
        foreach (var planned in await live.Current.Intake.PlanAnewAsync(session, mail).ConfigureAwait(false))
            await session.ExecuteAsync("""
                update delivery set due_at = @DueAt where alert_id = @mailId and channel = @Channel and target = @Target and operation = 'Create' and state = 'Pending'
                """, new { planned.DueAt, mailId, planned.Route.Channel, planned.Route.Target }).ConfigureAwait(false);
    }

    static string? FirstTouching(IReadOnlyList<string> municipalities, IEnumerable<Place> running) =>
        running.FirstOrDefault(r => r.Kind is AlertKind.AmberAlert || r.MunicipalityCodes.Intersect(municipalities).Any())?.Id;

    sealed record Place
    {
        public required string Id { get; init; }
        public required AlertKind Kind { get; init; }
        public required string Municipalities { get; init; }
        public string? WaitsFor { get; init; }
        public IReadOnlyList<string> MunicipalityCodes => Municipalities.Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }
}
