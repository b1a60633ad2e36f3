using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Burgernet.Syndicate.Audit;
using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Deliveries;
using Burgernet.Syndicate.Notices;
using Burgernet.Syndicate.Previews;
using Burgernet.Syndicate.Storage;
using Burgernet.Syndicate.Templates;

namespace Burgernet.Syndicate.Alerts;

/// <summary>
/// Takes what was sent to us to be posted: posts what needs no consent, keeps what does until people agree to the exact
/// posts, and puts aside what cannot be trusted. A submission becomes an alert only when it goes out.
/// </summary>
/// <param name="types">The networks: what people agree to is what these would show.</param>
public sealed partial class SubmissionDesk(
    Database database, AlertLog alerts, NoticeBoard notices, AuditLog audit, Outbox outbox, LiveConfiguration live, IReadOnlyList<ChannelConnector> types, TimeProvider time) : ISubmissionDesk
{
    const int FourEyes = 2;

    // The same message is forwarded within days; the same words a month later are a new appeal.
    static readonly TimeSpan SameWordsFor = TimeSpan.FromDays(7);

    // Fewer letters than these say the same by chance.
    const int ShortestSame = 60;

    const string Columns = """
        source, id, sender, subject, sent_at, received_at, decision, kind, reason, original, municipalities, title, text, edition, edited_by, state,
        due_at, reminded_at, decided_at, decided_by, note, alert_id
        """;

    const string Insert = $"""
        insert into submission ({Columns}) values (@Source, @Id, @Sender, @Subject, @SentAt, @ReceivedAt, @Decision, @Kind, @Reason, @Original, @Municipalities, @Title, @Text,
            @Edition, @EditedBy, @State, @DueAt, @RemindedAt, @DecidedAt, @DecidedBy, @Note, @AlertId)
        """;

    const string Update = """
        update submission set decision = @Decision, reason = @Reason, municipalities = @Municipalities, title = @Title, text = @Text, edition = @Edition, edited_by = @EditedBy, state = @State,
            due_at = @DueAt, reminded_at = @RemindedAt, decided_at = @DecidedAt, decided_by = @DecidedBy, note = @Note, alert_id = @AlertId
        where source = @Source and id = @Id
        """;

    const string MoveMailbox = """
        insert into mailbox (source, place, uid_validity, uid) values (@source, @place, @uidValidity, @uid)
        on conflict (source) do update set place = @place, uid_validity = @uidValidity,
            uid = case when coalesce(mailbox.place, @place) = @place and mailbox.uid_validity = @uidValidity and mailbox.uid > @uid then mailbox.uid else @uid end
        """;

    public Task<MailboxPosition?> PositionAsync(string source) =>
        database.ReadAsync(session => session.FirstOrDefaultAsync<MailboxPosition>("""
            select m.place, m.uid_validity, m.uid, s.baseline_at as since from mailbox m left join source s on s.name = m.source where m.source = @source
            """, new { source }));

    public Task NoteFailureAsync(string source, string reason) => alerts.NoteFailureAsync(source, reason);

    public Task NoteGoodAsync(string source) => database.WriteAsync(session => alerts.NoteGoodAnswerAsync(session, source));

    public Task NoteMovesAsync(string source, string? fault) => database.WriteAsync(session => fault is null
        ? NoticeBoard.WithdrawAsync(session, $"unmoved:{source}:mailbox")
        : notices.TellAsync(session, $"unmoved:{source}:mailbox", $"Mail van bron {source} kan niet worden verplaatst: {fault}. Wat besloten is geldt, maar de mail blijft in de mailbox liggen. Kijk naar de rechten en de ruimte daar, en verplaats met de hand wat er ligt."));

    public async Task<IntakeResult> TakeAsync(Submission? submission, string source, MailboxPosition? position, string? raw = null, CancellationToken cancellationToken = default)
    {
        var generation = live.Current;
        var result = await database.WriteAsync(async session =>
        {
            await session.LockAsync(Intake.Lock).ConfigureAwait(false);
            if (position is not null)
                await session.ExecuteAsync(MoveMailbox, new { source, place = position.Place, uidValidity = position.UidValidity, uid = position.Uid }).ConfigureAwait(false);
            return submission is null ? new IntakeResult(IntakeOutcome.Known) : await TakeAsync(session, generation, submission, raw).ConfigureAwait(false);
        }, cancellationToken).ConfigureAwait(false);
        CrashPoints.Reach("accepted");

        if (result.Outcome is IntakeOutcome.Accepted)
            outbox.Wake();
        return result;
    }

    /// <summary>Takes what a person submits here himself; the act is noted in the same transaction. Null: done.</summary>
    /// <param name="action">What he does, in the log of acts.</param>
    /// <param name="subject">What he does it to.</param>
    public Task<Refusal?> SubmitAsync(Submission submission, string action, string subject, Signature by)
    {
        var generation = live.Current;
        return audit.DoAsync(action, subject, by, async session =>
        {
            await session.LockAsync(Intake.Lock).ConfigureAwait(false);
            return (await TakeAsync(session, generation, submission, raw: null).ConfigureAwait(false)).Outcome is IntakeOutcome.Known ? new Refusal("dit bericht is er al; kijk op /postvak") : null;
        });
    }

    async Task<IntakeResult> TakeAsync(Session session, Generation generation, Submission submission, string? raw)
    {
        if (await FindAsync(session, submission.Source, submission.Id.Storable()).ConfigureAwait(false) is not null)
            return new IntakeResult(IntakeOutcome.Known, Reason: "dit is al eerder ontvangen");

        var now = time.GetUtcNow();
        // Whom it concerns nobody may guess.
        if (submission is { Decision: SubmissionDecision.Post or SubmissionDecision.TextOnly, Municipalities.Count: 0 })
            submission = submission with { Decision = SubmissionDecision.Hold, Reason = "het noemt geen gemeente van deze regio" };
        var entry = SubmissionEntry.Of(submission, now);
        var earlier = submission.Decision is SubmissionDecision.Quarantine or SubmissionDecision.Never ? [] : await FindSameWordsAsync(session, entry).ConfigureAwait(false);
        if (earlier.FirstOrDefault(e => StandsFor(e, entry)) is { } same)
        {
            await AddAsync(session, entry with { State = SubmissionState.Duplicate, DecidedAt = now, Note = $"dezelfde tekst kwam op {DutchTime.Of(same.ReceivedAt):d-M H.mm} binnen van {same.Sender}" }).ConfigureAwait(false);
            return new IntakeResult(IntakeOutcome.Known, same.AlertId, "het heeft de tekst van een eerder bericht");
        }

        // News that repeats an appeal must not be swallowed with it, nor go out twice unseen; nor what a person turned down before.
        if (submission.Decision is not (SubmissionDecision.Quarantine or SubmissionDecision.Never) && earlier.Select(e => DoubtOf(entry, e)).OfType<string>().FirstOrDefault() is { } doubt)
        {
            submission = submission with { Decision = SubmissionDecision.Hold, Reason = doubt };
            entry = SubmissionEntry.Of(submission, now);
        }

        if (submission.Decision is not (SubmissionDecision.Quarantine or SubmissionDecision.Never) && await OverAsync(session, entry).ConfigureAwait(false) is { } over)
        {
            submission = submission with { Decision = SubmissionDecision.Hold, Reason = submission.Decision is SubmissionDecision.Hold ? $"{submission.Reason.TrimEnd('.')}; en {over}" : over };
            entry = SubmissionEntry.Of(submission, now);
        }

        var approval = generation.Options.Approval;
        switch (submission.Decision)
        {
            case SubmissionDecision.Quarantine:
                await AddAsync(session, entry with { State = SubmissionState.Quarantined, DecidedAt = now }).ConfigureAwait(false);
                // By what it holds it is told from others; what was not fetched has an id at least.
                await generation.Intake.QuarantineAsync(session, submission.Source, [new SourceFault(submission.Id, submission.Reason, raw ?? (submission.Original.Length > 0 ? submission.Original : submission.Id))]).ConfigureAwait(false);
                return new IntakeResult(IntakeOutcome.Quarantined, Reason: submission.Reason);

            case SubmissionDecision.Never:
                await AddAsync(session, entry with { State = SubmissionState.Recorded, DecidedAt = now }).ConfigureAwait(false);
                return new IntakeResult(IntakeOutcome.Stored, Reason: submission.Reason);

            case SubmissionDecision.Hold:
                entry = entry with { State = SubmissionState.Waiting, DueAt = now + approval.ExpiresAfter };
                await AddAsync(session, entry).ConfigureAwait(false);
                await TellWaitingAsync(session, entry, entry.Reason).ConfigureAwait(false);
                return new IntakeResult(IntakeOutcome.Stored, Reason: "het wacht op akkoord");

            case var _ when approval.Veto is { Ticks: > 0 } veto:
                await AddAsync(session, entry with { State = SubmissionState.Waiting, DueAt = now + veto }).ConfigureAwait(false);
                await notices.TellAsync(session, $"approval:{entry.Key}",
                    $"{Named(entry)} gaat om {DutchTime.Of(now + veto):H.mm} uur vanzelf uit. Mag dat niet, houd het dan tegen op /postvak.").ConfigureAwait(false);
                return new IntakeResult(IntakeOutcome.Stored, Reason: "het kan nog worden tegengehouden");

            default:
                await AddAsync(session, entry with { State = SubmissionState.Waiting }).ConfigureAwait(false);
                return await PostAsync(session, generation, entry, by: null).ConfigureAwait(false);
        }
    }

    // ---- what people decide

    /// <summary>
    /// One person agrees to exactly these posts. With four eyes the second one posts it; who sent it in, or changed the words,
    /// is neither.
    /// </summary>
    /// <param name="edition">Which edition was looked at.</param>
    /// <param name="postsHash">The <see cref="ProposalOf"/> that was looked at.</param>
    public async Task<Refusal?> ApproveAsync(string source, string id, int edition, string postsHash, Signature by)
    {
        var generation = live.Current;
        var posted = false;
        var refusal = await DecideAsync("approve", source, $"{id} versie {edition} {postsHash[..Math.Min(12, postsHash.Length)]}", id, by, async (session, entry) =>
        {
            if (entry.Edition != edition || ProposalOf(entry, generation.Options).Hash != postsHash)
                return new Refusal("de tekst is veranderd sinds u keek; lees hem opnieuw");
            if (IsSender(by, entry))
                return new Refusal("u hebt dit zelf ingestuurd; een ander moet ermee instemmen");
            var fourEyes = generation.Options.Approval.FourEyes;
            if (fourEyes && entry.Editors.Contains(by.Name, StringComparer.OrdinalIgnoreCase))
                return new Refusal("u hebt aan deze tekst meegeschreven; twee anderen moeten ermee instemmen");
            if (await AgreeAsync(session, entry, postsHash, by).ConfigureAwait(false) is not { } agreed)
                return new Refusal("u hebt al ingestemd; nu is een ander aan de beurt");
            if (fourEyes && agreed < FourEyes)
                return null;

            var result = await PostAsync(session, generation, entry, by).ConfigureAwait(false);
            posted = result.Outcome is IntakeOutcome.Accepted;
            return posted ? null : new Refusal(result.Outcome is IntakeOutcome.Ignored
                ? "er staat geen gemeente van deze regio bij; wijzig het bericht en noem de gemeenten"
                : result.Outcome is IntakeOutcome.Stored ? "dit bericht past bij geen enkele route of is te oud; er is niets geplaatst"
                : result.Outcome is IntakeOutcome.Confirmed ? $"er is niets geplaatst: het {result.Reason}. Wijs het af, of wijzig de tekst" : "er is niets geplaatst; het is al bekend");
        }).ConfigureAwait(false);
        if (posted)
            outbox.Wake();
        return refusal;
    }

    /// <summary>It is not posted.</summary>
    public Task<Refusal?> RejectAsync(string source, string id, Signature by) => DecideAsync("reject", source, id, id, by, async (session, entry) =>
    {
        await ChangeAsync(session, entry with { State = SubmissionState.Rejected, DecidedAt = time.GetUtcNow(), DecidedBy = by.Name, Note = by.Reason }).ConfigureAwait(false);
        await WithdrawNoticesAsync(session, entry).ConfigureAwait(false);
        return null;
    });

    /// <summary>Other words, or other municipalities. Whatever was agreed to before is void, and it needs consent from now on.</summary>
    /// <param name="edition">Which edition was changed.</param>
    /// <param name="municipalities">CBS codes.</param>
    public Task<Refusal?> EditAsync(string source, string id, int edition, string? title, string text, IReadOnlyList<string> municipalities, Signature by)
    {
        var expires = live.Current.Options.Approval.ExpiresAfter;
        return DecideAsync("edit", source, $"{id} versie {edition + 1}", id, by, async (session, entry) =>
        {
            if (entry.Edition != edition)
                return new Refusal("een ander heeft de tekst intussen gewijzigd; lees hem opnieuw");
            if (string.IsNullOrWhiteSpace(text))
                return new Refusal("er staat geen tekst");
            var changed = entry with
            {
                Title = string.IsNullOrWhiteSpace(title) ? null : title.Trim(), Text = text.Trim(), Municipalities = string.Join(' ', municipalities), Edition = edition + 1,
                EditedBy = string.Join('\n', entry.Editors.Append(by.Name).Distinct(StringComparer.OrdinalIgnoreCase)),
                Decision = SubmissionDecision.Hold, DueAt = time.GetUtcNow() + expires, RemindedAt = null,
            };
            await ChangeAsync(session, changed).ConfigureAwait(false);
            // What was said before of when it goes out, or is given up, is not so any more.
            await WithdrawNoticesAsync(session, entry).ConfigureAwait(false);
            await TellWaitingAsync(session, changed, $"{by.Name} heeft de tekst gewijzigd").ConfigureAwait(false);
            return null;
        });
    }

    Task<Refusal?> DecideAsync(string action, string source, string subject, string id, Signature by, Func<Session, SubmissionEntry, Task<Refusal?>> decide) =>
        audit.DoAsync(action, $"{source} {subject}", by, async session =>
        {
            await session.LockAsync(Intake.Lock).ConfigureAwait(false);
            return await FindAsync(session, source, id).ConfigureAwait(false) switch
            {
                null => new Refusal("dit bericht is er niet", Unknown: true),
                { State: not SubmissionState.Waiting } => new Refusal("over dit bericht is al besloten"),
                { } entry => await decide(session, entry).ConfigureAwait(false),
            };
        });

    // ---- what time decides

    /// <summary>Posts what nobody stopped, reminds of what waits and gives up what nobody agreed to.</summary>
    public async Task LookAsync()
    {
        var generation = live.Current;
        var now = time.GetUtcNow();
        var remindBefore = now - generation.Options.Approval.RemindAfter;
        var due = await database.ReadAsync(session => session.QueryAsync<SubmissionEntry>($"""
            select {Columns} from submission where state = 'Waiting' and (due_at <= @now or decision = 'Hold' and reminded_at is null and received_at <= @remindBefore)
            """, new { now, remindBefore })).ConfigureAwait(false);
        var posted = false;
        foreach (var seen in due)
        {
            posted |= await database.WriteAsync(async session =>
            {
                await session.LockAsync(Intake.Lock).ConfigureAwait(false);
                // Another worker, or a person, may have been quicker.
                if (await FindAsync(session, seen.Source, seen.Id).ConfigureAwait(false) is not { State: SubmissionState.Waiting } entry || entry != seen)
                    return false;
                if (entry.DueAt > now)
                    await RemindAsync(session, entry).ConfigureAwait(false);
                else if (entry.Decision is SubmissionDecision.Hold)
                    await GiveUpAsync(session, entry, now).ConfigureAwait(false);
                else if (await OverAsync(session, entry).ConfigureAwait(false) is { } over)
                    await HoldAsync(session, entry, over, now + generation.Options.Approval.ExpiresAfter).ConfigureAwait(false);
                else
                    return (await PostAsync(session, generation, entry, by: null).ConfigureAwait(false)).Outcome is IntakeOutcome.Accepted;
                return false;
            }).ConfigureAwait(false);
        }

        if (posted)
            outbox.Wake();
    }

    // What it says too was closed: somebody may have been found, or is still missing. Only a person knows.
    static async Task<string?> OverAsync(Session session, SubmissionEntry entry) =>
        (await AlertLog.FindRepeatedAsync(session, entry.SentAt, entry.MunicipalityCodes, entry.Text).ConfigureAwait(false)) is [{ IsClosed: true } newest, ..]
            ? $"het zegt hetzelfde als de oproep van {DutchTime.Of(newest.IssuedAt):d-M H.mm}, die voorbij is" : null;

    async Task HoldAsync(Session session, SubmissionEntry entry, string reason, DateTimeOffset expires)
    {
        var held = entry with { Decision = SubmissionDecision.Hold, Reason = reason, DueAt = expires };
        await ChangeAsync(session, held).ConfigureAwait(false);
        await WithdrawNoticesAsync(session, entry).ConfigureAwait(false);
        await TellWaitingAsync(session, held, reason).ConfigureAwait(false);
    }

    async Task RemindAsync(Session session, SubmissionEntry entry)
    {
        await ChangeAsync(session, entry with { RemindedAt = time.GetUtcNow() }).ConfigureAwait(false);
        await notices.TellAsync(session, $"reminder:{entry.Key}", $"{Named(entry)} wacht sinds {DutchTime.Of(entry.ReceivedAt):d-M H.mm} op akkoord. Zonder akkoord vervalt het op {DutchTime.Of(entry.DueAt!.Value):d-M H.mm}. Kijk op /postvak.").ConfigureAwait(false);
    }

    async Task GiveUpAsync(Session session, SubmissionEntry entry, DateTimeOffset now)
    {
        await ChangeAsync(session, entry with { State = SubmissionState.Expired, DecidedAt = now }).ConfigureAwait(false);
        await WithdrawNoticesAsync(session, entry).ConfigureAwait(false);
        await notices.TellAsync(session, $"unapproved:{entry.Key}", $"{Named(entry)} is vervallen: niemand stemde ermee in. Plaats het zo nodig met de hand.").ConfigureAwait(false);
    }

    // ---- what people see

    /// <summary>What waits, oldest first.</summary>
    public Task<IReadOnlyList<SubmissionEntry>> WaitingAsync() =>
        database.ReadAsync(session => session.QueryAsync<SubmissionEntry>($"select {Columns} from submission where state = 'Waiting' order by received_at, id"));

    /// <summary>What is done with, newest first.</summary>
    public Task<IReadOnlyList<SubmissionEntry>> DoneAsync(int limit) =>
        database.ReadAsync(session => session.QueryAsync<SubmissionEntry>($"select {Columns} from submission where state <> 'Waiting' order by received_at desc, id limit @limit", new { limit }));

    /// <summary>Who agreed to these posts so far.</summary>
    public Task<IReadOnlyList<string>> AgreedAsync(SubmissionEntry entry, string postsHash) =>
        database.ReadAsync(session => AgreedAsync(session, entry, postsHash));

    /// <summary>The posts that this submission would become, and a hash of them: consent is to these and no others.</summary>
    public Proposal ProposalOf(SubmissionEntry entry, SyndicateOptions options)
    {
        var posts = new Previewer(options, types).Of(AlertOf(entry, options));
        var content = new StringBuilder();
        foreach (var post in posts.Where(p => p.Targets.Count > 0))
            content.Append(post.Channel).Append('\0').Append(post.Text).Append('\0').Append(post.TextWithoutLinks).Append('\0');
        return new Proposal(posts, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content.ToString()))));
    }

    // ---- the rest

    async Task<IntakeResult> PostAsync(Session session, Generation generation, SubmissionEntry entry, Signature? by)
    {
        var result = await generation.Intake.AcceptAsync(session, AlertOf(entry, generation.Options), history: false).ConfigureAwait(false);
        var went = result.Outcome is IntakeOutcome.Accepted;
        await ChangeAsync(session, entry with
        {
            State = went ? SubmissionState.Posted : SubmissionState.Recorded, DecidedAt = time.GetUtcNow(), DecidedBy = by?.Name, AlertId = result.AlertId, DueAt = null,
            Note = result.Outcome switch
            {
                IntakeOutcome.Accepted => null,
                IntakeOutcome.Ignored => "niet geplaatst: niet van deze regio, of er staat geen gemeente bij",
                IntakeOutcome.Confirmed => $"niet nog eens geplaatst: het {result.Reason}",
                _ => "niet geplaatst: past bij geen route, of kwam te laat",
            },
        }).ConfigureAwait(false);
        await WithdrawNoticesAsync(session, entry).ConfigureAwait(false);
        if (result.Outcome is IntakeOutcome.Confirmed && by is null)
            await notices.TellAsync(session, $"repeated:{entry.Key}", $"{Named(entry)} is niet nog eens geplaatst: het {result.Reason}. Klopt dat niet, plaats het dan met de hand.").ConfigureAwait(false);
        foreach (var other in went ? (await FindSameWordsAsync(session, entry).ConfigureAwait(false)).Where(o => o.State is SubmissionState.Waiting && Covers(entry, o) && !SaysMore(o, entry)) : [])
        {
            await ChangeAsync(session, other with { State = SubmissionState.Duplicate, DecidedAt = time.GetUtcNow(), Note = $"dezelfde tekst is geplaatst zoals die binnenkwam van {entry.Sender}" }).ConfigureAwait(false);
            await WithdrawNoticesAsync(session, other).ConfigureAwait(false);
        }

        return result;
    }

    Task TellWaitingAsync(Session session, SubmissionEntry entry, string reason) =>
        notices.TellAsync(session, $"approval:{entry.Key}", $"{Named(entry)} wacht op akkoord: {reason}. Kijk op /postvak; zonder akkoord vervalt het op {DutchTime.Of(entry.DueAt!.Value):d-M H.mm}.");

    static async Task WithdrawNoticesAsync(Session session, SubmissionEntry entry)
    {
        await NoticeBoard.WithdrawAsync(session, $"approval:{entry.Key}").ConfigureAwait(false);
        await NoticeBoard.WithdrawAsync(session, $"reminder:{entry.Key}").ConfigureAwait(false);
    }

    // Not its subject: that may hold a name.
    string Named(SubmissionEntry entry)
    {
        var places = entry.MunicipalityCodes.Select(code => live.Current.Options.Areas.WithCode(code)?.Name).OfType<string>().Take(3).ToList();
        return $"Een bericht via {entry.Source} ({entry.Kind}{(places.Count > 0 ? $", {string.Join(", ", places)}" : "")})";
    }

    // How many agree by now; null: he did already. One person is one, however his name is written.
    async Task<int?> AgreeAsync(Session session, SubmissionEntry entry, string postsHash, Signature by)
    {
        var agreed = await AgreedAsync(session, entry, postsHash).ConfigureAwait(false);
        if (agreed.Contains(by.Name, StringComparer.OrdinalIgnoreCase))
            return null;
        await session.ExecuteAsync("""
            insert into approval (source, id, edition, posts_hash, by_whom, at) values (@Source, @Id, @Edition, @postsHash, @who, @now)
            """, new { entry.Source, entry.Id, entry.Edition, postsHash, who = by.Name, now = time.GetUtcNow() }).ConfigureAwait(false);
        return agreed.Count + 1;
    }

    static Task<IReadOnlyList<string>> AgreedAsync(Session session, SubmissionEntry entry, string postsHash) =>
        session.QueryAsync<string>("select by_whom from approval where source = @Source and id = @Id and edition = @Edition and posts_hash = @postsHash order by at", new { entry.Source, entry.Id, entry.Edition, postsHash });

    // An account may be called after the whole mail address or after what stands before the @.
    static bool IsSender(Signature by, SubmissionEntry entry) =>
        string.Equals(by.Name, entry.Sender, StringComparison.OrdinalIgnoreCase) || string.Equals(by.Name, entry.Sender.Split('@')[0], StringComparison.OrdinalIgnoreCase);

    // ---- the same words again

    async Task<IReadOnlyList<SubmissionEntry>> FindSameWordsAsync(Session session, SubmissionEntry entry)
    {
        var words = Letters(entry.Text);
        if (words.Length < ShortestSame)
            return [];
        var earlier = await session.QueryAsync<SubmissionEntry>($"""
            select {Columns} from submission where received_at > @since and state in ('Waiting', 'Posted', 'Rejected') and not (source = @Source and id = @Id) order by received_at
            """, new { since = time.GetUtcNow() - SameWordsFor, entry.Source, entry.Id }).ConfigureAwait(false);
        // Who forwards a message leaves out some of it.
        return [.. earlier.Where(e => Letters(e.Text) is { Length: >= ShortestSame } theirs && (theirs.Contains(words, StringComparison.Ordinal) || words.Contains(theirs, StringComparison.Ordinal)))];
    }

    /// <summary>
    /// Whether an earlier message with these words makes this one needless: it went out, or waits no longer than this one would, for
    /// every municipality of this one, and this one says nothing new.
    /// </summary>
    static bool StandsFor(SubmissionEntry earlier, SubmissionEntry entry) =>
        (earlier.State is SubmissionState.Posted || earlier.State is SubmissionState.Waiting && (earlier.Decision is not SubmissionDecision.Hold || entry.Decision is SubmissionDecision.Hold))
        && Covers(earlier, entry) && !SaysMore(entry, earlier);

    /// <summary>Why a person must look at what has the words of an earlier message; null: nobody has to.</summary>
    static string? DoubtOf(SubmissionEntry entry, SubmissionEntry earlier) => earlier switch
    {
        { State: SubmissionState.Rejected } => $"dezelfde tekst is op {DutchTime.Of(earlier.DecidedAt ?? earlier.ReceivedAt):d-M H.mm} afgewezen",
        // It has consent to wait for; this one may have none to wait for, and then takes its place.
        { State: SubmissionState.Waiting, Decision: SubmissionDecision.Hold } => null,
        _ when !earlier.MunicipalityCodes.Intersect(entry.MunicipalityCodes).Any() => null,
        _ when SaysMore(entry, earlier) => $"het herhaalt een bericht van {DutchTime.Of(earlier.ReceivedAt):d-M H.mm} en zegt er iets bij",
        _ => $"dezelfde tekst is op {DutchTime.Of(earlier.ReceivedAt):d-M H.mm} voor een deel van deze gemeenten geplaatst",
    };

    static bool Covers(SubmissionEntry one, SubmissionEntry other) => !other.MunicipalityCodes.Except(one.MunicipalityCodes).Any();

    // Who forwards a message writes a line above it. Who sent it himself, or writes below it, has news.
    static bool SaysMore(SubmissionEntry entry, SubmissionEntry earlier)
    {
        var (words, theirs) = (Letters(entry.Text), Letters(earlier.Text));
        if (words.Length > theirs.Length * 5 / 4)
            return true;
        var at = words.IndexOf(theirs, StringComparison.Ordinal);
        return at >= 0 && (at + theirs.Length < words.Length || at > 0 && string.Equals(entry.Sender, earlier.Sender, StringComparison.OrdinalIgnoreCase));
    }

    static string Letters(string text) => NoLetters().Replace(text.ToLowerInvariant(), "");

    // ---- rows

    static Alert AlertOf(SubmissionEntry entry, SyndicateOptions options) => new()
    {
        Source = entry.Source,
        SourceId = entry.Id,
        Kind = AlertKind.Burgernetmail,
        Category = AlertClassifier.Categorise(AlertKind.Burgernetmail, null, $"{entry.Title}\n{entry.Text}"),
        IssuedAt = entry.SentAt,
        MunicipalityCodes = entry.MunicipalityCodes,
        Exercise = AlertClassifier.IsExercise(null, entry.Title, entry.Text) || options.Sources.Any(s => s.Test && s.Name == entry.Source),
        Messages = [new AlertMessage { Key = "1", Phase = AlertPhase.Opened, SentAt = entry.SentAt, Title = entry.Title, Text = entry.Text }],
    };

    static Task<SubmissionEntry?> FindAsync(Session session, string source, string id) =>
        session.FirstOrDefaultAsync<SubmissionEntry>($"select {Columns} from submission where source = @source and id = @id", new { source, id });

    static Task<int> AddAsync(Session session, SubmissionEntry entry) => session.ExecuteAsync(Insert, entry.ToRow());

    static Task<int> ChangeAsync(Session session, SubmissionEntry entry) => session.ExecuteAsync(Update, entry.ToRow());

    [GeneratedRegex(@"[^\p{L}\p{Nd}]+")]
    private static partial Regex NoLetters();
}

