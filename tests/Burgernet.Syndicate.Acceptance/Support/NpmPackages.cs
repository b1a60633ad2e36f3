using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;

namespace Burgernet.Syndicate.Acceptance.Support;

/// <summary>Packages of npm that tests need: installed once, as their lock file says, into a temporary folder named after it.</summary>
/// <param name="source">The folder with package.json and package-lock.json.</param>
/// <param name="name">What the temporary folder's name begins with.</param>
sealed class NpmPackages(string source, string name)
{
    static readonly TimeSpan InstallTimeout = TimeSpan.FromMinutes(3);

    readonly Lock _installing = new();
    string? _missing;
    bool _tried;

    public string Folder { get; } = Path.Combine(Path.GetTempPath(), $"{name}-{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(source, "package-lock.json"))))[..16]}");

    /// <summary>Why they are not there, in one sentence; null when they are.</summary>
    public string? Missing
    {
        get
        {
            lock (_installing)
            {
                if (!_tried)
                    _missing = TryInstall();
                _tried = true;
                return _missing;
            }
        }
    }

    string? TryInstall()
    {
        try
        {
            if (Directory.Exists(Folder))
                return null;
            // Beside its place and then moved there, so that a run that was cut short leaves nothing that looks whole.
            var making = Directory.CreateDirectory($"{Folder}.{Environment.ProcessId}").FullName;
            foreach (var file in Directory.GetFiles(source, "*.json"))
                File.Copy(file, Path.Combine(making, Path.GetFileName(file)), overwrite: true);
            using var npm = Process.Start(new ProcessStartInfo("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
            {
                WorkingDirectory = making, RedirectStandardInput = true, RedirectStandardOutput = true,
            })!;
            var said = npm.StandardOutput.ReadToEndAsync();
            npm.StandardInput.Close();
            if (!npm.WaitForExit(InstallTimeout))
                npm.Kill(entireProcessTree: true);
            if (npm.ExitCode != 0)
                return $"npm could not install {name}: {said.Result}";
            if (!Directory.Exists(Folder))
                Directory.Move(making, Folder);
            return null;
        }
        catch (Win32Exception)
        {
            return "node and npm are not installed";
        }
    }
}
