using System.Text;
using System.Text.Json.Nodes;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Connectors.Sources.BurgernetActions;
using Xunit;

namespace Burgernet.Syndicate.Tests.Sources;

public sealed class ActionsFeedTests
{
    const long Start = 1795014720;

    static JsonObject Message(string? type, string? body, long? at = Start, string? title = null) => new()
    {
        ["title"] = title,
        ["body"] = body,
        ["messageType"] = type,
        ["lastModifiedTimestamp"] = at,
    };

    static JsonObject Action(params JsonNode?[] messages) => new()
    {
        ["id"] = 1,
        ["municipality"] = "Amersfoort",
        ["active"] = true,
        ["amberAlert"] = false,
        ["startTimestamp"] = Start,
        ["area"] = new JsonObject { ["lat"] = 52.18, ["lng"] = 5.39, ["radius"] = 1500 },
        ["messages"] = new JsonArray(messages),
    };

    static SourceAnswer Read(params JsonNode?[] actions) =>
        Fixture.Actions(new JsonObject { ["actions"] = new JsonArray([.. actions.Select(action => action?.DeepClone())]) }.ToJsonString());

    static Alert One(JsonObject action)
    {
        var answer = Read(action);
        Assert.Empty(answer.Faults);
        return Assert.Single(answer.Alerts);
    }

    static string FaultOf(JsonObject action)
    {
        var answer = Read(action);
        Assert.Empty(answer.Alerts);
        return Assert.Single(answer.Faults).Reason;
    }

    static JsonObject With(string key, JsonNode? value)
    {
        var action = Action(Message("Start", "Vermist: man."));
        action[key] = value;
        return action;
    }

    [Theory]
    [InlineData("")]
    [InlineData("  \n")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("42")]
    [InlineData("\"actions\"")]
    [InlineData("{}")]
    [InlineData("{\"actions\":null}")]
    [InlineData("{\"actions\":{}}")]
    [InlineData("{\"actions\":\"\"}")]
    [InlineData("{\"Actions\":[]}")]
    [InlineData("{\"actions\":[],\"actions\":[]}")]
    [InlineData("{\"actions\":[]} trailing")]
    [InlineData("{\"actions\":[],}")]
    [InlineData("// comment\n{\"actions\":[]}")]
    [InlineData("<html><body>Site Unavailable</body></html>")]
    public void Another_document_is_refused_and_never_reads_as_an_empty_feed(string body) =>
        Assert.Throws<SourceException>(() => Fixture.Actions(body));

    [Fact]
    public void A_document_that_is_too_deep_is_refused() =>
        Assert.Throws<SourceException>(() =>
            Fixture.Actions("{\"actions\":[{\"x\":" + new string('[', 5_000) + new string(']', 5_000) + "}]}"));

    [Fact]
    public void Utf_16_is_refused() =>
        Assert.Throws<SourceException>(() => Fixture.Actions([0xFF, 0xFE, .. Encoding.Unicode.GetBytes("{\"actions\":[]}")]));

