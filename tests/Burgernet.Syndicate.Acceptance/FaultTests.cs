using System.Diagnostics;
using Burgernet.Syndicate.Acceptance.Support;

namespace Burgernet.Syndicate.Acceptance;

/// <summary>Short runs of the fault rig; docs/reliability.md has the long ones. The rig itself says whether all went well.</summary>
public sealed class FaultTests
{
    static readonly TimeSpan Bound = TimeSpan.FromMinutes(5);

    [Fact]
    public Task Workers_that_are_killed_lose_and_double_nothing() => WellAsync("kill --trials 6");

    [Fact]
    public Task Two_workers_on_one_server_that_are_killed_lose_and_double_nothing() => WellAsync("kill --database postgres --replicas 2 --trials 4", "initdb");

    [Fact]
    public Task The_rig_notices_a_worker_that_doubles() => WellAsync("naive --trials 3");

    [Fact]
    public Task A_crash_at_any_point_costs_nothing() => WellAsync("crash-points --trials 12");

    [Fact]
    public Task No_request_leaves_before_its_intent_is_on_disk() => WellAsync("durability", "strace");

    [Fact]
    public Task A_full_disk_costs_nothing()
    {
        Needs.OrSkip(Environment.IsPrivilegedProcess ? null : "a disk that can be filled needs root; run the tests as root to see this one");
        return WellAsync("disk-full --trials 1");
    }

    static async Task WellAsync(string arguments, string? tool = null)
    {
        Needs.OrSkip(OperatingSystem.IsLinux() ? null : "the fault rig needs Linux");
        Needs.OrSkip(tool is null || Has(tool) ? null : $"{tool} is not installed");
        var rig = new WorkerProgram(WorkerProgram.DotnetHost, Path.Combine(AppContext.BaseDirectory, "Burgernet.Syndicate.FaultRig.dll"));
        var (code, output, errors) = await WorkerProcess.RunAsync(arguments.Split(' '), program: rig, within: Bound);

        TestContext.Current.SendDiagnosticMessage(output);
        Assert.True(code == 0, $"{output}{Environment.NewLine}{errors}");
    }

    // Debian keeps PostgreSQL's own programs out of the path.
    static bool Has(string tool)
    {
        using var look = Process.Start("sh", ["-c", $"{{ command -v {tool} || ls /usr/lib/postgresql/*/bin/{tool}; }} >/dev/null 2>&1"]);
        look.WaitForExit();
        return look.ExitCode == 0;
    }
}
