using System.CommandLine;
using System.Data.Common;
using System.Globalization;
using Burgernet.Syndicate.Audit;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Connectors;
using Burgernet.Syndicate.Connectors.Reports;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Reports;
using Burgernet.Syndicate.Storage;
using Burgernet.Syndicate.Templates;
using Burgernet.Syndicate.Worker.Services;

namespace Burgernet.Syndicate.Worker.Commands;

/// <summary>What was reached, and what people add to that: how alerts ended, and figures of municipalities.</summary>
static class ReportCommands
{
    const string Importer = "import";

    static readonly Option<string?> By = new("--by") { Description = "Wie dit doet; het wordt bewaard" };

    static readonly Dictionary<string, ReportFormat> Formats = Enum.GetValues<ReportFormat>().ToDictionary(f => Wire.Name(f));

    public static IEnumerable<Command> Create()
    {
        yield return Report();
        yield return OutcomeOf();
        var context = new Command("context", "Cijfers over gemeenten: deelnemers, app-downloads, inwoners");
        context.Add(Import("Neem een tabel over met de kolommen municipality;period;participants;downloads;inhabitants",
            (desk, options, file, bytes, by) => desk.ImportContextAsync(file, bytes, options.Areas, by)));
        yield return context;
        yield return Example();
    }

    static Command Report()
    {
        var from = new Option<string>("--from") { Description = "Eerste dag, als jjjj-mm-dd", Required = true };
        var to = new Option<string>("--to") { Description = "Laatste dag, als jjjj-mm-dd; die dag telt mee", Required = true };
        var area = new Option<string?>("--area") { Description = "Eén gemeente: de CBS-code (GM0307) of de naam; anders de hele regio" };
        var format = new Option<string>("--format") { Description = string.Join(", ", Formats.Keys), Required = true };
        var output = new Option<string>("--out") { Description = "Het bestand dat wordt geschreven", Required = true };
        var command = new Command("report", "Maak een rapport: wat er is gedaan en wat het bereikte") { from, to, area, format, output };
        command.SetAction((arguments, _) => WithDatabaseAsync(arguments, make: false, async (provider, options) =>
        {
            if (PeriodOf(arguments.GetRequiredValue(from), arguments.GetRequiredValue(to), out var fault) is not { } period)
                return SyndicateCommand.Fail(fault, SyndicateCommand.WrongInput);
            if (!Formats.TryGetValue(arguments.GetRequiredValue(format), out var wanted))
                return SyndicateCommand.Fail($"--format: kies {string.Join(", ", Formats.Keys)}", SyndicateCommand.WrongInput);
            var written = arguments.GetValue(area);
            var municipality = written is null ? null : options.Areas.WithCode(written) ?? options.Areas.Find(written, period.End.AddTicks(-1));
            if (written is not null && municipality is null)
                return SyndicateCommand.Fail($"--area: '{written}' staat niet in het gemeentebestand; schrijf de CBS-code (GM0307) of de naam", SyndicateCommand.WrongInput);

            var path = Path.GetFullPath(arguments.GetRequiredValue(output));
            if (!Directory.Exists(Path.GetDirectoryName(path)) || Directory.Exists(path))
                return SyndicateCommand.Fail($"--out: '{path}' kan niet geschreven worden; noem een bestand in een map die bestaat", SyndicateCommand.WrongInput);

            var report = await ReportSetup.QueryOf(options, provider.GetRequiredService<Database>(), TimeProvider.System).ReportAsync(period, municipality?.Code);
            await File.WriteAllBytesAsync(path, ReportFiles.Bytes(report, wanted, options.Reports.Site));
            Console.WriteLine($"Geschreven: {path} ({ReportTables.AreaOf(report)}, {period}; {report.Figures.Actions} {(report.Figures.Actions == 1 ? "actie" : "acties")}{(report.Invented > 0 ? $"; {ExampleYear.Label}" : "")}).");
            return SyndicateCommand.Done;
        }));
        return command;
    }

