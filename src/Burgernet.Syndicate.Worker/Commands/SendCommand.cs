using System.CommandLine;
using System.Net.Http.Headers;
using System.Text.Json;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Connectors.Sources.Webhook;

namespace Burgernet.Syndicate.Worker.Commands;

/// <summary>Signs one message and pushes it to a webhook of this program: a tool, and a sample for who connects a control room.</summary>
static class SendCommand
{
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    const int LongestShown = 500;

    static readonly Argument<FileInfo> FileName = new("file") { Description = "Het bericht, als JSON (docs/alert.schema.json)" };
    static readonly Option<string> Url = new("--url") { Description = "Waarheen, zoals http://localhost:8081/api/alerts", Required = true };
    static readonly Option<string> Key = new("--secret") { Description = "De sleutel van die bron (whsec_…)", Required = true };

    public static Command Create()
    {
        var command = new Command("send", "Onderteken een bericht en stuur het naar een webhook") { FileName, Url, Key };
        command.SetAction(RunAsync);
        return command;
    }

    static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var (file, secret) = (arguments.GetRequiredValue(FileName), new Secret(arguments.GetRequiredValue(Key)));
        if (!Uri.TryCreate(arguments.GetRequiredValue(Url), UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            return SyndicateCommand.Fail("--url: dit is geen volledig adres; schrijf het als http://localhost:8081/api/alerts", SyndicateCommand.WrongInput);
        if (StandardWebhook.FaultOf(secret) is { } fault)
            return SyndicateCommand.Fail($"--secret: {fault}", SyndicateCommand.WrongInput);
        if (url.AbsolutePath == "/")
            url = new Uri(url, "/api/alerts");
        try
        {
            var body = await File.ReadAllBytesAsync(file.FullName, cancellationToken);
            var (id, now) = ($"msg_{Guid.NewGuid():N}", TimeProvider.System.GetUtcNow());
            using var http = new HttpClient { Timeout = Longest };
            using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            request.Headers.Add(StandardWebhook.IdHeader, id);
            request.Headers.Add(StandardWebhook.TimestampHeader, now.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture));
            request.Headers.Add(StandardWebhook.SignatureHeader, StandardWebhook.Sign(secret, id, now, body));
            using var response = await http.SendAsync(request, cancellationToken);
            if (response.StatusCode != System.Net.HttpStatusCode.Accepted)
                return SyndicateCommand.Fail($"{url} antwoordde met {(int)response.StatusCode}: {Meaning((int)response.StatusCode)}");
            Write(await response.Content.ReadAsStringAsync(cancellationToken));
            return SyndicateCommand.Done;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return SyndicateCommand.Fail($"{file.FullName} kan niet gelezen worden: {exception.Message}", SyndicateCommand.WrongInput);
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return SyndicateCommand.Fail($"{url} is niet bereikbaar: {exception.Message}");
        }
    }

    static void Write(string text)
    {
        if (Read(text) is not { } answer)
        {
            var said = new string([.. text.Take(LongestShown).Select(c => char.IsControl(c) ? ' ' : c)]).Trim();
            Console.WriteLine(said.Length == 0 ? "aangenomen, zonder antwoord wat ermee gebeurt" : $"aangenomen; het antwoord is niet dat van dit programma: {said}");
            return;
        }

        Console.WriteLine(answer.Outcome switch
        {
            "accepted" => $"aangenomen als {answer.AlertId}; het wordt geplaatst",
            "known" => "was al bekend; er gebeurt niets",
            "stored" => $"bewaard, maar niet geplaatst: {answer.Reason}",
            "confirmed" => "bevestigt wat een andere bron al meldde; er wordt niets geplaatst",
            "ignored" => $"niet van deze regio: {answer.Reason}",
            _ => $"niet begrepen of tegenstrijdig en dus apart gezet; een mens krijgt bericht: {answer.Reason}",
        });
        foreach (var error in answer.Errors ?? [])
            Console.WriteLine($"  {error}");
    }

    static WebhookAnswer? Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<WebhookAnswer>(text, WebhookAnswer.Json) is { Outcome.Length: > 0 } answer ? answer : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static string Meaning(int status) => status switch
    {
        401 => "de sleutel is daar niet bekend, of de klok van deze machine loopt meer dan vijf minuten uit de pas",
        404 => "daar luistert geen webhook van dit programma; het adres eindigt op /api/alerts",
        413 => "het bericht is groter dan 256 kB",
        503 => "het kan daar nu niet bewaard worden; probeer het opnieuw",
        _ => "het is niet aangenomen",
    };
}
