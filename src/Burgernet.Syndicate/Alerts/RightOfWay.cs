using Burgernet.Syndicate.Deliveries;
using Burgernet.Syndicate.Storage;

namespace Burgernet.Syndicate.Alerts;

/// <summary>
/// A running actie has the right of way: what is not urgent waits until it is over where it is about the same municipality,
/// so that nobody reads a warning about salesmen while the street looks for a child.
/// </summary>
public sealed class RightOfWay(Database database, Outbox outbox, TimeProvider time)
{
    // An actie of which nobody said that it is over counts no longer than it may be opened.
    const string Running = """
        select id, municipalities from alert where kind = 'Actie' and phase in ('Opened', 'Updated') and not exercise and not_after > @now order by issued_at
        """;

    const string NotUrgent = """
        select a.id, a.municipalities from alert a where a.kind = 'Burgernetmail' and a.not_after > @now
            and exists (select 1 from delivery d where d.alert_id = a.id and d.operation = 'Create' and d.state = 'Pending' and d.waits_for is null)
        """;

    const string Wait = """
        update delivery set waits_for = @actie, reason = case when waits_for is null then coalesce(reason, '') || '; wacht tot een actie in dezelfde gemeente voorbij is' else reason end
        where alert_id = @mail and operation = 'Create' and state = 'Pending'
        """;

    /// <summary>What was just put in the outbox waits for what it must, or what waits there makes room for it.</summary>
    internal static async Task GiveAsync(Session session, AlertEntry entry, DateTimeOffset now)
    {
        if (entry.Kind is AlertKind.Burgernetmail && FirstTouching(entry.MunicipalityCodes, await session.QueryAsync<Place>(Running, new { now }).ConfigureAwait(false)) is { } actie)
            await session.ExecuteAsync(Wait, new { actie, mail = entry.Id }).ConfigureAwait(false);
        if (entry.Kind is not AlertKind.Actie || entry.Exercise)
            return;
        foreach (var mail in await session.QueryAsync<Place>(NotUrgent, new { now }).ConfigureAwait(false))
            if (FirstTouching(entry.MunicipalityCodes, [mail]) is not null)
                await session.ExecuteAsync(Wait, new { actie = entry.Id, mail = mail.Id }).ConfigureAwait(false);
    }

    /// <summary>Lets go what waited for an actie that is over, unless another one runs there.</summary>
    public async Task LookAsync()
    {
        const string Waiting = """
            select distinct a.id, a.municipalities, d.waits_for from delivery d join alert a on a.id = d.alert_id where d.waits_for is not null and d.state = 'Pending'
            """;
        var waiting = await database.ReadAsync(session => session.QueryAsync<Place>(Waiting)).ConfigureAwait(false);
        if (waiting.Count == 0)
            return;

        var free = await database.WriteAsync(async session =>
        {
            await session.LockAsync(Intake.Lock).ConfigureAwait(false);
            var running = await session.QueryAsync<Place>(Running, new { now = time.GetUtcNow() }).ConfigureAwait(false);
            var let = 0;
            foreach (var mail in waiting.Where(w => running.All(r => r.Id != w.WaitsFor)))
            {
                var next = FirstTouching(mail.MunicipalityCodes, running);
                await session.ExecuteAsync("update delivery set waits_for = @next where alert_id = @id and waits_for = @waitsFor", new { next, id = mail.Id, waitsFor = mail.WaitsFor }).ConfigureAwait(false);
                let += next is null ? 1 : 0;
            }

            return let;
        }).ConfigureAwait(false);
        if (free > 0)
            outbox.Wake();
    }

    static string? FirstTouching(IReadOnlyList<string> municipalities, IEnumerable<Place> acties) =>
        acties.FirstOrDefault(a => a.MunicipalityCodes.Intersect(municipalities).Any())?.Id;

    sealed record Place
    {
        public required string Id { get; init; }
        public required string Municipalities { get; init; }
        public string? WaitsFor { get; init; }
        public IReadOnlyList<string> MunicipalityCodes => Municipalities.Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }
}
