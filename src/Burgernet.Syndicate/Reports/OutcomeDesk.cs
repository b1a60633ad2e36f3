using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Areas;
using Burgernet.Syndicate.Audit;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Storage;
using Burgernet.Syndicate.Templates;

namespace Burgernet.Syndicate.Reports;

/// <summary>How an alert ended for the police, in the words that are stored.</summary>
public static class Outcome
{
    /// <summary>A participant gave the information by which a suspect or missing person was found at once.</summary>
    public const string Hard = "hard";

    /// <summary>Information of participants helped, or solved it later.</summary>
    public const string Soft = "soft";

    public const string None = "none";
    public const string Unknown = "unknown";

    public const string Hint = "hard, soft, none of unknown (hard, zacht, geen of onbekend mag ook)";

    /// <summary>In the order in which they are offered.</summary>
    public static IReadOnlyList<string> All { get; } = [Hard, Soft, None, Unknown];

    /// <summary>The outcome that is meant, in English or Dutch; null when it is none.</summary>
    public static string? Parse(string text) => text.Trim().ToLowerInvariant() switch
    {
        Hard or "hard succes" => Hard,
        Soft or "zacht" or "zacht succes" => Soft,
        None or "geen" => None,
        Unknown or "onbekend" => Unknown,
        _ => null,
    };

    /// <summary>As the team says it.</summary>
    public static string Dutchness(string? outcome) => outcome switch
    {
        Hard => "hard succes",
        Soft => "zacht succes",
        None => "geen succes",
        _ => "onbekend",
    };
}

/// <summary>How an alert ended, and who said so.</summary>
public sealed record OutcomeEntry
{
    /// <summary>One of <see cref="Reports.Outcome.All"/>.</summary>
    public required string Outcome { get; init; }
    public required string ByWhom { get; init; }

    /// <summary>UTC.</summary>
    public required DateTimeOffset At { get; init; }
}

/// <summary>Writes down how alerts ended, one by one or from a spreadsheet, and what is known of municipalities.</summary>
public sealed class OutcomeDesk(Database database, AuditLog audit, TimeProvider time)
{
    /// <summary>The source of posts that tell of a success.</summary>
    public const string SuccessSource = "succes";

    // What confirms another alert means that one, which may confirm a third by now.
    const string Meant = "coalesce((select twin_id from alert where id = t.twin_id), t.twin_id, t.id)";

    // How it ended is said of an appeal as a whole.
    const string Find = $"""
        select t.id, t.source_id, t.exercise, t.category, t.municipality, t.municipalities, t.issued_at, coalesce(a.id, e.id) as counts_as
        from alert t join alert e on e.id = {Meant} left join alert a on {Appeal.IsSame} and {Appeal.IsLast}
        """;

    const string Newest = $"""
        select o.outcome, o.by_whom, o.at from alert t join alert a on a.id = {Meant} join alert e on {Appeal.IsSame} join outcome o on o.alert_id = e.id
        where t.id = @alertId order by o.at desc, e.episode desc limit 1
        """;

    const string Upsert = """
        insert into outcome (alert_id, outcome, by_whom, at) select e.value ->> 'id', e.value ->> 'outcome', @who, @now from each(@rows) e where true
        on conflict (alert_id) do update set outcome = excluded.outcome, by_whom = excluded.by_whom, at = excluded.at
        """;

    // What is not told this time stays as it was.
    const string UpsertContext = """
        insert into context_figure (municipality, period, participants, downloads, inhabitants, imported_at)
        select e.value ->> 'municipality', e.value ->> 'period', cast(e.value ->> 'participants' as bigint), cast(e.value ->> 'downloads' as bigint), cast(e.value ->> 'inhabitants' as bigint), @now from each(@rows) e where true
        on conflict (municipality, period) do update set participants = coalesce(excluded.participants, context_figure.participants),
            downloads = coalesce(excluded.downloads, context_figure.downloads), inhabitants = coalesce(excluded.inhabitants, context_figure.inhabitants), imported_at = excluded.imported_at
        """;

