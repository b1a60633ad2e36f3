using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Burgernet.Syndicate.Areas;
using Burgernet.Syndicate.Storage;

namespace Burgernet.Syndicate.Alerts;

/// <summary>
/// Everything the sources ever told us, by key. It is what makes "seen before" survive a restart, and it knows of each
/// source whether its history has been taken.
/// </summary>
public sealed partial class AlertLog(Database database, TimeProvider time)
{
    const string Columns = """
        id, source, source_id, kind, episode, category, phase, exercise, mirror, twin_id, title, text, municipality, municipalities,
        latitude, longitude, radius, outcome, issued_at, accepted_at, closed_at, not_after, ends_at, revision, snapshot, note, photo, words_hash
        """;

    // An action whose amberAlert flag appears or goes is still the same action; only the landactiehost feed gives one
    // id to an AMBER Alert and a Vermist Kind Alert.
    const string Find = $"""
        select {Columns} from alert
        where source = @source and source_id = @sourceId and (kind = @kind or mirror or @mirror)
        order by case when kind = @kind then 0 else 1 end, episode desc limit 1
        """;

    const string Insert = $"""
        insert into alert ({Columns}) values (@Id, @Source, @SourceId, @Kind, @Episode, @Category, @Phase, @Exercise, @Mirror, @TwinId,
            @Title, @Text, @Municipality, @Municipalities, @Latitude, @Longitude, @Radius, @Outcome, @IssuedAt, @AcceptedAt,
            @ClosedAt, @NotAfter, @EndsAt, @Revision, @Snapshot, @Note, @Photo, @WordsHash)
        """;

    const string Update = """
        update alert set phase = @Phase, twin_id = @TwinId, text = @Text, outcome = @Outcome, closed_at = @ClosedAt, ends_at = @EndsAt,
            revision = @Revision, snapshot = @Snapshot, note = @Note where id = @Id
        """;

    const string InsertMessage = """
        insert into alert_message (alert_id, key, content_hash, phase, sent_at, received_at, title, text)
        values (@alertId, @key, @hash, @phase, @sentAt, @now, @title, @text) on conflict (alert_id, key) do nothing
        """;

    // The other half of a case that two sources report; each has at most one.
    const string FindTwin = $"""
        select {Columns} from alert a
        where kind in ('AmberAlert', 'VermistKindAlert') and mirror <> @mirror and exercise = @exercise
          and issued_at between @from and @to and twin_id is null
          and not exists (select 1 from alert b where b.twin_id = a.id and b.kind <> 'Burgernetmail')
        order by issued_at, id
        """;

    // What may be the same alert by another way: under the same number, with the same circle or in the same words. Each is
    // looked up by an index of its own, past all that its own source said of the same place.
    static readonly string MaybeSame = $"{OfOthers("source_id = @sourceId")} union all {OfOthers("latitude = @latitude and longitude = @longitude")} union all {OfOthers("words_hash = @wordsHash")}";

    static readonly string FindSame = $"""
        select {Columns} from alert where id in ({MaybeSame})
            and kind = @kind and exercise = @exercise and not mirror and issued_at between @from and @to
        order by issued_at, id
        """;

    // What a mail may be about too.
    const string FindUrgent = $"""
        select {Columns} from alert where kind <> 'Burgernetmail' and not exercise and twin_id is null and issued_at between @from and @to order by issued_at desc, id
        """;

    const string InsertQuarantine = """
        insert into quarantine (source, content_hash, source_id, reason, content, received_at)
        values (@source, @hash, @sourceId, @reason, @content, @now) on conflict (source, content_hash) do nothing
        """;

    // Fewer letters than these say the same by chance.
    internal const int ShortestSame = 40;

    static readonly TimeSpan MailIsLate = TimeSpan.FromDays(1);

    // Standard Webhooks senders try for days; nobody repeats what is a quarter old.
    static readonly TimeSpan ReceiptsLast = TimeSpan.FromDays(90);

