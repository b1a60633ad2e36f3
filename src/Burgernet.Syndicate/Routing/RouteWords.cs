using Burgernet.Syndicate.Alerts;

namespace Burgernet.Syndicate.Routing;

/// <summary>Our kinds and categories as staff call them.</summary>
public static class RouteWords
{
    public static string Of(AlertKind kind) => kind switch
    {
        AlertKind.Actie => "Burgernet-actie",
        AlertKind.AmberAlert => "AMBER Alert",
        AlertKind.VermistKindAlert => "Vermist Kind Alert",
        _ => "Burgernetmail",
    };

    public static string Of(AlertCategory category) => category switch
    {
        AlertCategory.MissingPerson => "vermissing",
        AlertCategory.Robbery => "overval",
        AlertCategory.StreetRobbery => "straatroof",
        AlertCategory.Burglary => "inbraak",
        AlertCategory.Violence => "geweld",
        AlertCategory.HitAndRun => "doorrijden na aanrijding",
        AlertCategory.Fraud => "oplichting",
        AlertCategory.RamRaid => "ram- of plofkraak",
        _ => "overig",
    };
}
