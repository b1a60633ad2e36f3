using System.Text;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Configuration;
using Microsoft.Extensions.Logging;

namespace Burgernet.Syndicate.Connectors.Sources.Folder;

/// <summary>
/// A folder into which somebody puts files: an appeal by hand, or what another program fetched. Each <c>*.json</c> is
/// read once and then stands in <c>done/</c>, or in <c>rejected/</c> beside a text that says why. A file is moved only
/// after what it says is stored, and it is never deleted. How to write one stands in README.md beside this file.
/// </summary>
sealed class FolderSource(SourceOptions options, SourceServices services) : IAlertSource
{
    const int LargestFile = 1024 * 1024;

    readonly string _path = options.Path ?? throw new ArgumentException($"source {options.Name} has no path", nameof(options));
    readonly ILogger _log = services.Logs.CreateLogger<FolderSource>();

    /// <summary>Files that stopped too early at the last look, and how long they were then.</summary>
    Dictionary<string, long> _unfinished = [];

    (SourceAnswer Answer, IReadOnlyList<ReadFile> Files)? _unconfirmed;

    public string Name => options.Name;

    /// <summary>Whoever puts a file here wants it posted, the first one too.</summary>
    public bool TakesBaseline => false;

    public async Task<SourceAnswer?> FetchAsync(CancellationToken cancellationToken)
    {
        _unconfirmed = null;
        var files = new List<ReadFile>();
        var unfinished = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var file in Waiting())
        {
            switch (await ReadAsync(file, cancellationToken))
            {
                case Read.Good good:
                    files.Add(new ReadFile(file.Name, file.Length, file.LastWriteTimeUtc, good.Answer));
                    break;
                case Read.Unfinished when !_unfinished.TryGetValue(file.Name, out var before) || before != file.Length:
                    unfinished[file.Name] = file.Length;
                    break;
                case Read.Unfinished:
                    Reject(file.Name, ["het bestand houdt halverwege op; schrijf het ergens anders en verplaats het hierheen als het af is"]);
                    break;
                case Read.Bad bad:
                    Reject(file.Name, bad.Reasons);
                    break;
            }
        }

        _unfinished = unfinished;
        if (files.Count == 0)
            return null;

