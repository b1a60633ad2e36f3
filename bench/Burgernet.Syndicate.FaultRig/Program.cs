using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using Burgernet.Syndicate.FaultRig;

// Kills workers, lies to them, freezes them, and counts on the platforms what was lost or doubled.

var folder = new Argument<string>("folder");
var at = new Option<string>("--at") { DefaultValueFactory = _ => "" };
var freeze = new Option<bool>("--freeze");
var naive = new Option<bool>("--naive");
var worker = new Command("worker", "The process that is killed; the rig starts it itself") { folder, at, freeze, naive };
worker.SetAction((arguments, _) => RigWorker.RunAsync(arguments.GetRequiredValue(folder), arguments.GetValue(at)!, arguments.GetValue(freeze), arguments.GetValue(naive)));

var scenario = new Argument<string>("scenario") { Description = string.Join(", ", Scenarios.All.Keys) };
scenario.AcceptOnlyFromAmong([.. Scenarios.All.Keys]);
var database = new Option<string>("--database") { DefaultValueFactory = _ => "sqlite", Description = "sqlite or postgres" };
database.AcceptOnlyFromAmong("sqlite", "postgres");
var replicas = new Option<int>("--replicas") { DefaultValueFactory = _ => 1, Description = "Workers on one database; more than one only on postgres" };
var trials = new Option<int>("--trials") { DefaultValueFactory = _ => 20 };
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
    var options = new RigOptions(arguments.GetValue(database) == "postgres", arguments.GetValue(replicas), arguments.GetValue(trials), arguments.GetValue(deliveries),
        arguments.GetValue(parallel), arguments.GetValue(kills), arguments.GetValue(seed), arguments.GetValue(inFlight));
    if (options is { Replicas: > 1, Postgres: false } || options.Deliveries < 3)
    {
        Console.Error.WriteLine(options.Deliveries < 3 ? "--deliveries: at least 3" : "--replicas: several workers need --database postgres");
        return 2;
    }

    var name = arguments.GetRequiredValue(scenario);
    using var storage = new RigStorage(options);
    var watch = Stopwatch.StartNew();
    var (tally, good) = await Scenarios.All[name](options, storage);
    var line = new
    {
        scenario = name, database = arguments.GetValue(database), replicas = options.Replicas, tally.Trials, tally.Deliveries, tally.Kills, tally.Posted, tally.Lost, tally.Doubled, tally.Held, tally.Open, tally.StillUp,
        seconds = (int)watch.Elapsed.TotalSeconds, good,
    };
    Console.WriteLine($"| scenario | database | replicas | trials | deliveries | kills | posted | lost | doubled | held | open | still up | seconds |");
    Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|---|---|");
    Console.WriteLine($"| {line.scenario} | {line.database} | {line.replicas} | {line.Trials} | {line.Deliveries} | {line.Kills} | {line.Posted} | {line.Lost} | {line.Doubled} | {line.Held} | {line.Open} | {line.StillUp} | {line.seconds} |");
    if (arguments.GetValue(json) is { } file)
        await File.WriteAllTextAsync(file.FullName, JsonSerializer.Serialize(line, JsonSerializerOptions.Web), cancellation);
    return good ? 0 : 1;
});
return await root.Parse(args).InvokeAsync();
