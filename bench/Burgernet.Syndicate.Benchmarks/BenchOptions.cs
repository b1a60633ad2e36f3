namespace Burgernet.Syndicate.Benchmarks;

/// <summary>The command line.</summary>
/// <param name="Json">Where the figures are written as JSON.</param>
/// <param name="Worker">A published worker; null: the start figures publish one themselves.</param>
/// <param name="Only">Measure this part alone: dispatch, routing, check, composing, words, mails, fanout, replicas, reports, start, webhook or harvest.</param>
/// <param name="Texts">How many random texts are counted and published, and how many random pushes are read.</param>
/// <param name="Mails">How many random mails are judged.</param>
sealed record BenchOptions(string Json, string? Worker, string? Only, int Texts, int Mails)
{
    static readonly string[] Parts = ["dispatch", "routing", "check", "composing", "words", "mails", "fanout", "replicas", "reports", "start", "webhook", "harvest"];

    public static BenchOptions? Parse(string[] args)
    {
        var options = new BenchOptions(Path.Combine(Shipped.Root, "bench", "results.json"), null, null, 1_000_000, 1_000_000);
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : null;
            options = (args[i], value) switch
            {
                ("--json", { } file) => options with { Json = Path.GetFullPath(file) },
                ("--worker", { } file) => options with { Worker = Path.GetFullPath(file) },
                ("--only", { } part) when Parts.Contains(part) => options with { Only = part },
                ("--texts", { } number) when int.TryParse(number, out var texts) && texts > 0 => options with { Texts = texts },
                ("--mails", { } number) when int.TryParse(number, out var mails) && mails > 0 => options with { Mails = mails },
                _ => null!,
            };
            if (options is null)
            {
                Console.Error.WriteLine($"usage: [--json FILE] [--worker FILE] [--only {string.Join('|', Parts)}] [--texts N] [--mails N]");
                return null;
            }
        }

        return options;
    }
}
