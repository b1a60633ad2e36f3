namespace Burgernet.Syndicate.Deliveries;

/// <summary>
/// The places at which a crash must cost nothing. The fault rig listens here to end the process at each of them;
/// nothing else ever does.
/// </summary>
static class CrashPoints
{
    public static Action<string>? Reached { get; set; }

    public static void Reach(string name) => Reached?.Invoke(name);
}
