namespace Burgernet.Syndicate.Alerts;

/// <summary>Takes what the sources report.</summary>
public sealed class Intake;