    internal static Task<AlertEntry?> FindAsync(Session session, Alert alert) =>
        session.FirstOrDefaultAsync<AlertEntry>(Find, new { source = alert.Source, sourceId = alert.SourceId, kind = alert.Kind.ToString(), mirror = alert.Mirror });

    internal static Task<AlertEntry?> FindAsync(Session session, string id) =>
        session.FirstOrDefaultAsync<AlertEntry>($"select {Columns} from alert where id = @id", new { id });

    internal static async Task<AlertEntry?> FindTwinAsync(Session session, Alert alert, TimeSpan within)
    {
        var candidates = await session.QueryAsync<AlertEntry>(FindTwin, new
        {
            mirror = alert.Mirror, exercise = alert.Exercise, from = alert.IssuedAt - within, to = alert.IssuedAt + within,
        }).ConfigureAwait(false);
        return candidates.MinBy(c => (c.IssuedAt - alert.IssuedAt).Duration());
    }

    static string OfOthers(string known) => $"select id from alert where {known} and source < @source union all select id from alert where {known} and source > @source";

    /// <summary>The alerts that others told of and that <paramref name="entry"/> is too; of what only confirms another, that other one.</summary>
    internal static async Task<IReadOnlyList<AlertEntry>> FindSameAsync(Session session, AlertEntry entry, TimeSpan within)
    {
        var of = new
        {
            sourceId = entry.SourceId, latitude = entry.Latitude, longitude = entry.Longitude, wordsHash = entry.WordsHash,
            kind = entry.Kind.ToString(), source = entry.Source, exercise = entry.Exercise, from = entry.IssuedAt - within, to = entry.IssuedAt + within,
        };
        // Nearly always there is nothing, and that is quickly known.
        if (await session.FirstOrDefaultAsync<string>($"{MaybeSame} limit 1", of).ConfigureAwait(false) is null)
            return [];
        var candidates = await session.QueryAsync<AlertEntry>(FindSame, of).ConfigureAwait(false);
        // Numbers are each source's own, and two things may happen at one place: it must be about the same too. What was issued
        // after the other had ended is a new appeal.
        var same = new List<AlertEntry>();
        foreach (var candidate in candidates.Where(c =>
            (c.IsOpen || entry.IssuedAt < c.ClosedAt)
            && (c.MunicipalityCodes.Intersect(entry.MunicipalityCodes).Any() || c.MunicipalityCodes.Count == 0 && entry.MunicipalityCodes.Count == 0)
            && (c.WordsHash is { } hash && hash == entry.WordsHash || SayTheSame(c.Text, entry.Text))))
        {
            var told = candidate.TwinId is null ? candidate : await FindAsync(session, candidate.TwinId).ConfigureAwait(false);
            // Two alerts of one source are two, whoever confirmed the first.
            if (told is not null && told.Source != entry.Source && same.All(s => s.Id != told.Id))
                same.Add(told);
        }

        return same;
    }

    /// <summary>The urgent alerts of the day before and after, running or over, that a mail only repeats; the newest first.</summary>
    /// <param name="municipalities">CBS codes: whom the mail is for.</param>
    internal static async Task<IReadOnlyList<AlertEntry>> FindRepeatedAsync(Session session, DateTimeOffset issuedAt, IReadOnlyList<string> municipalities, string text) =>
        [.. (await session.QueryAsync<AlertEntry>(FindUrgent, new { from = issuedAt - MailIsLate, to = issuedAt + MailIsLate }).ConfigureAwait(false))
            .Where(alert => (alert.MunicipalityCodes.Count == 0 || alert.MunicipalityCodes.Intersect(municipalities).Any()) && Repeats(text, alert.Text))];

