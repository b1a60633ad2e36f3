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
    static readonly Option<bool> Json = new("--json") { Description = "Als JSON: decision kind municipalities reason text" };

    public static Command Create()
    {
        var decide = new Command("decide", "Toon wat er met een mail gebeurt en waarom") { FileName, Trusted, Json };
        decide.SetAction(DecideAsync);
        return new Command("mail", "Bekijk wat er met mail gebeurt") { decide };
    }

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
