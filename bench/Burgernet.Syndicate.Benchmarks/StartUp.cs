using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Burgernet.Syndicate.Acceptance.Support;

namespace Burgernet.Syndicate.Benchmarks;

/// <summary>From the start of the published worker to its first "ready", and what it holds in memory when it has nothing to do.</summary>
static class StartUp
{
    const int Starts = 5;

    static readonly TimeSpan Idle = TimeSpan.FromSeconds(15);
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    static readonly TimeSpan PublishPatience = TimeSpan.FromMinutes(5);

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(string? worker)
    {
        var folder = Directory.CreateTempSubdirectory("syndicate-bench-");
        try
        {
            worker ??= await PublishAsync(Path.Combine(Shipped.Root, "src", "Burgernet.Syndicate.Worker"), Path.Combine(folder.FullName, "worker"), "Burgernet.Syndicate.Worker");
            var measured = await StartsAsync((port, run) => new ProcessStartInfo(worker)
            {
                ArgumentList = { "run", "--config", Config(folder, run), "--data", folder.CreateSubdirectory($"data-{run}").FullName, "--urls", $"http://127.0.0.1:{port}" },
            });
            var floor = await FloorAsync(folder);
            return
            [
                new Figure("cold start → ready", "ms")
                {
                    Target = "median ≤ 1500", Measured = measured.Ready, Met = measured.Ready.Median <= 1500, Floor = floor?.Ready.Median,
                    FloorIs = "an ASP.NET Core application with one page, published the same way",
                    Note = $"{Starts} starts of the published worker in sandbox mode, each with an empty data folder; /health/ready asked every 10 ms",
                },
                new Figure("resident memory, idle", "MB")
                {
                    Target = "≤ 120", Measured = measured.Memory, Met = measured.Memory?.Median <= 120, Floor = floor?.Memory?.Median,
                    Note = $"VmRSS of the last start, {Idle.TotalSeconds:0} s after it was ready{(measured.Memory is null ? "; this system does not tell" : "")}",
                },
            ];
        }
        catch (BenchException exception)
        {
            return [NotMeasured("cold start → ready", "ms", "median ≤ 1500"), NotMeasured("resident memory, idle", "MB", "≤ 120")];

            Figure NotMeasured(string name, string unit, string target) => new(name, unit) { Target = target, Note = $"not measured: {exception.Message}" };
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // The bare platform, so that the worker's own share can be seen.
    static async Task<(Spread Ready, Spread? Memory)?> FloorAsync(DirectoryInfo folder)
    {
        var project = folder.CreateSubdirectory("bare");
        File.WriteAllText(Path.Combine(project.FullName, "Bare.csproj"), """
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(project.FullName, "Program.cs"), """
            var app = WebApplication.CreateSlimBuilder(args).Build();
            app.MapGet("/health/ready", () => "ready");
            app.Run();
            """);
        try
        {
            var bare = await PublishAsync(project.FullName, Path.Combine(folder.FullName, "bare-published"), "Bare");
            return await StartsAsync((port, _) => new ProcessStartInfo(bare) { ArgumentList = { "--urls", $"http://127.0.0.1:{port}" } });
        }
        catch (BenchException exception)
        {
            Console.Error.WriteLine($"no floor: {exception.Message}");
            return null;
        }
    }

    static async Task<(Spread Ready, Spread? Memory)> StartsAsync(Func<int, int, ProcessStartInfo> start)
    {
        var ready = new List<double>();
        Spread? memory = null;
        for (var run = 1; run <= Starts; run++)
        {
            var port = TestMachine.FreePort();
            var info = start(port, run);
            (info.RedirectStandardOutput, info.RedirectStandardError) = (true, true);
            var before = Stopwatch.GetTimestamp();
            using var process = Process.Start(info) ?? throw new BenchException("it does not start");
            process.OutputDataReceived += (_, _) => { };
            process.ErrorDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            try
            {
                await ReadyAsync(process, port);
                ready.Add(Stopwatch.GetElapsedTime(before).TotalMilliseconds);
                if (run == Starts)
                {
                    await Task.Delay(Idle);
                    memory = ResidentMegabytes(process.Id) is { } megabytes ? Spread.Single(megabytes) : null;
                }
            }
            finally
            {
                process.Kill();
                await process.WaitForExitAsync();
            }
        }

        return (Spread.Of(ready), memory);
    }

    static async Task ReadyAsync(Process process, int port)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(2) };
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < Patience)
        {
            if (process.HasExited)
                throw new BenchException($"it ended with {process.ExitCode} instead of becoming ready");
            try
            {
                using var answer = await client.GetAsync(new Uri($"http://127.0.0.1:{port}/health/ready"));
                if (answer.StatusCode is HttpStatusCode.OK)
                    return;
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
            {
                // Not listening yet.
            }

            await Task.Delay(10);
        }

        throw new BenchException($"it was not ready within {Patience.TotalSeconds:0} s");
    }

    static async Task<string> PublishAsync(string project, string to, string name)
    {
        var info = new ProcessStartInfo("dotnet")
        {
            ArgumentList =
            {
                "publish", project, "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "--self-contained", "false",
                "-p:PublishReadyToRun=true", "-o", to, "--disable-build-servers", "-nodeReuse:false", "-v", "quiet",
            },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(info)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var late = new CancellationTokenSource(PublishPatience);
        try
        {
            await process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new BenchException($"{name} was not published within {PublishPatience.TotalMinutes:0} minutes");
        }

        if (process.ExitCode == 0)
            return Path.Combine(to, OperatingSystem.IsWindows() ? $"{name}.exe" : name);

        // Without the folder in front: what is written here may be shown to others.
        var first = (await output + await errors).Split('\n').FirstOrDefault(line => line.Contains("error", StringComparison.Ordinal))?.Trim() ?? "no reason given";
        throw new BenchException($"{name} cannot be published ({first[(first.IndexOf("error", StringComparison.Ordinal) is > 0 and var at ? at : 0)..].Split(" [")[0]})");
    }

    static string Config(DirectoryInfo folder, int run)
    {
        var copy = folder.CreateSubdirectory($"config-{run}").FullName;
        var shipped = Path.Combine(AppContext.BaseDirectory, "config");
        foreach (var file in Directory.EnumerateFiles(shipped, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy, Path.GetRelativePath(shipped, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return copy;
    }

    static double? ResidentMegabytes(int process)
    {
        var status = $"/proc/{process}/status";
        return File.Exists(status) && File.ReadLines(status).FirstOrDefault(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)) is { } line
            ? double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024 / 1e6
            : null;
    }
}

/// <summary>Something cannot be measured here; the message says why.</summary>
sealed class BenchException(string message) : Exception(message);
