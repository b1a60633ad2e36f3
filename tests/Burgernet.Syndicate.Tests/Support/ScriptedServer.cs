using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Burgernet.Syndicate.Tests.Support;

/// <summary>What arrived: the target exactly as it stood on the request line.</summary>
sealed record ReceivedRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Path => Target.Split('?')[0];

    public string BodyText => Encoding.UTF8.GetString(Body);

    public override string ToString() => $"{Method} {Target}";
}

/// <summary>What the script says to answer.</summary>
sealed record ScriptedAnswer(int Status, string Body, string ContentType = "application/json")
{
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    public ScriptedAnswer With(string name, string value) => this with { Headers = [.. Headers, (name, value)] };
}

/// <summary>A real HTTP server on loopback: remembers what it was asked and answers from a script.</summary>
sealed class ScriptedServer : IAsyncDisposable
{
    readonly WebApplication _app;
    readonly ConcurrentQueue<ReceivedRequest> _requests = [];
    readonly Func<ReceivedRequest, ScriptedAnswer> _script;

    ScriptedServer(Func<ReceivedRequest, ScriptedAnswer> script)
    {
        _script = script;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public IReadOnlyList<ReceivedRequest> Requests => [.. _requests];

    public Uri Url => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    public static async Task<ScriptedServer> StartAsync(Func<ReceivedRequest, ScriptedAnswer> script)
    {
        var server = new ScriptedServer(script);
        await server._app.StartAsync();
        return server;
    }

    /// <summary>Gives the answers in turn; the last one from then on.</summary>
    public static Task<ScriptedServer> StartAsync(params ScriptedAnswer[] answers)
    {
        var next = -1;
        return StartAsync(_ => answers[Math.Min(Interlocked.Increment(ref next), answers.Length - 1)]);
    }

    async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var request = new ReceivedRequest(
            context.Request.Method,
            context.Features.Get<IHttpRequestFeature>()!.RawTarget,
            context.Request.Headers.ToDictionary(
                header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body.ToArray());
        _requests.Enqueue(request);

        var answer = _script(request);
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.ContentType;
        foreach (var (name, value) in answer.Headers)
            context.Response.Headers.Append(name, value);
        // It does not tell the time unless the script does: the tests' clocks are not the machine's.
        if (context.Response.Headers.Date.Count == 0)
            context.Response.Headers.Date = "-";
        await context.Response.WriteAsync(answer.Body);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
