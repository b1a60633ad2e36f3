namespace Burgernet.Syndicate.Tests.Support;

/// <summary>Templates that mean harm.</summary>
static class HostileTemplates
{
    /// <summary>A text as long as any may be.</summary>
    public static string LongText { get; } = Many("een tekst ", 800);

    /// <summary>To be refused before they run.</summary>
    public static IReadOnlyList<string> Refused { get; } =
    [
        "{% for i in (1..300000000) %}x{% endfor %}",
        "{% assign a = (1..300000000) %}",
        "{% assign n = 300000000 %}{% for i in (1..n) %}x{% endfor %}",
        "{{ (1..call) }}",
        Many("{% if text %}", 1_500),
        Many("{% if text %}", 21) + Many("{% endif %}", 21),
        "{{ text" + Many("[text", 3_000) + Many("]", 3_000) + " }}",
        "{{ " + Many("(", 6_000) + "1" + Many(")", 6_000) + " }}",
        "{% if text" + Many(" and text", 1_000) + " %}x{% endif %}",
        "{{ text" + Many(" | upcase", 1_000) + " }}",
        Many("{{ text }}", 2_001),
        "{{ text | json }}",
        "{{ text | date: '%s' }}",
        "{{ text | split: '' }}",
    ];

    /// <summary>To be stopped while they run on <see cref="LongText"/>.</summary>
    public static IReadOnlyList<string> Stopped { get; } =
    [
        "{% assign s = text %}" + Many("{% assign s = s | append: s %}", 40),
        "{% assign s = text %}" + Many("{% capture s %}{{ s }}{{ s }}{% endcapture %}", 40),
        "{% assign s = text %}{% for i in (1..100) %}{% assign s = s | append: s %}{% endfor %}",
        "{% for a in (1..100) %}{% for b in (1..100) %}{% for c in (1..100) %}{{ text }}{% endfor %}{% endfor %}{% endfor %}",
        "{% for a in (1..100) %}{% for b in (1..100) %}{% for c in (1..100) %}{% for d in (1..100) %}{% endfor %}{% endfor %}{% endfor %}{% endfor %}",
        "{% for a in (1..100) %}{% for b in (1..100) %}{% for c in (1..100) %}{% assign x = text | inkorten: 5 %}{% endfor %}{% endfor %}{% endfor %}",
        "{% for a in (1..100) %}{% for b in (1..100) %}{% for c in (1..100) %}{% if text contains 'zzz' %}{% endif %}{% endfor %}{% endfor %}{% endfor %}",
        "{% assign s = text | replace: 'e', text | replace: 'e', text | replace: 'e', text | replace: 'e', text %}{{ s }}",
        Many("{% capture s %}{{ text }}{{ text }}{% endcapture %}", 390),
        Many("{{ text }}{{ text }}", 900),
    ];

    static string Many(string part, int times) => string.Concat(Enumerable.Repeat(part, times));
}
