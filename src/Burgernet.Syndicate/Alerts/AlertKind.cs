namespace Burgernet.Syndicate.Alerts;

/// <summary>What sort of appeal this is; it decides urgency, expiry and words.</summary>
public enum AlertKind
{
    /// <summary>Burgernet's call to look out for a person or vehicle, for an area, ended by a closing message.</summary>
    Actie,

    /// <summary>AMBER Alert: a child's life is in danger; national.</summary>
    AmberAlert,

    /// <summary>Vermist Kind Alert: serious concern for a missing child; regional.</summary>
    VermistKindAlert,

    /// <summary>Burgernetmail: a less urgent message to participants; it has no closing message.</summary>
    Burgernetmail,
}

/// <summary>What the appeal is about, taken from its text and the source's hints.</summary>
public enum AlertCategory
{
    Other,
    MissingPerson,
    Robbery,
    StreetRobbery,
    Burglary,
    Violence,
    HitAndRun,
    Fraud,
    RamRaid,
}

/// <summary>Where an alert, or one message of it, stands in its life.</summary>
public enum AlertPhase
{
    Opened,
    Updated,
    Closed,
    Withdrawn,
    Expired,
    Silent,
}
