using System.Text.Json;
using System.Text.Json.Nodes;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Tests.Support;
using NJsonSchema;
using Xunit;

namespace Burgernet.Syndicate.Tests.Configuration;

/// <summary>What an editor is told about syndicate.json is what the program makes of it.</summary>
[Collection(nameof(ProcessWide))]
public sealed class SchemaTests : IDisposable
{
    // Like no key at all, so that the reader names those that it knows.
    const string Unknown = "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq";

    static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    readonly ConfigFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_key_that_the_reader_knows_is_in_the_schema_and_the_other_way_round()
    {
        using var schema = JsonDocument.Parse(_folder.Read("syndicate.schema.json"));
        var sample = new JsonObject();
        var inSchema = new Dictionary<string, string>();
        Walk(schema.RootElement, schema.RootElement, "", sample, inSchema);
        _folder.Write("syndicate.json", sample.ToJsonString());
        Assert.Null(_folder.Check(out var errors));

        const string Known = "bekend zijn: ";
        var read = errors.Where(e => e.Path.EndsWith(Unknown, StringComparison.Ordinal)).ToDictionary(
            e => e.Path[..^Unknown.Length].TrimEnd('.'),
            e => e.Message[(e.Message.IndexOf(Known, StringComparison.Ordinal) + Known.Length)..]);
        Assert.Equal(inSchema.OrderBy(k => k.Key, StringComparer.Ordinal), read.OrderBy(k => k.Key, StringComparer.Ordinal));
        Assert.Contains("channels.whatsapp", read.Keys);

        // And every word that a list of them may hold.
        string[] Words(string key) => [.. schema.RootElement.GetProperty("definitions").GetProperty("route").GetProperty("properties").GetProperty(key).GetProperty("items").GetProperty("enum").EnumerateArray().Select(w => w.GetString()!)];
        Assert.Equal(Wire.All<AlertKind>().Order(StringComparer.Ordinal), Words("kinds").Order(StringComparer.Ordinal));
        Assert.Equal(Wire.All<AlertCategory>().Order(StringComparer.Ordinal), Words("categories").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_shipped_configuration_is_as_the_schema_says() =>
        Assert.Empty((await SchemaAsync()).Validate(Plain(_folder.Read("syndicate.json"))));

    [Theory]
    [InlineData("{ }")]
    [InlineData("{ \"mode\": \"life\" }")]
    [InlineData("{ \"mode\": { \"live\": true } }")]
    [InlineData("{ \"mode\": \"sandbox\", \"mod\": 1 }")]
    [InlineData("{ \"mode\": \"sandbox\", \"maxInFlight\": 0 }")]
    [InlineData("{ \"mode\": \"sandbox\", \"storage\": { \"provider\": \"oracle\" } }")]
    [InlineData("{ \"mode\": \"sandbox\", \"sources\": { \"a\": { \"type\": \"landactiehost\", \"url\": \"ftp://x\" } } }")]
    [InlineData("{ \"mode\": \"sandbox\", \"sources\": { \"a\": { \"type\": \"burgernet-acties\" } } }")]
    [InlineData("{ \"mode\": \"sandbox\", \"sources\": { \"a\": { \"type\": \"burgernet-actions\", \"interval\": \"1m\" } } }")]
    [InlineData("{ \"mode\": \"sandbox\", \"sources\": { \"a\": { \"type\": \"folder\" } } }")]
    [InlineData("{ \"mode\": \"sandbox\", \"channels\": { \"X-Midden\": { \"type\": \"x\" } } }")]
    [InlineData("{ \"mode\": \"sandbox\", \"channels\": { \"x\": { } } }")]
    [InlineData("{ \"mode\": \"sandbox\", \"channels\": { \"x\": { \"type\": \"x\", \"maxInFlght\": 2 } } }")]
    [InlineData("{ \"mode\": \"sandbox\", \"channels\": { \"x\": { \"type\": \"x\", \"pageId\": \"1\" } } }")]
    [InlineData("{ \"mode\": \"sandbox\", \"channels\": { \"x\": { \"type\": \"x\", \"atClose\": \"weg\" } } }")]
    [InlineData("{ \"mode\": \"sandbox\", \"channels\": { \"x\": { \"type\": \"x\", \"pacing\": { \"min\": \"1 s\" } } } }")]
    [InlineData("{ \"mode\": \"sandbox\", \"channels\": { \"f\": { \"type\": \"facebook\" } } }")]
    [InlineData("{ \"mode\": \"sandbox\", \"notAfter\": { \"aktie\": \"02:00:00\" } }")]
    [InlineData("{ \"mode\": \"sandbox\", \"notAfter\": { \"actie\": \"00:60:00\" } }")]
    [InlineData("{ \"mode\": \"sandbox\", \"texts\": { \"links\": \"zeist.nl\" } }")]
    [InlineData("{ \"mode\": \"sandbox\", \"routes\": [] }")]
    [InlineData("{ \"mode\": \"sandbox\", \"routes\": { } }")]
    [InlineData("{ \"mode\": \"sandbox\", \"routes\": { \"a\": { } } }")]
    [InlineData("{ \"mode\": \"sandbox\", \"channels\": { \"x\": { \"type\": \"x\" } }, \"routes\": { \"a\": { \"channels\": [\"x\"], \"kinds\": [\"aktie\"] } } }")]
    [InlineData("{ \"mode\": \"sandbox\", \"channels\": { \"x\": { \"type\": \"x\" } }, \"routes\": { \"a\": { \"channels\": [\"x\"], \"area\": { \"lat\": 52.1 } } } }")]
    [InlineData("{ \"mode\": \"sandbox\", \"channels\": { \"x\": { \"type\": \"x\" } }, \"routes\": { \"a\": { \"channels\": [\"x\"], \"time\": { \"from\": \"7 uur\", \"to\": \"22:00\" } } } }")]
    [InlineData("{ \"mode\": \"sandbox\", \"channels\": { \"w\": { \"type\": \"whatsapp\", \"linkBudget\": 5 } } }")]
    [InlineData("{ \"mode\": \"sandbox\", \"texts\": { \"links\": [\"https://zeist.nl/\"] } }")]
    [InlineData("{ \"mode\": \"sandbox\", \"texts\": { \"phoneNumbers\": [\"112\", \"het bureau\"] } }")]
    [InlineData("{ \"mode\": \"sandbox\", \"notify\": { \"mailTo\": \"wacht\", \"smtp\": { \"host\": \"m.example\" } } }")]
    [InlineData("{ \"mode\": \"sandbox\", \"notify\": { \"mailTo\": \"a@b.example\", \"smtp\": { \"host\": \"m.example:25\" } } }")]
    [InlineData("{ \"mode\": \"sandbox\", \"notify\": { \"mailTo\": \"a@b.example\", \"smtp\": { \"host\": \"m.example\", \"port\": 0 } } }")]
    [InlineData("{ \"mode\": \"sandbox\", \"notify\": { \"mailTo\": \"a@b.example\", \"smtp\": { \"host\": \"m.example\", \"tls\": \"ssl\" } } }")]
    [InlineData("{ \"mode\": \"sandbox\", \"notify\": { \"mailTo\": \"a@b.example\", \"smtp\": \"m.example\" } }")]
    [InlineData("{ \"mode\": \"sandbox\", \"notify\": { \"webhookUri\": \"https://h.example\" } }")]
    [InlineData("{ \"mode\": \"sandbox\", \"notify\": { \"webhookUrl\": \"https://u:geheim@h.example/\" } }")]
    public async Task What_the_program_refuses_and_a_schema_can_see_an_editor_shows(string json)
    {
        _folder.Write("syndicate.json", json);
        Assert.Null(_folder.Check(out _));
        Assert.NotEmpty((await SchemaAsync()).Validate(json));
    }

    [Theory]
    [InlineData("{ \"$schema\": \"./syndicate.schema.json\", \"mode\": \"sandbox\", \"maxInFlight\": 64, \"storage\": { \"provider\": \"sqlite\" }, \"region\": { \"municipalities\": \"municipalities.csv\" } }")]
    [InlineData("{ \"mode\": \"sandbox\", \"sources\": { \"a\": { \"type\": \"landactiehost\", \"url\": \"http://127.0.0.1:9/a/b?c=d\", \"interval\": \"00:00:01\", \"test\": true }, \"m\": { \"type\": \"folder\", \"path\": \"in\", \"enabled\": false } } }")]
    [InlineData("{ \"mode\": \"sandbox\", \"channels\": { \"x_midden\": { \"type\": \"x\", \"publish\": false, \"pacing\": { \"min\": \"00:00:01\", \"max\": \"00:00:02.500\" }, \"quiet\": \"00:02:00\", \"atClose\": \"keep\" }, \"f\": { \"type\": \"facebook\", \"pageId\": 1 }, \"w\": { \"type\": \"whatsapp\", \"groups\": \"groups.csv\" } } }")]
    [InlineData("{ \"mode\": \"sandbox\", \"texts\": { \"links\": [\"Zeist.nl\", \"politie.nl\"], \"phoneNumbers\": [\"112\", \"030-1234567\"] } }")]
    [InlineData("{ \"mode\": \"sandbox\", \"channels\": { \"x\": { \"type\": \"x\", \"linkBudget\": 100, \"linkPrice\": 0.25 } }, \"routes\": { \"a\": { \"channels\": [\"x\"], \"kinds\": [\"actie\"], \"categories\": [\"fraud\"], \"municipalities\": [\"Amersfoort\", \"GM0344\"], \"area\": { \"lat\": 52.18, \"lon\": 5.39, \"radius\": 2000 }, \"time\": { \"from\": \"22:00\", \"to\": \"07:00\", \"days\": [\"vr\"] } }, \"b\": { \"channels\": [\"x\"], \"urgency\": \"not-urgent\", \"deliver\": { \"from\": \"08:00\", \"to\": \"24:00\", \"spread\": \"00:10:00\" } } } }")]
    [InlineData("{ \"mode\": \"sandbox\", \"notAfter\": { \"actie\": \"7.00:00:00\", \"burgernetmail\": \"168:00:00\" } }")]
    [InlineData("{ \"mode\": \"sandbox\", \"notify\": { \"mailTo\": [\"a@b.example\"], \"smtp\": { \"host\": \"::1\", \"tls\": false }, \"webhookUrl\": \"https://h.example/T0/B0?a=b\" } }")]
    public async Task What_the_program_takes_an_editor_takes(string json)
    {
        _folder.Write("syndicate.json", json);
        Assert.NotNull(_folder.Check(out _));
        Assert.Empty((await SchemaAsync()).Validate(json));
    }

    Task<JsonSchema> SchemaAsync() => JsonSchema.FromJsonAsync(_folder.Read("syndicate.schema.json"), TestContext.Current.CancellationToken);

    static string Plain(string json) => JsonNode.Parse(json, documentOptions: Lenient)!.ToJsonString();

    /// <summary>Makes a sample with every object that the schema knows, an unknown key in each, and notes the keys of each.</summary>
    static void Walk(JsonElement schema, JsonElement root, string path, JsonObject sample, Dictionary<string, string> keys, int shape = 0)
    {
        if (schema.TryGetProperty("patternProperties", out var named) && named.EnumerateObject().Single().Value is var entries)
        {
            var kinds = entries.TryGetProperty("oneOf", out var several) ? several.EnumerateArray().Select(kind => Resolved(kind, root)).ToList() : [];
            foreach (var (kind, type) in kinds.SelectMany(k => k.GetProperty("properties").GetProperty("type").GetProperty("enum").EnumerateArray().Select(t => (k, t.GetString()!))))
                Entry(type.Replace('-', '_'), kind, 0, new JsonObject { ["type"] = type });
            // One for each shape that a part of it may have.
            for (var number = 0; kinds.Count == 0 && number < 2; number++)
                Entry($"naam{number}", Resolved(entries, root), number, []);
            return;

            void Entry(string name, JsonElement its, int variant, JsonObject entry)
            {
                sample[name] = entry;
                Walk(its, root, $"{path}.{name}", entry, keys, variant);
            }
        }

        var properties = schema.GetProperty("properties").EnumerateObject().ToList();
        keys[path] = string.Join(", ", properties.Select(p => p.Name).Order(StringComparer.Ordinal));
        sample[Unknown] = "?";
        foreach (var (name, value) in properties.Select(p => (p.Name, Resolved(p.Value.TryGetProperty("oneOf", out var shapes) ? shapes[shape] : p.Value, root))).Where(p => p.Item2.TryGetProperty("properties", out _) || p.Item2.TryGetProperty("patternProperties", out _)))
        {
            var child = new JsonObject(value.TryGetProperty("required", out var required) ? required.EnumerateArray().Select(r => KeyValuePair.Create(r.GetString()!, (JsonNode?)"?")) : []);
            sample[name] = child;
            Walk(value, root, path.Length == 0 ? name : $"{path}.{name}", child, keys);
        }
    }

    static JsonElement Resolved(JsonElement schema, JsonElement root) =>
        schema.TryGetProperty("$ref", out var at) ? root.GetProperty("definitions").GetProperty(at.GetString()!["#/definitions/".Length..]) : schema;
}
