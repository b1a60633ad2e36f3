using Microsoft.AspNetCore.Http;

namespace Burgernet.Syndicate.Sandbox;

/// <summary>Who answers.</summary>
public enum SandboxPlatform { X, Facebook, WhatsApp, Feed }

/// <summary>What a caller asks of a platform; reading a feed is <see cref="Read"/>.</summary>
public enum SandboxOperation { Create, Edit, Delete, Read, Upload }

/// <summary>What goes wrong. "After" means that the platform did what was asked and only its answer is bad.</summary>
public enum SandboxFault
{
    /// <summary>The platform's own refusal for too many calls, with its own headers. Nothing is done.</summary>
    RateLimit,

    /// <summary>HTTP 500, although the work was done.</summary>
    ErrorAfterAccepting,

    /// <summary>HTTP 500, and nothing was done.</summary>
    ErrorBefore,

    /// <summary>The connection breaks after the work was done.</summary>
    Cut,

    /// <summary>The connection breaks before anything was done.</summary>
    CutBefore,

    /// <summary>The platform's own refusal of a text that it says it already has. Nothing is done.</summary>
    Duplicate,

    /// <summary>The platform's own refusal of a dead token. Nothing is done.</summary>
    ExpiredToken,

    /// <summary>An HTML page with status 503 where JSON is expected. Nothing is done.</summary>
    Html,

    /// <summary>The work is done at once, the answer comes late.</summary>
    Slow,
}

/// <summary>One fault that waits for its call.</summary>
public sealed record PlannedFault(SandboxPlatform Platform, SandboxOperation Operation, SandboxFault Fault, TimeSpan Wait);

/// <summary>The faults to come: one queue per platform and operation, each fault spent on one call.</summary>
public sealed class SandboxFaults
{
    /// <summary>More than any test needs; it keeps a mistyped number from filling the memory.</summary>
    public const int MostTimes = 1000;

    readonly Lock gate = new();
    readonly List<PlannedFault> planned = [];

    /// <summary>What still waits, in order.</summary>
    public IReadOnlyList<PlannedFault> Pending
    {
        get { lock (gate) return [.. planned]; }
    }

    /// <summary>Plans a fault for the next calls.</summary>
    /// <param name="platform">Who misbehaves.</param>
    /// <param name="fault">How.</param>
    /// <param name="times">For how many calls.</param>
    /// <param name="wait">How late a slow answer is, or how long a rate limit says it lasts. One minute if not given.</param>
    /// <param name="on">For which calls; creating a post if not given, reading for the feed.</param>
    /// <exception cref="ArgumentException">The platform cannot fail in this way.</exception>
    public void Add(SandboxPlatform platform, SandboxFault fault, int times = 1, TimeSpan? wait = null, SandboxOperation? on = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(times);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(times, MostTimes);
        ArgumentOutOfRangeException.ThrowIfLessThan(wait ?? TimeSpan.Zero, TimeSpan.Zero, nameof(wait));
        var operation = on ?? (platform == SandboxPlatform.Feed ? SandboxOperation.Read : SandboxOperation.Create);
        if (platform == SandboxPlatform.Feed && operation != SandboxOperation.Read)
            throw new ArgumentException("A feed is only read.", nameof(on));
        if (platform == SandboxPlatform.Feed && fault is SandboxFault.Duplicate or SandboxFault.ExpiredToken
            || platform == SandboxPlatform.WhatsApp && fault is SandboxFault.Duplicate)
            throw new ArgumentException($"{platform} has no answer for {fault}.", nameof(fault));

        var one = new PlannedFault(platform, operation, fault, wait ?? TimeSpan.FromMinutes(1));
        lock (gate)
        {
            if (planned.Count + times > MostTimes)
                throw new ArgumentException($"More than {MostTimes} faults would wait.", nameof(times));
            planned.AddRange(Enumerable.Repeat(one, times));
        }
    }

    /// <summary>Forgets what still waits.</summary>
    public void Clear()
    {
        lock (gate) planned.Clear();
    }