    static ReportPeriod? PeriodOf(string from, string to, out string fault)
    {
        var (first, last) = (ReportPeriod.Day(from), ReportPeriod.Day(to));
        fault = first is null ? $"--from: '{from}' is geen dag; schrijf jjjj-mm-dd, zoals 2026-01-31"
            : last is null ? $"--to: '{to}' is geen dag; schrijf jjjj-mm-dd, zoals 2026-01-31"
            : last < first ? $"--to: {to} ligt voor {from}; de laatste dag komt na de eerste" : "";
        return fault.Length > 0 ? null : new ReportPeriod(first!.Value, last!.Value);
    }

    static Command OutcomeOf()
    {
        // Not required by the parser: its own subcommand has neither.
        var alert = new Argument<string?>("ALERT") { Description = "Ons nummer van het bericht, zie 'alerts'", Arity = ArgumentArity.ZeroOrOne };
        var outcome = new Argument<string?>("hard|soft|none|unknown") { Description = "Hoe het afliep", Arity = ArgumentArity.ZeroOrOne };
        var successPost = new Option<bool>("--success-post") { Description = "Zet ook een succesbericht klaar op /postvak; het gaat niet uit zonder akkoord" };
        var command = new Command("outcome", "Leg vast hoe een actie afliep: hard (een deelnemer gaf de informatie waardoor iemand direct gevonden werd), soft, none of unknown") { alert, outcome, By, successPost };
        command.Add(Import("Neem een tabel over met de kolommen sourceId;outcome", (desk, _, file, bytes, by) => desk.ImportAsync(file, bytes, by)));
        command.SetAction((arguments, _) =>
        {
            if (arguments.GetValue(alert) is not { } id || arguments.GetValue(outcome) is not { } word)
                return Task.FromResult(SyndicateCommand.Fail("schrijf: outcome ALERT hard|soft|none|unknown --by NAAM, of outcome import BESTAND", SyndicateCommand.WrongInput));
            if (Outcome.Parse(word) is not { } meant)
                return Task.FromResult(SyndicateCommand.Fail($"'{word}' is geen afloop; kies {Outcome.Hint}", SyndicateCommand.WrongInput));
            if (arguments.GetValue(By)?.Trim() is not { Length: > 0 and <= 100 } who)
                return Task.FromResult(SyndicateCommand.Fail("--by: zeg wie dit doet", SyndicateCommand.WrongInput));
            return WithDatabaseAsync(arguments, make: false, async (provider, options) =>
            {
                var desk = provider.GetRequiredService<OutcomeDesk>();
                var by = new Signature(who, null);
                var refusal = await desk.SetAsync(id, meant, by);
                if (refusal is null && arguments.GetValue(successPost))
                    refusal = await desk.ProposeSuccessAsync(id, provider.GetRequiredService<SubmissionDesk>(), options.Areas, by);
                if (refusal is not null)
                    return SyndicateCommand.Fail($"Niet gedaan: {refusal.Reason}.", refusal.Unknown ? SyndicateCommand.WrongInput : SyndicateCommand.Failed);
                Console.WriteLine("Gedaan.");
                return SyndicateCommand.Done;
            });
        });
        return command;
    }

    delegate Task<(int Lines, IReadOnlyList<ConfigurationError> Errors)> Importing(OutcomeDesk desk, SyndicateOptions options, string file, byte[] bytes, Signature by);

    static Command Import(string description, Importing import)
    {
        var file = new Argument<string>("FILE") { Description = "Een CSV-bestand, zoals een spreadsheet het bewaart" };
        var command = new Command(Importer, description) { file, By };
        command.SetAction((arguments, _) => WithDatabaseAsync(arguments, make: true, async (provider, options) =>
        {
            var path = arguments.GetRequiredValue(file);
            byte[] bytes;
            try
            {
                bytes = await File.ReadAllBytesAsync(path);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return SyndicateCommand.Fail($"'{path}' kan niet gelezen worden: {exception.Message}", SyndicateCommand.WrongInput);
            }

            var (lines, errors) = await import(provider.GetRequiredService<OutcomeDesk>(), options, Path.GetFileName(path), bytes, new Signature(arguments.GetValue(By)?.Trim() is { Length: > 0 } who ? who : Importer, null));
            if (errors.Count == 0)
            {
                Console.WriteLine($"Overgenomen: {lines} {(lines == 1 ? "regel" : "regels")}.");
                return SyndicateCommand.Done;
            }

            Console.Error.WriteLine($"Er is niets overgenomen: {errors.Count} {(errors.Count == 1 ? "fout" : "fouten")} in '{path}':");
            foreach (var error in errors)
                Console.Error.WriteLine($"  {(error.Place?.Line is { } line ? $"regel {line}: " : "")}{error.Path}: {error.Message}");
            return SyndicateCommand.WrongInput;
        }));
        return command;
    }

