using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Burgernet.Syndicate.FaultRig;

// Kills workers, lies to them, freezes them, takes their disk, clock and server away, and counts on the platforms what
// was lost or doubled.

var folder = new Argument<string>("folder");
var at = new Option<string>("--at") { DefaultValueFactory = _ => "" };
var (freeze, naive, takes, relaxed, whole) = (new Option<bool>("--freeze"), new Option<bool>("--naive"), new Option<bool>("--takes"), new Option<bool>("--relaxed"), new Option<bool>("--whole"));
var worker = new Command("worker", "The process that is killed; the rig starts it itself") { folder, at, freeze, naive, takes, relaxed, whole };
worker.SetAction(async (arguments, cancellation) =>
{
    if (arguments.GetValue(whole))
        return await RigWorker.RunWholeAsync(arguments.GetRequiredValue(folder), cancellation);
    await RigWorker.RunAsync(arguments.GetRequiredValue(folder), arguments.GetValue(at)!, arguments.GetValue(freeze), arguments.GetValue(naive), arguments.GetValue(takes), arguments.GetValue(relaxed));
    return 0;
});

const string Everything = "all";
var scenario = new Argument<string>("scenario") { Description = $"{string.Join(", ", Scenarios.All.Keys)}; or {Everything}, which takes --trials for the kills and as many of the others as befits that" };
scenario.AcceptOnlyFromAmong([.. Scenarios.All.Keys, Everything]);
var database = new Option<string>("--database") { DefaultValueFactory = _ => "sqlite", Description = "sqlite or postgres" };
database.AcceptOnlyFromAmong("sqlite", "postgres");
var replicas = new Option<int>("--replicas") { DefaultValueFactory = _ => 1, Description = "Workers on one database; more than one only on postgres" };
var trials = new Option<int?>("--trials") { Description = "20 if not given; of the crash points all there are" };
var deliveries = new Option<int>("--deliveries") { DefaultValueFactory = _ => 5, Description = "Targets per trial: X, Facebook, and WhatsApp groups for the rest" };
var parallel = new Option<int>("--parallel") { DefaultValueFactory = _ => 6, Description = "Trials at the same time" };
var kills = new Option<int>("--kills") { DefaultValueFactory = _ => 4, Description = "At most so many per worker and trial" };
var seed = new Option<int>("--seed") { DefaultValueFactory = _ => 1, Description = "Of the lies and the moments of the kills" };
var inFlight = new Option<int>("--max-in-flight") { DefaultValueFactory = _ => 4 };
var json = new Option<FileInfo?>("--json") { Description = "Also write the result here" };

var root = new RootCommand("The fault rig of Burgernet.Syndicate.") { scenario, database, replicas, trials, deliveries, parallel, kills, seed, inFlight, json };
root.Add(worker);
root.SetAction(async (arguments, cancellation) =>
{
    var name = arguments.GetRequiredValue(scenario);
    var options = new RigOptions(arguments.GetValue(database) == "postgres", arguments.GetValue(replicas), arguments.GetValue(trials) ?? (name == "crash-points" ? int.MaxValue : 20), arguments.GetValue(deliveries),
        arguments.GetValue(parallel), arguments.GetValue(kills), arguments.GetValue(seed), arguments.GetValue(inFlight));
    if (options is { Replicas: > 1, Postgres: false } || options.Deliveries < 3)
    {
        Console.Error.WriteLine(options.Deliveries < 3 ? "--deliveries: at least 3" : "--replicas: several workers need --database postgres");
        return 2;
    }

    // A file has this machine's clock and disk; a server has its own.
    if (options.Postgres ? name is "clock" or "disk-full" or "durability" : name == "server-crash")
    {
        Console.Error.WriteLine($"{name} is about {(options.Postgres ? "a file: --database sqlite" : "a server: --database postgres")}");
        return 2;
    }

    var lines = new List<object>();
    var good = true;
    Console.WriteLine("| scenario | database | replicas | trials | deliveries | kills | posted | lost | doubled | held | open | still up | p50 s | max s | measured | took s | good |");
    Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
    foreach (var (run, how) in name == Everything ? Scenarios.Everything(options) : [(name, options)])
    {
        using var storage = new RigStorage(how);
        var watch = Stopwatch.StartNew();
        var (tally, isGood, measured) = await Scenarios.All[run](how, storage);
        var took = (int)watch.Elapsed.TotalSeconds;
        var sorted = tally.Seconds.Order().ToList();
        var (p50, max) = sorted.Count > 0 ? (Round(sorted[sorted.Count / 2]), Round(sorted[^1])) : ("", "");
        var kind = how.Postgres ? "postgres" : "sqlite";
        Console.WriteLine($"| {run} | {kind} | {how.Replicas} | {tally.Trials} | {tally.Deliveries} | {tally.Kills} | {tally.Posted} | {tally.Lost} | {tally.Doubled} | {tally.Held} | {tally.Open} | {tally.StillUp} | {p50} | {max} | {measured} | {took} | {(isGood ? "yes" : "**NO**")} |");
        lines.Add(new { scenario = run, database = kind, replicas = how.Replicas, tally.Trials, tally.Deliveries, tally.Kills, tally.Posted, tally.Lost, tally.Doubled, tally.Held, tally.Open, tally.StillUp, p50, max, measured, seconds = took, good = isGood });
        good &= isGood;
    }

    if (arguments.GetValue(json) is { } file)
        await File.WriteAllTextAsync(file.FullName, JsonSerializer.Serialize(lines, JsonSerializerOptions.Web), cancellation);
    return good ? 0 : 1;
});
return await root.Parse(args).InvokeAsync();

static string Round(double seconds) => seconds.ToString("0.00", CultureInfo.InvariantCulture);