    /// <summary>Whether one of two texts only says what the other says too.</summary>
    internal static bool Repeats(string one, string other)
    {
        var (a, b) = (Letters(one), Letters(other));
        if (Math.Min(a.Length, b.Length) < ShortestSame)
            return false;
        return a.Contains(b, StringComparison.Ordinal) || b.Contains(a, StringComparison.Ordinal) || Shared(one, other) is var (shared, shorter) && shared * 5 >= shorter * 4;
    }

    // Half of what the shorter one says is in the other too.
    static bool SayTheSame(string one, string other)
    {
        var (shared, shorter) = Shared(one, other);
        return shorter > 0 && shared * 2 >= shorter;
    }

    /// <summary>How many words two texts have in common, and how many the shorter one has.</summary>
    static (int Shared, int Shorter) Shared(string one, string other)
    {
        var (a, b) = (Words(one), Words(other));
        return (a.Intersect(b).Count(), Math.Min(a.Count, b.Count));

        static HashSet<string> Words(string text) => [.. Word().Matches(text).Select(word => word.Value.ToLowerInvariant())];
    }

    /// <summary>As people copy words: spaces, capitals and marks do not count.</summary>
    internal static string Letters(string text) => string.Concat(text.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    /// <summary>The words of every update of an alert, with their keys.</summary>
    internal static Task<IReadOnlyList<(string Key, string Text)>> UpdatesAsync(Session session, string alertId) =>
        session.QueryAsync<(string Key, string Text)>("select key, text from alert_message where alert_id = @alertId and phase = 'Updated'", new { alertId });

    internal static Task AddAsync(Session session, AlertEntry entry) => session.ExecuteAsync(Insert, entry.ToRow());

    internal static Task ChangeAsync(Session session, AlertEntry entry) => session.ExecuteAsync(Update, entry.ToRow());

    /// <summary>The content hashes of the messages said so far, by key, in this episode and the ones before it.</summary>
    internal static async Task<Dictionary<string, string>> MessagesAsync(Session session, AlertEntry entry) =>
        (await session.QueryAsync<(string Key, string Hash)>("""
            select m.key, m.content_hash from alert_message m join alert a on a.id = m.alert_id
            where a.source = @Source and a.source_id = @SourceId and a.kind = @kind order by a.episode
            """, new { entry.Source, entry.SourceId, kind = entry.Kind.ToString() }).ConfigureAwait(false))
            .GroupBy(m => m.Key).ToDictionary(same => same.Key, same => same.Last().Hash);

    internal Task AddMessageAsync(Session session, string alertId, AlertMessage message) =>
        session.ExecuteAsync(InsertMessage, new
        {
            alertId, key = message.Key, hash = HashOf(message.Content), phase = message.Phase.ToString(), sentAt = message.SentAt,
            now = time.GetUtcNow(), title = message.Title, text = message.Text,
        });

    /// <summary>True when this content was not in quarantine yet.</summary>
    internal async Task<bool> QuarantineAsync(Session session, string source, SourceFault fault) =>
        await session.ExecuteAsync(InsertQuarantine, new
        {
            source, hash = HashOf(fault.Content), sourceId = fault.SourceId, reason = fault.Reason, content = fault.Content, now = time.GetUtcNow(),
        }).ConfigureAwait(false) > 0;

    /// <summary>True when a push with this id was not received before, within the time that is remembered.</summary>
    internal async Task<bool> NoteReceiptAsync(Session session, string source, string id) =>
        await session.ExecuteAsync("insert into receipt (source, id, received_at) values (@source, @id, @now) on conflict do nothing", new { source, id, now = time.GetUtcNow() }).ConfigureAwait(false) > 0;

    /// <summary>Forgets ids that no sender repeats any more.</summary>
    public Task ForgetReceiptsAsync() =>
        database.WriteAsync(session => session.ExecuteAsync("delete from receipt where received_at < @before", new { before = time.GetUtcNow() - ReceiptsLast }));

    internal static async Task<bool> HasBaselineAsync(Session session, string source) =>
        await session.FirstOrDefaultAsync<string>("select name from source where name = @source and baseline_at is not null", new { source })
            .ConfigureAwait(false) is not null;

    /// <summary>Notes that the source gave a good answer, and that its history has been taken from now on.</summary>
    internal Task NoteGoodAnswerAsync(Session session, string source) =>
        session.ExecuteAsync("""
            insert into source (name, baseline_at, last_good_at) values (@source, @now, @now)
            on conflict (name) do update set last_good_at = @now, baseline_at = coalesce(source.baseline_at, @now), last_error = null, last_error_at = null, failing_since = null
            """, new { source, now = time.GetUtcNow() });

    /// <summary>Notes that a source answered that nothing changed; that is no answer to take a history from.</summary>
    internal Task NoteUnchangedAsync(Session session, string source) =>
        session.ExecuteAsync("""
            insert into source (name, last_good_at) values (@source, @now)
            on conflict (name) do update set last_good_at = @now, last_error = null, last_error_at = null, failing_since = null
            """, new { source, now = time.GetUtcNow() });

    /// <summary>Notes that a source could not be read; what it told before stays as it is.</summary>
    public Task NoteFailureAsync(string source, string error) =>
        database.WriteAsync(session => session.ExecuteAsync("""
            insert into source (name, last_error, last_error_at, failing_since) values (@source, @error, @now, @now)
            on conflict (name) do update set last_error = @error, last_error_at = @now, failing_since = coalesce(source.failing_since, @now)
            """, new { source, error, now = time.GetUtcNow() }));

    /// <summary>How each source is doing.</summary>
    public Task<IReadOnlyList<SourceHealth>> SourcesAsync() =>
        database.ReadAsync(session => session.QueryAsync<SourceHealth>("select name, baseline_at, last_good_at, last_error_at, last_error, failing_since from source order by name"));

    /// <summary>The newest alerts first.</summary>
    public Task<IReadOnlyList<AlertEntry>> NewestAsync(int limit) =>
        database.ReadAsync(session => session.QueryAsync<AlertEntry>($"select {Columns} from alert order by issued_at desc, id desc limit @limit", new { limit }));

    public Task<AlertEntry?> GetAsync(string id) => database.ReadAsync(session => FindAsync(session, id));

    /// <summary>
    /// What its source told of an alert until now, to see what the templates make of it; null where it is unknown or came down
    /// without a closing. Its municipality is a CBS code.
    /// </summary>
    public Task<Alert?> ToldAsync(string id) => database.ReadAsync(async session =>
    {
        if (await FindAsync(session, id).ConfigureAwait(false) is not { Phase: not (AlertPhase.Expired or AlertPhase.Silent) } entry)
            return null;
        var messages = await session.QueryAsync<AlertMessage>("select key, phase, sent_at, title, text from alert_message where alert_id = @id order by sent_at, received_at, key", new { id }).ConfigureAwait(false);
        if (messages.Count == 0)
            return null;
        // Who ended it here left no message.
        if (!entry.IsOpen && messages.All(m => m.Phase != entry.Phase))
            messages = [.. messages, new AlertMessage { Key = "", Phase = entry.Phase, SentAt = entry.ClosedAt ?? messages[^1].SentAt, Text = "" }];
        return new Alert
        {
            Source = entry.Source, SourceId = entry.SourceId, Kind = entry.Kind, Category = entry.Category, Exercise = entry.Exercise, Mirror = entry.Mirror,
            IssuedAt = entry.IssuedAt, Messages = messages, Ended = !entry.IsOpen, EndedAt = entry.ClosedAt, Municipality = entry.Municipality, Area = entry.Area, MunicipalityCodes = entry.Area is null ? entry.MunicipalityCodes : [],
            Photo = entry.Photo && entry.IsOpen ? new AlertPhoto("", null) : null,
        };
    });

    // The shorter ones are in every text.
    [GeneratedRegex(@"\w{3,}")]
    private static partial Regex Word();

    internal static string HashOf(string content) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)).AsSpan(0, 16));
}

