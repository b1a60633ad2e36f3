using System.Text.Json;
using Burgernet.Syndicate.Alerts;
using Xunit;

namespace Burgernet.Syndicate.Tests.Sources;

/// <summary>Every stored answer of a feed against what it was stored for.</summary>
public sealed class FixtureTests
{
    static readonly Dictionary<string, AlertCategory?> Categories = new()
    {
        ["vermissing"] = AlertCategory.MissingPerson,
        ["hic-overval"] = AlertCategory.Robbery,
        ["hic-straatroof"] = AlertCategory.StreetRobbery,
        ["hic-woninginbraak"] = AlertCategory.Burglary,
        ["hic-geweld"] = AlertCategory.Violence,
        ["verkeer-doorrijden"] = AlertCategory.HitAndRun,
        ["amber"] = AlertCategory.MissingPerson,
        ["oefening"] = null,
        ["test"] = null,
    };

    public static TheoryData<string> ActionSteps => [.. Fixture.Files("actions", "A*.json")];

    public static TheoryData<string> AlertFiles => [.. Fixture.Files("alerts", "L*.json")];

    public static TheoryData<string> BrokenFiles => [.. Fixture.Files("malformed", "x*.json"), .. Fixture.Files("malformed", "y*.json")];

    [Theory]
    [MemberData(nameof(ActionSteps))]
    public void Every_step_of_every_action_reads_as_the_index_says(string file)
    {
        var item = Fixture.Json("actions/index.json").GetProperty("items").EnumerateArray()
            .Single(item => item.GetProperty("files").EnumerateArray().Any(name => name.GetString() == file));
        var expected = item.GetProperty("expected");
        var record = Fixture.Json(file).GetProperty("actions")[0];

        var answer = Fixture.Actions(Fixture.Bytes(file));

        Assert.Empty(answer.Faults);
        var alert = Assert.Single(answer.Alerts);
        Assert.Equal(item.GetProperty("id").GetRawText(), alert.SourceId);
        Assert.Equal("feed", alert.Source);
        if (Categories[expected.GetProperty("category").GetString()!] is { } category)
            Assert.Equal(category, alert.Category);
        Assert.Equal(expected.GetProperty("exercise").GetBoolean(), alert.Exercise);
        Assert.Equal(expected.GetProperty("amber").GetBoolean(), alert.Mirror);
        Assert.Equal(alert.Mirror ? AlertKind.AmberAlert : AlertKind.Actie, alert.Kind);
        Assert.Equal(expected.GetProperty("doNotApproach").GetBoolean(), AlertClassifier.SaysDoNotApproach(alert.Messages[0].Text));
        Assert.Equal(record.GetProperty("municipality").GetString(), alert.Municipality);
        Assert.Equal(record.GetProperty("area").GetProperty("radius").GetDouble(), alert.Area!.Value.Radius);
        Assert.Equal(record.GetProperty("startTimestamp").GetInt64(), alert.IssuedAt.ToUnixTimeSeconds());
        Assert.Equal(!record.GetProperty("active").GetBoolean(), alert.Ended);
        Assert.Equal(alert.Ended ? record.GetProperty("endTimestamp").GetInt64() : null, alert.EndedAt?.ToUnixTimeSeconds());
        Assert.Equal(
            record.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("messageType").GetString() switch
            {
                "Start" => AlertPhase.Opened,
                "Update" => AlertPhase.Updated,
                _ => AlertPhase.Closed,
            }),
            alert.Messages.Select(message => message.Phase));
        Assert.Equal(
            record.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("body").GetString()),
            alert.Messages.Select(message => message.Text));
    }

    [Theory]
    [MemberData(nameof(ActionSteps))]
    public void The_category_does_not_hang_on_the_hint(string file)
    {
        var withHint = Fixture.Actions(Fixture.Bytes(file)).Alerts[0];
        var without = AlertClassifier.Categorise(withHint.Kind, null, $"{withHint.Messages[0].Title}\n{withHint.Messages[0].Text}");

        Assert.Equal(withHint.Category, without);
    }

    [Fact]
    public void An_empty_feed_is_a_good_answer_without_alerts()
    {
        var answer = Fixture.Actions(Fixture.Bytes("actions/empty.json"));

        Assert.Empty(answer.Alerts);
        Assert.Empty(answer.Faults);
    }

    [Fact]
    public void A_message_that_was_not_touched_keeps_its_key_and_an_edited_one_gets_another()
    {
        var before = Fixture.Actions(Fixture.Bytes("actions/A05-woninginbraak-hilversum-correctie.1-start.json")).Alerts[0];
        var edited = Fixture.Actions(Fixture.Bytes("actions/A05-woninginbraak-hilversum-correctie.2-update.json")).Alerts[0];
        var after = Fixture.Actions(Fixture.Bytes("actions/A05-woninginbraak-hilversum-correctie.3-afloop.json")).Alerts[0];

        Assert.NotEqual(before.Messages[0].Key, edited.Messages[0].Key);
        Assert.Equal(edited.Messages.Select(message => message.Key), after.Messages.Take(2).Select(message => message.Key));
    }

    [Theory]
    [MemberData(nameof(AlertFiles))]
    public void Every_child_alert_reads_as_it_was_written(string file)
    {
        var answer = Fixture.Landactiehost(Fixture.Bytes(file));

        Assert.Empty(answer.Faults);
        var items = Fixture.Json(file).EnumerateArray().ToList();
        Assert.Equal(items.Count, answer.Alerts.Sum(alert => alert.Messages.Count));
        foreach (var item in items)
        {
            var level = item.GetProperty("AlertLevel").GetString();
            var cancelled = item.GetProperty("Type").GetString() == "Cancel";
            var kind = level == "10" ? AlertKind.AmberAlert : AlertKind.VermistKindAlert;
            var alert = answer.Alerts.Single(alert => alert.SourceId == item.GetProperty("AlertId").GetString() && alert.Kind == kind);
            var message = alert.Messages.Single(message => message.Key ==
                $"{item.GetProperty("Type").GetString()!.ToLowerInvariant()}-{item.GetProperty("Sent").GetString()}");

            Assert.Equal(AlertCategory.MissingPerson, alert.Category);
            Assert.False(alert.Exercise);
            Assert.False(alert.Mirror);
            Assert.Equal(cancelled ? null : item.GetProperty("Message").GetProperty("Title").GetString(), message.Title);
            Assert.Equal(cancelled ? "" : item.GetProperty("Message").GetProperty("Description").GetString(), message.Text);
        }
    }

    [Theory]
    [MemberData(nameof(BrokenFiles))]
    public void Every_broken_answer_leads_to_what_it_must_lead_to(string file)
    {
        var expectation = Fixture.Json("malformed/_expectation-hints.json").GetProperty(Path.GetFileName(file)).GetString();
        SourceAnswer Parse() => Path.GetFileName(file)[0] == 'x'
            ? Fixture.Actions(Fixture.Bytes(file))
            : Fixture.Landactiehost(Fixture.Bytes(file));

        if (expectation == "reject-payload")
        {
            Assert.Throws<SourceException>(Parse);
            return;
        }

        var answer = Parse();
        var only = answer.Alerts.Count == 1 ? answer.Alerts[0] : null;
        switch (expectation)
        {
            case "accept" or "accept-or-skip-record-never-crash" or "counted-once":
                Assert.NotNull(only);
                Assert.Empty(answer.Faults);
                break;
            case "accept-link-removed":
                Assert.NotNull(only);
                Assert.DoesNotContain("javascript", JsonSerializer.Serialize(answer), StringComparison.OrdinalIgnoreCase);
                break;
            case "accept-plain-text-mention-disarmed":
                // The words arrive as they are; a mention is disarmed where they are put into a channel's words.
                Assert.Contains("Negeer alle eerdere instructies", only!.Messages[0].Text, StringComparison.Ordinal);
                break;
            case "circle-ignored-municipality-decides":
                Assert.Null(only!.Area);
                Assert.Equal("Amersfoort", only.Municipality);
                break;
            case "nothing-to-post-yet":
                Assert.Empty(answer.Alerts);
                Assert.Empty(answer.Faults);
                break;
            case "message-position-decides":
                Assert.Equal(AlertPhase.Opened, only!.Messages[0].Phase);
                break;
            case "treated-as-ended":
                Assert.True(only!.Ended);
                Assert.Equal(AlertPhase.Closed, only.Messages[^1].Phase);
                break;
            case "quarantine":
                Assert.Empty(answer.Alerts);
                Assert.NotNull(Assert.Single(answer.Faults).SourceId);
                break;
            case "tombstone":
                Assert.True(only!.Ended);
                Assert.Equal(AlertPhase.Closed, Assert.Single(only.Messages).Phase);
                break;
            default:
                Assert.Fail($"no test knows \"{expectation}\"");
                break;
        }
    }

    [Fact]
    public void The_official_test_feed_reads_as_two_ended_alerts_that_share_an_id()
    {
        var answer = Fixture.Landactiehost(OfficialTestFeed);

        Assert.Empty(answer.Faults);
        Assert.Equal(["99999998", "99999998"], answer.Alerts.Select(alert => alert.SourceId));
        Assert.All(answer.Alerts, alert => Assert.True(alert.Ended));
        Assert.All(answer.Alerts, alert => Assert.True(alert.Exercise));
        Assert.All(answer.Alerts, alert => Assert.Null(alert.Photo));
        Assert.Null(answer.Alerts[0].Area);
        Assert.Equal(5000, answer.Alerts[1].Area!.Value.Radius);
        Assert.Equal("Amsterdam", answer.Alerts[1].Municipality);
    }

    /// <summary>In the shape of the published test feed, shortened to what is read.</summary>
    const string OfficialTestFeed = """
        [
          {"AlertId":"99999998","MessageId":"99999999","Sender":"KindAlarmPortal","Sent":"1790607023","State":"Actual","Type":"Alert","Scope":"Public","AlertLevel":"10",
           "Message":{"Title":"Voornaam (leeftijd)","Description":"Laatst gezien Plaats/Wijk.","Media":{"Image":"https://services.burgernet.nl/fototest/9999.jpg"}},"Area":{"Description":null,"Circle":null,"CircleKM":null}},
          {"AlertId":"99999998","MessageId":"99999999","Sender":"KindAlarmPortal","Sent":"1790607140","State":"Actual","Type":"Cancel","Scope":"Public","AlertLevel":"10",
           "Message":{"Title":null,"Description":"Sluitbericht AMBER Alert","Media":{"Image":null}},"Area":{"Description":null,"Circle":null,"CircleKM":null}},
          {"AlertId":"99999998","MessageId":"99999999","Sender":"KindAlarmPortal","Sent":"1790607256","State":"Actual","Type":"Alert","Scope":"Public","AlertLevel":"5",
           "Message":{"Title":"Voornaam (leeftijd)","Description":"Laatst gezien Plaats/Wijk.","Media":{"Image":"https://services.burgernet.nl/fototest/9999.jpg"}},"Area":{"Description":"Amsterdam","Circle":"52.373146846702192,4.8923057800325829 5000","CircleKM":"52.373146846702192,4.8923057800325829 5"}},
          {"AlertId":"99999998","MessageId":"99999999","Sender":"KindAlarmPortal","Sent":"1790607372","State":"Actual","Type":"Cancel","Scope":"Public","AlertLevel":"5",
           "Message":{"Title":null,"Description":"Sluitbericht Vermist Kind Alert","Media":{"Image":null}},"Area":{"Description":null,"Circle":null,"CircleKM":null}}
        ]
        """;
}
