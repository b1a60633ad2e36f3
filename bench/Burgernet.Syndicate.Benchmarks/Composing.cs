using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Connectors;
using Burgernet.Syndicate.Templates;
using Microsoft.Extensions.Logging.Abstractions;

namespace Burgernet.Syndicate.Benchmarks;

/// <summary>How many posts a second one core puts into words, with the shipped templates. In time of the processor, collecting garbage included.</summary>
static class Composing
{
    static readonly TimeSpan Round = TimeSpan.FromMilliseconds(500);
    const int Rounds = 5;
    const int Batch = 100;

    public static IReadOnlyList<Figure> Measure(SyndicateOptions shipped)
    {
        var composer = new Composer(shipped.Templates, new TextNeutraliser(NeutraliserRules.Default), TimeProvider.System);
        var model = new AlertModel
        {
            Phase = "opened", Kind = "actie", Category = "missing-person", Exercise = false, Text = Some.Text,
            Municipality = "Amersfoort", IssuedAt = TimeProvider.System.GetUtcNow(), Reference = "BN-7F3K2",
        };
        return [.. shipped.Channels.Select(channel =>
        {
            var limit = ConnectorRegistry.Channels.Single(c => c.Type == channel.Type)
                .Create(channel, new ChannelServices(TimeProvider.System, NullLoggerFactory.Instance)).Limit;
            PostsPerSecond();
            var shortened = composer.Compose(shipped.TemplateOf(channel), limit, model).Shortened;
            return new Figure($"composing for {channel.Name}", "posts/s")
            {
                Target = "≥ 20000",
                Measured = Spread.Of(Enumerable.Range(0, Rounds).Select(_ => PostsPerSecond())),
                Note = $"one core; {Rounds} rounds; a text of {Some.Text.Length} characters{(shortened ? ", which has to be shortened" : "")}",
            };

            double PostsPerSecond()
            {
                var (start, posts) = (Environment.CpuUsage.TotalTime, 0);
                for (; posts % Batch > 0 || Environment.CpuUsage.TotalTime - start < Round; posts++)
                    composer.Compose(shipped.TemplateOf(channel), limit, model);
                return posts / (Environment.CpuUsage.TotalTime - start).TotalSeconds;
            }
        })];
    }
}
