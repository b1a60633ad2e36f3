using Burgernet.Syndicate.Audit;
using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Previews;

namespace Burgernet.Syndicate.Templates;

/// <summary>Saves a template that somebody wrote on a page, where it stands in the configuration; the reloader takes it from there.</summary>
public sealed class TemplateDesk(SyndicateFolders folders, LiveConfiguration live, AuditLog audit, IReadOnlyList<ChannelConnector> types)
{
    // Of two who save at the same time the second must see what the first wrote.
    static readonly SemaphoreSlim One = new(1, 1);

    /// <summary>Null: it is saved, and counts within seconds.</summary>
    /// <param name="name">An existing template, without its extension.</param>
    /// <param name="seen">What it said when the writer began.</param>
    /// <param name="source">What it is to say.</param>
    public async Task<Refusal?> SaveAsync(string name, string seen, string source, Signature by)
    {
        var options = live.Current.Options;
        // Only what is there: a name from a form must not become a path.
        if (!options.Templates.Sources.ContainsKey(name))
            return new Refusal($"er is geen sjabloon {name}", Unknown: true);
        if (TemplateDraft.Of(options, types, name, source) is { Faults: [var fault, ..] })
            return new Refusal($"het sjabloon klopt niet ({fault.Template}.liquid, regel {fault.Line}: {fault.Reason})");

        var path = Path.Combine(folders.Config, "templates", $"{name}.liquid");
        var fresh = $"{path}.{Guid.NewGuid():N}";
        var noted = false;
        await One.WaitAsync().ConfigureAwait(false);
        try
        {
            if (Lines(await File.ReadAllTextAsync(path).ConfigureAwait(false)).Trim() != Lines(seen).Trim())
                return new Refusal("een ander heeft dit bestand intussen gewijzigd; open het opnieuw en breng uw wijziging weer aan");
            await File.WriteAllTextAsync(fresh, Lines(source).TrimEnd() + "\n").ConfigureAwait(false);
            // A file cannot be taken back with the row: what is not in the log may not count.
            await NoteAsync("template", by).ConfigureAwait(false);
            noted = true;
            File.Move(fresh, path, overwrite: true);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (noted)
                await NoteAsync("template-unsaved", by with { Reason = "het bestand kon niet vervangen worden" }).ConfigureAwait(false);
            return new Refusal("het programma mag niet in de configuratiemap schrijven; zet de inhoud zelf in het bestand, of geef het programma schrijfrecht op templates");
        }
        finally
        {
            File.Delete(fresh);
            One.Release();
        }

        Task NoteAsync(string action, Signature who) => audit.DoAsync(action, $"{name}.liquid", who, _ => Task.FromResult<Refusal?>(null));
    }

    // A browser sends its own line ends.
    static string Lines(string text) => text.ReplaceLineEndings("\n");
}
