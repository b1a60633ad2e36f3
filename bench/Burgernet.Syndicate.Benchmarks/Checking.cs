using System.Diagnostics;
using System.Globalization;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Routing;

namespace Burgernet.Syndicate.Benchmarks;

/// <summary>The whole configuration read and checked, as at a start and at every reload, with a great many groups.</summary>
static class Checking
{
    const int Groups = 10_000;
    const int Runs = 10;

    public static IReadOnlyList<Figure> Measure(SyndicateOptions shipped)
    {
        var folder = Directory.CreateTempSubdirectory("syndicate-check-");
        try
        {
            foreach (var file in Directory.EnumerateFiles(Shipped.Config, "*", SearchOption.AllDirectories))
            {
                var copy = Path.Combine(folder.FullName, Path.GetRelativePath(Shipped.Config, file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }

            var codes = shipped.Groups.Values.SelectMany(g => g).Select(g => g.Municipality).OfType<string>().Distinct().ToList();
            var groups = Some.GroupsWithCircles(Groups / 2).Concat(Some.GroupsOfMunicipalities(Groups, codes).Skip(Groups / 2));
            File.WriteAllLines(Path.Combine(folder.FullName, "groups.csv"), groups.Select(Row).Prepend("name;chatId;municipality;lat;lon;radius;active;channel"));

            var samples = Enumerable.Range(0, Runs).Select(_ => Once(folder.FullName)).ToList();
            var time = Spread.Of(samples);
            return [new Figure("check, 10,000 groups", "ms") { Target = "max ≤ 1000", Met = time.Max <= 1000, Measured = time, Note = $"the first of {Runs} took {samples[0]:0} ms" }];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static double Once(string config)
    {
        var start = Stopwatch.GetTimestamp();
        var read = Shipped.Load(config).Groups.Values.Sum(g => g.Count);
        return read == Groups ? Stopwatch.GetElapsedTime(start).TotalMilliseconds : throw new InvalidOperationException($"{read} groups were read");
    }

    static string Row(Group group) => group.Area is { } area
        ? string.Create(CultureInfo.InvariantCulture, $"{group.Name};{group.ChatId};;{area.Latitude:0.0000};{area.Longitude:0.0000};{area.Radius:0};ja;")
        : $"{group.Name};{group.ChatId};{group.Municipality};;;;ja;";
}