    /// <summary>Says how an alert ended; of one that only confirms another, how that other one did; of an episode, how the whole appeal did. Null: done.</summary>
    /// <param name="alertId">Our own id of it.</param>
    /// <param name="outcome">One of <see cref="Outcome.All"/>.</param>
    public Task<Refusal?> SetAsync(string alertId, string outcome, Signature by) => audit.DoAsync("outcome", $"{alertId} {outcome}", by, async session =>
    {
        if (await session.FirstOrDefaultAsync<AlertLine>($"{Find} where t.id = @alertId", new { alertId }).ConfigureAwait(false) is not { } alert)
            return new Refusal($"er is geen bericht {alertId}; 'alerts' toont de nummers", Unknown: true);
        if (alert.Exercise)
            return new Refusal("een oefening heeft geen afloop die telt");
        await session.ExecuteAsync(Upsert, new { rows = Session.Rows([new { id = alert.CountsAs, outcome }]), who = by.Name, now = time.GetUtcNow() }).ConfigureAwait(false);
        return null;
    });

    /// <summary>How the appeal ended that this alert is of; null: nobody said.</summary>
    public Task<OutcomeEntry?> OfAsync(string alertId) => database.ReadAsync(session => session.FirstOrDefaultAsync<OutcomeEntry>(Newest, new { alertId }));

    /// <summary>
    /// Takes over a table with the header <c>sourceId;outcome</c>. The source's number of an alert may be written, or ours.
    /// Nothing is taken over unless every line can be.
    /// </summary>
    /// <param name="file">Its name, for messages.</param>
    /// <returns>How many lines were taken over, and what is wrong, each with its place (Dutch).</returns>
    public async Task<(int Lines, IReadOnlyList<ConfigurationError> Errors)> ImportAsync(string file, byte[] bytes, Signature by)
    {
        var errors = new List<ConfigurationError>();
        var lines = new CsvFile(file, errors).Outcomes(bytes);
        var unread = errors.Count;
        await audit.DoAsync("outcome-import", $"{file} ({lines.Count})", by, async session =>
        {
            // The database may run this twice.
            errors.RemoveRange(unread, errors.Count - unread);
            var rows = new Dictionary<string, (string Outcome, OutcomeLine Line)>();
            var ids = lines.Select(l => l.SourceId).ToArray();
            var known = await session.QueryAsync<AlertLine>($"{Find} where t.source_id in @ids or t.id in @ids", new { ids }).ConfigureAwait(false);
            var (byNumber, byId) = (known.ToLookup(a => a.SourceId), known.ToDictionary(a => a.Id));
            foreach (var line in lines)
            {
                var meant = (byId.TryGetValue(line.SourceId, out var own) ? [own] : byNumber[line.SourceId]).Where(a => !a.Exercise).Select(a => a.CountsAs).Distinct().ToList();
                if (meant.Count == 0)
                    Fault(line, byNumber[line.SourceId].Any() ? "is een oefening; die heeft geen afloop die telt" : "is niet bekend; schrijf het nummer dat de bron aan de actie gaf");
                else if (meant.Count > 1)
                    Fault(line, $"kan {meant.Count} berichten zijn; schrijf ons eigen nummer: {string.Join(" of ", meant)}");
                else if (!rows.TryAdd(meant[0], (line.Outcome, line)))
                    Fault(line, $"is hetzelfde bericht als op regel {rows[meant[0]].Line.Place.Line}");
            }

            if (errors.Count > 0)
                return new Refusal("niets overgenomen");
            await session.ExecuteAsync(Upsert, new { rows = Session.Rows(rows.Select(r => new { id = r.Key, outcome = r.Value.Outcome })), who = by.Name, now = time.GetUtcNow() }).ConfigureAwait(false);
            return null;
        }).ConfigureAwait(false);
        return (errors.Count > 0 ? 0 : lines.Count, InOrder(errors));

        void Fault(OutcomeLine line, string message) => errors.Add(new ConfigurationError("sourceId", $"'{line.SourceId}' {message}") { Place = line.Place });
    }

