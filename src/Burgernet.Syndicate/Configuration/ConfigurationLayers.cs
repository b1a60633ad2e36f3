using System.Collections;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;

namespace Burgernet.Syndicate.Configuration;

/// <summary>
/// The values of the configuration, one layer over the other: environment (<c>SYNDICATE_channels__x__consumerKey</c>)
/// beats the secrets folder beats syndicate.json. It remembers where each of them was written.
/// </summary>
sealed class ConfigurationLayers
{
    public const string EnvironmentPrefix = "SYNDICATE_";
    public const string FileName = "syndicate.json";

    // For what belongs to the file but stands nowhere in it.
    readonly IReadOnlyList<string> _sections;
    readonly Dictionary<string, Place> _outside = new(StringComparer.OrdinalIgnoreCase);
    readonly ConfigJson _file;

    ConfigurationLayers(SyndicateFolders folders, IReadOnlyList<string> sections, ConfigJson file)
    {
        (_sections, _file) = (sections, file);
        var builder = new ConfigurationBuilder().AddInMemoryCollection(file.Values);
        if (Directory.Exists(folders.Secrets))
        {
            builder.AddKeyPerFile(source =>
            {
                source.FileProvider = new PhysicalFileProvider(Path.GetFullPath(folders.Secrets));
                source.Optional = true;
                source.IgnoreCondition = name => !IsOurs(name);
            });
            foreach (var secret in Directory.EnumerateFiles(folders.Secrets).Where(path => IsOurs(Path.GetFileName(path))))
                _outside[PathOf(Path.GetFileName(secret))] = new Place(secret);
        }

        Values = builder.AddEnvironmentVariables(EnvironmentPrefix).Build();
        foreach (var variable in Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(entry => (string)entry.Key).Where(name => name.StartsWith(EnvironmentPrefix, StringComparison.OrdinalIgnoreCase)))
            _outside[PathOf(variable[EnvironmentPrefix.Length..])] = new Place(variable);
    }

    public IConfigurationRoot Values { get; }

    /// <summary>Null when syndicate.json is not there or cannot be understood, which is an error then.</summary>
    /// <param name="folders">Where to look.</param>
    /// <param name="sections">What syndicate.json may hold; the secrets folder may hold what belongs to others.</param>
    /// <param name="errors">Takes what is wrong with the file itself.</param>
    public static ConfigurationLayers? Read(SyndicateFolders folders, IReadOnlyList<string> sections, List<ConfigurationError> errors)
    {
        var path = Path.Combine(folders.Config, FileName);
        try
        {
            return ConfigJson.Read(FileName, File.ReadAllBytes(path), errors) is { } file ? new ConfigurationLayers(folders, sections, file) : null;
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or FormatException or UnauthorizedAccessException)
        {
            errors.Add(new ConfigurationError(FileName, exception is FileNotFoundException or DirectoryNotFoundException
                ? $"staat niet in '{folders.Config}'; wijs met --config de map aan waar het wel staat"
                : $"kan niet gelezen worden: {(exception.InnerException ?? exception).Message}") { Place = new Place(FileName) });
            return null;
        }
    }

    /// <summary>The names in a section of the file; null where it is no object.</summary>
    public IReadOnlySet<string>? Declared(string section) => _file.Names(section);

    /// <summary>Where a value was written, or else the nearest thing it belongs to; null when it is not of syndicate.json.</summary>
    /// <param name="path">Such as <c>channels.x.quiet</c>.</param>
    public Place? PlaceOf(string path)
    {
        if (_outside.TryGetValue(path, out var outside))
            return outside;
        if (_file.PlaceOf(path) is { } written)
            return written;
        if (_outside.Keys.FirstOrDefault(key => key.StartsWith($"{path}.", StringComparison.OrdinalIgnoreCase)) is { } inside)
            return _outside[inside];
        if (path.LastIndexOf('.') is > 0 and var dot)
            return PlaceOf(path[..dot]);
        return _sections.Contains(path) ? _file.PlaceOf("") : null;
    }

    bool IsOurs(string name) => _sections.Any(section => name.StartsWith($"{section}__", StringComparison.OrdinalIgnoreCase));

    static string PathOf(string name) => name.Replace("__", ".", StringComparison.Ordinal);
}