    internal PlannedFault? Take(SandboxPlatform platform, SandboxOperation operation)
    {
        lock (gate)
        {
            var index = planned.FindIndex(fault => fault.Platform == platform && fault.Operation == operation);
            if (index < 0) return null;
            var fault = planned[index];
            planned.RemoveAt(index);
            return fault;
        }
    }
}

/// <summary>A platform as the faults see it: it knows its own words for what goes wrong.</summary>
internal interface IPlatform
{
    SandboxPlatform Name { get; }

    /// <summary>The platform's own answer for a rate limit, an error, a duplicate or a dead token.</summary>
    Answer Refusal(PlannedFault fault);
}

/// <summary>Stands before every call of a platform and lets the planned fault happen, or the call go on.</summary>
internal sealed class FaultGate(SandboxFaults faults, TimeProvider time, SandboxLies? lies = null)
{
    public RequestDelegate Guard(IPlatform platform, SandboxOperation operation, Func<HttpContext, Task<Answer>> handle) =>
        Guard(platform, _ => Task.FromResult(operation), handle);

    public RequestDelegate Guard(IPlatform platform, Func<HttpContext, Task<SandboxOperation>> operationOf, Func<HttpContext, Task<Answer>> handle) => async context =>
    {
        // Read whole before anything is said, so that it can be done after the caller has gone.
        if (lies is not null)
            context.Request.EnableBuffering();
        var operation = await operationOf(context);
        var fault = faults.Take(platform.Name, operation);
        if (fault is null && lies is not null)
        {
            await LieAsync(platform, operation, handle, context, lies);
            return;
        }

        if (fault is null)
        {
            await (await handle(context)).WriteAsync(context);
            return;
        }

        if (HappensAfter(fault.Fault))
        {
            var answer = await handle(context);
            if (fault.Fault == SandboxFault.Slow)
                await Task.Delay(fault.Wait, time, context.RequestAborted);
            // A call that the platform refused was not accepted; there is nothing to lie about.
            else if (answer.IsSuccess)
                answer = fault.Fault == SandboxFault.Cut ? Answer.Cut : platform.Refusal(fault);
            await answer.WriteAsync(context);
            return;
        }

        // The caller has sent everything before it hears of the trouble: it cannot know what was done with it.
        await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        var refusal = fault.Fault switch
        {
            SandboxFault.CutBefore => Answer.Cut,
            SandboxFault.Html => Answer.Html(StatusCodes.Status503ServiceUnavailable,
                "<!DOCTYPE html><html><head><title>503 Service Unavailable</title></head><body><h1>Service Unavailable</h1></body></html>"),
            _ => platform.Refusal(fault),
        };
        await refusal.WriteAsync(context);
    };

    // A platform that has read a request does what it asks, also when nobody waits for the answer any more.
    async Task LieAsync(IPlatform platform, SandboxOperation operation, Func<HttpContext, Task<Answer>> handle, HttpContext context, SandboxLies how)
    {
        await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        context.Request.Body.Position = 0;
        context.RequestAborted = CancellationToken.None;

        var (fault, commit) = how.Draw(operation);
        if (fault is SandboxFault.Cut or SandboxFault.CutBefore)
            context.Abort();
        if (fault is SandboxFault.CutBefore)
            return;
        if (fault is SandboxFault.RateLimit or SandboxFault.ErrorBefore)
        {
            await platform.Refusal(new PlannedFault(platform.Name, operation, fault.Value, how.Wait)).WriteAsync(context);
            return;
        }

        await Task.Delay(commit, time);
        var answer = await handle(context);
        if (fault is SandboxFault.Cut)
            return;
        if (fault is SandboxFault.Slow)
            await Task.Delay(how.Wait, time);
        if (fault is SandboxFault.ErrorAfterAccepting && answer.IsSuccess)
            answer = platform.Refusal(new PlannedFault(platform.Name, operation, fault.Value, how.Wait));
        await answer.WriteAsync(context);
    }

    static bool HappensAfter(SandboxFault fault) =>
        fault is SandboxFault.ErrorAfterAccepting or SandboxFault.Cut or SandboxFault.Slow;
}
