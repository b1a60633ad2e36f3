using System.Text;
using System.Text.Json;

namespace Burgernet.Syndicate.Configuration;

/// <summary>
/// A JSON file with comments and trailing commas, read once: its values by the keys of configuration
/// (<c>channels:x:type</c>), and where each name stands.
/// </summary>
sealed class ConfigJson
{
    static readonly JsonReaderOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    readonly Dictionary<string, long> _offsets = new(StringComparer.OrdinalIgnoreCase);
    readonly Dictionary<string, HashSet<string>> _names = new(StringComparer.OrdinalIgnoreCase);
    readonly string _file;
    readonly byte[] _utf8;
    readonly List<ConfigurationError> _errors;

    ConfigJson(string file, byte[] utf8, List<ConfigurationError> errors) => (_file, _utf8, _errors) = (file, utf8, errors);

    public Dictionary<string, string?> Values { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What the bytes say; null when they are no JSON object, which is an error then.</summary>
    public static ConfigJson? Read(string file, byte[] bytes, List<ConfigurationError> errors)
    {
        var utf8 = bytes is [0xEF, 0xBB, 0xBF, ..] ? bytes[3..] : bytes;
        var json = new ConfigJson(file, utf8, errors);
        try
        {
            return json.ReadAll() ? json : null;
        }
        catch (JsonException exception)
        {
            json.Fault(Place.At(file, utf8, exception), "is geen geldige JSON; kijk naar de komma's, haakjes en aanhalingstekens op en boven deze regel");
            return null;
        }
        catch (DecoderFallbackException exception)
        {
            json.Fault(Place.At(file, utf8, exception.Index), "hier staat een teken dat niet te lezen is; sla het bestand op als UTF-8");
            return null;
        }
        // Half of a character that is written as two, such as "\ud83d".
        catch (InvalidOperationException)
        {
            json.Fault(new Place(file), "ergens staat een half teken (\\u…); schrijf het teken zelf");
            return null;
        }
    }

    /// <summary>The names in a section of the file; null where it is no object.</summary>
    public IReadOnlySet<string>? Names(string section) => _names.GetValueOrDefault(section);

    /// <summary>Where a name stands, such as <c>channels.x.type</c>; empty is the file's own object.</summary>
    public Place? PlaceOf(string path) => _offsets.TryGetValue(path, out var offset) ? Place.At(_file, _utf8, offset) : null;

    bool ReadAll()
    {
        new UTF8Encoding(false, throwOnInvalidBytes: true).GetCharCount(_utf8);
        var reader = new Utf8JsonReader(_utf8, Lenient);
        reader.Read();
        _offsets[""] = reader.TokenStartIndex;
        if (reader.TokenType is not JsonTokenType.StartObject)
        {
            Fault(PlaceOf("")!, "hoort één object te zijn: { … }");
            return false;
        }

        ReadObject(ref reader, "", "");
        // Nothing may follow it.
        while (reader.Read())
        {
        }

        return true;
    }

    void ReadObject(ref Utf8JsonReader reader, string key, string path)
    {
        var names = _names[path] = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            var its = path.Length == 0 ? name : $"{path}.{name}";
            if (names.Add(name))
                _offsets[its] = reader.TokenStartIndex;
            else
                _errors.Add(new ConfigurationError(its, $"staat er al op regel {PlaceOf(its)!.Line}; haal een van de twee weg") { Place = Place.At(_file, _utf8, reader.TokenStartIndex) });

            reader.Read();
            ReadValue(ref reader, key.Length == 0 ? name : $"{key}:{name}", its);
        }

        // What is empty is there all the same.
        if (names.Count == 0 && key.Length > 0)
            Values[key] = null;
    }

    void ReadValue(ref Utf8JsonReader reader, string key, string path)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                ReadObject(ref reader, key, path);
                break;
            case JsonTokenType.StartArray:
                // An empty list is a value; an absent one is none.
                Values[key] = "";
                for (var index = 0; reader.Read() && reader.TokenType is not JsonTokenType.EndArray; index++)
                {
                    Values.Remove(key);
                    _offsets[$"{path}.{index}"] = reader.TokenStartIndex;
                    ReadValue(ref reader, $"{key}:{index}", $"{path}.{index}");
                }

                break;
            case JsonTokenType.String:
                Values[key] = reader.GetString();
                break;
            case JsonTokenType.Null:
                Values[key] = null;
                break;
            default:
                Values[key] = Encoding.UTF8.GetString(reader.ValueSpan);
                break;
        }
    }

    void Fault(Place place, string message) => _errors.Add(new ConfigurationError(_file, message) { Place = place });
}
