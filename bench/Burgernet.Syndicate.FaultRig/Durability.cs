using System.Text;
using System.Text.RegularExpressions;

namespace Burgernet.Syndicate.FaultRig;

// Whether an intent is on the disk before its request leaves, as the kernel saw it.
static partial class Scenarios
{
    static async Task<Outcome> DurabilityAsync(RigOptions options, RigStorage storage)
    {
        options = options with { Deliveries = Math.Max(options.Deliveries, 50) };
        var shipped = await TraceAsync(options, storage, relaxed: false);
        var control = await TraceAsync(options, storage, relaxed: true);
        return new Outcome(shipped.Tally, Good(shipped.Tally) && shipped.Sends >= options.Deliveries && shipped.Early == 0 && control.Early > 0,
            $"{shipped.Sends} sends, {shipped.Early} before their intent was on disk; control (synchronous=normal): {control.Early} of {control.Sends}");
    }

    static async Task<(Tally Tally, int Sends, int Early)> TraceAsync(RigOptions options, RigStorage storage, bool relaxed)
    {
        var trace = Path.GetTempFileName();
        try
        {
            Tally tally;
            await using (var trial = await Trial.StartAsync(options, storage.Make(), new TrialSetup()))
            {
                // Strings whole: a page of the log is 4096 bytes, and every one may be written as four characters.
                await trial.StartWorkerAsync(new WorkerStart
                {
                    Relaxed = relaxed, Under = ["strace", "-f", "--seccomp-bpf", "-qq", "-e", "trace=openat,close,pwrite64,fdatasync,fsync,sendmsg,sendto,write,writev", "-e", "signal=none", "-s", "8192", "-o", trace],
                });
                trial.Say("opened", Opening);
                tally = await trial.TallyAsync(await trial.SettleAsync(Bound));
            }

            var (sends, early) = Read(File.ReadLines(trace, Encoding.Latin1));
            return (tally, sends, early);
        }
        finally
        {
            File.Delete(trace);
        }
    }

    /// <summary>Counts the requests that post something, and those that left before their intent was on disk.</summary>
    /// <remarks>
    /// On disk is what was written to the write-ahead log before a sync of it that began after the write and ended before
    /// the request. Which intent that is, is read from the bytes: the row of the delivery in state Sending.
    /// </remarks>
    static (int Sends, int Early) Read(IEnumerable<string> trace)
    {
        var logs = new HashSet<string>();
        var begun = new Dictionary<string, (string Call, int At)>();
        var written = new Dictionary<string, int>();
        var syncs = new List<(int From, int To)>();
        var sent = new List<(string Row, int At)>();
        var at = 0;
        foreach (var line in trace)
        {
            at++;
            var (thread, text) = line.Split(' ', 2, StringSplitOptions.TrimEntries) is [var id, var rest] ? (id, rest) : ("", line);
            var from = at;
            if (text.EndsWith("<unfinished ...>", StringComparison.Ordinal))
            {
                begun[thread] = (text[..^"<unfinished ...>".Length], at);
                // A request is out as soon as it may be.
                NoteSend(text, at);
                continue;
            }

            if (Resumed().Match(text) is { Success: true } resumed && begun.Remove(thread, out var call))
                (text, from) = (call.Call + text[resumed.Length..], call.At);
            else
                NoteSend(text, at);

            if (Opened().Match(text) is { Success: true } opened)
                logs.Add(opened.Groups[1].Value);
            else if (OnFile().Match(text) is { Success: true } on && logs.Contains(on.Groups[2].Value))
            {
                switch (on.Groups[1].Value)
                {
                    case "close":
                        logs.Remove(on.Groups[2].Value);
                        break;
                    case "pwrite64":
                        foreach (Match row in Intent().Matches(text))
                            written.TryAdd(RowOf(row), at);
                        break;
                    default:
                        syncs.Add((from, at));
                        break;
                }
            }
        }

        return (sent.Count, sent.Count(s => !written.TryGetValue(s.Row, out var intent) || !syncs.Any(sync => sync.From > intent && sync.To < s.At)));

        void NoteSend(string text, int when)
        {
            if (Request().Match(text) is not { Success: true } request)
                return;
            sent.Add((request.Groups["chat"] is { Success: true, Value: var chat } ? chat : request.Groups["path"].Value.Contains("/feed", StringComparison.Ordinal) ? "facebook" : "x", when));
        }
    }

    static string RowOf(Match row) => row.Groups["chat"] is { Success: true, Value: var chat } ? chat : row.Groups["channel"].Value;

    // The columns of a row stand one behind the other without anything between: channel, target, address, operation, revision, state.
    [GeneratedRegex("""(?:(?<channel>x|facebook)\k<channel>|(?<chat>\d{18}@g\.us))Create(?:\\\d{1,3}|[^\\])?Sending""")]
    private static partial Regex Intent();

    [GeneratedRegex("""^(?:sendmsg|sendto|write|writev)\(.*?POST (?<path>/2/tweets|/\S+/feed\S*|/api/sendText) HTTP.*?(?:\\"chatId\\":\\"(?<chat>[^\\]+)|$)""")]
    private static partial Regex Request();

    [GeneratedRegex("""^openat\(.*?"[^"]*syndicate\.db-wal".*= (\d+)$""")]
    private static partial Regex Opened();

    [GeneratedRegex("""^(pwrite64|fdatasync|fsync|close)\((\d+)""")]
    private static partial Regex OnFile();

    [GeneratedRegex("""^<\.\.\. \w+ resumed>""")]
    private static partial Regex Resumed();
}
