using System.Net;
using System.Text.Json;
using Burgernet.Syndicate.Acceptance.Support;

namespace Burgernet.Syndicate.Acceptance;

/// <summary>
/// The published output, run as the container image runs it: user 1654, no privileges, everything but the data folder
/// read-only (not even a writable /tmp).
/// </summary>
public sealed class PublishedOutputTests : IDisposable
{
    readonly ReadOnlyCage _cage = new();

    public void Dispose() => _cage.Dispose();

    [Fact]
    public async Task It_refuses_without_an_explicit_mode_and_otherwise_runs_as_an_ordinary_user_on_a_read_only_root()
    {
        Needs.OrSkip(ReadOnlyCage.Missing());
        await TheCageIsReadOnly();
        await AnEmptyConfigurationIsRefused();
        await AConfigurationWithoutModeIsRefused();
        await WithAModeItRuns();
    }

    // A cage that lets everything through would make the rest of this test worthless.
    async Task TheCageIsReadOnly()
    {
        await _cage.PrepareAsync(_ => { });
        var probe = await WorkerProcess.RunAsync(
            ["-c", "id -u; id -G; touch /x /tmp/x /var/tmp/x ./x ../config/x; touch ../data/x && rm ../data/x && echo data"],
            program: await _cage.ProgramAsync("sh"));

        Assert.Equal(["1654", "1654", "data"], probe.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(5, probe.Err.Split('\n', StringSplitOptions.RemoveEmptyEntries).Count(line => line.Contains("cannot touch", StringComparison.Ordinal) || line.Contains("Read-only", StringComparison.OrdinalIgnoreCase)));
    }

    async Task AnEmptyConfigurationIsRefused()
    {
        await _cage.PrepareAsync(_ => { });
        var (code, _, errors) = await RunAsync();

        Assert.Equal(2, code);
        Assert.Contains("syndicate.json", errors, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_cage.Data));
    }

    async Task AConfigurationWithoutModeIsRefused()
    {
        await _cage.PrepareAsync(folder => Configure(folder, mode: null));
        var (code, _, errors) = await RunAsync();

        Assert.Equal(2, code);
        Assert.Contains("mode: ", errors, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_cage.Data));
    }

    async Task WithAModeItRuns()
    {
        await _cage.PrepareAsync(folder => Configure(folder, mode: "sandbox"));
        var program = await _cage.WorkerAsync();
        await using var worker = await WorkerProcess.StartAsync(_cage.Config, _cage.Data, _cage.Environment, program: program);

        using var ready = await worker.Client.GetAsync(new Uri("/health/ready", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        using var body = JsonDocument.Parse(await ready.Content.ReadAsStringAsync());
        Assert.Equal("sandbox", body.RootElement.GetProperty("mode").GetString());

        Assert.Equal(0, (await WorkerProcess.RunAsync(["health", "--urls", worker.Url.ToString()], _cage.Environment, program: program)).Code);

        Assert.Contains($"Uid:\t{ReadOnlyCage.User}\t{ReadOnlyCage.User}\t", await File.ReadAllTextAsync($"/proc/{worker.Id}/status"), StringComparison.Ordinal);
        var written = Directory.GetFiles(_cage.Data);
        Assert.NotEmpty(written);
        var owners = await WorkerProcess.RunAsync(["-c", "%u", .. written], program: new WorkerProgram("stat"));
        Assert.All(owners.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries), owner => Assert.Equal("1654", owner));

        Assert.Equal(0, await worker.StopAsync());
    }

    async Task<(int Code, string Out, string Err)> RunAsync() => await WorkerProcess.RunAsync(
        ["run", "--config", _cage.Config, "--data", _cage.Data, "--secrets", "/run/secrets", "--urls", $"http://127.0.0.1:{TestMachine.FreePort()}"],
        _cage.Environment, program: await _cage.WorkerAsync());

    // The shipped configuration, with another mode or none.
    static void Configure(string folder, string? mode)
    {
        foreach (var file in Directory.EnumerateFiles(Repository.Config, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(folder, Path.GetRelativePath(Repository.Config, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        var json = Path.Combine(folder, "syndicate.json");
        const string Shipped = "\"mode\": \"sandbox\",";
        var text = File.ReadAllText(json);
        Assert.Contains(Shipped, text, StringComparison.Ordinal);
        File.WriteAllText(json, text.Replace(Shipped, mode is null ? "" : $"\"mode\": \"{mode}\",", StringComparison.Ordinal));
    }
}
