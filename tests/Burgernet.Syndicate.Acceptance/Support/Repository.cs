namespace Burgernet.Syndicate.Acceptance.Support;

/// <summary>The checkout that these tests were built from.</summary>
static class Repository
{
    public static string Root { get; } = Find();

    /// <summary>The configuration as it is shipped.</summary>
    public static string Config => Path.Combine(Root, "config");

    static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Burgernet.Syndicate.sln")))
                return folder.FullName;
        throw new InvalidOperationException($"there is no Burgernet.Syndicate.sln above {AppContext.BaseDirectory}");
    }
}
