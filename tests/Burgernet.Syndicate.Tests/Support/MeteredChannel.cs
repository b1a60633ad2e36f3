using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Reach;

namespace Burgernet.Syndicate.Tests.Support;

/// <summary>A network that tells how posts do, as a test says.</summary>
sealed class MeteredChannel(string name) : TimelineChannel(name), IMeasuresReach
{
    public List<IReadOnlyList<string>> Asked { get; } = [];

    /// <summary>What it gives of any post; null: no figure.</summary>
    public IReadOnlyDictionary<string, long>? Figures { get; set; } = new Dictionary<string, long> { ["shown"] = 100, ["liked"] = 3, ["shared"] = 2 };

    public bool Complete { get; set; } = true;

    /// <summary>Some of what it gives failed to come.</summary>
    public bool Lacks { get; set; }

    /// <summary>How long it asks to be left alone.</summary>
    public TimeSpan? Pause { get; set; }

    /// <summary>It never answers.</summary>
    public bool Silent { get; set; }

    public ReachTerms Terms { get; } = new(["views", "shown"], ["people"], ["liked", "shared"]);

    public int MostAtOnce { get; set; } = 100;

    public async Task<MeasuredPosts> MeasureAsync(IReadOnlyList<AskedPost> posts, CancellationToken cancellationToken)
    {
        Asked.Add([.. posts.Select(p => p.PostId)]);
        if (Silent)
            await Task.Delay(Timeout.Infinite, CancellationToken.None);
        return new MeasuredPosts(Figures is { } figures && Complete ? posts.ToDictionary(p => p.PostId, _ => figures) : new Dictionary<string, IReadOnlyDictionary<string, long>>(), Complete)
        {
            Lacking = Lacks ? posts.Select(p => p.PostId).ToHashSet() : [],
            Pause = Pause,
        };
    }
}
