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
            Write(Path.GetRelativePath(shipped, file), File.ReadAllBytes(file));
    }

    public string Config => _folder;

    public string Secrets => Path.Combine(_folder, "secrets");

    public SyndicateFolders Folders => new(_folder, Path.Combine(_folder, "data"), Secrets);

    public void Write(string file, string text) => Write(file, Encoding.UTF8.GetBytes(text));

    public void Write(string file, byte[] bytes)
    {
        var path = Path.Combine(_folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
    }

    public string Read(string file) => File.ReadAllText(Path.Combine(_folder, file));

    public void Delete(string file) => File.Delete(Path.Combine(_folder, file));

    public SyndicateCheck MakeCheck() => new(Folders, ConnectorRegistry.Channels, ConnectorRegistry.Sources);

    /// <summary>The options, or null with every error.</summary>
    public SyndicateOptions? Check(out IReadOnlyList<ConfigurationError> errors) => MakeCheck().Load(out errors);

    /// <summary>The options, or null with every error as it is told; without its place where that is in syndicate.json.</summary>
    public SyndicateOptions? Load(out IReadOnlyList<string> errors)
    {
        var options = Check(out var found);
        errors = [.. found.Select(e => e.Place?.File == "syndicate.json" && e.Path != "syndicate.json" ? $"{e.Path}: {e.Message}" : e.ToString())];
        return options;
    }

    /// <summary>The options of a configuration without faults.</summary>
    public SyndicateOptions Load() => Load(out var errors) ?? throw new InvalidOperationException(string.Join(Environment.NewLine, errors));

    public void Dispose()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>The shipped configuration, read once for all tests of a class.</summary>
public sealed class ShippedConfiguration
{
    public ShippedConfiguration()
    {
        using var folder = new ConfigFolder();
        Options = folder.Load();
    }

    public SyndicateOptions Options { get; }
}

/// <summary>A variable of this process for as long as one test runs.</summary>
sealed class EnvironmentVariable : IDisposable
{
    readonly string _name;

    public EnvironmentVariable(string name, string value)
    {
        _name = name;
        Environment.SetEnvironmentVariable(name, value);
    }

    public void Dispose() => Environment.SetEnvironmentVariable(_name, null);
}
