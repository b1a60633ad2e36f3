namespace Burgernet.Syndicate.Sandbox;

/// <summary>The platforms, in memory.</summary>
public sealed class SandboxHost;
