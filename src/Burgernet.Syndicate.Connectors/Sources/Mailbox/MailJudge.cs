using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Areas;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Mail;

namespace Burgernet.Syndicate.Connectors.Sources.Mailbox;

/// <summary>What became of one mail.</summary>
/// <param name="Submission">What was decided.</param>
/// <param name="Steps">How far it got on the ladder; empty where it was not asked to climb.</param>
public sealed record MailVerdict(Submission Submission, IReadOnlyList<TrustStep> Steps);

/// <summary>Reads one mail, decides whether it can be believed, what sort of mail it is, and what of it may be posted.</summary>
/// <param name="trust">Which mail is believed; null: none is.</param>
public sealed class MailJudge(MailTrust? trust)
{
    /// <summary>The kind of a mail that is not what it looks like.</summary>
    public const string Forged = "spoof";

    // Nobody's municipality: machines, and people whose answer stays inside.
    static readonly HashSet<string> Placeless = ["auto-reply", "bounce", "antwoord", Forged];

    // On a clock, so that a busy machine counts too: a mail that is made to be slow takes half a second of work at most, see
    // the bounds of ReadMail and MailHtml.
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    /// <summary>What is read of a mail at most, in bytes.</summary>
    public const long LargestMail = ReadMail.LargestMail;

    // Made of forty names; a new one for each day and each configuration.
    (AreaIndex Areas, DateOnly Day, MunicipalityFinder Finder)? _finder;

    readonly TrustLadder _ladder = new(trust, DkimKeys.Of(trust?.DkimKeys));

    /// <param name="raw">The mail as it came.</param>
    /// <param name="source">The name of the source that it came by.</param>
    /// <param name="options">The rules and the region.</param>
    /// <param name="arrivedAt">When our server took it in; null where nobody knows.</param>
    /// <param name="now">Where a mail has no date of its own.</param>
    /// <param name="trusted">Somebody vouches for it: it need not prove where it comes from. Signs of forgery count all the same.</param>
    /// <exception cref="IOException">A key that its signature needs cannot be asked for now; it must be looked at again later.</exception>
    public async Task<MailVerdict> JudgeAsync(byte[] raw, string source, SyndicateOptions options, DateTimeOffset? arrivedAt, DateTimeOffset now, bool trusted = false, CancellationToken cancellationToken = default)
    {
        try
        {
            // Read apart from who waits for it: should a mail take long after all, it does not hold up the mailbox.
            var read = Task.Run(() => Read(raw, source, options, arrivedAt ?? now), cancellationToken);
            var (mail, submission, signs) = await read.WaitAsync(Longest, cancellationToken);
            if (signs.Count > 0)
                return new MailVerdict(Quarantined(mail, submission, signs[0]) with { Kind = Forged, Municipalities = [] }, trusted ? [] : await _ladder.ClimbAsync(mail, arrivedAt, now, cancellationToken));
            if (trusted)
                return new MailVerdict(submission, []);
            var steps = await _ladder.ClimbAsync(mail, arrivedAt, now, cancellationToken);
            return new MailVerdict(steps.FirstOrDefault(s => !s.Passed) is { } miss ? Quarantined(mail, submission, $"Niet te vertrouwen, {miss.Rung}: {miss.Detail}.") : submission, steps);
        }
        catch (MailRefusedException exception)
        {
            return new MailVerdict(Unread(raw, source, arrivedAt ?? now, exception.Message), []);
        }
        catch (TimeoutException)
        {
            return new MailVerdict(Unread(raw, source, arrivedAt ?? now, $"De mail is niet binnen {Longest.TotalSeconds:0} seconden te lezen."), []);
        }
        catch (DkimKeyUnreachableException exception)
        {
            throw new IOException(exception.Message, exception);
        }
    }

