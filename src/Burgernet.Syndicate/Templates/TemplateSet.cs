using System.Globalization;
using Fluid;
using Fluid.Values;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;

namespace Burgernet.Syndicate.Templates;

/// <summary>
/// The templates in <c>config/templates</c>, parsed: one per channel (by its name, or else its type) and shared parts
/// that they include. A wrong variable or filter is an error, never an empty place in a public post.
/// </summary>
public sealed class TemplateSet
{
    const int LongestPost = 100_000;

    static readonly FluidParser Parser = new();

    readonly Dictionary<string, IFluidTemplate> _templates = [];
    readonly TemplateOptions _options;

    /// <param name="sources">Liquid source by name, without extension.</param>
    /// <param name="errors">What could not be parsed: the template's name and the reason with line and column.</param>
    public TemplateSet(IReadOnlyDictionary<string, string> sources, out IReadOnlyList<(string Name, string Reason)> errors)
    {
        _options = new TemplateOptions
        {
            CultureInfo = CultureInfo.GetCultureInfo("nl-NL"),
            TimeZone = DutchTime.Zone,
            StrictVariables = true,
            StrictFilters = true,
            MaxSteps = 10_000,
            MaxRecursion = 20,
            FileProvider = new SharedParts(sources),
            MemberAccessStrategy = new DefaultMemberAccessStrategy { MemberNameStrategy = MemberNameStrategies.SnakeCase },
        };
        _options.MemberAccessStrategy.Register<AlertModel>();

        var wrong = new List<(string, string)>();
        foreach (var (name, source) in sources)
        {
            if (Parser.TryParse(source, out var template, out var error))
                _templates[name] = template;
            else
                wrong.Add((name, error));
        }

        errors = wrong;
    }

    public bool Contains(string name) => _templates.ContainsKey(name);

    /// <exception cref="TemplateException">The template asks for something that does not exist, or never ends.</exception>
    public string Render(string name, AlertModel model)
    {
        try
        {
            var text = _templates[name].Render(new TemplateContext(model, _options)).ReplaceLineEndings("\n").Trim();
            return text.Length <= LongestPost ? text : throw new TemplateException(name, $"it makes {text.Length} characters");
        }
        // Fluid tells of a wrong name with one type and of too many steps with the other.
        catch (Exception exception) when (exception is FluidException or InvalidOperationException)
        {
            throw new TemplateException(name, exception.Message);
        }
    }

    /// <summary>Lets a template include the others, and nothing else on the disk.</summary>
    sealed class SharedParts(IReadOnlyDictionary<string, string> sources) : IFileProvider
    {
        public IFileInfo GetFileInfo(string subpath)
        {
            var name = Path.GetFileNameWithoutExtension(subpath);
            return sources.TryGetValue(name, out var source) ? new Part(subpath, source) : new NotFoundFileInfo(subpath);
        }

        public IDirectoryContents GetDirectoryContents(string subpath) => NotFoundDirectoryContents.Singleton;

        public IChangeToken Watch(string filter) => NullChangeToken.Singleton;

        sealed class Part(string name, string source) : IFileInfo
        {
            readonly byte[] _bytes = System.Text.Encoding.UTF8.GetBytes(source);

            public bool Exists => true;
            public bool IsDirectory => false;
            public DateTimeOffset LastModified => DateTimeOffset.UnixEpoch;
            public long Length => _bytes.Length;
            public string Name => name;
            public string? PhysicalPath => null;
            public Stream CreateReadStream() => new MemoryStream(_bytes, writable: false);
        }
    }
}

/// <summary>A template cannot make a post. The message names it.</summary>
public sealed class TemplateException(string template, string reason) : Exception($"templates/{template}.liquid: {reason}");
