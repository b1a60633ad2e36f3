using System.Globalization;
using System.Text;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Deliveries;
using Burgernet.Syndicate.Reach;

namespace Burgernet.Syndicate.Worker.Services;

/// <summary>
/// Delivery and reach for Prometheus, in its text format 0.0.4. All of it is in the database already and is counted when it is
/// asked for, so that a restart forgets nothing and several workers say the same.
/// </summary>
static class Metrics
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <param name="configured">The channels by name: one that never posted has its figures too, so that its absence means something.</param>
    public static async Task<string> WriteAsync(IEnumerable<string> configured, Outbox outbox, AlertLog alerts, SubmissionDesk submissions, ReachLog reach)
    {
        var (known, totals) = (await outbox.ChannelsAsync(), await reach.TotalsAsync());
        var channels = configured.Except(known.Select(c => c.Name)).Select(name => new ChannelHealth { Name = name, Waiting = 0 }).Concat(known).ToList();
        var text = new StringBuilder();
        Write(text, "syndicate_deliveries", "Deliveries by channel and state.",
            (await outbox.CountsAsync()).Select(c => (Labels(("channel", c.Channel), ("state", c.State.ToLowerInvariant())), (double?)c.Count)));
        Write(text, "syndicate_channel_waiting", "Deliveries that still have to go out.", channels.Select(c => (Labels(("channel", c.Name)), (double?)c.Waiting)));
        Write(text, "syndicate_channel_stopped", "1 while the account refuses us.", channels.Select(c => (Labels(("channel", c.Name)), (double?)(c.StoppedReason is null ? 0 : 1))));
        Write(text, "syndicate_channel_paused", "1 while a person holds it back.", channels.Select(c => (Labels(("channel", c.Name)), (double?)(c.PausedBy is null ? 0 : 1))));
        Write(text, "syndicate_source_last_good_timestamp_seconds", "When a source last gave a good answer.",
            (await alerts.SourcesAsync()).Select(s => (Labels(("source", s.Name)), s.LastGoodAt is { } at ? at.ToUnixTimeMilliseconds() / 1000.0 : (double?)null)));
        Write(text, "syndicate_submissions_waiting", "Messages that wait for a person.", [("", (await submissions.WaitingAsync()).Count)]);
        Write(text, "syndicate_posts_measured", "Posts of which the network gave a figure.", totals.Select(t => (Labels(("channel", t.Channel)), (double?)t.Measured)));
        Write(text, "syndicate_reach_impressions", "How often posts were shown, newest figures together.", totals.Select(t => (Labels(("channel", t.Channel)), (double?)t.Impressions)));
        Write(text, "syndicate_reach_people", "How many people saw posts, newest figures together; who saw two counts twice.", totals.Select(t => (Labels(("channel", t.Channel)), (double?)t.People)));
        Write(text, "syndicate_reach_engagements", "What people did with posts, newest figures together.", totals.Select(t => (Labels(("channel", t.Channel)), (double?)t.Engagements)));
        return text.ToString();
    }

    // What was not given is left out: zero would be a figure.
    static void Write(StringBuilder text, string name, string help, IEnumerable<(string Labels, double? Value)> samples)
    {
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} gauge\n");
        foreach (var (labels, value) in samples)
            if (value is { } given)
                text.Append(CultureInfo.InvariantCulture, $"{name}{labels} {given}\n");
    }

    // Names of channels and sources are lower case letters, digits and underscores: nothing needs escaping.
    static string Labels(params (string Name, string Value)[] labels) => $"{{{string.Join(',', labels.Select(l => $"{l.Name}=\"{l.Value}\""))}}}";
}
