using System.CommandLine;
using System.Text.Json;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Connectors.Sources.Mailbox;

namespace Burgernet.Syndicate.Worker.Commands;

/// <summary>What becomes of a mail, and whether the mailbox is set up as it must be; nothing is posted, moved or stored.</summary>
static class MailCommands
{
    const int Width = 100;

    static readonly Argument<string> FileName = new("FILE") { Description = "Een mail als bestand (.eml)" };
    static readonly Option<bool> Trusted = new("--trusted") { Description = "Alsof de afzender bewezen is; tekenen van vervalsing tellen wel" };
    static readonly Option<string?> Source = new("--source") { Description = "Welke mailbox, als er meer zijn (de naam bij sources)" };
    static readonly Option<bool> Json = new("--json") { Description = "Als JSON: decision kind municipalities reason text" };

    public static Command Create()
    {
        var decide = new Command("decide", "Toon wat er met een mail gebeurt en waarom") { FileName, Trusted, Json };
        decide.SetAction(DecideAsync);
        var test = new Command("test", "Kijk in de mailbox en toon of de nieuwste mail te vertrouwen is; er wordt niets verplaatst") { Source };
        test.SetAction(TestAsync);
        return new Command("mail", "Bekijk wat er met mail gebeurt") { decide, test };
    }

    // ---- test

    static async Task<int> TestAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var folders = SyndicateCommand.Folders(arguments);
        if (SyndicateCommand.CheckOf(folders).Load(out var errors) is not { } options)
            return SyndicateCommand.Refuse(folders, errors);
        var mailboxes = options.Sources.Where(s => s.Mailbox is not null).ToList();
        var name = arguments.GetValue(Source);
        if (mailboxes.Count == 0)
            return SyndicateCommand.Fail("Er is geen bron van het type imap die aanstaat; voeg er een toe bij sources in syndicate.json.", SyndicateCommand.WrongInput);
        if (name is not null && mailboxes.All(s => s.Name != name) || name is null && mailboxes.Count > 1)
            return SyndicateCommand.Fail($"--source: kies {string.Join(" of ", mailboxes.Select(s => s.Name))}.", SyndicateCommand.WrongInput);

        var source = mailboxes.Single(s => name is null || s.Name == name);
        var mailbox = source.Mailbox!;
        Console.WriteLine($"Mailbox    {mailbox.Folder} van {mailbox.User} op {mailbox.Host}, poort {mailbox.Port}");
        var look = await MailboxProbe.LookAsync(source, options, TimeProvider.System, cancellationToken: cancellationToken);
        if (look.Fault is { } fault)
            return SyndicateCommand.Fail($"  MIS   de mailbox kan niet gelezen worden: {fault}");
        Console.WriteLine($"  goed  aangemeld; er {(look.Count == 1 ? "is 1 mail" : $"zijn {look.Count} mails")}");
        if (look.Verdict is not { } verdict)
            return SyndicateCommand.Fail("  MIS   er is geen mail om naar te kijken; laat de afzender een testmail sturen en probeer het opnieuw");