    /// <summary>What is kept of a mail that was not read.</summary>
    public static Submission Unread(byte[] raw, string source, DateTimeOffset at, string reason) => new()
    {
        Source = source, Id = $"sha256:{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(raw))}", Sender = "", Subject = "", SentAt = at,
        Decision = SubmissionDecision.Quarantine, Kind = MailRules.Unknown.Kind, Reason = reason, Municipalities = [], Text = "", Original = "",
    };

    // Of an unproven mail the Message-ID is anybody's: it must not make the real one, which comes later, known.
    static Submission Quarantined(ReadMail mail, Submission submission, string reason) => submission with { Id = mail.Hash, Decision = SubmissionDecision.Quarantine, Reason = reason };

    (ReadMail Mail, Submission Submission, IReadOnlyList<string> Signs) Read(byte[] raw, string source, SyndicateOptions options, DateTimeOffset at)
    {
        var mail = ReadMail.Of(raw);
        var own = MailText.OwnOf(mail.Subject, mail.Text);
        // Also under a subject of his own, what an officer sends on is forwarded.
        var subject = own.IsForwarded && !mail.Subject.StartsWith("fw", StringComparison.OrdinalIgnoreCase) ? $"FW: {mail.Subject}" : mail.Subject;
        var headers = mail.Headers.ToLookup(h => h.Name, h => h.Value, StringComparer.OrdinalIgnoreCase);
        var rule = options.MailRules.Judge(new RuledMail(subject, $"{subject}\n\n{own.ForwardedSubject}\n\n{own.Text}", headers));
        var title = MailText.TitleOf(own.ForwardedSubject ?? mail.Subject);
        var text = MailText.Publishable(own.Text, title, rule.Decision is SubmissionDecision.TextOnly);
        var from = mail.Message.From.Mailboxes.FirstOrDefault();
        var id = mail.Message.MessageId is { Length: > 0 and <= 250 } given && !given.Any(char.IsControl) ? given : mail.Hash;
        var notes = mail.Notes.Count == 0 ? "" : $"\n\n{string.Join('\n', mail.Notes)}";
        var submission = new Submission
        {
            Source = source,
            Id = id,
            Sender = ReadMail.OneLine(from?.Address ?? ""),
            Subject = mail.Subject,
            SentAt = (mail.Message.Date == default ? at : mail.Message.Date).ToUniversalTime(),
            Decision = rule.Decision,
            Kind = rule.Kind,
            Reason = rule.Reason,
            Municipalities = Placeless.Contains(rule.Kind) ? [] : Places(options, at, mail, own, text, from),
            Title = title,
            Text = text,
            Original = mail.Text + notes,
        };
        // What has nothing left to say is not posted.
        if (submission.Text.Length == 0 && rule.Decision is SubmissionDecision.Post or SubmissionDecision.TextOnly)
            submission = submission with { Decision = SubmissionDecision.Hold, Reason = "Er is geen tekst over om te plaatsen, dus een mens moet beslissen." };
        return (mail, submission, TrustLadder.SignsOfForgery(mail));
    }

    IReadOnlyList<string> Places(SyndicateOptions options, DateTimeOffset at, ReadMail mail, OwnWords own, string text, MimeKit.MailboxAddress? from)
    {
        var finder = FinderOf(options, at);
        // What the mail is about; only where that names none, who sent it.
        return finder.In($"{mail.Subject}\n{own.ForwardedSubject}\n{text}") is { Count: > 0 } named ? named
            : finder.OfSender($"{mail.Subject}\n{from?.Name}") is { Count: > 0 } teams ? teams
            : finder.In(own.Text);
    }

    MunicipalityFinder FinderOf(SyndicateOptions options, DateTimeOffset at)
    {
        var day = DateOnly.FromDateTime(at.UtcDateTime);
        if (_finder is { } known && known.Areas == options.Areas && known.Day == day)
            return known.Finder;
        var finder = new MunicipalityFinder(options.Areas, options.Basisteams, at);
        _finder = (options.Areas, day, finder);
        return finder;
    }
}
