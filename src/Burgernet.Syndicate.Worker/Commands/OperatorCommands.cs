using System.CommandLine;
using System.Data.Common;
using Burgernet.Syndicate.Audit;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Deliveries;
using Burgernet.Syndicate.Storage;
using Burgernet.Syndicate.Worker.Services;

namespace Burgernet.Syndicate.Worker.Commands;

/// <summary>What people do by hand, beside a running service: it sees the change within a second.</summary>
static class OperatorCommands
{
    const string Everything = "all";

    static readonly Option<string> By = new("--by") { Description = "Wie dit doet; het wordt bewaard", Required = true };
    static readonly Option<string?> Why = new("--why") { Description = "Waarom; het wordt bewaard" };
    static readonly Option<bool> Yes = new("--yes") { Description = "Vraag niets meer" };

    static readonly Dictionary<string, Resolution> Resolutions = Enum.GetValues<Resolution>().ToDictionary(r => Wire.Name(r));

    public static IEnumerable<Command> Create()
    {
        yield return Resolve();

        var alert = new Argument<string>("ALERT") { Description = "Het nummer van het bericht, zie 'alerts'" };
        yield return Alert("close", "Sluit een oproep af alsof de bron dat deed", (desk, id, by) => desk.CloseAsync(id, by));
        yield return Alert("retract", "Trek een oproep in: alles ervan gaat weg", (desk, id, by) => desk.RetractAsync(id, by));

        yield return Channel("pause", "Plaats niets meer op een kanaal; weghalen gaat door", (desk, names, by) => desk.PauseAsync(names, by));
        yield return Channel("resume", "Plaats weer op een kanaal", (desk, names, by) => desk.ResumeAsync(names, by));

        Command Alert(string name, string description, Func<OperatorDesk, string, Signature, Task<Refusal?>> act)
        {
            var command = new Command(name, description) { alert, By, Why };
            command.SetAction((arguments, _) => ActAsync(arguments, (desk, _, by) => act(desk, arguments.GetRequiredValue(alert), by)));
            return command;
        }

        static Command Channel(string name, string description, Func<OperatorDesk, IReadOnlyList<string>, Signature, Task<Refusal?>> act)
        {
            var channel = new Argument<string>("CHANNEL") { Description = $"De naam van het kanaal, of '{Everything}'" };
            var command = new Command(name, description) { channel, By, Why };
            command.SetAction((arguments, _) => ActAsync(arguments, async (desk, options, by) =>
            {
                var wanted = arguments.GetRequiredValue(channel);
                var names = options.Channels.Select(c => c.Name).ToList();
                return wanted == Everything ? await act(desk, names, by)
                    : names.Contains(wanted) ? await act(desk, [wanted], by)
                    : new Refusal($"er is geen kanaal {wanted}; kies uit {string.Join(", ", names)} of {Everything}", Unknown: true);
            }));
            return command;
        }
    }

    static Command Resolve()
    {
        var delivery = new Argument<string>("DELIVERY") { Description = "Het nummer van de plaatsing, zie 'deliveries'" };
        var decision = new Argument<string>("adopt|send|drop") { Description = "adopt POSTID: het staat er, onder dat nummer. send: het staat er niet, plaats het. drop: laat het" };
        var post = new Argument<string?>("POSTID") { Description = "Bij adopt: het nummer van het bericht op het kanaal", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("resolve", "Beslis over een plaatsing waarvan onbekend is of zij er staat") { delivery, decision, post, By, Why, Yes };
        command.Validators.Add(result =>
        {
            if (result.GetValue(decision) is not { } word)
                return;
            if (!Resolutions.TryGetValue(word, out var resolution))
                result.AddError($"{word}: kies adopt, send of drop");
            else if (resolution is Resolution.Adopt != result.GetValue(post) is not null)
                result.AddError(resolution is Resolution.Adopt ? "adopt: noem ook het nummer van het bericht op het kanaal (POSTID)" : "alleen adopt heeft een POSTID");
        });
        command.SetAction((arguments, _) => ActAsync(arguments, async (desk, _, by) =>
        {
            var (id, resolution) = (arguments.GetRequiredValue(delivery), Resolutions[arguments.GetRequiredValue(decision)]);
            if (resolution is Resolution.Send && !arguments.GetValue(Yes) && !IsSure(id))
                return new Refusal("niet bevestigd; er is niets veranderd");
            return await desk.ResolveAsync(id, resolution, arguments.GetValue(post), by);
        }));
        return command;
    }

    // Whoever is wrong here doubles an appeal.
    static bool IsSure(string id) =>
        Says($"Hebt u op het kanaal zelf gezien dat {id} er niet staat? [ja/nee] ") && Says("Staat het er toch, dan staat het straks dubbel. Echt plaatsen? [ja/nee] ");

    static bool Says(string question)
    {
        Console.Write(question);
        return Console.ReadLine()?.Trim().ToLowerInvariant() is "ja" or "j" or "yes" or "y";
    }

    static async Task<int> ActAsync(ParseResult arguments, Func<OperatorDesk, SyndicateOptions, Signature, Task<Refusal?>> act)
    {
        var by = arguments.GetRequiredValue(By).Trim();
        if (by.Length is 0 or > 100)
            return SyndicateCommand.Fail("--by: zeg wie dit doet", SyndicateCommand.WrongInput);
        var folders = SyndicateCommand.Folders(arguments);
        if (SyndicateCommand.CheckOf(folders).Load(out var errors) is not { } options)
            return SyndicateCommand.Refuse(folders, errors);

        try
        {
            Directory.CreateDirectory(folders.Data);
            var services = new ServiceCollection().AddLogging();
            using var database = new Database(options.Storage);
            SyndicateHost.AddPipeline(services, options, database);
            await using var provider = services.BuildServiceProvider();
            provider.GetRequiredService<Migrator>().Migrate();
            if (await act(provider.GetRequiredService<OperatorDesk>(), options, new Signature(by, arguments.GetValue(Why))) is { } refusal)
                return SyndicateCommand.Fail($"Niet gedaan: {refusal.Reason}.", refusal.Unknown ? SyndicateCommand.WrongInput : SyndicateCommand.Failed);
        }
        catch (MigrationException exception)
        {
            return SyndicateCommand.Fail(exception.Message);
        }
        catch (Exception exception) when (exception is DbException or IOException or UnauthorizedAccessException)
        {
            return SyndicateCommand.Fail(SyndicateCommand.DatabaseFailed(exception));
        }

        Console.WriteLine("Gedaan.");
        return SyndicateCommand.Done;
    }
}
