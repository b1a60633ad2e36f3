using Burgernet.Syndicate.Areas;
using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Deliveries;
using Burgernet.Syndicate.Notices;
using Burgernet.Syndicate.Routing;
using Burgernet.Syndicate.Storage;
using Burgernet.Syndicate.Templates;
using Microsoft.Extensions.Logging;

namespace Burgernet.Syndicate.Alerts;

/// <summary>
/// Decides what is new in what a source reports, and makes of it, in one transaction, the stored alert, the exact
/// words and the deliveries. When <see cref="AcceptAsync"/> returns, nothing of it can be lost any more.
/// </summary>
public sealed class Intake(
    Database database, AlertLog alerts, NoticeBoard notices, Outbox outbox, AreaIndex areas, Router router, Wording wording, Ending ending,
    IntakeOptions options, TimeProvider time, ILogger<Intake> log)
{
    /// <summary>Two workers must not take one alert at the same time, nor one take what another ends.</summary>
    internal const string Lock = "intake";

    const string Contradiction = "onder hetzelfde nummer staat nu iets anders dan eerst";

    // An actie that mirrors a child alert leaves its owner this long to come first, and counts as the same case when
    // both were issued this close together.
    public static readonly TimeSpan MirrorWaits = TimeSpan.FromMinutes(5);
    static readonly TimeSpan SameCase = TimeSpan.FromMinutes(30);

    // Begins the key of what an owner added to an alert of another source.
    const string OfOwner = "owner:";

    // How long the source that owns a kind of alert may be behind another one.
    static readonly TimeSpan OwnerMayBeLate = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Takes a good answer. The first one of a source that takes a baseline is history: it is stored as known and
    /// nothing of it is posted.
    /// </summary>
    /// <returns>What came of each alert, in the order of the answer.</returns>
    /// <exception cref="AggregateException">Some alerts could not be taken (a template, a full disk); the others were.
    /// The source must offer the answer again.</exception>
    public async Task<IReadOnlyList<IntakeResult>> AcceptAsync(IAlertSource source, SourceAnswer answer, CancellationToken cancellationToken = default)
    {
        var history = source.TakesBaseline
            && !await database.ReadAsync(session => AlertLog.HasBaselineAsync(session, source.Name)).ConfigureAwait(false);
        var results = history
            ? await TakeBaselineAsync(source, answer, cancellationToken).ConfigureAwait(false)
            : await TakeEachAsync(source, answer, cancellationToken).ConfigureAwait(false);
        CrashPoints.Reach("accepted");

        if (results.Any(r => r.Outcome is IntakeOutcome.Accepted))
            outbox.Wake();
        return results;
    }

    /// <summary>Takes what senders pushed, all in one commit: all of it is taken, or nothing.</summary>
    /// <returns>What came of each, in the same order.</returns>
    public async Task<IReadOnlyList<IntakeResult>> TakePushedAsync(IReadOnlyList<PushedAlert> pushed, CancellationToken cancellationToken = default)
    {
        var results = await database.WriteAsync(async session =>
        {
            await session.LockAsync(Lock).ConfigureAwait(false);
            var taken = new List<IntakeResult>();
            foreach (var push in pushed)
                taken.Add(await TakePushedAsync(session, push).ConfigureAwait(false));
            foreach (var source in pushed.Select(p => p.Source).Distinct())
                await alerts.NoteGoodAnswerAsync(session, source).ConfigureAwait(false);
            return taken;
        }, cancellationToken).ConfigureAwait(false);
        CrashPoints.Reach("accepted");

        foreach (var (push, result) in pushed.Zip(results).Where(p => p.Second.Outcome is not IntakeOutcome.Known))
            log.LogInformation("Alert {Alert} ({Source} {SourceId}) was pushed: {Outcome} {Reason}", result.AlertId, push.Source, push.Alert?.SourceId ?? push.Fault?.SourceId, result.Outcome, result.Reason);
        if (results.Any(r => r.Outcome is IntakeOutcome.Accepted))
            outbox.Wake();
        return results;
    }

    async Task<IntakeResult> TakePushedAsync(Session session, PushedAlert push)
    {
        if (!await alerts.NoteReceiptAsync(session, push.Source, push.Id).ConfigureAwait(false))
            return new IntakeResult(IntakeOutcome.Known, Reason: "dit is al eerder ontvangen");
        if (push.Alert is { } alert)
            return await AcceptAsync(session, alert, history: false).ConfigureAwait(false);
        await QuarantineAsync(session, push.Source, [push.Fault!]).ConfigureAwait(false);
        return new IntakeResult(IntakeOutcome.Quarantined, Reason: push.Fault!.Reason);
    }

    /// <summary>Notes that a source answered that nothing changed: what it did not show, it still does not show.</summary>
    public Task NoteUnchangedAsync(IAlertSource source, CancellationToken cancellationToken = default) => database.WriteAsync(async session =>
    {
        await session.LockAsync(Lock).ConfigureAwait(false);
        await alerts.NoteUnchangedAsync(session, source.Name).ConfigureAwait(false);
        if (source.ListsOpenAlerts)
            await ending.NoteShownAsync(session, source.Name, shown: null).ConfigureAwait(false);
    }, cancellationToken);

    // All or nothing: half a baseline would post the other half.
    async Task<IReadOnlyList<IntakeResult>> TakeBaselineAsync(IAlertSource source, SourceAnswer answer, CancellationToken cancellationToken)
    {
        var results = await database.WriteAsync<IReadOnlyList<IntakeResult>>(async session =>
        {
            var taken = new List<IntakeResult>();
            foreach (var alert in answer.Alerts)
                taken.Add(await AcceptAsync(session, alert, history: true).ConfigureAwait(false));
            await NoteAnswerAsync(session, source, answer).ConfigureAwait(false);
            return taken;
        }, cancellationToken).ConfigureAwait(false);

        log.LogInformation("Source {Source}: took {Count} alert(s) as its history; nothing of them is posted", source.Name, results.Count);
        return results;
    }

    // Each in its own transaction: an alert that cannot be taken must not hold up the others.
    async Task<IReadOnlyList<IntakeResult>> TakeEachAsync(IAlertSource source, SourceAnswer answer, CancellationToken cancellationToken)
    {
        var results = new List<IntakeResult>();
        var failures = new List<Exception>();
        foreach (var alert in answer.Alerts)
        {
            try
            {
                var result = await database.WriteAsync(session => AcceptAsync(session, alert, history: false), cancellationToken).ConfigureAwait(false);
                if (result.Outcome is not (IntakeOutcome.Known or IntakeOutcome.Ignored))
                    log.LogInformation("Alert {Alert} ({Source} {SourceId}): {Outcome} {Reason}", result.AlertId, source.Name, alert.SourceId, result.Outcome, result.Reason);
                results.Add(result);
                // At once, not after the whole answer: the first of many is urgent too.
                if (result.Outcome is IntakeOutcome.Accepted)
                    outbox.Wake();
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                log.LogError(exception, "Alert {SourceId} of {Source} could not be taken", alert.SourceId, source.Name);
                failures.Add(exception);
            }
        }

        await database.WriteAsync(session => NoteAnswerAsync(session, source, answer), cancellationToken).ConfigureAwait(false);
        return failures.Count == 0 ? results : throw new AggregateException($"{failures.Count} of {answer.Alerts.Count} alert(s) of {source.Name} could not be taken", failures);
    }

    async Task NoteAnswerAsync(Session session, IAlertSource source, SourceAnswer answer)
    {
        await session.LockAsync(Lock).ConfigureAwait(false);
        await QuarantineAsync(session, source.Name, answer.Faults).ConfigureAwait(false);
        await alerts.NoteGoodAnswerAsync(session, source.Name).ConfigureAwait(false);
        // A record that could not be read may be any of those that seem to be missing.
        if (source.ListsOpenAlerts && answer.Faults.Count == 0)
            await ending.NoteShownAsync(session, source.Name, answer.Alerts.Select(a => a.SourceId).ToHashSet()).ConfigureAwait(false);
    }

    internal async Task<IntakeResult> AcceptAsync(Session session, Alert alert, bool history)
    {
        await session.LockAsync(Lock).ConfigureAwait(false);
        return await AlertLog.FindAsync(session, alert).ConfigureAwait(false) is { } known
            ? await ContinueAsync(session, alert, known).ConfigureAwait(false)
            : await OpenAsync(session, alert, history, episode: 1).ConfigureAwait(false);
    }

    // ---- an alert that we did not know

    async Task<IntakeResult> OpenAsync(Session session, Alert alert, bool history, int episode)
    {
        var location = areas.Locate(alert, alert.IssuedAt);
        var nowhere = alert.Area is null && alert.Municipality is null && alert.MunicipalityCodes.Count == 0;
        // What goes on with or ends something unknown is kept even when it does not say where: that may still arrive.
        if (!location.InRegion && alert.Kind is not AlertKind.AmberAlert && !(nowhere && (alert.Ended || Newest(alert, AlertPhase.Opened) is null)))
            return new IntakeResult(IntakeOutcome.Ignored, Reason: nowhere ? "er staat geen gebied en geen gemeente bij" : "niet van deze regio");

        var now = time.GetUtcNow();
        var limit = alert.IssuedAt + options.NotAfter[alert.Kind];
        var entry = EntryOf(alert, location, now, alert.ExpiresAt < limit ? alert.ExpiresAt.Value : limit) with { Episode = episode };
        if (history && !alert.Ended)
            entry = entry with { Phase = AlertPhase.Opened };
        entry = entry with { EndsAt = ending.EndOf(entry, alert.Messages[^1].SentAt, alert.ExpiresAt) };

        if (history)
            return await StoreAsync(session, alert, entry with { Note = "stond er al bij de eerste start" }).ConfigureAwait(false);
        if (alert.Ended)
            return await StoreAsync(session, alert, entry with { Note = "was al voorbij toen wij het zagen" }).ConfigureAwait(false);
        if (entry.NotAfter <= now)
            return await StoreAsync(session, alert, entry with { Phase = AlertPhase.Expired, Note = "was al te oud toen wij het zagen" }).ConfigureAwait(false);
        if (entry.LacksOpening)
        {
            await notices.TellAsync(session, UnopenedCause(entry.Id),
                $"Bron {entry.Source}: {entry.SourceId} is een aanvulling op een oproep die hier niet bekend is; er is niets geplaatst. Komt de oproep zelf nog, dan gaat die vanzelf uit. Kijk anders bij de bron.", entry.Id).ConfigureAwait(false);
            return await StoreAsync(session, alert, entry with { Note = "het vult iets aan dat hier nooit is begonnen" }).ConfigureAwait(false);
        }

        var dueAt = now;
        var mirrored = alert.Kind is AlertKind.AmberAlert or AlertKind.VermistKindAlert ? await AlertLog.FindTwinAsync(session, alert, SameCase).ConfigureAwait(false) : null;
        var owner = options.Owners.GetValueOrDefault(alert.Kind);
        var same = mirrored is null ? await AlertLog.FindSameAsync(session, entry, SameCase).ConfigureAwait(false) : [];
        if ((mirrored ?? await PostedOfAsync(session, same).ConfigureAwait(false)) is { } twin)
        {
            var owns = mirrored is not null ? !alert.Mirror : alert.Source == owner;
            if (owns)
                await NoticeBoard.WithdrawAsync(session, OwnerCause(twin.Id)).ConfigureAwait(false);
            // Until this is committed nobody may claim what is taken over here.
            foreach (var channel in owns ? await Outbox.ChannelsOfAsync(session, twin.Id).ConfigureAwait(false) : [])
                await AttemptLog.LockChannelAsync(session, channel).ConfigureAwait(false);
            // Who does not own it only confirms it; and what another has posted already is not posted again.
            if (!owns || await Outbox.MayBeOutAsync(session, twin.Id).ConfigureAwait(false))
            {
                var confirming = entry with { TwinId = twin.Id, Note = $"bevestigt de oproep van {twin.Source}" };
                return await StoreAsync(session, alert, confirming, IntakeOutcome.Confirmed).ConfigureAwait(false);
            }

            await StoreAsync(session, alert, entry).ConfigureAwait(false);
            await Outbox.CancelWaitingAsync(session, twin.Id, $"de oproep komt nu van {alert.Source}").ConfigureAwait(false);
            await AlertLog.ChangeAsync(session, twin with { TwinId = entry.Id, Note = $"bevestigt de oproep van {alert.Source}" }).ConfigureAwait(false);
            await NoticeBoard.WithdrawAsync(session, MirrorCause(twin.Id)).ConfigureAwait(false);
        }
        else if (!alert.Kind.IsUrgent() && await PostedOfAsync(session, [.. (await AlertLog.FindRepeatedAsync(session, entry.IssuedAt, entry.MunicipalityCodes, entry.Text).ConfigureAwait(false)).Where(a => a.IsOpen)]).ConfigureAwait(false) is { } repeated)
        {
            var note = $"zegt hetzelfde als de oproep van {DutchTime.Of(repeated.IssuedAt):d-M H.mm} via {repeated.Source}";
            return await StoreAsync(session, alert, entry with { TwinId = repeated.Id, Note = note }, IntakeOutcome.Confirmed).ConfigureAwait(false);
        }
        else
        {
            await StoreAsync(session, alert, entry).ConfigureAwait(false);
            if (alert.Mirror)
                dueAt = now + MirrorWaits;
        }

        // Its owner may have sent it before, and it went nowhere then.
        if (owner is not null && owner != alert.Source && same.All(s => s.Source != owner) && !alert.Exercise && !alert.Mirror)
            await notices.TellAsync(session, OwnerCause(entry.Id),
                $"De oproep {entry.SourceId} ({RouteWords.Of(entry.Kind)}) kwam van bron {entry.Source} en is daaruit geplaatst, maar kwam na vijf minuten nog niet van {owner}, waar zulke berichten horen te komen. Controleer de verbinding met {owner}.", entry.Id, at: now + OwnerMayBeLate).ConfigureAwait(false);
        if (dueAt > now)
            await notices.TellAsync(session, MirrorCause(entry.Id),
                "Een AMBER Alert of Vermist Kind Alert stond alleen in de actiesfeed en is na vijf minuten daaruit geplaatst. Controleer de landactiehost-bron en de foto.", entry.Id, at: dueAt).ConfigureAwait(false);

        return await PostOpeningAsync(session, entry, location, dueAt, alert.Photo).ConfigureAwait(false);
    }

    // What is open and went nowhere (history, no route then) must not swallow an appeal; what has ended opens by no other way either.
    static async Task<AlertEntry?> PostedOfAsync(Session session, IReadOnlyList<AlertEntry> same)
    {
        foreach (var alert in same)
            if (!alert.IsOpen || (await Outbox.ChannelsOfAsync(session, alert.Id).ConfigureAwait(false)).Count > 0)
                return alert;
        return null;
    }

    /// <summary>An alert as it is kept when it is first seen.</summary>
    internal static AlertEntry EntryOf(Alert alert, Location location, DateTimeOffset now, DateTimeOffset notAfter) => new()
    {
        Id = Guid.CreateVersion7(now).ToString("N"),
        Source = alert.Source,
        SourceId = alert.SourceId,
        Kind = alert.Kind,
        Episode = 1,
        Category = alert.Category,
        Phase = alert.Ended ? ClosingPhase(alert) : Newest(alert, AlertPhase.Opened) is not null ? AlertPhase.Opened : AlertPhase.Updated,
        Exercise = alert.Exercise,
        Mirror = alert.Mirror,
        Title = alert.Messages.LastOrDefault(m => m.Title is not null && !IsClosing(m))?.Title,
        Text = OpeningText(alert),
        Municipality = location.Municipality?.Code,
        Municipalities = string.Join(' ', location.Touched.Select(m => m.Code)),
        Latitude = location.Circle?.Latitude,
        Longitude = location.Circle?.Longitude,
        Radius = location.Circle?.Radius,
        Outcome = alert.Outcome,
        IssuedAt = alert.IssuedAt,
        AcceptedAt = now,
        ClosedAt = alert.Ended ? EndOf(alert) : null,
        NotAfter = notAfter,
        Revision = 1,
        Snapshot = Snapshot(alert),
        Photo = alert.Photo is not null,
        WordsHash = WordsHash(OpeningText(alert)),
    };

    /// <summary>What a template is told of the newest that an alert says, as if all before it had been posted.</summary>
    internal static AlertModel NewestOf(Alert alert, AlertEntry entry, AlertWords words, string reference) =>
        alert.Ended ? words.Closing(entry, ClosingWords(alert), reference)
        : alert.Messages.LastOrDefault(m => !IsClosing(m)) is { Phase: AlertPhase.Updated } update ? words.Update(entry with { Text = OpeningWords(alert, entry) }, update.Text, reference)
        : words.Opening(entry, reference, alert.Photo);

    async Task<IntakeResult> PostOpeningAsync(Session session, AlertEntry entry, Location location, DateTimeOffset dueAt, AlertPhoto? photo)
    {
        var routes = await PlanAsync(session, entry, location, dueAt).ConfigureAwait(false);
        if (routes.Count == 0)
        {
            var note = entry.Exercise ? "een oefening, en er is geen kanaal voor tests" : "geen kanaal of groep hoort het te krijgen";
            await AlertLog.ChangeAsync(session, entry with { Note = note }).ConfigureAwait(false);
            // Nobody misses what nobody knows of.
            if (!entry.Exercise)
                await notices.TellAsync(session, $"nowhere:{entry.Id}",
                    $"De oproep {entry.SourceId} van bron {entry.Source} ({RouteWords.Of(entry.Kind)}, {location.Municipality?.Name ?? "landelijk"}) past bij geen enkele route of groep en is nergens geplaatst. Plaats hem zo nodig met de hand en vul de routes aan; 'check' toont wat nog meer nergens heen gaat.", entry.Id).ConfigureAwait(false);
            return new IntakeResult(IntakeOutcome.Stored, entry.Id, note);
        }

        var reference = await Reference.DrawAsync(session, entry, DeliveryOperation.Create).ConfigureAwait(false);
        var posts = await wording.ComposeAsync(session, entry, routes.Select(r => r.Route.Channel).Distinct(), wording.Words.Opening(entry, reference, photo)).ConfigureAwait(false);
        var opening = new Opening(entry.Id, entry.Kind, reference, entry.Revision, entry.NotAfter);
        var shown = await wording.PhotoAsync(session, entry, posts.Keys, photo).ConfigureAwait(false);
        await outbox.EnqueueOpeningAsync(session, opening, posts.ToDictionary(p => p.Key, p => new OpeningPost(p.Value, shown.GetValueOrDefault(p.Key))), [.. routes.Where(r => posts.ContainsKey(r.Route.Channel))], options.RecordOnly).ConfigureAwait(false);
        await RightOfWay.GiveAsync(session, entry, time.GetUtcNow()).ConfigureAwait(false);
        return new IntakeResult(IntakeOutcome.Accepted, entry.Id);
    }

    /// <summary>When what had to wait for something else may go now: within its hours, and not on the heels of another.</summary>
    internal async Task<IReadOnlyList<PlannedRoute>> PlanAnewAsync(Session session, AlertEntry entry)
    {
        var now = time.GetUtcNow();
        var places = entry.MunicipalityCodes.Select(code => areas.Present(code, DutchTime.DayOf(now))).OfType<Municipality>().ToList();
        return await PlanAsync(session, entry, new Location(places.FirstOrDefault(), places, entry.Area), now).ConfigureAwait(false);
    }

    async Task<IReadOnlyList<PlannedRoute>> PlanAsync(Session session, AlertEntry entry, Location location, DateTimeOffset dueAt)
    {
        var notBefore = entry.Kind.IsUrgent() || options.NotUrgent.Apart == TimeSpan.Zero ? null : await Outbox.NextTurnsAsync(session, dueAt, options.NotUrgent.Apart).ConfigureAwait(false);
        return DeliveryPlan.Of(router.Routes(entry.Kind, entry.Category, entry.Exercise, location, entry.IssuedAt), dueAt, entry.NotAfter, entry.SourceId, notBefore);
    }

    async Task<IntakeResult> StoreAsync(Session session, Alert alert, AlertEntry entry, IntakeOutcome outcome = IntakeOutcome.Stored)
    {
        await AlertLog.AddAsync(session, entry).ConfigureAwait(false);
        foreach (var message in alert.Messages)
            await alerts.AddMessageAsync(session, entry.Id, message).ConfigureAwait(false);
        return new IntakeResult(outcome, entry.Id, entry.Note);
    }

    // ---- an alert that we know

    async Task<IntakeResult> ContinueAsync(Session session, Alert alert, AlertEntry known)
    {
        var said = await AlertLog.MessagesAsync(session, known).ConfigureAwait(false);
        var shown = known.Snapshot.Split(' ').ToHashSet();
        var news = new List<AlertMessage>();
        var contradicted = false;
        foreach (var message in alert.Messages)
        {
            var hash = AlertLog.HashOf(message.Content);
            if (!said.TryGetValue(message.Key, out var saidBefore))
            {
                await alerts.AddMessageAsync(session, known.Id, message).ConfigureAwait(false);
                // Sent again under another key with the same words is no news.
                if (!shown.Contains(hash))
                    news.Add(message);
            }
            else if (saidBefore != hash)
            {
                // It alone is put aside: what else is said, a closing perhaps, must still count.
                await QuarantineAsync(session, alert.Source, [new SourceFault(alert.SourceId, $"deel {message.Key}: {Contradiction}", message.Content)]).ConfigureAwait(false);
                contradicted = true;
            }
        }

        if (!known.IsOpen && !alert.Ended && news.LastOrDefault(m => m.Phase is AlertPhase.Opened && m.SentAt > known.ClosedAt) is { } again)
            return await OpenAsync(session, alert with { IssuedAt = again.SentAt, Messages = [.. alert.Messages.Where(m => m.SentAt >= again.SentAt)] }, history: false, known.Episode + 1).ConfigureAwait(false);
        if (known.Phase is AlertPhase.Silent && !alert.Ended)
        {
            // It is there again. What was taken down is asked for anew; what stayed up goes on.
            if (Ending.IsSensitive(known))
                return await OpenAsync(session, alert, history: false, known.Episode + 1).ConfigureAwait(false);
            known = known with { Phase = AlertPhase.Updated };
            await AlertLog.ChangeAsync(session, known).ConfigureAwait(false);
        }

        if (known.LacksOpening && !alert.Ended && Newest(alert, AlertPhase.Opened) is not null)
        {
            // It came after what adds to it, and goes out with that.
            await AlertLog.ChangeAsync(session, known with { Phase = AlertPhase.Expired, Note = "de oproep kwam later" }).ConfigureAwait(false);
            await NoticeBoard.WithdrawAsync(session, UnopenedCause(known.Id)).ConfigureAwait(false);
            var addition = new AlertMessage { Key = $"before-{known.Id}", Phase = AlertPhase.Updated, SentAt = known.IssuedAt, Text = known.Text };
            return await OpenAsync(session, alert with { Messages = [.. alert.Messages.Where(m => m.Phase is AlertPhase.Opened), addition] }, history: false, known.Episode + 1).ConfigureAwait(false);
        }

        // A stale answer may still tell of the end of an earlier episode.
        if (known.CanClose && alert.Ended && (known.Episode == 1 || EndOf(alert) >= known.IssuedAt))
            return await CloseAsync(session, alert, known, news).ConfigureAwait(false);
        if (news.Count == 0)
            return contradicted ? new IntakeResult(IntakeOutcome.Quarantined, known.Id, Contradiction) : new IntakeResult(IntakeOutcome.Known, known.Id);

        var changed = known with { Snapshot = Snapshot(alert), Text = OpeningWords(alert, known) };
        if (!known.IsOpen)
        {
            await AlertLog.ChangeAsync(session, alert.Ended && known.ClosedAt is null ? changed with { ClosedAt = EndOf(alert), Phase = ClosingPhase(alert) } : changed).ConfigureAwait(false);
            return new IntakeResult(IntakeOutcome.Stored, known.Id, "het was al voorbij");
        }

        return await UpdateAsync(session, known, changed, news.MaxBy(m => m.SentAt)!, alert.ExpiresAt).ConfigureAwait(false);
    }

    async Task<IntakeResult> UpdateAsync(Session session, AlertEntry known, AlertEntry changed, AlertMessage newest, DateTimeOffset? expires)
    {
        changed = changed with { Phase = AlertPhase.Updated, Revision = known.Revision + 1, EndsAt = known.EndsAt is null ? null : ending.EndOf(known, newest.SentAt, expires) };
        await AlertLog.ChangeAsync(session, changed).ConfigureAwait(false);
        if (known.TwinId is not null)
        {
            // What its owner adds belongs under what another had posted before the owner came.
            var own = $"{OfOwner}{known.Id}:";
            if (await AlertLog.FindAsync(session, known.TwinId).ConfigureAwait(false) is not { IsOpen: true } posted || !Corrects(known, posted)
                || await IsSaidAsync(session, posted, newest, key => !key.StartsWith(own, StringComparison.Ordinal)).ConfigureAwait(false))
                return new IntakeResult(IntakeOutcome.Confirmed, known.Id);
            await alerts.AddMessageAsync(session, posted.Id, newest with { Key = own + newest.Key }).ConfigureAwait(false);
            return await PostUpdateAsync(session, posted, posted with { Phase = AlertPhase.Updated, Revision = posted.Revision + 1 }, newest, isChanged: true).ConfigureAwait(false);
        }

        return await IsSaidAsync(session, known, newest, key => key.StartsWith(OfOwner, StringComparison.Ordinal)).ConfigureAwait(false)
            ? new IntakeResult(IntakeOutcome.Stored, known.Id, "de eigenaar van de oproep zei dit al")
            : await PostUpdateAsync(session, known, changed, newest, isChanged: false).ConfigureAwait(false);
    }

    /// <summary>Whether what <paramref name="confirming"/> adds is posted under what it confirms.</summary>
    bool Corrects(AlertEntry confirming, AlertEntry posted) => !confirming.Mirror && (posted.Mirror || options.Owners.GetValueOrDefault(posted.Kind) == confirming.Source);

    /// <summary>Whether these words went out for this alert already. What its owner said before it was asked to add anything did not.</summary>
    /// <param name="counts">Which of its messages, by their keys.</param>
    static async Task<bool> IsSaidAsync(Session session, AlertEntry posted, AlertMessage update, Func<string, bool> counts)
    {
        var words = AlertLog.Letters(update.Text);
        return (await AlertLog.UpdatesAsync(session, posted.Id).ConfigureAwait(false)).Any(said => counts(said.Key) && AlertLog.Letters(said.Text) == words);
    }

    async Task<IntakeResult> PostUpdateAsync(Session session, AlertEntry known, AlertEntry changed, AlertMessage newest, bool isChanged)
    {
        if (isChanged)
            await AlertLog.ChangeAsync(session, changed).ConfigureAwait(false);
        var notAfter = newest.SentAt + options.NotAfter[known.Kind];
        var channels = await Outbox.ChannelsOfAsync(session, known.Id).ConfigureAwait(false);
        if (channels.Count == 0 || notAfter <= time.GetUtcNow())
            return new IntakeResult(IntakeOutcome.Stored, known.Id, channels.Count == 0 ? "de oproep ging nergens heen" : "de aanvulling kwam te laat");

        var reference = await Reference.DrawAsync(session, changed, DeliveryOperation.Update).ConfigureAwait(false);
        var posts = await wording.ComposeAsync(session, known, channels, wording.Words.Update(changed, newest.Text, reference)).ConfigureAwait(false);
        var update = new FollowUp(known.Id, reference, changed.Revision, [.. posts.Select(p => new FollowingPost(p.Key, p.Value, InPlace: options.Channels[p.Key].UpdatesInPlace))]);
        await outbox.EnqueueUpdateAsync(session, update, known.Kind, notAfter).ConfigureAwait(false);
        return new IntakeResult(IntakeOutcome.Accepted, known.Id);
    }

    async Task<IntakeResult> CloseAsync(Session session, Alert alert, AlertEntry known, List<AlertMessage> news)
    {
        var closed = known with
        {
            Phase = ClosingPhase(alert),
            ClosedAt = EndOf(alert),
            Outcome = alert.Outcome ?? known.Outcome,
            Revision = known.Revision + 1,
            Snapshot = Snapshot(alert),
        };
        await AlertLog.ChangeAsync(session, closed).ConfigureAwait(false);
        var words = news.LastOrDefault(IsClosing)?.Text ?? ClosingWords(alert);

        if (known.TwinId is null)
            return await ending.CloseAsync(session, closed, words).ConfigureAwait(false);

        // A mirror that only confirms says nothing of its own. But when its owner came after the mirror had been
        // posted, whichever of the two ends first ends what is out there.
        if (!known.Mirror && await AlertLog.FindAsync(session, known.TwinId).ConfigureAwait(false) is { CanClose: true } posted)
        {
            var ended = posted with { Phase = closed.Phase, ClosedAt = closed.ClosedAt, Revision = posted.Revision + 1 };
            await AlertLog.ChangeAsync(session, ended).ConfigureAwait(false);
            return await ending.CloseAsync(session, ended, words).ConfigureAwait(false);
        }

        return new IntakeResult(IntakeOutcome.Confirmed, known.Id);
    }

    // ---- what cannot be trusted

    internal async Task QuarantineAsync(Session session, string source, IReadOnlyList<SourceFault> faults)
    {
        foreach (var fault in faults.Select(f => new SourceFault(f.SourceId?.Storable(), f.Reason.Storable(), f.Content.Storable())))
        {
            if (!await alerts.QuarantineAsync(session, source, fault).ConfigureAwait(false))
                continue;
            log.LogWarning("Source {Source}, record {SourceId} is quarantined: {Reason}", source, fault.SourceId, fault.Reason);
            await notices.TellAsync(session, $"quarantine:{source}:{AlertLog.HashOf(fault.Content)}",
                $"Bron {source}: bericht {fault.SourceId ?? "zonder nummer"} is niet vertrouwd en niet geplaatst ({fault.Reason}). Bekijk het bij de bron en plaats het zo nodig met de hand.").ConfigureAwait(false);
        }
    }

    // ---- words

    /// <summary>What an opening says: the first words and, where more was said before we saw it, the newest.</summary>
    static string OpeningText(Alert alert)
    {
        var first = Newest(alert, AlertPhase.Opened)?.Text;
        var newest = Newest(alert, AlertPhase.Updated)?.Text;
        return string.Join("\n\n", new[] { first, newest }.Where(t => !string.IsNullOrEmpty(t)));
    }

    /// <summary>What the opening says now: an update may have corrected it.</summary>
    static string OpeningWords(Alert alert, AlertEntry known) => Newest(alert, AlertPhase.Opened)?.Text ?? known.Text;

    static string ClosingWords(Alert alert) => alert.Messages.LastOrDefault(IsClosing)?.Text ?? "";

    static AlertMessage? Newest(Alert alert, AlertPhase phase) => alert.Messages.LastOrDefault(m => m.Phase == phase);

    static bool IsClosing(AlertMessage message) => message.Phase is AlertPhase.Closed or AlertPhase.Withdrawn;

    static AlertPhase ClosingPhase(Alert alert) => alert.Messages.Any(m => m.Phase is AlertPhase.Withdrawn) ? AlertPhase.Withdrawn : AlertPhase.Closed;

    static DateTimeOffset EndOf(Alert alert) => alert.EndedAt ?? alert.Messages[^1].SentAt;

    static string Snapshot(Alert alert) => string.Join(' ', alert.Messages.Select(m => AlertLog.HashOf(m.Content)));

    static string UnopenedCause(string alertId) => $"unopened:{alertId}";

    static string? WordsHash(string text) => AlertLog.Letters(text) is { Length: >= AlertLog.ShortestSame } letters ? AlertLog.HashOf(letters) : null;

    static string OwnerCause(string alertId) => $"owner:{alertId}";

    internal static string MirrorCause(string alertId) => $"mirror:{alertId}";
}

