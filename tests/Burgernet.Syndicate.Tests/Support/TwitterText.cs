using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Burgernet.Syndicate.Acceptance.Support;

namespace Burgernet.Syndicate.Tests.Support;

/// <summary>
/// The reference implementation of how X reads a text: npm twitter-text 3.1.0, run by node.
/// </summary>
sealed class TwitterText : IDisposable
{
    const int Batch = 10_000;

    static readonly string Source = Path.Combine(AppContext.BaseDirectory, "Oracle");
    static readonly NpmPackages Packages = new(Source, "syndicate-twitter-text");

    readonly Process _node = Node();

    /// <summary>Why it cannot be asked here, in one sentence; null when it can.</summary>
    public static string? Missing => Packages.Missing;

    /// <summary>Every emoji of Unicode, in every spelling of emoji-test.txt.</summary>
    public static IReadOnlyList<string> Emoji()
    {
        using var node = Node("emoji");
        return node.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>What it says of each text, in their order.</summary>
    public IEnumerable<(string Text, Answer Answer)> Read(IEnumerable<string> texts)
    {
        foreach (var batch in texts.Chunk(Batch))
        {
            var writing = Task.Run(() =>
            {
                foreach (var text in batch)
                    _node.StandardInput.Write(Json(text) + "\n");
                _node.StandardInput.Flush();
            });
            foreach (var text in batch)
            {
                var line = _node.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"twitter-text stopped at {Json(text)}");
                yield return (text, JsonSerializer.Deserialize<Answer>(line, JsonSerializerOptions.Web)!);
            }

            writing.GetAwaiter().GetResult();
        }
    }

    public void Dispose()
    {
        _node.StandardInput.Close();
        if (!_node.WaitForExit(TimeSpan.FromSeconds(10)))
            _node.Kill();
        _node.Dispose();
    }

    /// <summary>A JSON string in ASCII, for texts that are no valid Unicode too.</summary>
    public static string Json(string text)
    {
        var json = new StringBuilder("\"");
        foreach (var c in text)
        {
            if (c is >= ' ' and <= '~' and not ('"' or '\\'))
                json.Append(c);
            else
                json.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
        }

        return json.Append('"').ToString();
    }

    static Process Node(params string[] arguments) => Start("node", Packages.Folder, [Path.Combine(Source, "oracle.mjs"), .. arguments]);

    static Process Start(string program, string folder, IEnumerable<string> arguments) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        WorkingDirectory = folder,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        StandardInputEncoding = new UTF8Encoding(false),
        StandardOutputEncoding = new UTF8Encoding(false),
    })!;

    /// <param name="Length">By twitter-text as it is, which knows the emoji of 2018.</param>
    /// <param name="Known">The whole text is one emoji to it.</param>
    /// <param name="Today">By the same code with the emoji of Unicode 17.</param>
    public sealed record Answer(int Length, bool Valid, bool Known, int Today, string[] Mentions, string[] Hashtags, string[] Cashtags, string[] Urls);
}
