using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Notices;
using Burgernet.Syndicate.Storage;
using Burgernet.Syndicate.Templates;
using Microsoft.Extensions.Logging;

namespace Burgernet.Syndicate.Deliveries;

/// <summary>
/// Asks each network whether we may still publish, so that a dead token or a phone that was unlinked is mended before the next
/// appeal, and not because of it.
/// </summary>
/// <param name="channels">Those that are posted to.</param>
public sealed class AccessWatch(Database database, NoticeBoard notices, IReadOnlyList<IChannel> channels, TimeProvider time, ILogger<AccessWatch> log)
{
    // Somebody must have a working day for it, also around a holiday.
    static readonly TimeSpan Ahead = TimeSpan.FromDays(7);

    /// <summary>Asks each channel once and tells of what is wrong or will be, once; what works again is taken back.</summary>
    public async Task LookAsync(CancellationToken cancellationToken = default)
    {
        foreach (var channel in channels)
        {
            try
            {
                if (channel is IChecksAccess checks)
                    await NoteAsync(channel.Name, await checks.CheckAccessAsync(cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                log.LogError(exception, "Channel {Channel} could not be asked whether we may publish", channel.Name);
            }
        }
    }

    Task NoteAsync(string channel, AccessCheck check) => database.WriteAsync(async session =>
    {
        // What was not said changes nothing.
        if (check.Works is false)
        {
            await notices.TellAsync(session, $"access:{channel}",
                $"Op kanaal {channel} kunnen wij nu niet plaatsen: {check.Reason}. Herstel het voordat er een oproep komt.", channel: channel).ConfigureAwait(false);
        }
        else if (check.Works is true)
        {
            await NoticeBoard.WithdrawAsync(session, $"access:{channel}").ConfigureAwait(false);
        }

        if (check.ExpiresAt is { } end && end - time.GetUtcNow() < Ahead)
        {
            await notices.TellAsync(session, FormattableString.Invariant($"expiring:{channel}:{end.UtcDateTime:yyyyMMdd}"),
                $"De toegang tot kanaal {channel} houdt op {DutchTime.Of(end):d-M-yyyy} om {DutchTime.Of(end):H.mm} uur op. Maak voor die tijd een nieuw token, anders wordt daar niets meer geplaatst.", channel: channel).ConfigureAwait(false);
        }
    });
}
