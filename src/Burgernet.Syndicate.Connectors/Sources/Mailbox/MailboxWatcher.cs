using System.Net.Security;
using System.Security.Cryptography;
using System.Text;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Configuration;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Search;
using Microsoft.Extensions.Logging;

namespace Burgernet.Syndicate.Connectors.Sources.Mailbox;

/// <summary>How patient a watcher is.</summary>
sealed record MailboxPace
{
    /// <summary>How long it lies in wait at most before it looks by itself. A server may end IDLE after 29 minutes (RFC 2177), and
    /// a router forgets a quiet connection sooner.</summary>
    public TimeSpan Look { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Before the first new try; each one after that waits twice as long.</summary>
    public TimeSpan ShortestPause { get; init; } = TimeSpan.FromSeconds(2);

    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>What a server needs at most to say that it is still there.</summary>
    public TimeSpan Answer { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What it needs at most to look for new mails, or to hand over one of them.</summary>
    public TimeSpan Work { get; init; } = TimeSpan.FromMinutes(5);
}

/// <summary>
/// Watches a mailbox over IMAP and hands each new mail to the desk, once. What is decided is on disk before the mail is
/// moved; until it has been moved the position does not pass it, so that a crash between the two is mended by looking
/// again. Nothing in the mailbox is changed but that mails are moved.
/// </summary>
sealed class MailboxWatcher(SourceOptions options, SourceServices services, Func<SyndicateOptions> current, ISubmissionDesk desk, RemoteCertificateValidationCallback? certificates = null, MailboxPace? pace = null) : IAlertListener
{
    /// <summary>What may have come while a mailbox got new numbers is looked at again for so long.</summary>
    static readonly TimeSpan Reread = TimeSpan.FromDays(14);

    // A mail that is seen only then, and was not waiting just now, may be history: a person looks.
    static readonly TimeSpan StillNew = TimeSpan.FromHours(6);

    const int LongestRaw = 256 * 1024;

    const int MostStumbles = 3;

    readonly MailboxOptions _mailbox = options.Mailbox!;
    readonly string _place = $"{options.Mailbox!.User} {options.Mailbox.Host} {options.Mailbox.Folder}".ToLowerInvariant();
    readonly MailboxPace _pace = pace ?? new MailboxPace();
    readonly MailJudge _judge = new(options.Mailbox!.Trust);
    readonly MailboxSession _session = new(options.Mailbox!, services.Time, certificates);
    readonly ILogger _log = services.Logs.CreateLogger<MailboxWatcher>();
    readonly CancellationTokenSource _stop = new();
    (MailboxPosition? At, int Times) _stumble;

    // Null: nothing was moved yet, and what people were told before is not known here.
    bool? _moves;

    // Of one connection: no answer that never comes may hold it. What is between us may forget a connection without telling us.
    CancellationTokenSource _patience = new();
    Task _running = Task.CompletedTask;

    public Uri Address => new UriBuilder(_mailbox.Tls is MailTls.Implicit ? "imaps" : "imap", _mailbox.Host, _mailbox.Port).Uri;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _log.LogInformation("Source {Source} watches {Folder} of {User} at {Address}", options.Name, _mailbox.Folder, _mailbox.User, Address);
        _running = Task.Run(RunAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _session.Dispose();
        _stop.Dispose();
    }

    async Task RunAsync()
    {
        for (var pause = _pace.ShortestPause; !_stop.IsCancellationRequested;)
        {
            using var patience = _patience = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            try
            {
                using var client = await _session.OpenAsync(_stop.Token);
                await WatchAsync(client, () => pause = _pace.ShortestPause);
            }
            catch (Exception) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                await FailAsync(patience.IsCancellationRequested ? new MailboxException("de mailserver geeft geen antwoord meer") : exception);
                await WaitAsync(pause);
                pause = TimeSpan.FromTicks(Math.Min(2 * pause.Ticks, _pace.LongestPause.Ticks));
            }
        }
    }

    async Task WatchAsync(ImapClient client, Action good)
    {
        _patience.CancelAfter(_pace.Work);
        var folder = await client.GetFolderAsync(_mailbox.Folder, _patience.Token);
        await folder.OpenAsync(FolderAccess.ReadOnly, _patience.Token);
        using var news = new News();
        void Ring(object? sender, EventArgs arguments) => news.Ring();
        folder.CountChanged += Ring;
        while (!_stop.IsCancellationRequested)
        {
            news.Hear();
            _patience.CancelAfter(_pace.Work);
            await LookAsync(client, folder);
            await desk.NoteGoodAsync(options.Name);
            good();
            using var until = new CancellationTokenSource(_pace.Look, services.Time);
            using var woken = CancellationTokenSource.CreateLinkedTokenSource(until.Token, news.Token);
            _patience.CancelAfter(_pace.Look + _pace.Answer);
            if (client.Capabilities.HasFlag(ImapCapabilities.Idle))
            {
                if (!woken.IsCancellationRequested)
                    await client.IdleAsync(woken.Token, _patience.Token);
            }
            else
            {
                await WaitAsync(woken.Token);
            }

            // Without IDLE a server tells only when it is asked something.
            await client.NoOpAsync(_patience.Token);
        }

        folder.CountChanged -= Ring;
    }

    // ---- a look

    async Task LookAsync(ImapClient client, IMailFolder folder)
    {
        var position = await desk.PositionAsync(options.Name);
        var (validity, last) = (folder.UidValidity, await LastAsync(folder));
        if (position is null)
        {
            _log.LogInformation("Source {Source}: what is in {Folder} ({Count} mails) is history and is not posted", options.Name, _mailbox.Folder, folder.Count);
            await desk.TakeAsync(null, options.Name, new MailboxPosition(_place, validity, last), cancellationToken: _stop.Token);
            return;
        }

        if (position.Place is null)
        {
            position = position with { Place = _place };
            await desk.TakeAsync(null, options.Name, position, cancellationToken: _stop.Token);
        }

        if (position.Place != _place || position.UidValidity != validity)
        {
            _log.LogWarning("Source {Source}: {Folder} has new numbers (UIDVALIDITY was {Old}, is {New}) or is another one (was {OldPlace}, is {NewPlace}); the last {Days} days are looked at again, and what is known already changes nothing", options.Name, _mailbox.Folder, position.UidValidity, validity, position.Place, _place, Reread.TotalDays);
            var since = Latest(services.Time.GetUtcNow() - Reread, position.Since);
            // IMAP counts in days of an unknown zone: one more, and the moment is looked at below.
            var again = await folder.SearchAsync(SearchQuery.DeliveredAfter(since.UtcDateTime.Date.AddDays(-1)), _patience.Token);
            await TakeAsync(client, folder, [.. again.Where(uid => uid.Id <= last)], new MailboxPosition(_place, validity, 0), since);
            await desk.TakeAsync(null, options.Name, new MailboxPosition(_place, validity, last), cancellationToken: _stop.Token);
            return;
        }

        if (last <= position.Uid)
            return;
        // "n:*" always holds the last one, whatever its number.
        var found = await folder.SearchAsync(SearchQuery.Uids(new UniqueIdRange(validity, (uint)position.Uid + 1, uint.MaxValue)), _patience.Token);
        await TakeAsync(client, folder, [.. found.Where(uid => uid.Id > position.Uid)], position, since: null);
    }

    // Mail servers keep whole seconds.
    static DateTimeOffset Latest(DateTimeOffset reread, DateTimeOffset? history) =>
        history?.AddTicks(-(history.Value.Ticks % TimeSpan.TicksPerSecond)) is { } start && start > reread ? start : reread;

    async Task<long> LastAsync(IMailFolder folder)
    {
        if (folder.Count == 0)
            return folder.UidNext is { Id: var next } ? next - 1 : 0;
        return await folder.FetchAsync(folder.Count - 1, -1, MessageSummaryItems.UniqueId, _patience.Token) is [.., { UniqueId.Id: var last }] ? last : 0;
    }

    async Task TakeAsync(ImapClient client, IMailFolder folder, IReadOnlyList<UniqueId> uids, MailboxPosition before, DateTimeOffset? since)
    {
        if (uids.Count == 0)
            return;
        var mails = await folder.FetchAsync([.. uids], MessageSummaryItems.UniqueId | MessageSummaryItems.Size | MessageSummaryItems.InternalDate, _patience.Token);
        foreach (var mail in mails.OrderBy(m => m.UniqueId.Id))
        {
            if (since is { } earliest && mail.InternalDate < earliest)
                continue;
            _patience.CancelAfter(_pace.Work);
            var its = new MailboxPosition(_place, folder.UidValidity, mail.UniqueId.Id);
            var (submission, raw) = await JudgeAsync(folder, mail);
            if (since is not null && mail.InternalDate < services.Time.GetUtcNow() - StillNew && submission.Decision is SubmissionDecision.Post or SubmissionDecision.TextOnly)
                submission = submission with { Decision = SubmissionDecision.Hold, Reason = "De mailbox is een andere of is opnieuw genummerd, en deze mail lag er al; een mens moet zien of hij nog geplaatst moet worden." };

            // The position stays before it until it has been moved.
            var stays = since is null ? before with { UidValidity = its.UidValidity, Uid = Math.Max(before.Uid, its.Uid - 1) } : null;
            IntakeResult result;
            try
            {
                result = await desk.TakeAsync(submission, options.Name, stays, raw, _stop.Token);
            }
            catch (Exception exception) when (exception is not OperationCanceledException && Stumbles(its))
            {
                // If it is the database that fails, this fails too and the mail waits.
                await desk.TakeAsync(null, options.Name, stays, cancellationToken: _stop.Token);
                try
                {
                    // The database may have come back just now.
                    result = await desk.TakeAsync(submission, options.Name, stays, raw, _stop.Token);
                }
                catch (Exception again) when (again is not OperationCanceledException)
                {
                    // One mail that cannot be stored must not keep all others.
                    _log.LogError(exception, "Source {Source}: mail {Uid} could not be stored {Times} times; it is quarantined", options.Name, its.Uid, _stumble.Times + 1);
                    submission = MailJudge.Unread(Encoding.UTF8.GetBytes($"{its.UidValidity} {its.Uid}"), options.Name, mail.InternalDate ?? services.Time.GetUtcNow(), "De mail is niet op te slaan; kijk in de mailbox zelf.");
                    result = await desk.TakeAsync(submission, options.Name, stays, null, _stop.Token);
                }
            }

            _log.LogInformation("Source {Source}: mail {Uid} is {Kind}, {Decision} ({Outcome})", options.Name, its.Uid, submission.Kind, Wire.Name(submission.Decision), result.Outcome);
            await MoveAsync(client, folder, mail.UniqueId, submission.Decision is SubmissionDecision.Quarantine ? _mailbox.Quarantine : _mailbox.Processed);
            if (since is null)
                await desk.TakeAsync(null, options.Name, its, cancellationToken: _stop.Token);
        }
    }

    bool Stumbles(MailboxPosition at)
    {
        _stumble = (at, _stumble.At == at ? _stumble.Times + 1 : 1);
        return _stumble.Times >= MostStumbles;
    }

    async Task<(Submission Submission, string? Raw)> JudgeAsync(IMailFolder folder, IMessageSummary mail)
    {
        var arrivedAt = mail.InternalDate ?? services.Time.GetUtcNow();
        if (mail.Size > MailJudge.LargestMail)
        {
            var header = (await folder.FetchAsync([mail.UniqueId], MessageSummaryItems.UniqueId | MessageSummaryItems.Envelope, _patience.Token)).FirstOrDefault()?.Envelope;
            var mark = Encoding.UTF8.GetBytes($"{mail.Size} {arrivedAt:O} {header?.MessageId}");
            return (MailJudge.Unread(mark, options.Name, arrivedAt, "De mail is groter dan 10 MB en is niet opgehaald.") with
            {
                Sender = header?.From.Mailboxes.FirstOrDefault()?.Address ?? "",
                Subject = ReadMail.OneLine(header?.Subject ?? ""),
            }, null);
        }

        // Never more than is judged, whatever the server said of its size.
        using var stream = await folder.GetStreamAsync(mail.UniqueId, 0, (int)MailJudge.LargestMail + 1, _patience.Token);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy, _patience.Token);
        var bytes = copy.ToArray();
        var submission = await JudgeAsync(bytes, arrivedAt);
        return (submission, submission.Decision is SubmissionDecision.Quarantine ? Readable(bytes) : null);
    }

