using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Connectors;
using Burgernet.Syndicate.Previews;
using Burgernet.Syndicate.Templates;
using Burgernet.Syndicate.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Burgernet.Syndicate.Tests.Templates;

/// <summary>Every sort of post as the shipped templates make it, on every channel, in one file to read.</summary>
public sealed class ShippedTextsTests
{
    static readonly FakeTimeProvider Evening = new(new DateTimeOffset(2026, 11, 24, 19, 40, 0, TimeSpan.Zero));

    static readonly Composer Composer = new(Pipeline.Options.Templates, new TextNeutraliser(NeutraliserRules.Default), Evening);

    [Fact]
    public void Every_shipped_text_is_as_it_was_read_and_found_good()
    {
        var made = Path.Combine(AppContext.BaseDirectory, "posts.txt");
        var texts = Texts();
        File.WriteAllText(made, texts);

        Assert.True(texts == File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "posts.txt")),
            $"The texts changed. Read them in {made}; when they are good, put that file in the place of Golden/posts.txt.");
    }

    [Fact]
    public void Every_shipped_text_fits_with_room_for_an_appeal()
    {
        foreach (var channel in Pipeline.Options.Channels)
        foreach (var (_, model) in Examples())
        {
            var limit = ConnectorRegistry.Channels.Single(c => c.Type == channel.Type).Limit;
            var bare = Composer.Compose(Pipeline.Options.TemplateOf(channel), limit, model with { Text = "Tekst.", OpeningText = null, Municipality = model.Municipality is null ? null : "Utrechtse Heuvelrug" });
            Assert.InRange(bare.Length, 20, limit.Maximum - 20);
            Assert.False(bare.Shortened);
        }
    }

    [Fact]
    public void Every_example_and_every_name_in_the_manual_exists()
    {
        var manual = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "sjablonen.md"));
        var sources = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "config", "templates")).ToDictionary(file => Path.GetFileNameWithoutExtension(file), File.ReadAllText);
        var examples = Regex.Matches(manual, "```liquid\n(.*?)```", RegexOptions.Singleline).Select(m => m.Groups[1].Value).ToList();
        for (var i = 0; i < examples.Count; i++)
            sources[$"voorbeeld{i}"] = examples[i];
        var files = Regex.Matches(manual, @"`([a-z]+(?:\.[a-z-]+)+)\.liquid`").Select(m => m.Groups[1].Value);
        foreach (var file in files)
            sources.TryAdd(file, "");

        _ = new TemplateSet(sources, out var faults);

        Assert.Equal(5, examples.Count);
        Assert.Empty(faults);
        Assert.All(TemplateFilters.All.Keys.Except(["lstrip", "rstrip", "strip_newlines", "remove_first", "replace_first"]), filter => Assert.Contains($"`{filter}", manual, StringComparison.Ordinal));
        Assert.All(TemplateSet.Variables, variable => Assert.Contains($"| `{variable}` |", manual, StringComparison.Ordinal));
    }

    static string Texts()
    {
        var texts = new StringBuilder();
        foreach (var (name, model) in Examples())
        {
            foreach (var channel in Pipeline.Options.Channels)
            {
                var limit = ConnectorRegistry.Channels.Single(c => c.Type == channel.Type).Limit;
                var post = Composer.Compose(Pipeline.Options.TemplateOf(channel), limit, model);
                texts.Append(CultureInfo.InvariantCulture, $"==== {name}, op {channel.Name} ({post.Length} van {limit.Maximum}{(post.Shortened ? ", ingekort" : "")})\n{post.Text}\n\n");
            }
        }

        return texts.ToString();
    }

    static IEnumerable<(string Name, AlertModel Model)> Examples() => ExampleAlerts.At(Evening.GetUtcNow(), Pipeline.Options.Areas).Select(example =>
    {
        var location = Pipeline.Options.Areas.Locate(example.Alert.Area, example.Alert.Municipality, example.Alert.IssuedAt);
        return (example.Key, Intake.NewestOf(example.Alert, Intake.EntryOf(example.Alert, location, Evening.GetUtcNow(), DateTimeOffset.MaxValue), new AlertWords(Pipeline.Options.Areas), "BN-7F3K2"));
    });
}