    /// <summary>
    /// Takes over a table with the header <c>municipality;period;participants;downloads;inhabitants</c>. Nothing is taken over
    /// unless every line can be.
    /// </summary>
    /// <param name="file">Its name, for messages.</param>
    /// <returns>How many lines were taken over, and what is wrong, each with its place (Dutch).</returns>
    public async Task<(int Lines, IReadOnlyList<ConfigurationError> Errors)> ImportContextAsync(string file, byte[] bytes, AreaIndex areas, Signature by)
    {
        var errors = new List<ConfigurationError>();
        var figures = new CsvFile(file, errors).ContextFigures(bytes, areas);
        if (errors.Count > 0)
            return (0, InOrder(errors));
        await audit.DoAsync("context-import", $"{file} ({figures.Count})", by, async session =>
        {
            await session.ExecuteAsync(UpsertContext, new { rows = Session.Rows(figures), now = time.GetUtcNow() }).ConfigureAwait(false);
            return null;
        }).ConfigureAwait(false);
        return (figures.Count, []);
    }

    /// <summary>
    /// Puts a modest post about a hard success before the people who agree to posts; it names nobody. Null: done.
    /// </summary>
    public async Task<Refusal?> ProposeSuccessAsync(string alertId, SubmissionDesk submissions, AreaIndex areas, Signature by)
    {
        var alert = await database.ReadAsync(session => session.FirstOrDefaultAsync<AlertLine>($"{Find} where t.id = @alertId", new { alertId })).ConfigureAwait(false);
        if (alert is null)
            return new Refusal($"er is geen bericht {alertId}; 'alerts' toont de nummers", Unknown: true);
        if ((await OfAsync(alert.Id).ConfigureAwait(false))?.Outcome != Outcome.Hard)
            return new Refusal("een succesbericht hoort bij een hard succes; leg dat eerst vast");
        var places = alert.Municipalities.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return await submissions.SubmitAsync(new Submission
        {
            Source = SuccessSource, Id = alert.Id, Sender = by.Name, Subject = "Succes met Burgernet", SentAt = time.GetUtcNow(), Decision = SubmissionDecision.Hold, Kind = "succes",
            Reason = "een succesbericht gaat niet zonder akkoord uit", Municipalities = places, Title = "Gelukt, dankzij Burgernet", Text = SuccessText(alert, areas), Original = SuccessText(alert, areas),
        }, "success-post", alertId, by).ConfigureAwait(false);
    }

    // No name, no description: who was looked for has been found and is left alone.
    static string SuccessText(AlertLine alert, AreaIndex areas)
    {
        var day = DutchTime.Day(alert.IssuedAt, alert.IssuedAt);
        var place = alert.Municipality is { } code && areas.WithCode(code) is { } municipality ? $" in {municipality.Name}" : "";
        var (sought, found) = alert.Category is AlertCategory.MissingPerson ? ("een vermiste persoon", "deze persoon snel werd gevonden") : ("een verdachte", "deze snel werd gevonden");
        return $"Op {day} vroegen wij{place} om mee uit te kijken naar {sought}. Een deelnemer van Burgernet gaf de informatie waardoor {found}. Dank aan iedereen die meekeek!\n\nOok meedoen? Kijk op burgernet.nl.";
    }

    static IReadOnlyList<ConfigurationError> InOrder(List<ConfigurationError> errors) => [.. errors.OrderBy(e => e.Place?.Line).ThenBy(e => e.Place?.Column)];

    sealed record AlertLine
    {
        public required string Id { get; init; }
        public required string SourceId { get; init; }
        public required bool Exercise { get; init; }

        /// <summary>Our id of the alert that stands for its appeal.</summary>
        public required string CountsAs { get; init; }
        public required AlertCategory Category { get; init; }
        public string? Municipality { get; init; }
        public required string Municipalities { get; init; }
        public required DateTimeOffset IssuedAt { get; init; }
    }
}