    async Task<Submission> JudgeAsync(byte[] bytes, DateTimeOffset arrivedAt)
    {
        try
        {
            return (await _judge.JudgeAsync(bytes, options.Name, current(), arrivedAt, services.Time.GetUtcNow(), cancellationToken: _stop.Token)).Submission;
        }
        // One mail that we stumble over must not keep all others.
        catch (Exception exception) when (exception is not IOException and not OperationCanceledException)
        {
            _log.LogError(exception, "Source {Source}: a mail could not be judged; it is quarantined", options.Name);
            return MailJudge.Unread(bytes, options.Name, arrivedAt, "De mail is niet te verwerken; een mens moet ernaar kijken.");
        }
    }

    // A text, as a database takes it.
    static string Readable(byte[] bytes)
    {
        var its = bytes.AsSpan(0, Math.Min(bytes.Length, LongestRaw));
        return (System.Text.Unicode.Utf8.IsValid(its) ? Encoding.UTF8 : Encoding.Latin1).GetString(its).Replace('\0', '\uFFFD') + (bytes.Length > LongestRaw ? "\n[…]" : "");
    }

    // ---- moving

    async Task MoveAsync(ImapClient client, IMailFolder folder, UniqueId uid, string name)
    {
        string? fault = null;
        try
        {
            var target = await TargetAsync(client, name);
            await folder.OpenAsync(FolderAccess.ReadWrite, _patience.Token);
            if (folder.UidValidity != uid.Validity && uid.Validity > 0)
                throw new MailboxException("de mailbox is opnieuw genummerd terwijl hij werd gelezen");
            await folder.MoveToAsync(uid, target, _patience.Token);
        }
        // It stays where it is; what was decided counts.
        catch (ImapCommandException exception)
        {
            fault = $"naar map {name}, want {_session.Reason(exception)}";
            _log.LogWarning("Source {Source}: mail {Uid} cannot be moved to {Folder}: {Reason}", options.Name, uid.Id, name, _session.Reason(exception));
        }

        if (_moves != fault is null)
            await desk.NoteMovesAsync(options.Name, fault);
        _moves = fault is null;
        await folder.OpenAsync(FolderAccess.ReadOnly, _patience.Token);
    }

