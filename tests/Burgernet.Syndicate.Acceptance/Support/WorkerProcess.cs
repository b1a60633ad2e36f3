using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Burgernet.Syndicate.Acceptance.Support;

/// <summary>What is started: a file and what stands before the program's own arguments.</summary>
sealed record WorkerProgram(string File, params IReadOnlyList<string> First)
{
    /// <summary>The worker that was built with these tests.</summary>
    public static WorkerProgram Built { get; } =
        new(DotnetHost, Path.Combine(AppContext.BaseDirectory, "Burgernet.Syndicate.Worker.dll"));

    /// <summary>The <c>dotnet</c> that runs these tests.</summary>
    public static string DotnetHost => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } path ? path : "dotnet";
}

/// <summary>
/// The worker as a program of its own, on a free port. It is waited for until it says that it is ready, and it ends
/// with the test, whatever happens there.
/// </summary>
/// <example><code>await using var worker = await WorkerProcess.StartAsync(config, data);</code></example>
sealed class WorkerProcess : IAsyncDisposable
{
    static readonly TimeSpan ReadyWithin = TimeSpan.FromMinutes(2);
    static readonly TimeSpan EndedWithin = TimeSpan.FromMinutes(2);

    readonly Running _running;

    WorkerProcess(Running running, Uri url)
    {
        _running = running;
        Url = url;
        Client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = url, Timeout = TimeSpan.FromMinutes(1) };
    }

    public Uri Url { get; }

    /// <summary>Asks this worker; paths like <c>/api/alerts</c> are enough.</summary>
    public HttpClient Client { get; }

    public int Id => _running.Process.Id;

    public bool HasExited => _running.Process.HasExited;

    /// <summary>What it has said so far on standard output.</summary>
    public string Output => _running.Out.ToString();

    /// <summary>What it has said so far on standard error.</summary>
    public string Errors => _running.Err.ToString();

    /// <summary>Starts <c>run</c> and returns when <c>/health/ready</c> answers 200.</summary>
    /// <param name="configDir">Folder for <c>--config</c>.</param>
    /// <param name="dataDir">Folder for <c>--data</c>.</param>
    /// <param name="env">Added to the environment; null takes a variable away.</param>
    /// <param name="secretsDir">Folder for <c>--secrets</c>; by default one that does not exist, never that of the machine.</param>
    /// <param name="program">What to start; by default what was built with these tests.</param>
    /// <param name="cancellationToken">Ends the waiting, and the worker with it.</param>
    public static async Task<WorkerProcess> StartAsync(
        string configDir, string dataDir, IReadOnlyDictionary<string, string?>? env = null, string? secretsDir = null,
        WorkerProgram? program = null, CancellationToken cancellationToken = default)
    {
        for (var attempt = 1; ; attempt++)
        {
            var url = new Uri($"http://127.0.0.1:{TestMachine.FreePort()}");
            var running = Running.Start(
                program ?? WorkerProgram.Built,
                ["run", "--config", configDir, "--data", dataDir, "--secrets", secretsDir ?? Path.Combine(dataDir, "no-secrets"), "--urls", url.ToString().TrimEnd('/')],
                env);
            var worker = new WorkerProcess(running, url);
            try
            {
                await worker.WaitUntilReadyAsync(cancellationToken);
                return worker;
            }
            // Between choosing a port and listening on it somebody else may take it.
            catch (WorkerEndedException) when (attempt < 3 && running.Err.ToString().Contains("niet luisteren", StringComparison.Ordinal))
            {
                await worker.DisposeAsync();
            }
            catch
            {
                await worker.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>Runs one command to its end.</summary>
    /// <param name="args">The program's arguments, such as <c>["check", "--config", folder]</c>.</param>
    /// <param name="env">Added to the environment; null takes a variable away.</param>
    /// <param name="input">What it reads on standard input.</param>
    /// <param name="program">What to start; by default what was built with these tests.</param>
    /// <param name="folder">Where it is started; by default where the tests are.</param>
    /// <param name="within">The longest it may take; a minute by default.</param>
    public static async Task<(int Code, string Out, string Err)> RunAsync(
        string[] args, IReadOnlyDictionary<string, string?>? env = null, string? input = null,
        WorkerProgram? program = null, string? folder = null, TimeSpan? within = null)
    {
        using var running = Running.Start(program ?? WorkerProgram.Built, args, env, input, folder);
        var code = await running.EndAsync(within ?? EndedWithin);
        return (code, running.Out.ToString(), running.Err.ToString());
    }

    /// <summary>Asks it to stop, as a container engine does (SIGTERM), and gives its exit code.</summary>
    public async Task<int> StopAsync()
    {
        if (!_running.Process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", _running.Process.Id.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync();
        }

        return await _running.EndAsync(EndedWithin);
    }

    /// <summary>Ends it without a warning (SIGKILL), as a power cut does.</summary>
    public async Task KillAsync()
    {
        if (!_running.Process.HasExited)
            _running.Process.Kill(entireProcessTree: true);
        await _running.EndAsync(EndedWithin);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await KillAsync();
        _running.Dispose();
    }

    async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        while (waited.Elapsed < ReadyWithin)
        {
            if (_running.Process.HasExited)
                throw new WorkerEndedException(_running.Describe(await _running.EndAsync(EndedWithin)));
            try
            {
                using var answer = await Client.GetAsync(new Uri("/health/ready", UriKind.Relative), cancellationToken);
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(50, cancellationToken);
        }

        throw new TimeoutException($"The worker was not ready within {ReadyWithin.TotalSeconds} s.{Environment.NewLine}{_running.Describe(null)}");
    }

    /// <summary>It ended where it should have gone on.</summary>
    sealed class WorkerEndedException(string message) : Exception(message);

    /// <summary>A process that we started, with all it says.</summary>
    sealed class Running : IDisposable
    {
        public required Process Process { get; init; }

        public Transcript Out { get; } = new();

        public Transcript Err { get; } = new();

        public static Running Start(WorkerProgram program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment, string? input = null, string? folder = null)
        {
            var start = new ProcessStartInfo(program.File, [.. program.First, .. arguments])
            {
                WorkingDirectory = folder ?? AppContext.BaseDirectory,
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                StandardOutputEncoding = Encoding.UTF8,
                StandardErrorEncoding = Encoding.UTF8,
                StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            };

            // What the developer or the CI machine has set must not decide what a test finds.
            foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("SYNDICATE_", StringComparison.OrdinalIgnoreCase) || k.StartsWith("ASPNETCORE_", StringComparison.Ordinal)).ToList())
                start.Environment.Remove(name);
            foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
            {
                if (value is null)
                    start.Environment.Remove(name);
                else
                    start.Environment[name] = value;
            }

            var running = new Running { Process = new Process { StartInfo = start } };
            running.Process.OutputDataReceived += (_, line) => running.Out.Add(line.Data);
            running.Process.ErrorDataReceived += (_, line) => running.Err.Add(line.Data);
            running.Process.Start();
            running.Process.BeginOutputReadLine();
            running.Process.BeginErrorReadLine();
            try
            {
                running.Process.StandardInput.Write(input);
                running.Process.StandardInput.Close();
            }
            catch (IOException)
            {
                // It ended before it read everything; its exit code tells the rest.
            }

            return running;
        }

        /// <summary>Waits for the end and gives the exit code; what takes too long is ended.</summary>
        public async Task<int> EndAsync(TimeSpan within)
        {
            using var limit = new CancellationTokenSource(within);
            try
            {
                await Process.WaitForExitAsync(limit.Token);
                return Process.ExitCode;
            }
            catch (OperationCanceledException)
            {
                Process.Kill(entireProcessTree: true);
                throw new TimeoutException($"The program did not end within {within.TotalSeconds} s.{Environment.NewLine}{Describe(null)}");
            }
        }

        public string Describe(int? code) =>
            $"{(code is null ? "It still runs." : $"It ended with {code}.")}{Environment.NewLine}--- output{Environment.NewLine}{Out}{Environment.NewLine}--- errors{Environment.NewLine}{Err}";

        public void Dispose() => Process.Dispose();
    }

    /// <summary>Lines, written by one thread and read by another.</summary>
    sealed class Transcript
    {
        readonly StringBuilder _text = new();

        public void Add(string? line)
        {
            if (line is null)
                return;
            lock (_text)
                _text.AppendLine(line);
        }

        public override string ToString()
        {
            lock (_text)
                return _text.ToString();
        }
    }
}
