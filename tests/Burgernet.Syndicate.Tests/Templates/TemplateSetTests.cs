using Burgernet.Syndicate.Templates;
using Burgernet.Syndicate.Tests.Support;
using Xunit;

namespace Burgernet.Syndicate.Tests.Templates;

public sealed class TemplateSetTests
{
    static readonly AlertModel Model = new()
    {
        Phase = "opened", Kind = "actie", Category = "burglary", Exercise = false, Text = "Man met pet.", Municipality = "De Bilt",
        IssuedAt = Pipeline.Noon.AddHours(-1), Now = Pipeline.Noon, Reference = "BN-7F3K2",
    };

    static string Render(string template, AlertModel? model = null) => Set(("x", template)).Render("x", model ?? Model);

    static TemplateSet Set(params (string Name, string Source)[] sources)
    {
        var set = new TemplateSet(sources.ToDictionary(s => s.Name, s => s.Source), out var faults, new Dictionary<string, string> { ["x_zeist"] = "x" });
        Assert.Empty(faults);
        return set;
    }

    static TemplateFault Fault(string template)
    {
        _ = new TemplateSet(new Dictionary<string, string> { ["x"] = template }, out var faults);
        return Assert.Single(faults);
    }

    // ---- which file

    [Theory]
    [InlineData("x", "actie", "other", "opened", "x")]
    [InlineData("x", "actie", "burglary", "opened", "x.burglary")]
    [InlineData("x", "actie", "burglary", "closed", "x.burglary.closed")]
    [InlineData("x", "actie", "robbery", "closed", "x.closed")]
    [InlineData("x", "amber-alert", "missing-person", "opened", "x.amber-alert")]
    [InlineData("x", "amber-alert", "missing-person", "closed", "x.closed")]
    [InlineData("x", "actie", "missing-person", "opened", "x.missing-person")]
    [InlineData("x_zeist", "actie", "burglary", "opened", "x.burglary")]
    [InlineData("x_zeist", "actie", "other", "updated", "x_zeist.updated")]
    public void The_most_particular_template_makes_the_post(string channel, string kind, string category, string phase, string expected)
    {
        string[] names = ["x", "x.burglary", "x.closed.burglary", "x.closed", "x.amber-alert", "x.missing-person", "x.actie", "x_zeist.updated"];
        var set = Set([.. names.Select(name => (name, name))]);

        expected = expected switch { "x.burglary.closed" => "x.closed.burglary", "x" => "x.actie", _ => expected };
        Assert.Equal(expected, set.Render(channel, Model with { Kind = kind, Category = category, Phase = phase }));
    }

    [Fact]
    public void Of_the_shared_templates_all_run_that_fit_and_the_particular_ones_have_the_last_word()
    {
        var set = Set(("x", "{{ vraag }} {{ slot }}"), ("gedeeld", "{% assign vraag = 'Ziet u iets?' %}{% assign slot = 'Dank.' %}"), ("gedeeld.burglary", "{% assign vraag = 'Ziet u een inbreker?' %}"));

        Assert.Equal("Ziet u een inbreker? Dank.", set.Render("x", Model));
        Assert.Equal("Ziet u iets? Dank.", set.Render("x", Model with { Category = "fraud" }));
    }

    // ---- filters

    [Theory]
    [InlineData("2026-07-04T07:00:00Z", "2026-07-04T08:00:00Z", "vanochtend om 9.00 uur")]
    [InlineData("2026-07-04T07:00:00Z", "2026-07-05T08:00:00Z", "gisteren om 9.00 uur")]
    [InlineData("2026-07-04T07:00:00Z", "2026-07-06T08:00:00Z", "zaterdag 4 juli om 9.00 uur")]
    [InlineData("2026-07-04T07:00:00Z", "2027-01-06T08:00:00Z", "zaterdag 4 juli 2026 om 9.00 uur")]
    [InlineData("2026-11-24T19:15:00Z", "2026-11-24T19:16:00Z", "vanavond om 20.15 uur")]
    [InlineData("2026-11-24T22:05:00Z", "2026-11-24T23:30:00Z", "gisteren om 23.05 uur")]
    [InlineData("2026-11-24T23:05:00Z", "2026-11-24T23:30:00Z", "vannacht om 0.05 uur")]
    [InlineData("2026-11-24T12:00:00Z", "2026-11-24T12:00:00Z", "vanmiddag om 13.00 uur")]
    [InlineData("2026-10-25T00:30:00Z", "2026-10-25T09:00:00Z", "vannacht om 2.30 uur")]
    [InlineData("2026-10-25T01:30:00Z", "2026-10-25T09:00:00Z", "vannacht om 2.30 uur")]
    [InlineData("2026-03-29T01:00:00Z", "2026-03-29T09:00:00Z", "vannacht om 3.00 uur")]
    [InlineData("2026-03-28T23:30:00Z", "2026-03-29T22:30:00Z", "gisteren om 0.30 uur")]
    public void A_moment_is_said_as_people_say_it(string issuedAt, string now, string expected)
    {
        var model = Model with { IssuedAt = DateTimeOffset.Parse(issuedAt, null), Now = DateTimeOffset.Parse(now, null) };

        Assert.Equal(expected, Render("{{ issued_at | wanneer }}", model));
        Assert.Equal(expected, Render("{{ issued_at }}", model));
        Assert.Contains(Render("{{ issued_at | tijd }}", model), expected, StringComparison.Ordinal);
    }

    [Fact]
    public void A_day_may_be_said_alone() => Assert.Equal("woensdag 25 november", Render("{{ now | datum }}"));