    async Task<IMailFolder> TargetAsync(ImapClient client, string name)
    {
        var root = client.GetFolder(client.PersonalNamespaces[0]);
        // Some servers keep all folders below INBOX.
        foreach (var path in new[] { name, $"{root.FullName}{root.DirectorySeparator}{name}" }.Where(p => !p.StartsWith(root.DirectorySeparator)))
        {
            try
            {
                return await client.GetFolderAsync(path, _patience.Token);
            }
            catch (FolderNotFoundException)
            {
            }
        }

        return await root.CreateAsync(name, isMessageFolder: true, _patience.Token) ?? await client.GetFolderAsync(name, _patience.Token);
    }

    // ---- waiting

    async Task FailAsync(Exception exception)
    {
        var reason = _session.Reason(exception);
        _log.LogWarning("Source {Source}: {Reason}", options.Name, reason);
        try
        {
            await desk.NoteFailureAsync(options.Name, reason);
        }
        // The database may be what failed; it is noted when that is back.
        catch (Exception second)
        {
            _log.LogError(second, "Source {Source}: the failure could not be stored", options.Name);
        }
    }

    async Task WaitAsync(TimeSpan pause)
    {
        using var until = new CancellationTokenSource(pause, services.Time);
        await WaitAsync(until.Token);
    }

    async Task WaitAsync(CancellationToken until)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(until, _stop.Token);
        try
        {
            await Task.Delay(Timeout.Infinite, either.Token);
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>Whether the mailbox said that it has something new since it was last looked at.</summary>
    sealed class News : IDisposable
    {
        CancellationTokenSource _bell = new();

        public CancellationToken Token => _bell.Token;

        public void Ring() => _bell.Cancel();

        public void Hear()
        {
            if (!_bell.IsCancellationRequested)
                return;
            _bell.Dispose();
            _bell = new CancellationTokenSource();
        }

        public void Dispose() => _bell.Dispose();
    }
}
