using System.Diagnostics;
using System.Globalization;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Connectors.Channels.X;
using Burgernet.Syndicate.Templates;
using Burgernet.Syndicate.Tests.Support;

namespace Burgernet.Syndicate.Benchmarks;

/// <summary>
/// What cannot be shown with a few examples: random texts counted and published, with twitter-text (npm) as the judge,
/// and templates that mean harm.
/// </summary>
static class Words
{
    const int Seed = 1;

    public static IReadOnlyList<Figure> Measure(SyndicateOptions shipped, int texts) =>
        [.. Hostile(), .. TwitterText.Missing is { } missing
            ? [new Figure("counting and publishing random texts", "") { Note = missing }]
            : Judged(shipped, texts)];

    static IEnumerable<Figure> Judged(SyndicateOptions shipped, int texts)
    {
        using var original = new TwitterText();
        var emoji = original.Read(TwitterText.Emoji()).ToLookup(e => e.Answer.Known, e => e.Text);
        // Not those that took a skin tone only later.
        var known = emoji[true].Except(emoji[false].Where(e => e.EndsWith("🏽", StringComparison.Ordinal)).Select(e => e[..^"🏽".Length])).ToList();
        var wrong = original.Read(new RandomTexts(Seed, known).Take(texts))
            .Where(t => WeightedLength.Of(t.Text) != t.Answer.Length || WeightedLength.IsValid(t.Text) != t.Answer.Valid)
            .Count(t => Show($"{TwitterText.Json(t.Text)} counts {t.Answer.Length}, not {WeightedLength.Of(t.Text)}"));
        yield return None("counted otherwise than twitter-text does", wrong, texts);

        var faults = new RandomPosts(Seed, shipped).Judge(texts, original).Where(fault => Show(fault.ToString())).CountBy(fault => fault.Kind).ToDictionary();
        foreach (var kind in Enum.GetValues<RandomPosts.FaultKind>())
            yield return None($"published with: {kind}", faults.GetValueOrDefault(kind), texts);
    }

    // So that what went wrong can be looked into.
    static bool Show(string fault)
    {
        Console.Error.WriteLine(fault);
        return true;
    }

    static Figure None(string name, int count, int texts) => new(name, "texts")
    {
        Target = "0", Met = count == 0, Measured = Spread.Single(count), Note = string.Create(CultureInfo.InvariantCulture, $"of {texts:N0} random texts"),
    };

    static List<Figure> Hostile()
    {
        var model = new AlertModel
        {
            Phase = "opened", Kind = "actie", Category = "other", Exercise = false, Text = HostileTemplates.LongText, IssuedAt = TimeProvider.System.GetUtcNow(), Reference = "BN-7F3K2",
        };
        var (times, bytes, survived) = (new List<double>(), new List<double>(), 0);
        foreach (var template in HostileTemplates.Refused.Concat(HostileTemplates.Stopped))
        {
            var (start, allocated) = (Stopwatch.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());
            var set = new TemplateSet(new Dictionary<string, string> { ["x"] = template }, out var faults);
            try
            {
                if (faults.Count == 0)
                {
                    set.Render("x", model);
                    survived++;
                }
            }
            catch (TemplateException)
            {
            }

            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            bytes.Add((GC.GetAllocatedBytesForCurrentThread() - allocated) / 1e6);
        }

        return
        [
            new("hostile templates: until refused or stopped", "ms") { Target = "≤ 250", Measured = Spread.Of(times), Met = times.Max() <= 250 && survived == 0, Note = $"{times.Count} templates, parsing included" },
            new("hostile templates: all they allocate", "MB") { Target = "≤ 50", Measured = Spread.Of(bytes), Met = bytes.Max() <= 50 && survived == 0, Note = "the sum of what was ever allocated, not the peak" },
        ];
    }
}
