using System.Net.Security;
using Burgernet.Syndicate.Configuration;
using MailKit;

namespace Burgernet.Syndicate.Connectors.Sources.Mailbox;

/// <summary>What a look into a mailbox found.</summary>
/// <param name="Fault">Why it could not be read (Dutch, without a secret); null when it could.</param>
/// <param name="Count">How many mails are in the folder.</param>
/// <param name="Verdict">What becomes of the newest; null where there is none, or where it is too large to be fetched.</param>
/// <param name="Results">What its Authentication-Results say, from the top, with the number of Received lines above each.</param>
public sealed record MailboxLook(string? Fault, int Count, MailVerdict? Verdict, IReadOnlyList<(string Line, int ReceivedAbove)> Results);

/// <summary>Looks into a mailbox once, to show whether it is set up as it must be. Nothing is moved, marked or stored.</summary>
public static class MailboxProbe
{
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    public static async Task<MailboxLook> LookAsync(SourceOptions source, SyndicateOptions options, TimeProvider time, RemoteCertificateValidationCallback? certificates = null, CancellationToken cancellationToken = default)
    {
        var mailbox = source.Mailbox ?? throw new ArgumentException("the source is no mailbox", nameof(source));
        using var session = new MailboxSession(mailbox, time, certificates);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Longest);
        try
        {
            using var client = await session.OpenAsync(limit.Token);
            var folder = await client.GetFolderAsync(mailbox.Folder, limit.Token);
            await folder.OpenAsync(FolderAccess.ReadOnly, limit.Token);
            if (folder.Count == 0)
                return new MailboxLook(null, 0, null, []);

            var newest = (await folder.FetchAsync(folder.Count - 1, -1, MessageSummaryItems.UniqueId | MessageSummaryItems.InternalDate, limit.Token))[^1];
            using var stream = await folder.GetStreamAsync(newest.UniqueId, 0, (int)MailJudge.LargestMail + 1, limit.Token);
            using var copy = new MemoryStream();
            await stream.CopyToAsync(copy, limit.Token);
            var raw = copy.ToArray();
            var verdict = await new MailJudge(mailbox.Trust).JudgeAsync(raw, source.Name, options, newest.InternalDate, time.GetUtcNow(), cancellationToken: limit.Token);
            await client.DisconnectAsync(quit: true, limit.Token);
            return new MailboxLook(null, folder.Count, verdict, ResultsOf(raw));
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return new MailboxLook(session.Reason(exception), 0, null, []);
        }
    }

    static List<(string Line, int ReceivedAbove)> ResultsOf(byte[] raw)
    {
        try
        {
            var (found, above) = (new List<(string, int)>(), 0);
            foreach (var header in ReadMail.Of(raw).Headers)
            {
                above += header.Name.Equals("Received", StringComparison.OrdinalIgnoreCase) ? 1 : 0;
                if (header.Name.Equals("Authentication-Results", StringComparison.OrdinalIgnoreCase))
                    found.Add((ReadMail.OneLine(header.Value), above));
            }

            return found;
        }
        catch (MailRefusedException)
        {
            return [];
        }
    }
}
