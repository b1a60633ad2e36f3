using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Connectors;

namespace Burgernet.Syndicate.Tests.Support;

/// <summary>A folder of configuration of its own, at first as it is shipped; gone afterwards.</summary>
sealed class ConfigFolder : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("syndicate-config-").FullName;

    public ConfigFolder()
    {
        var shipped = Path.Combine(AppContext.BaseDirectory, "config");
        foreach (var file in Directory.GetFiles(shipped, "*", SearchOption.AllDirectories))
            Write(Path.GetRelativePath(shipped, file), File.ReadAllText(file));
    }

    public string Config => _folder;

    public string Secrets => Path.Combine(_folder, "secrets");

    public void Write(string file, string text)
    {
        var path = Path.Combine(_folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    public string Read(string file) => File.ReadAllText(Path.Combine(_folder, file));

    public SyndicateFolders Folders => new(_folder, Path.Combine(_folder, "data"), Secrets);

    public SyndicateCheck Check() => new(Folders, ConnectorRegistry.Channels, ConnectorRegistry.Sources);

    public SyndicateOptions? Load(out IReadOnlyList<ConfigurationError> errors) => Check().Load(out errors);

    public void Dispose()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }
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