/// <summary>How it stands with a submission.</summary>
public enum SubmissionState
{
    /// <summary>For consent, or until the time in which it can be stopped is over.</summary>
    Waiting,

    /// <summary>It became an alert.</summary>
    Posted,

    /// <summary>A person said no.</summary>
    Rejected,

    /// <summary>Nobody agreed to it in time.</summary>
    Expired,

    /// <summary>Not for the public, or nowhere to go.</summary>
    Recorded,

    /// <summary>Not trusted.</summary>
    Quarantined,

    /// <summary>Another one says the same.</summary>
    Duplicate,
}

/// <summary>The posts that a submission would become.</summary>
public sealed record Proposal(IReadOnlyList<Preview> Posts, string Hash);

/// <summary>A submission as we keep it.</summary>
public sealed record SubmissionEntry
{
    public required string Source { get; init; }
    public required string Id { get; init; }
    public required string Sender { get; init; }
    public required string Subject { get; init; }
    public required DateTimeOffset SentAt { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
    public required SubmissionDecision Decision { get; init; }
    public required string Kind { get; init; }
    public required string Reason { get; init; }

    /// <summary>All of it as plain text.</summary>
    public required string Original { get; init; }

    /// <summary>CBS codes, a space between.</summary>
    public required string Municipalities { get; init; }
    public string? Title { get; init; }
    public required string Text { get; init; }

    /// <summary>Counts the editions of the words; 1 is as they came.</summary>
    public required int Edition { get; init; }

    /// <summary>Everyone who wrote at the words, a line each; null: nobody did.</summary>
    public string? EditedBy { get; init; }
    public required SubmissionState State { get; init; }

    /// <summary>When it goes out by itself, or is given up if it needs consent (UTC).</summary>
    public DateTimeOffset? DueAt { get; init; }
    public DateTimeOffset? RemindedAt { get; init; }
    public DateTimeOffset? DecidedAt { get; init; }
    public string? DecidedBy { get; init; }

    /// <summary>What is to be said of the decision (Dutch).</summary>
    public string? Note { get; init; }
    public string? AlertId { get; init; }

    public IReadOnlyList<string> MunicipalityCodes => Municipalities.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    public IReadOnlyList<string> Editors => EditedBy?.Split('\n') ?? [];

    /// <summary>Names it in a cause: the sender's id may hold anything.</summary>
    internal string Key => $"{Source}:{AlertLog.HashOf(Id)}";

    internal static SubmissionEntry Of(Submission submission, DateTimeOffset now) => new()
    {
        Source = submission.Source, Id = submission.Id.Storable(), Sender = submission.Sender.Storable(), Subject = submission.Subject.Storable(), SentAt = submission.SentAt, ReceivedAt = now,
        Decision = submission.Decision, Kind = submission.Kind, Reason = submission.Reason.TrimEnd('.').Storable(), Original = submission.Original.Storable(),
        Municipalities = string.Join(' ', submission.Municipalities), Title = submission.Title?.Storable(), Text = submission.Text.Storable(), Edition = 1, State = SubmissionState.Waiting,
    };

    // Enumerations are stored by name.
    internal object ToRow() => new
    {
        Source, Id, Sender, Subject, SentAt, ReceivedAt, Decision = Decision.ToString(), Kind, Reason, Original, Municipalities, Title, Text, Edition, EditedBy,
        State = State.ToString(), DueAt, RemindedAt, DecidedAt, DecidedBy, Note, AlertId,
    };
}