        var its = verdict.Submission;
        Terminal.WriteWrapped(Width, "Nieuwste   ", $"\"{its.Subject}\" van {(its.Sender.Length == 0 ? "een onbekende afzender" : its.Sender)}");
        WriteSteps(verdict.Steps);
        foreach (var (line, above) in look.Results)
            Terminal.WriteWrapped(Width, "        ", $"Authentication-Results: {line} (met {above} keer Received erboven)");
        var good = its.Decision is not SubmissionDecision.Quarantine && verdict.Steps.Count > 0;
        Terminal.WriteWrapped(Width, "Besluit    ", good ? $"te vertrouwen; als {its.Kind}: {Meaning(its.Decision)}" : $"quarantaine. {its.Reason}");
        Console.WriteLine("Er is niets verplaatst of bewaard.");
        return good ? SyndicateCommand.Done : SyndicateCommand.Failed;
    }

    // ---- decide

    static async Task<int> DecideAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var folders = SyndicateCommand.Folders(arguments);
        if (SyndicateCommand.CheckOf(folders).Load(out var errors) is not { } options)
            return SyndicateCommand.Refuse(folders, errors);
        var path = arguments.GetRequiredValue(FileName);
        if (await ReadAsync(path, cancellationToken) is not { } raw)
            return SyndicateCommand.WrongInput;

        var source = options.Sources.FirstOrDefault(s => s.Mailbox is not null);
        MailVerdict verdict;
        try
        {
            verdict = await new MailJudge(source?.Mailbox?.Trust).JudgeAsync(raw, source?.Name ?? "mail", options, null, TimeProvider.System.GetUtcNow(), arguments.GetValue(Trusted), cancellationToken);
        }
        catch (IOException exception)
        {
            return SyndicateCommand.Fail($"De DKIM-sleutel van de afzender is nu niet op te vragen ({exception.Message}); probeer het later opnieuw, of kijk met --trusted naar de rest.");
        }

        if (arguments.GetValue(Json))
            WriteJson(verdict.Submission);
        else
            Write(verdict, options);
        return SyndicateCommand.Done;
    }

    static async Task<byte[]?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            if (Directory.Exists(path))
                return Refuse("is een map; wijs één mail aan, als bestand (.eml)");
            var file = new FileInfo(path);
            if (!file.Exists)
                return Refuse("bestaat niet; wijs een mail aan, als bestand (.eml)");
            if (file.Length == 0)
                return Refuse("is leeg; bewaar de mail opnieuw als .eml");
            // What is too large is decided on without being read; a little more than the limit shows that.
            using var stream = file.OpenRead();
            var bytes = new byte[Math.Min(file.Length, MailJudge.LargestMail + 1)];
            await stream.ReadExactlyAsync(bytes, cancellationToken);
            return bytes;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return Refuse($"kan niet gelezen worden: {exception.Message}");
        }

        byte[]? Refuse(string why)
        {
            Console.Error.WriteLine($"Het bestand '{path}' {why}.");
            return null;
        }
    }

    static void WriteJson(Submission submission) => Console.WriteLine(JsonSerializer.Serialize(
        new { Decision = Wire.Name(submission.Decision), submission.Kind, submission.Municipalities, submission.Reason, submission.Text }, ViewJson.Options));

    static void Write(MailVerdict verdict, SyndicateOptions options)
    {
        var its = verdict.Submission;
        Console.WriteLine($"Besluit    {Wire.Name(its.Decision)}: {Meaning(its.Decision)}");
        Console.WriteLine($"Soort      {its.Kind}");
        Terminal.WriteWrapped(Width, "Waarom     ", its.Reason);
        Console.WriteLine($"Gemeenten  {string.Join(", ", its.Municipalities.Select(code => options.Areas.WithCode(code)?.Name ?? code).DefaultIfEmpty("geen"))}");
        Console.WriteLine($"Titel      {its.Title ?? "geen"}");
        WriteSteps(verdict.Steps);
        Console.WriteLine();
        Console.WriteLine(its.Text);
    }

    static void WriteSteps(IReadOnlyList<TrustStep> steps)
    {
        foreach (var step in steps)
            Terminal.WriteWrapped(Width, $"  {(step.Passed ? "goed" : "MIS ")}  {step.Rung}: ", step.Detail);
    }

    static string Meaning(SubmissionDecision decision) => decision switch
    {
        SubmissionDecision.Post => "de mail wordt geplaatst",
        SubmissionDecision.Hold => "een mens beslist eerst",
        SubmissionDecision.TextOnly => "de tekst wordt geplaatst, de foto niet",
        SubmissionDecision.Never => "de mail blijft binnen",
        _ => "de mail is niet te vertrouwen en gaat apart; een mens krijgt bericht",
    };
}
