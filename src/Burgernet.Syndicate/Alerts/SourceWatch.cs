using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Notices;
using Burgernet.Syndicate.Storage;
using Burgernet.Syndicate.Templates;

namespace Burgernet.Syndicate.Alerts;

/// <summary>
/// Calls people when a source gives no good answer any more: what is issued there meanwhile is posted nowhere, and a page that
/// nobody looks at does not tell.
/// </summary>
/// <param name="sources">Those that are asked or watched; one that pushes may well be silent.</param>
public sealed class SourceWatch(Database database, AlertLog alerts, NoticeBoard notices, IReadOnlyList<SourceOptions> sources, TimeProvider time)
{
    // Longer than a hiccup, and than a server is restarted in.
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    const int MissedLooks = 3;

    // That it was not asked while the program was not there is no silence of the source; errors that it gave are.
    readonly DateTimeOffset _started = time.GetUtcNow();

    /// <summary>Tells of each source that fell silent, once, and takes that back when it answers again.</summary>
    public async Task LookAsync()
    {
        var now = time.GetUtcNow();
        var seen = (await alerts.SourcesAsync().ConfigureAwait(false)).ToDictionary(s => s.Name);
        var silent = sources.Select(s => (s.Name, Health: seen.GetValueOrDefault(s.Name), s.Interval))
            .Where(s => now - SilentSince(s.Health) > (MissedLooks * s.Interval > Patience ? MissedLooks * s.Interval : Patience))
            .ToDictionary(s => s.Name, s => (Last: s.Health?.LastGoodAt, Reason: s.Health?.LastError));
        var told = await database.ReadAsync(session => session.QueryAsync<string>("select cause from notice where cause like 'source:%'")).ConfigureAwait(false);
        // As long as its last good answer is the same, it is still silent; also after a restart, which gives it time anew.
        var over = told.Except(sources.Select(s => CauseOf(s.Name, seen.GetValueOrDefault(s.Name)?.LastGoodAt))).ToList();
        var news = silent.Where(s => !told.Contains(CauseOf(s.Key, s.Value.Last))).ToList();
        if (over.Count + news.Count == 0)
            return;

        await database.WriteAsync(async session =>
        {
            foreach (var cause in over)
                await NoticeBoard.WithdrawAsync(session, cause).ConfigureAwait(false);
            foreach (var (name, (last, reason)) in news)
            {
                await notices.TellAsync(session, CauseOf(name, last),
                    $"{(last is { } at ? $"Sinds {DutchTime.Of(at):d-M H.mm} geeft bron {name} geen goed antwoord meer" : $"Bron {name} gaf nog geen enkel goed antwoord")}{(reason is null ? "" : $" ({reason})")}. Wat daar wordt uitgegeven, wordt nu niet geplaatst; het programma blijft het proberen. Kijk of de bron en de verbinding werken, en plaats dringende oproepen zolang met de hand.").ConfigureAwait(false);
            }
        }).ConfigureAwait(false);
    }

    DateTimeOffset SilentSince(SourceHealth? health) =>
        health?.FailingSince ?? (health?.LastGoodAt > _started ? health.LastGoodAt.Value : _started);

    static string CauseOf(string name, DateTimeOffset? last) => FormattableString.Invariant($"source:{name}:{last?.UtcDateTime:yyyyMMddTHHmmss}");
}
