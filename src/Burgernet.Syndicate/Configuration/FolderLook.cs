using System.Globalization;

namespace Burgernet.Syndicate.Configuration;

/// <summary>
/// What the configuration folder looks like without reading it: its files with their lengths and times. Two looks that
/// are equal are of the same contents. (Watchers do not see a bind mount or a config map change.)
/// </summary>
public static class FolderLook
{
    const int MostFiles = 10_000;

    // Hidden files are what editors and config maps keep for themselves.
    static readonly EnumerationOptions Options = new() { RecurseSubdirectories = true, MaxRecursionDepth = 4 };

    public static string Take(SyndicateFolders folders)
    {
        var own = new[] { folders.Data, folders.Secrets }.Select(folder => Path.GetFullPath(folder) + Path.DirectorySeparatorChar).ToList();
        try
        {
            var files = new DirectoryInfo(Path.GetFullPath(folders.Config)).EnumerateFiles("*", Options)
                .Where(file => !own.Any(folder => file.FullName.StartsWith(folder, StringComparison.Ordinal)))
                .Take(MostFiles)
                .Select(Describe);
            return string.Join('\n', files.Order(StringComparer.Ordinal));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception.GetType().Name;
        }
    }

    static string Describe(FileInfo file)
    {
        var target = file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
        // A link may lead to nothing.
        return target.Exists ? string.Create(CultureInfo.InvariantCulture, $"{file.FullName} {target.Length} {target.LastWriteTimeUtc.Ticks}") : file.FullName;
    }
}
