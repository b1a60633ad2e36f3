using System.CommandLine;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Connectors;
using Burgernet.Syndicate.Connectors.Photos;

namespace Burgernet.Syndicate.Worker.Commands;

/// <summary>The command line: <c>run</c> when nothing is said.</summary>
static class SyndicateCommand
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>Refused or failed.</summary>
    public const int Failed = 1;

    /// <summary>Wrong input or configuration.</summary>
    public const int WrongInput = 2;

    /// <summary>The command that makes a new picture of the one on its input.</summary>
    public const string EncodePhoto = "encode-photo";

    static readonly Option<string> Config = new("--config") { Description = "Map met syndicate.json, tabellen en sjablonen", DefaultValueFactory = _ => "config", Recursive = true };
    static readonly Option<string> Data = new("--data") { Description = "Map waarin het programma schrijft", DefaultValueFactory = _ => "data", Recursive = true };
    static readonly Option<string> Secrets = new("--secrets") { Description = "Map met één bestand per geheim", DefaultValueFactory = _ => "/run/secrets", Recursive = true };
    static readonly Option<string> Urls = new("--urls") { Description = "Adres van de overzichtspagina", DefaultValueFactory = _ => "http://localhost:8080", Recursive = true };

    public static RootCommand Create()
    {
        var root = new RootCommand("Burgernet.Syndicate brengt oproepen van Burgernet naar X, Facebook en WhatsApp-groepen.") { Config, Data, Secrets, Urls };
        root.SetAction(Run);

        var run = new Command("run", "Luister naar de bronnen en plaats de berichten (ook zonder dit woord)");
        run.SetAction(Run);
        root.Add(run);

        root.Add(CheckCommand.Create());
        root.Add(ExplainCommand.Create());
        root.Add(PreviewCommand.Create());
        root.Add(ListCommands.CreateAlerts());
        root.Add(ListCommands.CreateDeliveries());
        foreach (var command in OperatorCommands.Create())
            root.Add(command);
        foreach (var command in ReportCommands.Create())
            root.Add(command);
        root.Add(AccountCommands.Create());
        root.Add(CountCommand.Create());
        root.Add(SendCommand.Create());
        root.Add(MailCommands.Create());
        root.Add(MigrateCommand.Create());
        root.Add(HealthCommand.Create());

        // The program calls itself for it, see PhotoEncoderProcess.
        var encode = new Command(EncodePhoto) { Hidden = true };
        encode.SetAction((_, _) => PhotoEncoderProcess.RunAsync(Console.OpenStandardInput(), Console.OpenStandardOutput(), Console.Error));
        root.Add(encode);
        return root;

        static Task<int> Run(ParseResult arguments, CancellationToken cancellationToken) => RunCommand.RunAsync(Folders(arguments), UrlOf(arguments), cancellationToken);
    }

    public static SyndicateFolders Folders(ParseResult arguments) =>
        new(arguments.GetRequiredValue(Config), arguments.GetRequiredValue(Data), arguments.GetRequiredValue(Secrets));

    public static string UrlOf(ParseResult arguments) => arguments.GetRequiredValue(Urls);

    public static SyndicateCheck CheckOf(SyndicateFolders folders) => new(folders, ConnectorRegistry.Channels, ConnectorRegistry.Sources);

    public static int Refuse(SyndicateFolders folders, IReadOnlyList<ConfigurationError> errors)
    {
        Console.Error.WriteLine($"De configuratie in '{folders.Config}' heeft {errors.Count} {(errors.Count == 1 ? "fout" : "fouten")}; er is niets geplaatst:");
        foreach (var error in errors)
            Console.Error.WriteLine($"  {error}");
        return WrongInput;
    }

    /// <summary>Says why something did not work.</summary>
    public static int Fail(string message, int code = Failed)
    {
        Console.Error.WriteLine(message);
        return code;
    }

    public static string DatabaseFailed(Exception exception) => $"De database kan niet gebruikt worden: {exception.Message}";
}