    [Theory]
    [InlineData("De Bilt", "#DeBilt")]
    [InlineData("'s-Graveland", "#sGraveland")]
    [InlineData("Wijk bij Duurstede", "#WijkBijDuurstede")]
    [InlineData("IJsselstein", "#IJsselstein")]
    [InlineData("Laren (NH.)", "#Laren")]
    [InlineData("Súdwest-Fryslân", "#SúdwestFryslân")]
    [InlineData("zeist", "#Zeist")]
    [InlineData("@ # 12 !", "")]
    [InlineData("", "")]
    public void A_hashtag_is_one_word_with_a_capital_for_each(string name, string expected) =>
        Assert.Equal(expected, Render("{{ municipality | hashtag }}", Model with { Municipality = name }));

    [Theory]
    [InlineData("Laren (NH.)", "Laren")]
    [InlineData("Gooise Meren", "Gooise Meren")]
    [InlineData("(geen)", "(geen)")]
    public void A_municipality_loses_what_keeps_registers_apart(string name, string expected) =>
        Assert.Equal(expected, Render("{{ municipality | gemeente }}", Model with { Municipality = name }));

    [Theory]
    [InlineData("Eerste zin. Tweede zin die langer is.", 30, "Eerste zin. Tweede zin die …")]
    [InlineData("Een langere eerste zin. Tweede.", 28, "Een langere eerste zin. …")]
    [InlineData("Bel 0900 8844 of kom langs.", 14, "Bel …")]
    [InlineData("Zie politie.nl/heel/lang/pad voor meer.", 20, "Zie …")]
    [InlineData("politie.nl/heel/lang/pad", 15, "")]
    [InlineData("Past.", 5, "Past.")]
    public void Shortening_ends_at_a_sentence_or_a_word_and_never_in_a_number_or_a_link(string text, int most, string expected)
    {
        var shortened = Render("{{ text | inkorten: " + most + " }}", Model with { Text = text });

        Assert.Equal(expected, shortened);
        Assert.True(shortened.Length <= most);
    }

    [Theory]
    [InlineData("{{ 'ijsselstein' | capitalize }}", "IJsselstein")]
    [InlineData("{{ text | replace: 'pet', 'hoed' | upcase }}", "MAN MET HOED.")]
    [InlineData("{{ title | default: 'zonder titel' }}", "zonder titel")]
    [InlineData("{% if title %}ja{% else %}nee{% endif %}", "nee")]
    [InlineData("{% for i in (1..3) %}{{ i }}{% endfor %}", "123")]
    [InlineData("{% capture a %}{{ text | size }}{% endcapture %}{{ a }}", "12")]
    public void What_is_left_of_liquid_works(string template, string expected) => Assert.Equal(expected, Render(template));

    // ---- faults

    [Theory]
    [InlineData("{{ tekst }}", 1, 4, "'tekst' bestaat niet; bedoelde u 'text'?")]
    [InlineData("a\nb {{ text | hastag }}", 2, 13, "het filter 'hastag' bestaat niet; bedoelde u 'hashtag'?")]
    [InlineData("{% if phase == 'close' %}x{% endif %}", 1, 17, "phase is nooit 'close'; bedoelde u 'closed'?")]
    [InlineData("{% case category %}{% when 'mising-person' %}x{% endcase %}", 1, 29, "category is nooit 'mising-person'; bedoelde u 'missing-person'?")]
    [InlineData("{% if kind = 'actie' %}x{% endif %}", 1, 6, "met twee is-tekens")]
    [InlineData("{% iff kind %}x{% endif %}", 1, 7, "{% iff %} bestaat niet; bedoelde u 'if'?")]
    [InlineData("{% else %}", 1, 8, "staat hier los")]
    [InlineData("{% if kind %}x", 1, 15, "zet {% endif %} waar het ophoudt")]
    [InlineData("{{ text", 1, 8, "hier hoort }} te staan")]
    [InlineData("{{ “text” }}", 1, 3, "tussen rechte aanhalingstekens")]
    [InlineData("{{ text.first }}", 1, 4, "heeft geen delen")]
    [InlineData("{{ reference.Length.ToString }}", 1, 4, "heeft geen delen")]
    public void A_slip_of_the_pen_is_told_with_its_place_and_a_way_out(string template, int line, int column, string reason)
    {
        var fault = Fault(template);

        Assert.Contains(reason, fault.Reason, StringComparison.Ordinal);
        Assert.Equal((line, column), (fault.Line, fault.Column));
    }

    [Theory]
    [InlineData("include", "{% include 'x' %}")]
    [InlineData("render", "{% render 'x' %}")]
    [InlineData("cycle", "{% cycle 'a', 'b' %}")]
    [InlineData("increment", "{% increment a %}")]
    [InlineData("tablerow", "{% tablerow i in (1..3) %}{% endtablerow %}")]
    [InlineData("liquid", "{% liquid\n echo text %}")]
    public void Tags_that_templates_have_no_use_for_do_not_exist(string tag, string template) =>
        Assert.Contains($"{{% {tag} %}} bestaat niet", Fault(template).Reason, StringComparison.Ordinal);

    // ---- what means harm

    public static TheoryData<string> Refused => [.. HostileTemplates.Refused];

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_template_that_could_run_on_or_read_on_is_refused_before_it_runs(string template) => Fault(template);

    public static TheoryData<string> Stopped => [.. HostileTemplates.Stopped];

    [Theory]
    [MemberData(nameof(Stopped))]
    public void A_template_that_makes_too_much_is_stopped(string template)
    {
        var set = Set(("x", template));
        Assert.Throws<TemplateException>(() => set.Render("x", Model with { Text = HostileTemplates.LongText }));
    }

    [Fact]
    public void What_stands_in_a_text_is_never_a_template() =>
        Assert.Equal("{{ reference }} {% include 'x' %}", Render("{{ text }}", Model with { Text = "{{ reference }} {% include 'x' %}" }));
}
