using System.Diagnostics;
using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Templates;

namespace Burgernet.Syndicate.Previews;

/// <summary>A template that somebody is writing: what is wrong with it, and what the posts would be. Nothing that runs knows of it.</summary>
public sealed record TemplateDraft
{
    // Every sort of post is made on every channel; a template of ordinary size needs a tenth of this.
    static readonly TimeSpan LongestTrial = TimeSpan.FromSeconds(1);

    /// <summary>The configuration as it would be with it; as it is where it cannot be read.</summary>
    public required SyndicateOptions Options { get; init; }

    /// <summary>It makes posts, whatever else is wrong with it.</summary>
    public required bool Readable { get; init; }

    /// <summary>What keeps it from being taken over.</summary>
    public required IReadOnlyList<TemplateFault> Faults { get; init; }

    /// <summary>What its posts do not say although readers need it.</summary>
    public required IReadOnlyList<TemplateFault> Lacks { get; init; }

    /// <param name="options">The configuration as it is.</param>
    /// <param name="types">The networks.</param>
    /// <param name="name">The file it is to stand in, without extension.</param>
    /// <param name="source">What somebody wrote; it is not trusted.</param>
    public static TemplateDraft Of(SyndicateOptions options, IReadOnlyList<ChannelConnector> types, string name, string source)
    {
        var sources = new Dictionary<string, string>(options.Templates.Sources) { [name] = source };
        var templates = new TemplateSet(sources, out var unreadable, options.Channels.ToDictionary(c => c.Name, c => c.Type));
        if (unreadable.Count > 0)
            return new TemplateDraft { Options = options, Readable = false, Faults = unreadable, Lacks = [] };

        var (faults, lacks) = (new List<TemplateFault>(), new List<TemplateFault>());
        var trial = new TemplateTrial(templates, new TextNeutraliser(options.Texts));
        var since = Stopwatch.GetTimestamp();
        foreach (var channel in options.Channels)
        {
            if (trial.Try(channel.Name, types.Single(t => t.Type == channel.Type).Limit) is { } fault)
                faults.Add(fault);
            else
                lacks.AddRange(trial.Lacks(channel.Name));
            if (Stopwatch.GetElapsedTime(since) <= LongestTrial)
                continue;
            faults.Add(new TemplateFault(name, 0, 0, "doet zo veel dat het hier niet helemaal te proberen is; maak het eenvoudiger"));
            break;
        }

        return new TemplateDraft { Options = options with { Templates = templates }, Readable = true, Faults = [.. faults.Distinct()], Lacks = [.. lacks.Distinct()] };
    }
}
