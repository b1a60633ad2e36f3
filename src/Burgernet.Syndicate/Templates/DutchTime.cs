using System.Globalization;

namespace Burgernet.Syndicate.Templates;

/// <summary>Times as people in the Netherlands read them.</summary>
public static class DutchTime
{
    static readonly CultureInfo Dutch = CultureInfo.GetCultureInfo("nl-NL");

    /// <summary>Europe/Amsterdam; the image must carry the time zone data.</summary>
    public static TimeZoneInfo Zone { get; } = TimeZoneInfo.FindSystemTimeZoneById("Europe/Amsterdam");

    public static DateTimeOffset Of(DateTimeOffset moment) => TimeZoneInfo.ConvertTime(moment, Zone);

    public static DateOnly DayOf(DateTimeOffset moment) => DateOnly.FromDateTime(Of(moment).DateTime);

    /// <summary>"20.15 uur"</summary>
    public static string Clock(DateTimeOffset moment) => Of(moment).ToString("H.mm 'uur'", Dutch);

    /// <summary>"zaterdag 4 juli"; with the year when that is not the present one.</summary>
    public static string Day(DateTimeOffset moment, DateTimeOffset now) =>
        Of(moment).ToString(Of(moment).Year == Of(now).Year ? "dddd d MMMM" : "dddd d MMMM yyyy", Dutch);

    /// <summary>"vanavond om 20.15 uur", "gisteren om 23.05 uur", "zaterdag 4 juli om 9.00 uur"</summary>
    public static string When(DateTimeOffset moment, DateTimeOffset now)
    {
        var day = (DayOf(now).DayNumber - DayOf(moment).DayNumber) switch
        {
            0 => Of(moment).Hour switch { < 6 => "vannacht", < 12 => "vanochtend", < 18 => "vanmiddag", _ => "vanavond" },
            1 => "gisteren",
            _ => Day(moment, now),
        };
        return $"{day} om {Clock(moment)}";
    }

    /// <summary>"20.15 uur", or "24 november 23.59 uur" when that is not today.</summary>
    public static string Since(DateTimeOffset moment, DateTimeOffset now) =>
        DayOf(moment) == DayOf(now) ? Clock(moment) : Of(moment).ToString("d MMMM H.mm 'uur'", Dutch);
}
