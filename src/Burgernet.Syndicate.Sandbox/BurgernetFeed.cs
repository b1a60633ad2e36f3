using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Burgernet.Syndicate.Sandbox;

/// <summary>
/// The two public feeds. Nothing runs in the background: what a feed shows is worked out from the clock when it is read.
/// </summary>
internal sealed class BurgernetFeed(SandboxOptions options, Func<Uri> address) : IPlatform
{
    readonly Lock gate = new();
    readonly TimeProvider time = options.TimeProvider;
    readonly ScenarioTimings timings = options.Timings;
    // Seconds of the start, so that a later run on the same database never gives an id again. They fit in 32 bits.
    readonly long firstId = (long)(options.TimeProvider.GetUtcNow() - new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero)).TotalSeconds;
    readonly byte[] photo = ReadPhoto();
    DateTimeOffset? actionsStarted;
    DateTimeOffset? alertsStarted;
    string? actionsInstead;
    string? alertsInstead;

    public SandboxPlatform Name => SandboxPlatform.Feed;

    public void Map(IEndpointRouteBuilder routes, FaultGate faults)
    {
        routes.MapGet("/burgernet/burgernet-api/v2/actions", faults.Guard(this, SandboxOperation.Read, context => Task.FromResult(Serve(context, Actions()))));
        routes.MapGet("/landactiehost/api/v1/alerts", faults.Guard(this, SandboxOperation.Read, context => Task.FromResult(Serve(context, Alerts()))));
        routes.MapGet("/landactiehost/foto/{name}", async context =>
        {
            context.Response.ContentType = "image/png";
            await context.Response.Body.WriteAsync(photo, context.RequestAborted);
        });
    }

    public Answer Refusal(PlannedFault fault) => fault.Fault == SandboxFault.RateLimit
        ? Answer.Html(429, "<html><head><title>429 Too Many Requests</title></head></html>").With("Retry-After", (long)Math.Ceiling(fault.Wait.TotalSeconds))
        : Answer.Html(500, "<html><head><title>500 Internal Server Error</title></head></html>");

    public void ServeActions(string? json)
    {
        lock (gate) actionsInstead = json;
    }

    public void ServeAlerts(string? json)
    {
        lock (gate) alertsInstead = json;
    }

    static Answer Serve(HttpContext context, string json)
    {
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)))[..16]}\"";
        var known = context.Request.Headers.IfNoneMatch.ToString().Split(',', StringSplitOptions.TrimEntries);
        return (known.Contains(tag) || known.Contains($"W/{tag}") ? new Answer(304) : new Answer(200, json))
            .With("ETag", tag)
            .With("Cache-Control", "no-cache");
    }

    string Actions()
    {
        lock (gate)
        {
            if (actionsInstead is not null) return actionsInstead;
            var list = new JsonArray();
            if (options.Scenario)
            {
                var now = time.GetUtcNow();
                var first = (actionsStarted ??= now) + timings.FirstActionAfter;
                foreach (var (number, begun) in Issued(first, timings.ActionEvery, timings.CloseAfter, now))
                    list.Add(Action(number, begun, now));
            }
            return new JsonObject { ["actions"] = list }.ToJsonString();
        }
    }

    string Alerts()
    {
        lock (gate)
        {
            if (alertsInstead is not null) return alertsInstead;
            var list = new JsonArray();
            if (options.Scenario)
            {
                var now = time.GetUtcNow();
                var first = (alertsStarted ??= now) + timings.FirstChildAlertAfter;
                foreach (var (number, begun) in Issued(first, timings.ChildAlertEvery, timings.ChildAlertLasts, now))
                    list.Add(ChildAlert(number, begun, now));
            }
            return list.ToJsonString();
        }
    }

    /// <summary>What is begun and not yet gone from the list, with its number and its moment.</summary>
    IEnumerable<(long Number, DateTimeOffset Begun)> Issued(DateTimeOffset first, TimeSpan every, TimeSpan lasts, DateTimeOffset now)
    {
        if (now < first) yield break;
        var newest = (now - first).Ticks / every.Ticks;
        var goneAfter = lasts + timings.ClosedStaysFor;
        var oldest = Math.Max(0, newest - goneAfter.Ticks / every.Ticks - 1);
        for (var number = oldest; number <= newest; number++)
        {
            var begun = first + every * number;
            if (now < begun + goneAfter) yield return (number, begun);
        }
    }

    JsonObject Action(long number, DateTimeOffset begun, DateTimeOffset now)
    {
        var example = ExampleAction.All[(int)(number % ExampleAction.All.Count)];
        var (updated, closed) = (begun + timings.UpdateAfter, begun + timings.CloseAfter);
        var messages = new JsonArray(Message(example.Title, example.Opening, "Start", begun));
        if (now >= updated) messages.Add(Message(null, example.Update, "Update", updated));
        if (now >= closed) messages.Add(Message(null, example.Closing, "Afloop", closed));

        var action = new JsonObject
        {
            ["id"] = firstId + number,
            ["municipality"] = example.Municipality,
            ["active"] = now < closed,
            ["amberAlert"] = false,
            ["startTimestamp"] = begun.ToUnixTimeSeconds(),
            ["endTimestamp"] = now < closed ? null : closed.ToUnixTimeSeconds(),
            ["area"] = new JsonObject { ["lat"] = example.Latitude, ["lng"] = example.Longitude, ["radius"] = example.Radius },
            ["messages"] = messages,
        };
        if (example.ActionType is not null) action["actionType"] = example.ActionType;
        return action;
    }

    static JsonObject Message(string? title, string text, string type, DateTimeOffset at) => new JsonObject
    {
        ["title"] = title,
        ["body"] = DutchTime.Fill(text, at),
        ["responseUrl"] = null,
        ["messageType"] = type,
        ["lastModifiedTimestamp"] = at.ToUnixTimeSeconds(),
        ["speechId"] = null,
    };

    JsonObject ChildAlert(long number, DateTimeOffset begun, DateTimeOffset now)
    {
        var example = ExampleChildAlert.All[(int)(number % ExampleChildAlert.All.Count)];
        var ended = begun + timings.ChildAlertLasts;
        var cancelled = now >= ended;
        var id = firstId + number;
        var photoUrl = new Uri(address(), $"/landactiehost/foto/{id}.png").AbsoluteUri;
        var centre = string.Create(CultureInfo.InvariantCulture, $"{example.Latitude:F6},{example.Longitude:F6}");
        return new JsonObject
        {
            ["AlertId"] = Text(id),
            ["MessageId"] = Text(id * 2 + (cancelled ? 1 : 0)),
            ["Sender"] = "KindAlarmPortal",
            ["Sent"] = Text((cancelled ? ended : begun).ToUnixTimeSeconds()),
            ["State"] = "Actual",
            ["Type"] = cancelled ? "Cancel" : "Alert",
            ["Scope"] = "Public",
            ["AlertLevel"] = "5",
            ["Location"] = new JsonObject { ["Description"] = null, ["Latitude"] = null, ["Longitude"] = null },
            ["Message"] = new JsonObject
            {
                ["Title"] = cancelled ? null : $"{example.Name} ({example.Age})",
                ["Description"] = cancelled ? "Sluitbericht Vermist Kind Alert" : DutchTime.Fill(example.Description, begun),
                ["DescriptionExt"] = cancelled ? null : "Vermist",
                ["Readmore_URL"] = "https://www.politie.nl/amberalert",
                ["Media_URL"] = null,
                ["Media"] = new JsonObject { ["Image"] = cancelled ? null : photoUrl, ["SmallImage"] = cancelled ? null : photoUrl },
            },
            ["Area"] = new JsonObject
            {
                ["Description"] = cancelled ? null : example.Municipality,
                ["Circle"] = cancelled ? null : $"{centre} {example.RadiusKilometres * 1000}",
                ["CircleKM"] = cancelled ? null : $"{centre} {example.RadiusKilometres}",
            },
        };
    }

    static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    static byte[] ReadPhoto()
    {
        using var stream = typeof(BurgernetFeed).Assembly.GetManifestResourceStream("photo.png")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
