namespace Burgernet.Syndicate;

/// <summary>What somebody probably meant who wrote something that does not exist.</summary>
public static class Suggestion
{
    /// <summary>The nearest of what is known, when it is near enough to be meant.</summary>
    public static string? For(string written, IEnumerable<string> known)
    {
        var near = known.MinBy(k => Distance(k, written));
        return near is not null && Distance(near, written) <= Math.Max(2, written.Length / 3) ? near : null;
    }

    /// <summary>"bedoelde u 'x'?", or else all that is known (Dutch).</summary>
    public static string Hint(string written, IReadOnlyCollection<string> known) => For(written, known) is { } near
        ? $"bedoelde u '{near}'?"
        : $"bekend zijn: {string.Join(", ", known.Order(StringComparer.Ordinal))}";

    /// <summary>How many keystrokes lie between two words (Levenshtein).</summary>
    static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1;
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + cost));
            }
        }

        return row[^1];
    }
}
