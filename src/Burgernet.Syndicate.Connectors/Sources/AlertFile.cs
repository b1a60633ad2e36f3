using System.Text.Json;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Connectors.Sources.BurgernetActions;
using Burgernet.Syndicate.Connectors.Sources.Folder;
using Burgernet.Syndicate.Connectors.Sources.Landactiehost;

namespace Burgernet.Syndicate.Connectors.Sources;

/// <summary>
/// Reads a file that holds alerts, whichever of the three formats it is in: an answer of the Burgernet actions feed (an
/// object with <c>actions</c>), one of landactiehost (a list), or one message in the project's own format.
/// </summary>
public static class AlertFile
{
    const int LargestFile = 1024 * 1024;

    /// <summary>What a file says.</summary>
    /// <param name="path">The file; at most 1 MB.</param>
    /// <param name="source">The name of the source it is to come from.</param>
    /// <param name="now">When it comes in; what is dated well after that is not believed.</param>
    /// <returns>The alerts and the records that cannot be trusted; or, when nothing of it can be understood, why not (Dutch).</returns>
    public static AlertFileAnswer Read(string path, string source, DateTimeOffset now)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
                return AlertFileAnswer.Refused($"er is geen bestand {path}");
            if (file.Length > LargestFile)
                return AlertFileAnswer.Refused("het bestand is groter dan 1 MB");
            using var document = FeedJson.Parse(File.ReadAllBytes(path));
            return Understand(document.RootElement, new FeedContext(source, now, Exercise: false));
        }
        catch (SourceException exception)
        {
            return AlertFileAnswer.Refused(Reason(exception));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return AlertFileAnswer.Refused($"het bestand is niet te lezen: {exception.Message}");
        }
    }

    /// <exception cref="SourceException">It has the shape of a feed and is none.</exception>
    internal static AlertFileAnswer Understand(JsonElement root, FeedContext context)
    {
        if (root.ValueKind == JsonValueKind.Array)
            return new AlertFileAnswer(LandactiehostFeed.Read(root, context), []);
        if (root.Member("actions").ValueKind != JsonValueKind.Undefined)
            return new AlertFileAnswer(ActionsFeed.Read(root, context), []);

        var (alert, errors) = OwnFormat.Read(root, context);
        return alert is null ? new AlertFileAnswer(null, errors) : new AlertFileAnswer(new SourceAnswer { Alerts = [alert] }, []);
    }

    internal static string Reason(SourceException exception) => exception.Message.Replace("het antwoord", "het bestand", StringComparison.Ordinal);
}

/// <summary>What came of reading a file: an answer as a source gives it, or all that is wrong.</summary>
public sealed record AlertFileAnswer(SourceAnswer? Answer, IReadOnlyList<string> Errors)
{
    internal static AlertFileAnswer Refused(string reason) => new(null, [reason]);
}
