namespace Burgernet.Syndicate.Storage;

/// <summary>Text from outside, as every database takes it.</summary>
static class StorableText
{
    const char Unreadable = '\uFFFD';

    /// <summary>
    /// PostgreSQL has no NUL in a text, and half a surrogate pair is no text at all. What is kept for a person to look at must
    /// not fail for that: the same record would be offered again for ever.
    /// </summary>
    public static string Storable(this string text)
    {
        if (text.AsSpan().IndexOf('\0') < 0 && !text.Any(char.IsSurrogate))
            return text;
        var letters = text.ToCharArray();
        for (var i = 0; i < letters.Length; i++)
        {
            if (char.IsHighSurrogate(letters[i]) && i + 1 < letters.Length && char.IsLowSurrogate(letters[i + 1]))
                i++;
            else if (letters[i] == '\0' || char.IsSurrogate(letters[i]))
                letters[i] = Unreadable;
        }

        return new string(letters);
    }
}
