namespace Burgernet.Syndicate.Templates;

/// <summary>Times as people in the Netherlands read them.</summary>
public static class DutchTime
{
    /// <summary>Europe/Amsterdam; the image must carry the time zone data.</summary>
    public static TimeZoneInfo Zone { get; } = TimeZoneInfo.FindSystemTimeZoneById("Europe/Amsterdam");

    public static DateTimeOffset Of(DateTimeOffset moment) => TimeZoneInfo.ConvertTime(moment, Zone);

    public static DateOnly DayOf(DateTimeOffset moment) => DateOnly.FromDateTime(Of(moment).DateTime);
}
