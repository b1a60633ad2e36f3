using System.Text.Json;
using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Tests.Support;
using Xunit;

namespace Burgernet.Syndicate.Tests.Channels;

/// <summary>Against a server that throws everything it was told back at us: no reason repeats a secret or the post.</summary>
public sealed class SecrecyTests
{
    public static MatrixTheoryData<string, int> Answers => new(
        ["x", "facebook", "whatsapp"], [200, 400, 401, 402, 403, 404, 422, 429, 500]);

    [Theory, MemberData(nameof(Answers))]
    public async Task No_secret_and_no_word_of_the_post_shows(string type, int status)
    {
        var photo = Some.Post with { Photos = [Some.Photo] };
        foreach (var postId in new[] { "", ",\"id\":\"1\",\"data\":{\"id\":\"1\"}" })
            await using (var server = await ScriptedServer.StartAsync(request => new ScriptedAnswer(status, Echo(request, status, postId))))
            {
                var channel = Some.Channel(type, server.Url);
                List<object> seen = [await channel.PublishAsync(Some.Post), await channel.PublishAsync(photo), channel, Some.Options(type, server.Url)];
                if (channel is IEditsPosts edits)
                    seen.Add(await edits.EditAsync("1", Some.Post, TestContext.Current.CancellationToken));
                if (channel is IDeletesPosts deletes)
                    seen.Add(await deletes.DeleteAsync(Some.Chat, "1", TestContext.Current.CancellationToken));

                Assert.All(seen.OfType<PublishResult>(), result => Assert.True(result.ToString().Length < 500));
                foreach (var text in seen.Select(one => one.ToString()!))
                {
                    foreach (var secret in Some.Options(type, server.Url).Secrets.Values.Select(secret => secret.Reveal()))
                    {
                        Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase);
                        Assert.DoesNotContain(Uri.EscapeDataString(secret), text, StringComparison.OrdinalIgnoreCase);
                    }

                    // The proof that Facebook wants is made of the secrets: 32 bytes in hexadecimals.
                    Assert.DoesNotMatch("[0-9a-fA-F]{64}", text);
                    Assert.DoesNotContain("Zeist", text, StringComparison.Ordinal);
                    Assert.DoesNotContain("rode jas", text, StringComparison.Ordinal);
                }
            }
    }

    [Fact]
    public async Task Line_breaks_of_the_platform_do_not_make_log_lines()
    {
        await using var server = await ScriptedServer.StartAsync(
            new ScriptedAnswer(400, """{"statusCode":400,"message":"a\r\n2026-11-24 ERROR forged\u0000","error":"Bad Request"}"""));
        var result = await Some.Channel("whatsapp", server.Url).PublishAsync(Some.Post);

        Assert.Equal("WhatsApp antwoordde 400, geweigerd (Bad Request: a 2026-11-24 ERROR forged)", Assert.IsType<PublishResult.Rejected>(result).Reason);
    }

    /// <summary>One body that is an error to each of the platforms, with all that was received in every field of it.</summary>
    static string Echo(ReceivedRequest request, int status, string postId)
    {
        var headers = string.Join(' ', request.Headers.Values);
        foreach (var part in new[] { headers, request.Target, Uri.UnescapeDataString(request.Target) })
            headers = headers == part ? headers : $"{headers} {part}";
        var everything = JsonSerializer.Serialize($"{headers} {request.BodyText}");
        return $$"""
            {"title":{{everything}},"detail":{{everything}},"type":{{everything}},"statusCode":{{status}},"message":{{everything}},
             "error":{"message":{{everything}},"code":{{status}},"fbtrace_id":{{everything}}},"errors":[{"code":{{status}},"message":{{everything}}}]{{postId}}}
            """;
    }
}