/// <summary>An alert as we keep it.</summary>
public sealed record AlertEntry
{
    public required string Id { get; init; }
    public required string Source { get; init; }
    public required string SourceId { get; init; }
    public required AlertKind Kind { get; init; }
    /// <summary>Counts how often the source opened it again after its end; 1 is the first time.</summary>
    public required int Episode { get; init; }

    public required AlertCategory Category { get; init; }
    public required AlertPhase Phase { get; init; }
    public required bool Exercise { get; init; }
    public required bool Mirror { get; init; }

    /// <summary>The alert of another source that this one only confirms.</summary>
    public string? TwinId { get; init; }

    public string? Title { get; init; }

    /// <summary>The words of the opening, corrected when the source corrected them.</summary>
    public required string Text { get; init; }

    /// <summary>CBS code of where it is centred.</summary>
    public string? Municipality { get; init; }

    /// <summary>CBS codes of all it is about, nearest first, a space between.</summary>
    public required string Municipalities { get; init; }

    public double? Latitude { get; init; }
    public double? Longitude { get; init; }
    public double? Radius { get; init; }
    public string? Outcome { get; init; }
    public required DateTimeOffset IssuedAt { get; init; }
    public required DateTimeOffset AcceptedAt { get; init; }
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>From here on nothing of it is opened any more.</summary>
    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>When what is public of it comes down by itself; null: never.</summary>
    public DateTimeOffset? EndsAt { get; init; }