/// <summary>What intake must know of the configuration.</summary>
public sealed record IntakeOptions
{
    /// <summary>How long after its issue an alert of each kind may still be opened.</summary>
    public required IReadOnlyDictionary<AlertKind, TimeSpan> NotAfter { get; init; }

    /// <summary>The channels by name: which template makes their words and how long those may be.</summary>
    public required IReadOnlyDictionary<string, ComposedChannel> Channels { get; init; }

    /// <summary>The source that each kind of alert is to come from, by its name; the others confirm.</summary>
    public IReadOnlyDictionary<AlertKind, string> Owners { get; init; } = new Dictionary<AlertKind, string>();

    /// <summary>When what can wait is posted.</summary>
    public NotUrgentOptions NotUrgent { get; init; } = new();

    /// <summary>Channels whose posts are composed and recorded but never sent.</summary>
    public required IReadOnlySet<string> RecordOnly { get; init; }
}

/// <summary>How the words for a channel are made, and what can be done about them afterwards.</summary>
public sealed record ComposedChannel(string Template, PostLimit Limit)
{
    /// <summary>What the configuration wants at the end of an alert.</summary>
    public AtClose? AtClose { get; init; }

    /// <summary>What is done with the photo of an alert.</summary>
    public PhotoUse Photos { get; init; } = PhotoUse.Link;

    /// <summary>How many posts with a link it may have; null: as many as there are.</summary>
    public LinkLimit? Links { get; init; }

    public bool Deletes { get; init; }

    public bool Edits { get; init; }

    /// <summary>An update replaces the words of the opening.</summary>
    public bool UpdatesInPlace { get; init; }

    /// <summary>A reply still stands in its thread after what it answers was deleted.</summary>
    public bool ThreadSurvives { get; init; }

    /// <summary>What <paramref name="channel"/> can do.</summary>
    public static ComposedChannel Of(IChannel channel, string template, AtClose? atClose) => new(template, channel.Limit)
    {
        AtClose = atClose,
        Deletes = channel is IDeletesPosts,
        Edits = channel is IEditsPosts,
        UpdatesInPlace = channel is IEditsPosts { UpdatesInPlace: true },
        ThreadSurvives = channel is IDeletesPosts { ThreadSurvives: true },
    };
}
