using Burgernet.Syndicate.Benchmarks;

if (BenchOptions.Parse(args) is not { } options)
    return 2;

var shipped = Shipped.Load();
(string Name, Func<Task<IReadOnlyList<Figure>>> Measure)[] parts =
[
    ("dispatch", () => Dispatch.MeasureAsync(shipped)),
    ("routing", () => Task.FromResult(Routing.Measure(shipped))),
    ("check", () => Task.FromResult(Checking.Measure(shipped))),
    ("composing", () => Task.FromResult(Composing.Measure(shipped))),
    ("words", () => Task.FromResult(Words.Measure(shipped, options.Texts))),
    ("mails", () => MailReading.MeasureAsync(shipped, options.Mails)),
    ("fanout", () => FanOut.MeasureAsync(shipped)),
    ("replicas", () => Replicas.MeasureAsync(shipped)),
    ("reports", () => Reporting.MeasureAsync(shipped)),
    ("webhook", () => Webhook.MeasureAsync(shipped, options.Texts)),
    ("harvest", () => Harvest.MeasureAsync(shipped)),
    ("start", () => StartUp.MeasureAsync(options.Worker)),
];

var report = new Report(Machine.Describe());
foreach (var part in parts.Where(p => options.Only is null || p.Name == options.Only))
{
    Console.Error.WriteLine($"{part.Name} …");
    report.Figures.AddRange(await part.Measure());
}

report.Print(Console.Out);
report.Write(options.Json);
return 0;
