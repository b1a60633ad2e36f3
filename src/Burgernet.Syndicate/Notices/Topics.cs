namespace Burgernet.Syndicate.Notices;

/// <summary>
/// What a notice is about, for the people who are told: a thousand deliveries of one alert that are held on one channel
/// are one topic, those of the next alert are another.
/// </summary>
static class Topics
{
    const string Elsewise = "er is iets waar u naar moet kijken";

    static readonly Dictionary<string, string> Headlines = new()
    {
        ["access"] = "op een kanaal kan nu niet geplaatst worden",
        ["approval"] = "een bericht wacht op uw akkoord",
        ["clock"] = "de klok van een machine is verzet",
        ["duplicate"] = "een bericht staat dubbel",
        ["ended"] = "een oproep is over zijn tijd, zonder slotbericht",
        ["expiring"] = "de toegang tot een kanaal houdt binnenkort op",
        ["expired"] = "een bericht kon niet op tijd geplaatst worden",
        ["failed"] = "een bericht is geweigerd",
        ["held"] = "een bericht wacht op uw besluit",
        ["late"] = "een bericht staat er toch",
        ["links"] = "het budget voor links is op",
        ["mirror"] = "een kinderalarm kwam alleen uit de actiesfeed",
        ["nowhere"] = "een oproep is nergens geplaatst",
        ["owner"] = "een oproep kwam niet van de bron waar die van hoort te komen",
        ["quarantine"] = "een binnengekomen bericht is niet vertrouwd",
        ["quiet"] = "de stiltetijd van een kanaal is te kort",
        ["refused"] = "een bericht mocht niet verwijderd worden",
        ["reminder"] = "een bericht wacht nog steeds op uw akkoord",
        ["removed"] = "uit een bericht is iets weggelaten",
        ["repeated"] = "een bericht herhaalt een oproep en is niet geplaatst",
        ["report"] = "een rapport is niet of misschien niet gemaild",
        ["silent"] = "een oproep is niet meer te zien bij de bron",
        ["source"] = "een bron geeft geen antwoord",
        ["stopped"] = "een kanaal staat stil",
        ["takedown"] = "niet bewezen dat een bericht weg is",
        ["template"] = "een sjabloon werkt niet",
        ["unopened"] = "een aanvulling op een onbekende oproep",
        ["unreachable"] = "meldingen komen niet aan",
        ["unapproved"] = "een bericht is vervallen zonder akkoord",
        ["unmoved"] = "mail kan niet worden verplaatst",
        ["vanished"] = "een bericht is verdwenen",
    };

    /// <summary>Its kind with its channel and its alert; what has neither, with its source. The last part of a cause only tells one from another.</summary>
    public static string Of(string cause, string? channel, string? alertId)
    {
        var parts = cause.Split(':');
        string?[] about = channel is null && alertId is null ? [.. parts.Skip(1).SkipLast(1)] : [channel, alertId];
        return string.Join(':', about.OfType<string>().Prepend(parts[0]));
    }

    /// <summary>One line that says what is the matter, and where.</summary>
    /// <param name="topic">Of which it is the headline.</param>
    /// <param name="alertId">Not shown: nobody knows it by heart.</param>
    public static string Headline(string topic, string? alertId)
    {
        var parts = topic.Split(':');
        var where = parts.ElementAtOrDefault(1);
        return $"Burgernet.Syndicate: {Headlines.GetValueOrDefault(parts[0], Elsewise)}{(where is null || where == alertId ? "" : $" ({where})")}";
    }
}
