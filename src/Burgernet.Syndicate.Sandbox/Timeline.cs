using System.Collections.Immutable;

namespace Burgernet.Syndicate.Sandbox;

/// <summary>A post as the sandbox has it, also after it was deleted.</summary>
public sealed record SandboxPost
{
    /// <summary>Where it stands.</summary>
    public required SandboxPlatform Platform { get; init; }

    /// <summary>The id that the platform gave.</summary>
    public required string Id { get; init; }

    /// <summary>The words as they were sent, or as they were last edited.</summary>
    public required string Text { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The post that it answers.</summary>
    public string? ReplyTo { get; init; }

    /// <summary>The WhatsApp chat that it went to.</summary>
    public string? ChatId { get; init; }

    /// <summary>The link shown below a Facebook post.</summary>
    public string? Link { get; init; }

    /// <summary>Ids of its images.</summary>
    public IReadOnlyList<string> Images { get; init; } = [];

    /// <summary>False for a Facebook post that visitors of the page do not see.</summary>
    public bool Published { get; init; } = true;

    /// <summary>It was taken down.</summary>
    public bool Deleted { get; init; }

    /// <summary>The words before each edit, oldest first.</summary>
    public IReadOnlyList<string> EarlierTexts { get; init; } = [];

    /// <summary>The words were changed.</summary>
    public bool Edited => EarlierTexts.Count > 0;
}

/// <summary>The posts of one platform, oldest first. Readers see a snapshot, writers take turns.</summary>
internal sealed class Timeline(int kept, TimeProvider time, SandboxLies? lies = null)
{
    const int EarlierTextsKept = 20;

    readonly Lock gate = new();
    ImmutableList<SandboxPost> posts = [];

    public ImmutableList<SandboxPost> Posts => Volatile.Read(ref posts);

    /// <summary>What a listing shows by now.</summary>
    public IEnumerable<SandboxPost> Listed => lies is null ? Posts : Posts.Where(post => time.GetUtcNow() - post.At >= lies.LagOf(post.Id));

    public SandboxPost? Find(string id) => Posts.Find(post => post.Id == id && !post.Deleted);

    /// <summary>Adds a post, unless one that is already there stands in its way: then that one is the answer.</summary>
    public (SandboxPost Post, bool Added) Add(Func<SandboxPost> make, Func<ImmutableList<SandboxPost>, SandboxPost?>? obstacle = null)
    {
        lock (gate)
        {
            if (lies is null && obstacle?.Invoke(posts) is { } found) return (found, false);
            var post = make();
            var longer = posts.Add(post);
            Volatile.Write(ref posts, longer.Count > kept ? longer.RemoveRange(0, longer.Count - kept) : longer);
            return (post, true);
        }
    }

    public bool Edit(string id, string text) => Change(id, post => post.Text == text ? post : post with
    {
        Text = text,
        EarlierTexts = [.. post.EarlierTexts.Append(post.Text).TakeLast(EarlierTextsKept)],
    });

    public bool Delete(string id) => Change(id, post => post with { Deleted = true });

    public bool Change(string id, Func<SandboxPost, SandboxPost> change)
    {
        lock (gate)
        {
            var index = posts.FindIndex(post => post.Id == id && !post.Deleted);
            if (index < 0) return false;
            Volatile.Write(ref posts, posts.SetItem(index, change(posts[index])));
            return true;
        }
    }
}

/// <summary>Ids that count up with the clock, so that a later run never gives an id again.</summary>
internal sealed class Ids(TimeProvider time)
{
    static readonly DateTimeOffset Epoch = DateTimeOffset.FromUnixTimeMilliseconds(1288834974657);
    long last;

    public string Next()
    {
        while (true)
        {
            var before = Volatile.Read(ref last);
            var next = Math.Max(before + 1, (long)(time.GetUtcNow() - Epoch).TotalMilliseconds << 22);
            if (Interlocked.CompareExchange(ref last, next, before) == before)
                return next.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
    }
}

internal sealed record Image(string Id, byte[] Bytes, DateTimeOffset At, string? AltText = null)
{
    /// <summary>The type by its first bytes: what the caller says is not believed when the page shows it again.</summary>
    public string? ContentType => Bytes switch
    {
        [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
        [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => "image/png",
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => "image/gif",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => "image/webp",
        _ => null,
    };
}

/// <summary>The images of all platforms. The oldest leave when there are too many bytes.</summary>
internal sealed class Images
{
    const int MostImages = 500;
    const long MostBytes = 64 * 1024 * 1024;

    readonly Lock gate = new();
    readonly List<Image> images = [];

    public void Add(Image image)
    {
        lock (gate)
        {
            images.Add(image);
            while (images.Count > 1 && (images.Count > MostImages || images.Sum(one => (long)one.Bytes.Length) > MostBytes))
                images.RemoveAt(0);
        }
    }

    public Image? Find(string id)
    {
        lock (gate) return images.Find(image => image.Id == id);
    }

    public bool Remove(string id)
    {
        lock (gate) return images.RemoveAll(image => image.Id == id) > 0;
    }

    public bool Describe(string id, string altText)
    {
        lock (gate)
        {
            var index = images.FindIndex(image => image.Id == id);
            if (index < 0) return false;
            images[index] = images[index] with { AltText = altText };
            return true;
        }
    }
}

/// <summary>Invented audience figures: the same for the same post at the same age, and never falling.</summary>
internal static class Audience
{
    public static long Views(SandboxPost post, TimeProvider time)
    {
        var most = 400 + Seed(post.Id) % 3600;
        var hours = Math.Max(0, (time.GetUtcNow() - post.At).TotalHours);
        return (long)(most * (1 - Math.Exp(-hours / 3)));
    }

    static long Seed(string id) => id.Aggregate(17L, (sum, character) => (sum * 31 + character) % 1_000_003);
}
