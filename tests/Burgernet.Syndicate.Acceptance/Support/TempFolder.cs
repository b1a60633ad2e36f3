namespace Burgernet.Syndicate.Acceptance.Support;

/// <summary>A folder of its own for one test; gone afterwards.</summary>
sealed class TempFolder : IDisposable
{
    const UnixFileMode ForAllToRead =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    public TempFolder()
    {
        Path = Directory.CreateTempSubdirectory("syndicate-").FullName;
        // A temporary folder is closed to others; some tests run the program as somebody else.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path, ForAllToRead);
    }

    public string Path { get; }

    /// <summary>The path of something in it; not made.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Makes a folder in it.</summary>
    public string Make(string name) => Directory.CreateDirectory(this[name]).FullName;

    /// <summary>Copies a folder with all that is in it into this one.</summary>
    public string Copy(string from, string name)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = System.IO.Path.Combine(this[name], System.IO.Path.GetRelativePath(from, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }

        return this[name];
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What is left lies in the system's own temporary folder.
        }
    }
}
