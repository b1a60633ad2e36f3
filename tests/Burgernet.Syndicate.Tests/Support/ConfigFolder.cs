using System.Text;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Connectors;

namespace Burgernet.Syndicate.Tests.Support;

/// <summary>A folder of configuration in sandbox mode, made of the shipped one; a test changes a file of it.</summary>
sealed class ConfigFolder : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("syndicate-config-").FullName;

    public ConfigFolder()
    {
        var shipped = Path.Combine(AppContext.BaseDirectory, "config");
        foreach (var file in Directory.GetFiles(shipped, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(_folder, Path.GetRelativePath(shipped, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    public void Write(string file, string text) => Write(file, Encoding.UTF8.GetBytes(text));

    public void Write(string file, byte[] bytes) => File.WriteAllBytes(Path.Combine(_folder, file), bytes);

    public void Delete(string file) => File.Delete(Path.Combine(_folder, file));

    /// <summary>The options, or null with every error.</summary>
    public SyndicateOptions? Load(out IReadOnlyList<string> errors)
    {
        var options = new SyndicateCheck(new SyndicateFolders(_folder, Path.Combine(_folder, "data"), Path.Combine(_folder, "secrets")), ConnectorRegistry.Channels, ConnectorRegistry.Sources).Load(out var found);
        errors = [.. found.Select(e => e.ToString())];
        return options;
    }

    /// <summary>The options of a configuration without faults.</summary>
    public SyndicateOptions Load() => Load(out var errors) ?? throw new InvalidOperationException(string.Join(Environment.NewLine, errors));

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
