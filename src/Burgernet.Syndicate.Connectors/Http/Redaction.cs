using Burgernet.Syndicate.Channels;

namespace Burgernet.Syndicate.Connectors.Http;

/// <summary>Makes words of a platform fit for a reason: no secret, nothing of the post, one short line.</summary>
sealed class Redaction(IEnumerable<string> secrets)
{
    const int Longest = 160;

    /// <summary>So many characters in a row that also stand in the post are a quotation, not chance.</summary>
    const int Quotation = 16;

    // Longest first, so that a secret that contains another goes as a whole.
    readonly string[] _secrets =
    [
        .. secrets
            .Where(secret => secret.Length > 0)
            .SelectMany(secret => new[] { secret, Uri.EscapeDataString(secret) })
            .Distinct()
            .OrderByDescending(secret => secret.Length),
    ];

    public string Clean(string words, Post? post)
    {
        foreach (var secret in _secrets)
            words = words.Replace(secret, "<secret>", StringComparison.OrdinalIgnoreCase);

        words = string.Join(' ', words.Split(
            (char[]?)null, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        words = new string([.. words.Where(letter => !char.IsControl(letter))]);
        if (words.Length > Longest)
            words = words[..(char.IsHighSurrogate(words[Longest - 1]) ? Longest - 1 : Longest)] + "…";

        return post is not null && Quotes(words, post) ? "weggelaten, het herhaalt het bericht" : words;
    }

    static bool Quotes(string words, Post post)
    {
        foreach (var text in (IEnumerable<string>)[post.Text, .. post.Photos.Select(photo => photo.AltText)])
        {
            // White space in the words was folded, so it is folded here too.
            var folded = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            var length = Math.Min(Quotation, folded.Length);
            for (var start = 0; length > 0 && start + length <= words.Length; start++)
                if (folded.AsSpan().Contains(words.AsSpan(start, length), StringComparison.OrdinalIgnoreCase))
                    return true;
        }

        return false;
    }
}
