using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Connectors.Channels.X;
using Burgernet.Syndicate.Templates;
using Burgernet.Syndicate.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Burgernet.Syndicate.Tests.Templates;

public sealed class ComposerTests
{
    static readonly PostLimit X = new(WeightedLength.Maximum, WeightedLength.Of);
    static readonly PostLimit Roomy = new(63_206, text => text.Length);

    readonly Composer _composer = new(Pipeline.Options.Templates, new TextNeutraliser(NeutraliserRules.Default), new FakeTimeProvider(Pipeline.Noon));

    static AlertModel Model(string text, string phase = "opened", string category = "missing-person", string kind = "actie") => new()
    {
        Phase = phase, Kind = kind, Category = category, Exercise = false, Text = text, Municipality = "Amersfoort", IssuedAt = Pipeline.Noon.AddMinutes(-15), Reference = "BN-7F3K2",
        Title = kind == "actie" ? null : "Fenna (9)",
    };

    string Compose(string template, PostLimit limit, AlertModel model) => _composer.Compose(template, limit, model).Text;

    [Fact]
    public void A_post_says_what_where_since_when_the_number_and_the_reference() =>
        Assert.Equal("""
            Burgernet-actie: vermissing in Amersfoort, sinds 12.45 uur
            Meisje van 9 jaar met een rode jas.
            Ziet u deze persoon? Bel direct 112. Ref. BN-7F3K2
            """, Compose("x", X, Model("Meisje van 9 jaar met een rode jas.")));

    [Fact]
    public void What_the_text_says_itself_is_not_said_twice() =>
        Assert.Equal("""
            Burgernet-actie: overval in Amersfoort, sinds 12.45 uur
            Twee mannen op een scooter. Benader hen NIET zelf. Bel direct 112.
            Ref. BN-7F3K2
            """, Compose("x", X, Model("Twee mannen op een scooter. Benader hen NIET zelf. Bel direct 112.", category: "robbery") with { Warn = true }));