        var answer = new SourceAnswer
        {
            Alerts = [.. files.SelectMany(file => file.Answer.Alerts)],
            Faults = [.. files.SelectMany(file => file.Answer.Faults)],
        };
        _unconfirmed = (answer, files);
        return answer;
    }

    public Task ConfirmAsync(SourceAnswer answer, IReadOnlyList<IntakeResult> results, CancellationToken cancellationToken)
    {
        if (_unconfirmed is not { } kept || !ReferenceEquals(kept.Answer, answer))
            return Task.CompletedTask;

        _unconfirmed = null;
        var at = 0;
        foreach (var file in kept.Files)
        {
            var own = results.Skip(at).Take(file.Answer.Alerts.Count).ToList();
            at += file.Answer.Alerts.Count;
            // Whoever puts an appeal here must see it when nothing came of it.
            var nothingOfUs = own.TrueForAll(result => result.Outcome == IntakeOutcome.Ignored);
            Settle(file, [
                .. own.Where(result => result.Outcome == IntakeOutcome.Quarantined || nothingOfUs)
                    .Select(result => result.Reason ?? "spreekt tegen wat er eerder stond"),
                .. file.Answer.Faults.Select(fault => fault.SourceId is null ? fault.Reason : $"{fault.SourceId}: {fault.Reason}"),
            ]);
        }

        return Task.CompletedTask;
    }

    void Settle(ReadFile file, IReadOnlyList<string> reasons)
    {
        var now = new FileInfo(Path.Combine(_path, file.Name));
        if (!now.Exists || now.Length != file.Length || now.LastWriteTimeUtc != file.WrittenAt)
        {
            _log.LogInformation("Source {Source}: {File} was replaced while it was handled; it is read again", Name, file.Name);
            return;
        }

        if (reasons.Count > 0)
            Reject(file.Name, reasons);
        else
            Move(file.Name, "done");
    }

    /// <summary>What lies there, in name order, so that <c>…1-opened</c> comes before <c>…2-closed</c>.</summary>
    List<FileInfo> Waiting()
    {
        try
        {
            return
            [
                .. Directory.CreateDirectory(_path).EnumerateFiles()
                    .Where(file => !file.Name.StartsWith('.') && file.Extension.Equals(".json", StringComparison.OrdinalIgnoreCase))
                    .OrderBy(file => file.Name, StringComparer.Ordinal),
            ];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SourceException($"de map is niet te lezen: {exception.Message}", inner: exception);
        }
    }

    async Task<Read> ReadAsync(FileInfo file, CancellationToken cancellationToken)
    {
        byte[] bytes;
        try
        {
            // A link may lead anywhere on the machine.
            if (file.LinkTarget is not null)
                return new Read.Bad(["het bestand is een koppeling; zet het bestand zelf hier neer"]);
            // Pipes and devices have no length either, and opening one would wait for ever.
            if (file.Length == 0)
                return new Read.Unfinished();
            if (file.Length > LargestFile)
                return new Read.Bad(["het bestand is groter dan 1 MB"]);

            bytes = await File.ReadAllBytesAsync(file.FullName, cancellationToken);
        }
        catch (UnauthorizedAccessException)
        {
            return new Read.Bad(["het programma mag het bestand niet lezen; maak het leesbaar en zet het terug"]);
        }
        catch (IOException exception)
        {
            _log.LogWarning("Source {Source}: {File} cannot be read now and is tried again: {Reason}", Name, file.Name, exception.Message);
            return new Read.Later();
        }

        if (FeedJson.IsTruncated(bytes))
            return new Read.Unfinished();

        try
        {
            using var document = FeedJson.Parse(bytes);
            var (answer, errors) = AlertFile.Understand(document.RootElement, new FeedContext(Name, services.Time.GetUtcNow(), options.Test));
            return answer is null ? new Read.Bad(errors) : new Read.Good(answer);
        }
        catch (SourceException exception)
        {
            return new Read.Bad([AlertFile.Reason(exception)]);
        }
    }

    void Reject(string name, IReadOnlyList<string> reasons)
    {
        _log.LogWarning("Source {Source}: {File} is rejected: {Reasons}", Name, name, string.Join("; ", reasons));
        if (Move(name, "rejected") is not { } moved)
            return;

        try
        {
            File.WriteAllText(
                moved + ".reason.txt",
                $"{name} is niet overgenomen, of niet helemaal:\n\n{string.Concat(reasons.Select(reason => $"- {reason}\n"))}\n"
                + "Herstel het en zet het terug in de map.\n",
                new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _log.LogError(exception, "Source {Source}: no reason could be written for {File}", Name, name);
        }
    }

    /// <summary>Where it is now; null when it could not be moved, and then it is met again at the next look.</summary>
    string? Move(string name, string folder)
    {
        try
        {
            var target = Free(Directory.CreateDirectory(Path.Combine(_path, folder)).FullName, name);
            // The name is free. With overwrite it is a plain rename; without, links and pipes would be opened and copied.
            File.Move(Path.Combine(_path, name), target, overwrite: true);
            return target;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _log.LogError(exception, "Source {Source}: {File} could not be moved to {Folder}", Name, name, folder);
            return null;
        }
    }

    /// <summary>a.json, or a-2.json, a-3.json… when that name is taken.</summary>
    static string Free(string folder, string name)
    {
        var (stem, extension) = (Path.GetFileNameWithoutExtension(name), Path.GetExtension(name));
        for (var number = 1; ; number++)
        {
            var path = Path.Combine(folder, number == 1 ? name : $"{stem}-{number}{extension}");
            if (!Path.Exists(path) && new FileInfo(path).LinkTarget is null)
                return path;
        }
    }

    /// <param name="Length">As it was when it was read; another one means another file under the same name.</param>
    sealed record ReadFile(string Name, long Length, DateTime WrittenAt, SourceAnswer Answer);

    /// <summary>What came of reading one file.</summary>
    abstract record Read
    {
        public sealed record Good(SourceAnswer Answer) : Read;

        public sealed record Bad(IReadOnlyList<string> Reasons) : Read;

        /// <summary>It stops in the middle: perhaps somebody is still writing it.</summary>
        public sealed record Unfinished : Read;

        /// <summary>It could not be opened at this moment.</summary>
        public sealed record Later : Read;
    }
}