    static Command Example()
    {
        var year = new Option<int?>("--year") { Description = "Het kalenderjaar; standaard het vorige" };
        var command = new Command("example-year", "Vul een lege datamap met een verzonnen jaar, om de rapporten te zien") { year };
        command.SetAction((arguments, _) => WithDatabaseAsync(arguments, make: true, refuse: NotForExample, work: async (provider, options) =>
        {
            var wanted = arguments.GetValue(year) ?? DutchTime.DayOf(TimeProvider.System.GetUtcNow()).Year - 1;
            if (wanted is < 2005 or > 2099)
                return SyndicateCommand.Fail("--year: kies een jaar van 2005 tot en met 2099", SyndicateCommand.WrongInput);
            if (await new ExampleYear(provider.GetRequiredService<Database>(), options).FillAsync(wanted) is { } refusal)
                return SyndicateCommand.Fail($"Niet gedaan: {refusal.Reason}.");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{ExampleYear.Label}: het jaar {wanted} staat klaar. Probeer: report --from {wanted}-01-01 --to {wanted}-12-31 --format html --out rapport.html"));
            return SyndicateCommand.Done;
        }));
        return command;
    }

    // A shared database and a program that posts are no place for what never happened.
    static string? NotForExample(SyndicateOptions options) => options switch
    {
        { Storage.Provider: StorageProvider.Postgres } => "een verzonnen jaar is voor een wegwerpmap, niet voor een PostgreSQL-database; haal 'storage' uit een kopie van de configuratie en wijs die aan met --config, met een lege map bij --data",
        { Mode: SyndicateMode.Live } => "een verzonnen jaar is voor een wegwerpmap, niet voor een programma dat echt plaatst; zet 'mode' in een kopie van de configuratie op sandbox en wijs die aan met --config, met een lege map bij --data",
        _ => null,
    };

    /// <param name="make">Whether a database is made where there is none.</param>
    /// <param name="refuse">Why this configuration is not one to do it with (Dutch), before anything is touched; null: it is.</param>
    static async Task<int> WithDatabaseAsync(ParseResult arguments, bool make, Func<IServiceProvider, SyndicateOptions, Task<int>> work, Func<SyndicateOptions, string?>? refuse = null)
    {
        var folders = SyndicateCommand.Folders(arguments);
        if (SyndicateCommand.CheckOf(folders).Load(out var errors) is not { } options)
            return SyndicateCommand.Refuse(folders, errors);
        if (refuse?.Invoke(options) is { } refusal)
            return SyndicateCommand.Fail($"Niet gedaan: {refusal}.");

        try
        {
            using var database = new Database(options.Storage);
            if (!make && !database.Exists())
                return SyndicateCommand.Fail($"In '{folders.Data}' staat geen database; kies met --data de map waarin het programma schrijft.");
            Directory.CreateDirectory(folders.Data);
            var services = new ServiceCollection().AddLogging();
            SyndicateHost.AddPipeline(services, options, database);
            await using var provider = services.BuildServiceProvider();
            provider.GetRequiredService<Migrator>().Migrate();
            return await work(provider, options);
        }
        catch (MigrationException exception)
        {
            return SyndicateCommand.Fail(exception.Message);
        }
        catch (DbException exception)
        {
            return SyndicateCommand.Fail(SyndicateCommand.DatabaseFailed(exception));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return SyndicateCommand.Fail($"Niet gelukt: {exception.Message}");
        }
    }
}