    [Fact]
    public void Too_long_is_cut_in_the_free_text_and_never_in_the_warning_the_number_or_the_reference()
    {
        var text = string.Concat(Enumerable.Range(1, 40).Select(i => $"Zin nummer {i} over de verdachte. ")) + "Benader hen niet zelf. Bel 0900-8844.";
        var post = Compose("x", X, Model(text, category: "robbery") with { Warn = true });

        Assert.InRange(WeightedLength.Of(post), 200, 280);
        Assert.EndsWith("Niet zelf benaderen. Bel 0900-8844. Ref. BN-7F3K2", post, StringComparison.Ordinal);
        Assert.Contains(". …", post, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_without_a_space_is_cut_too()
    {
        var post = Compose("x", X, Model(new string('A', 600)));

        Assert.InRange(WeightedLength.Of(post), 270, 280);
        Assert.EndsWith("Bel direct 112. Ref. BN-7F3K2", post, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("👨‍👩‍👧‍👦")]
    [InlineData("日本語の長いテキスト")]
    [InlineData("politie.nl ")]
    [InlineData("een woord ")]
    [InlineData("\n")]
    public void Whatever_the_text_a_post_fits(string part) =>
        Assert.True(X.Fits(Compose("x", X, Model(string.Concat(Enumerable.Repeat(part, 400))))));

    [Fact]
    public void A_closing_without_words_does_not_say_that_the_search_stopped()
    {
        var post = Compose("x", X, Model("", "closed"));

        Assert.StartsWith("AFGESLOTEN – Burgernet-actie: vermissing in Amersfoort", post, StringComparison.Ordinal);
        Assert.Contains("Dat betekent niet altijd dat de politie stopt met zoeken", post, StringComparison.Ordinal);
        Assert.DoesNotContain("112", post, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("amber-alert", "AFGESLOTEN – AMBER Alert")]
    [InlineData("vermist-kind-alert", "AFGESLOTEN – Vermist Kind Alert in Amersfoort")]
    public void The_closing_of_a_child_alert_says_nothing_of_what_the_source_wrote(string kind, string heading)
    {
        var post = Compose("facebook", Roomy, Model("Sluitbericht. Fenna is thuis.", "closed", kind: kind) with { Title = null });

        Assert.StartsWith(heading + "\n", post, StringComparison.Ordinal);
        Assert.DoesNotContain("Fenna", post, StringComparison.Ordinal);
        Assert.Contains("Verwijder dan de foto en de naam", post, StringComparison.Ordinal);
    }

    [Fact]
    public void An_update_on_facebook_repeats_the_opening_because_it_replaces_it() =>
        Assert.Equal("""
            UPDATE – Burgernet-actie: vermissing in Amersfoort

            Gezien bij Emiclaer.

            Het eerste bericht van 12.45 uur:
            Meisje met een rode jas.

            Ziet u deze persoon? Bel direct 112.

            Ref. BN-7F3K2
            """, Compose("facebook", Roomy, Model("Gezien bij Emiclaer.", "updated") with { OpeningText = "Meisje met een rode jas." }));

    [Fact]
    public void A_message_on_whatsapp_is_set_bold_by_the_template_only() =>
        Assert.Equal("""
            *Burgernet-actie: overval in Amersfoort, sinds 12.45 uur*

            Man met pet.

            *Ziet u wie we zoeken, of het voertuig? Niet zelf benaderen. Bel direct 112.*

            _Ref. BN-7F3K2_
            """, Compose("whatsapp", Roomy, Model("*Man* met pet.", category: "robbery") with { Warn = true }));

    [Fact]
    public void What_comes_from_outside_cannot_mention_anyone_or_act_as_a_template()
    {
        var post = Compose("x", X, Model("Man met hoed. {{ reference }} {% for i in (1..9) %}x{% endfor %} @iedereen #gezocht http://evil.example Bel 06-12345678."));

        Assert.Contains("{{ reference }}", post, StringComparison.Ordinal);
        Assert.DoesNotContain("@", post, StringComparison.Ordinal);
        Assert.DoesNotContain("#", post, StringComparison.Ordinal);
        Assert.DoesNotContain("evil.example", post, StringComparison.Ordinal);
        Assert.DoesNotContain("12345678", post, StringComparison.Ordinal);
    }

    [Fact]
    public void A_template_that_leaves_no_room_says_so()
    {
        var templates = new TemplateSet(new Dictionary<string, string> { ["x"] = new string('x', 300) + "{{ reference }}" }, out _);
        var composer = new Composer(templates, new TextNeutraliser(NeutraliserRules.Default), TimeProvider.System);

        Assert.Contains("templates/x.liquid", Assert.Throws<TemplateException>(() => composer.Compose("x", X, Model("Tekst."))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-11-25T08:05:00Z", "9.05 uur")]
    [InlineData("2026-11-24T22:59:00Z", "24 november 23.59 uur")]
    [InlineData("2026-11-24T23:01:00Z", "0.01 uur")]
    public void Since_is_a_dutch_clock_time_with_the_day_when_that_is_not_today(string issuedAt, string expected) =>
        Assert.Equal(expected, DutchTime.Since(DateTimeOffset.Parse(issuedAt, null), Pipeline.Noon));

    [Theory]
    [InlineData(AlertKind.Actie)]
    [InlineData(AlertKind.AmberAlert)]
    public void Every_kind_and_phase_fits_on_x_with_room_for_the_appeal(AlertKind kind)
    {
        foreach (var phase in new[] { "opened", "updated", "closed", "withdrawn" })
        foreach (var category in Wire.All<AlertCategory>())
        {
            var post = Compose("x", X, Model("Tekst.", phase, category, Wire.Name(kind)) with { Warn = true, Municipality = "Utrechtse Heuvelrug" });
            Assert.InRange(WeightedLength.Of(post), 20, 250);
        }
    }
}