    /// <summary>A photo belongs to it.</summary>
    public bool Photo { get; init; }

    /// <summary>Counts what was said of it that mattered; 1 is the opening.</summary>
    public required int Revision { get; init; }

    /// <summary>Content hashes of what the source showed last, a space between.</summary>
    public required string Snapshot { get; init; }

    /// <summary>Why nothing of it was posted, where nothing was.</summary>
    public string? Note { get; init; }

    /// <summary>Of the words it opened with; null where they are too few to know it by.</summary>
    public string? WordsHash { get; init; }

    public IReadOnlyList<string> MunicipalityCodes => Municipalities.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    public Circle? Area => Circle.Plausible(Latitude, Longitude, Radius);

    /// <summary>It is still being searched for.</summary>
    public bool IsOpen => Phase is AlertPhase.Opened or AlertPhase.Updated;

    /// <summary>Its source, or a person, said that it is over.</summary>
    public bool IsClosed => Phase is AlertPhase.Closed or AlertPhase.Withdrawn;

    /// <summary>Nobody has said yet that it is over; that we gave it up does not make a closing less true.</summary>
    public bool CanClose => IsOpen || Phase is AlertPhase.Silent or AlertPhase.Expired;

    /// <summary>Only something that adds to it was seen so far.</summary>
    internal bool LacksOpening => Phase is AlertPhase.Updated && Revision == 1;

    // Enumerations are stored by name; Dapper alone would write their numbers.
    internal object ToRow() => new
    {
        Id, Source, SourceId, Kind = Kind.ToString(), Episode, Category = Category.ToString(), Phase = Phase.ToString(), Exercise, Mirror, TwinId,
        Title, Text, Municipality, Municipalities, Latitude, Longitude, Radius, Outcome, IssuedAt, AcceptedAt, ClosedAt, NotAfter, EndsAt,
        Revision, Snapshot, Note, Photo, WordsHash,
    };
}

/// <summary>How a source is doing.</summary>
public sealed record SourceHealth
{
    public required string Name { get; init; }
    public DateTimeOffset? BaselineAt { get; init; }
    public DateTimeOffset? LastGoodAt { get; init; }
    public DateTimeOffset? LastErrorAt { get; init; }
    public string? LastError { get; init; }

    /// <summary>The first of the errors since the last good answer; null while answers are good.</summary>
    public DateTimeOffset? FailingSince { get; init; }
}
