using System.Text.Json;

namespace Burgernet.Syndicate;

/// <summary>How our words are written for others: <c>MissingPerson</c> is <c>missing-person</c> in JSON, files and templates.</summary>
public static class Wire
{
    public static string Name<T>(T value) where T : struct, Enum => Names<T>.ByValue[value];

    public static bool TryParse<T>(string name, out T value) where T : struct, Enum => Names<T>.ByName.TryGetValue(name, out value);

    /// <summary>All names, for messages that tell the way out.</summary>
    public static IEnumerable<string> All<T>() where T : struct, Enum => Names<T>.ByName.Keys;

    static class Names<T> where T : struct, Enum
    {
        public static readonly Dictionary<T, string> ByValue = Enum.GetValues<T>().ToDictionary(v => v, v => JsonNamingPolicy.KebabCaseLower.ConvertName(v.ToString()));
        public static readonly Dictionary<string, T> ByName = ByValue.ToDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);
    }
}
