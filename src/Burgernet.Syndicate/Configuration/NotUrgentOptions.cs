using Burgernet.Syndicate.Routing;

namespace Burgernet.Syndicate.Configuration;

/// <summary>When what can wait is posted (Burgernetmail): <c>notUrgent</c> in syndicate.json, checked.</summary>
public sealed record NotUrgentOptions
{
    /// <summary>For routes that have no window of their own; null: at any hour.</summary>
    public DeliveryWindow? Deliver { get; init; }

    /// <summary>The least time between two of them on one channel.</summary>
    public TimeSpan Apart { get; init; }

    internal static NotUrgentOptions Read(ConfigReader notUrgent)
    {
        var options = new NotUrgentOptions
        {
            Deliver = notUrgent.Has("deliver") ? RouteReader.Window(notUrgent.Object("deliver")) : null,
            Apart = notUrgent.Duration("apart", TimeSpan.Zero, TimeSpan.Zero),
        };
        notUrgent.Expect("deliver");
        notUrgent.RejectUnknown();
        return options;
    }
}
