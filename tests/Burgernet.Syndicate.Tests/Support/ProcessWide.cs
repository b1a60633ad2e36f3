using Xunit;

namespace Burgernet.Syndicate.Tests.Support;

/// <summary>For tests that change what the whole process sees, its environment above all: they run alone.</summary>
[CollectionDefinition(nameof(ProcessWide), DisableParallelization = true)]
public sealed class ProcessWide;
