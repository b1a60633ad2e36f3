using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Burgernet.Syndicate.Acceptance.Support;

/// <summary>
/// The published program as a container would run it, where there is no container engine: as user 1654 without any
/// privilege, and in a mount namespace in which everything but the data folder can only be read.
/// </summary>
sealed class ReadOnlyCage : IDisposable
{
    /// <summary>The user of Microsoft's images.</summary>
    public const int User = 1654;

    // Arguments: the folder with app, data and dotnet; where dotnet is installed; then the program.
    // The program replaces the shell, so that a signal reaches it.
    const string Enter = """
        set -eu
        work=$1 dotnet=$2; shift 2
        mount --bind "$dotnet" "$work/dotnet"
        mount --bind "$work/data" "$work/data"
        points=$(while read -r _ point _; do
            case $point in /proc|/proc/*|/sys|/sys/*|/dev|/dev/*|"$work/data") ;; *) printf '%s\n' "$point" ;; esac
        done < /proc/mounts)
        printf '%s\n' "$points" | while IFS= read -r point; do
            # What lies hidden under another mount cannot be reached, and need not be.
            mount -o remount,bind,ro "$(printf '%b' "$point")" 2>/dev/null || [ ! -w "$point" ] || exit 1
        done
        cd "$work/app"
        exec setpriv --reuid=1654 --regid=1654 --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all -- "$@"
        """;

    readonly TempFolder _work = new();
    readonly Lazy<Task> _published;

    public ReadOnlyCage() => _published = new Lazy<Task>(PublishAsync);

    public string Config => _work["config"];

    public string Data => _work["data"];

    public IReadOnlyDictionary<string, string?> Environment => new Dictionary<string, string?>
    {
        ["DOTNET_EnableDiagnostics"] = "0",
        ["DOTNET_ROOT"] = _work["dotnet"],
        ["HOME"] = null,
        ["TMPDIR"] = null,
    };

    /// <summary>Why this machine cannot do it; null when it can.</summary>
    public static string? Missing()
    {
        if (!OperatingSystem.IsLinux())
            return "user 1654 and a read-only root need Linux";
        if (!System.Environment.IsPrivilegedProcess)
            return "running the program as user 1654 with a read-only root needs root; run the tests as root to see this one";
        foreach (var tool in (string[])["unshare", "setpriv", "mount", "chown", "stat"])
            if (!Succeeds("sh", "-c", $"command -v {tool}"))
                return $"the command {tool} (util-linux, coreutils) is not installed";
        return Succeeds("unshare", "--mount", "--propagation", "private", "true") ? null : "this machine does not let even root make a mount namespace";
    }

    /// <summary>The published worker in its cage.</summary>
    public async Task<WorkerProgram> WorkerAsync()
    {
        await _published.Value;
        return In("./Burgernet.Syndicate.Worker");
    }

    /// <summary>Any program in the cage.</summary>
    public async Task<WorkerProgram> ProgramAsync(string file)
    {
        await _published.Value;
        return In(file);
    }

    /// <summary>A new, empty data folder that belongs to user 1654, and this configuration.</summary>
    public async Task PrepareAsync(Action<string> fillConfig)
    {
        await _published.Value;
        foreach (var name in (string[])["config", "data"])
        {
            if (Directory.Exists(_work[name]))
                Directory.Delete(_work[name], recursive: true);
            _work.Make(name);
        }

        fillConfig(Config);
        if (!Succeeds("chown", $"{User}:{User}", Data))
            throw new InvalidOperationException($"{Data} could not be given to user {User}");
    }

    public void Dispose() => _work.Dispose();

    // What the Dockerfile does. Build output goes elsewhere: other tests may be building in the checkout.
    async Task PublishAsync()
    {
        _work.Make("dotnet");
        var runtime = RuntimeInformation.OSArchitecture is Architecture.Arm64 ? "linux-arm64" : "linux-x64";
        var (code, output, errors) = await WorkerProcess.RunAsync(
            ["publish", Path.Combine(Repository.Root, "src", "Burgernet.Syndicate.Worker"), "-c", "Release", "-r", runtime, "--self-contained", "false",
                "-p:PublishReadyToRun=true", "--artifacts-path", _work["build"], "-o", _work["app"], "--nologo"],
            new Dictionary<string, string?> { ["MSBUILDDISABLENODEREUSE"] = "1" },
            program: new WorkerProgram(WorkerProgram.DotnetHost), folder: Repository.Root, within: TimeSpan.FromMinutes(20));
        if (code != 0)
            throw new InvalidOperationException($"dotnet publish ended with {code}:{System.Environment.NewLine}{output}{errors}");
    }

    WorkerProgram In(string file) => new("unshare", "--mount", "--propagation", "private", "sh", "-c", Enter, "sh", _work.Path, DotnetRoot, file);

    // Where the runtime that these tests run on is: <root>/shared/Microsoft.NETCore.App/<version>/.
    static string DotnetRoot => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    static bool Succeeds(string file, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