    [Theory]
    [InlineData("null")]
    [InlineData("5")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"id":null,"messages":[]}""")]
    [InlineData("""{"id":"  ","messages":[]}""")]
    [InlineData("""{"id":{},"messages":[]}""")]
    [InlineData("""{"id":true,"messages":[]}""")]
    [InlineData("""{"id":1.5,"messages":[]}""")]
    [InlineData("""{"id":1e3,"messages":[]}""")]
    [InlineData("""{"id":7,"messages":"x"}""")]
    [InlineData("""{"id":7,"messages":{}}""")]
    [InlineData("""{"id":7,"id":8,"messages":[]}""")]
    [InlineData("""{"id":7,"messages":[{"body":"x","body":"y"}]}""")]
    public void A_bad_record_is_put_aside_alone(string bad)
    {
        var good = Action(Message("Start", "Vermist: man.")).ToJsonString();

        var answer = Fixture.Actions($$"""{"actions":[{{bad}},{{good}},{{bad}}]}""");

        Assert.Equal("1", Assert.Single(answer.Alerts).SourceId);
        Assert.Equal(2, answer.Faults.Count);
        Assert.All(answer.Faults, fault => Assert.Equal(bad, fault.Content));
    }

    [Fact]
    public void An_id_is_the_same_with_and_without_quotes_and_counts_once()
    {
        var second = Action(Message("Start", "Vermist: vrouw."));
        second["id"] = "1";

        var alert = Assert.Single(Read(Action(Message("Start", "Vermist: man.")), second).Alerts);

        Assert.Equal("Vermist: man.", alert.Messages[0].Text);
    }

    [Theory]
    [InlineData("true", false)]
    [InlineData("\"true\"", false)]
    [InlineData("\"TRUE\"", false)]
    [InlineData("1", false)]
    [InlineData("\"1\"", false)]
    [InlineData("null", false)]
    [InlineData("{}", false)]
    [InlineData("false", true)]
    [InlineData("\"False\"", true)]
    [InlineData("0", true)]
    [InlineData("\"0\"", true)]
    public void Active_may_be_written_in_many_ways(string active, bool ended) =>
        Assert.Equal(ended, One(With("active", JsonNode.Parse(active))).Ended);

    [Theory]
    [InlineData("1795014720")]
    [InlineData("\"1795014720\"")]
    [InlineData("1795014720.0")]
    [InlineData("1795014720000")]
    [InlineData("\"1795014720000\"")]
    [InlineData("\"2026-11-18T15:12:00Z\"")]
    [InlineData("\"2026-11-18T16:12:00+01:00\"")]
    [InlineData("null")]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("\"vandaag\"")]
    [InlineData("\"2026-11-18T16:12:00\"")]
    [InlineData("1e300")]
    [InlineData("{}")]
    public void The_start_may_be_written_in_many_ways_and_else_the_earliest_message_tells(string start) =>
        Assert.Equal(Start, One(With("startTimestamp", JsonNode.Parse(start))).IssuedAt.ToUnixTimeSeconds());

    [Fact]
    public void Without_any_time_it_is_put_aside()
    {
        var action = Action(Message("Start", "Vermist: man.", at: null));
        action["startTimestamp"] = null;

        Assert.Contains("tijd", FaultOf(action), StringComparison.Ordinal);
    }

    [Fact]
    public void Ten_minutes_ahead_is_a_fast_clock_and_more_is_not_believed()
    {
        var now = Fixture.Now.ToUnixTimeSeconds();

        One(With("startTimestamp", now + 600));
        FaultOf(With("startTimestamp", now + 601));
        FaultOf(Action(Message("Start", "Vermist: man."), Message("Update", "Gezien.", now + 601)));
    }

    [Theory]
    [InlineData("""{"lat":"52.18","lng":"5.39","radius":"1500"}""", true)]
    [InlineData("""{"lat":52.18,"lng":5.39,"radius":1500.5,"x":null}""", true)]
    [InlineData("""{"lat":"52,18","lng":"5,39","radius":"1500"}""", false)]
    [InlineData("""{"lat":5.39,"lng":52.18,"radius":1500}""", false)]
    [InlineData("""{"lat":0,"lng":0,"radius":1500}""", false)]
    [InlineData("""{"lat":52.18,"lng":5.39,"radius":0}""", false)]
    [InlineData("""{"lat":52.18,"lng":5.39,"radius":1e99}""", false)]
    [InlineData("""{"lat":"NaN","lng":"Infinity","radius":"1500"}""", false)]
    [InlineData("""{"lat":52.18,"lng":5.39}""", false)]
    [InlineData("""{"lat":null,"lng":null,"radius":null}""", false)]
    [InlineData("""{}""", false)]
    [InlineData("""[52.18,5.39,1500]""", false)]
    [InlineData("\"52.18,5.39 1500\"", false)]
    [InlineData("null", false)]
    public void A_circle_that_cannot_be_is_left_out(string area, bool expected) =>
        Assert.Equal(expected, One(With("area", JsonNode.Parse(area))).Area is not null);

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("[null]")]
    [InlineData("[5,\"x\",[],{}]")]
    [InlineData("""[{"body":null,"messageType":"Start"}]""")]
    [InlineData("""[{"body":" \t ","messageType":"Start"}]""")]
    [InlineData("""[{"body":"<p> </p>","messageType":"Start"}]""")]
    [InlineData("""[{"title":"Vermist kind","messageType":"Start"}]""")]
    public void Without_words_there_is_nothing_to_say_yet_ended_or_not(string messages)
    {
        var ended = With("messages", JsonNode.Parse(messages));
        ended["active"] = false;
        ended["id"] = 2;

        var answer = Read(With("messages", JsonNode.Parse(messages)), ended);

        Assert.Empty(answer.Alerts);
        Assert.Empty(answer.Faults);
    }

    [Fact]
    public void A_message_without_words_is_passed_over_and_the_others_count()
    {
        var alert = One(Action(null, Message("Start", "Vermist: man."), Message("Update", null, Start + 60), JsonValue.Create(5)));

        Assert.Equal("Vermist: man.", Assert.Single(alert.Messages).Text);
    }

    [Fact]
    public void Messages_are_put_in_the_order_of_their_times()
    {
        var alert = One(Action(
            Message("Update", "Derde.", Start + 600), Message("Update", "Tweede.", Start + 300), Message("Start", "Eerste.", Start)));

        Assert.Equal(["Eerste.", "Tweede.", "Derde."], alert.Messages.Select(message => message.Text));
        Assert.Equal([AlertPhase.Opened, AlertPhase.Updated, AlertPhase.Updated], alert.Messages.Select(message => message.Phase));
    }

    [Fact]
    public void Messages_without_a_time_take_the_starts_and_keep_their_places()
    {
        var alert = One(Action(
            Message("Start", "Eerste.", null), Message("Update", "Tweede.", null), Message("Update", "Derde.", Start + 9)));

        Assert.Equal(["Eerste.", "Tweede.", "Derde."], alert.Messages.Select(message => message.Text));
        Assert.Equal(Start, alert.Messages[1].SentAt.ToUnixTimeSeconds());
    }

    [Fact]
    public void An_opening_that_was_edited_after_an_update_still_comes_first()
    {
        var alert = One(Action(Message("Start", "Eerste, verbeterd.", Start + 900), Message("Update", "Tweede.", Start + 300)));

        Assert.Equal([AlertPhase.Opened, AlertPhase.Updated], alert.Messages.Select(message => message.Phase));
    }

    [Fact]
    public void Only_the_first_start_opens()
    {
        var alert = One(Action(Message("START", "Eerste."), Message("start", "Tweede.", Start + 60)));

        Assert.Equal([AlertPhase.Opened, AlertPhase.Updated], alert.Messages.Select(message => message.Phase));
    }

    [Fact]
    public void The_same_message_twice_is_one()
    {
        var alert = One(Action(Message("Start", "Eerste."), Message("Start", "Eerste.")));

        Assert.Single(alert.Messages);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Onbekend")]
    [InlineData("")]
    public void Where_the_type_is_unknown_the_place_decides(string? type)
    {
        var messages = new JsonNode?[] { Message(type, "Een."), Message(type, "Twee.", Start + 60), Message(type, "Drie.", Start + 120) };
        var ended = Action([.. messages.Select(message => message!.DeepClone())]);
        ended["active"] = false;

        Assert.Equal([AlertPhase.Opened, AlertPhase.Updated, AlertPhase.Updated], One(Action(messages)).Messages.Select(message => message.Phase));
        Assert.Equal([AlertPhase.Opened, AlertPhase.Updated, AlertPhase.Closed], One(ended).Messages.Select(message => message.Phase));
    }

    [Fact]
    public void An_end_without_a_closing_message_closes_without_words()
    {
        var action = With("active", false);
        action["endTimestamp"] = Start + 1200;

        var alert = One(action);

        Assert.True(alert.Ended);
        Assert.Equal(Start + 1200, alert.EndedAt!.Value.ToUnixTimeSeconds());
        var closing = alert.Messages[^1];
        Assert.Equal(("closed", AlertPhase.Closed, "", alert.EndedAt.Value), (closing.Key, closing.Phase, closing.Text, closing.SentAt));
    }

    [Fact]
    public void An_end_without_a_time_was_when_the_last_message_came()
    {
        var action = Action(Message("Start", "Een."), Message("Afloop", "Klaar.", Start + 700));
        action["active"] = false;

        Assert.Equal(Start + 700, One(action).EndedAt!.Value.ToUnixTimeSeconds());
    }

    [Fact]
    public void What_goes_on_after_a_closing_message_is_open_unless_the_feed_says_it_is_not()
    {
        var action = Action(Message("Start", "Een."), Message("Afloop", "Klaar.", Start + 60), Message("Update", "Toch niet.", Start + 120));
        Assert.False(One(action).Ended);

        action["active"] = false;
        var alert = One(action);
        Assert.True(alert.Ended);
        Assert.Equal([AlertPhase.Opened, AlertPhase.Closed, AlertPhase.Updated], alert.Messages.Select(message => message.Phase));
    }

    [Theory]
    [InlineData("Man < 30 jaar & kort haar, R&B-shirt", "Man < 30 jaar & kort haar, R&B-shirt")]
    [InlineData("lengte <1.80m, bel 112", "lengte <1.80m, bel 112")]
    [InlineData("tas<rugzak bel 112", "tas<rugzak bel 112")]
    [InlineData("zie https://x.nl/?a=1&region=2&copy=3", "zie https://x.nl/?a=1&region=2&copy=3")]
    [InlineData("<b>Vermist</b> meisje &amp; jongen", "Vermist meisje & jongen")]
    [InlineData("<p>Een.</p><p>Twee.</p>", "Een.\n\nTwee.")]
    [InlineData("Een.<br>Twee.<br/>Drie.", "Een.\nTwee.\nDrie.")]
    [InlineData("<ul><li>jas</li><li>pet</li></ul>", "jas\n\npet")]
    [InlineData("<style>b{}</style><script>x()</script>Bel <i>112</i>.", "Bel 112.")]
    [InlineData("Bel&nbsp;112 &lt;direct&gt; &eacute;&#233;n", "Bel 112 <direct> één")]
    [InlineData("<!-- x --><a href=\"javascript:alert(1)\">Bel</a> 112", "Bel 112")]
    [InlineData("Een.\r\nTwee.\r\n\r\n\r\n\r\nDrie.", "Een.\nTwee.\n\nDrie.")]
    [InlineData("Een <!-- nooit dicht", "Een <!-- nooit dicht")]
    public void Text_becomes_plain_and_loses_no_word(string body, string expected) =>
        Assert.Equal(expected, One(Action(Message("Start", body))).Messages[0].Text);

    [Theory]
    [InlineData(@"\ud83d", "\uFFFD")]
    [InlineData(@"\ude00", "\uFFFD")]
    [InlineData(@"\ud83d\ud83d", "\uFFFD\uFFFD")]
    [InlineData(@"\ud83d\ude00", "😀")]
    [InlineData(@"\uD83D\uDE00\ude00", "😀\uFFFD")]
    [InlineData(@"\\ud83d", @"\ud83d")]
    [InlineData(@"\\\ud83d", "\\\uFFFD")]
    [InlineData(@"\u0041", "A")]
    public void Half_a_character_becomes_a_replacement_and_nothing_else_changes(string escaped, string expected)
    {
        var answer = Fixture.Actions(
            $$"""{"actions":[{"id":1,"active":true,"x{{escaped}}":1,"messages":[{"title":"{{escaped}}","body":"a{{escaped}}b","lastModifiedTimestamp":{{Start}}}]}]}""");

        var message = Assert.Single(answer.Alerts).Messages[0];
        Assert.Equal(expected, message.Title);
        Assert.Equal($"a{expected}b", message.Text);
    }

    [Fact]
    public void A_control_character_does_not_come_through() =>
        Assert.Equal("Vermist: man.", One(Action(Message("Start", "Vermist:\u0000 \u0007man.\u001b"))).Messages[0].Text);

    [Fact]
    public void A_text_far_too_long_is_put_aside() =>
        Assert.Contains("langer", FaultOf(Action(Message("Start", new string('a', 200_000)))), StringComparison.Ordinal);

    [Fact]
    public void Thirty_thousand_nested_tags_cost_no_stack_and_no_word()
    {
        var alert = One(Action(Message("Start", string.Concat(Enumerable.Repeat("<b>", 30_000)) + "Bel 112.")));

        Assert.Equal("Bel 112.", alert.Messages[0].Text);
    }

    [Theory]
    [InlineData("AMBER Alert: Fenna (9).", AlertKind.AmberAlert)]
    [InlineData("VERMIST KIND ALERT: Jayden (6).", AlertKind.VermistKindAlert)]
    public void A_mirrored_child_alert_says_so(string body, AlertKind kind)
    {
        var action = Action(Message("Start", body));
        action["amberAlert"] = "true";

        var alert = One(action);

        Assert.True(alert.Mirror);
        Assert.Equal(kind, alert.Kind);
        Assert.Equal(AlertCategory.MissingPerson, alert.Category);
    }

    [Fact]
    public void An_update_that_mentions_an_exercise_makes_no_exercise_of_it()
    {
        Assert.False(One(Action(Message("Start", "Vermist: man."), Message("Update", "Oefening hiernaast afgelast.", Start + 60))).Exercise);
        Assert.True(One(With("actionType", "Oefening")).Exercise);
    }

    [Fact]
    public void From_a_test_source_everything_is_an_exercise()
    {
        var body = Encoding.UTF8.GetBytes(new JsonObject { ["actions"] = new JsonArray(Action(Message("Start", "Vermist: man."))) }.ToJsonString());

        Assert.True(Fixture.Parse(body, ActionsFeed.Read, exercise: true).Alerts[0].Exercise);
    }

    [Fact]
    public void What_is_kept_of_a_bad_record_has_an_end()
    {
        var bad = With("id", new JsonObject { ["x"] = new string('a', 100_000) });

        Assert.InRange(Assert.Single(Read(bad).Faults).Content.Length, 1, 20_001);
    }
}
