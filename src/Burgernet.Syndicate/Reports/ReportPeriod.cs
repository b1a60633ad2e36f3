using System.Globalization;
using System.Text.Json.Serialization;
using Burgernet.Syndicate.Routing;

namespace Burgernet.Syndicate.Reports;

/// <summary>Days in Dutch time, both included.</summary>
/// <param name="From">The first.</param>
/// <param name="To">The last.</param>
public sealed record ReportPeriod(DateOnly From, DateOnly To)
{
    const string Format = "yyyy-MM-dd";

    static readonly CultureInfo Dutch = CultureInfo.GetCultureInfo("nl-NL");

    // Burgernet began in 2004; a typo must not ask for two thousand years.
    static readonly DateOnly First = new(2000, 1, 1);
    static readonly DateOnly Last = new(2100, 12, 31);

    /// <summary>When it begins (UTC).</summary>
    public DateTimeOffset Start => DutchHours.Moment(From, TimeOnly.MinValue);

    /// <summary>When it is over (UTC): the first moment that no longer belongs to it.</summary>
    public DateTimeOffset End => DutchHours.Moment(To.AddDays(1), TimeOnly.MinValue);

    public int Days => To.DayNumber - From.DayNumber + 1;

    /// <summary>The same days a year earlier; of a leap day the day before it, and of whole months whole months.</summary>
    [JsonIgnore]
    public ReportPeriod YearBefore => new(From.AddYears(-1), From.Day == 1 && IsLastOfMonth(To) ? To.AddDays(1).AddYears(-1).AddDays(-1) : To.AddYears(-1));

    /// <summary>The calendar months that it touches, each by its first day.</summary>
    [JsonIgnore]
    public IEnumerable<DateOnly> Months
    {
        get
        {
            for (var month = new DateOnly(From.Year, From.Month, 1); month <= To; month = month.AddMonths(1))
                yield return month;
        }
    }

    static bool IsLastOfMonth(DateOnly day) => day.AddDays(1).Day == 1;

    /// <summary>The day that is written as yyyy-MM-dd; null when it is not, or lies far outside any report.</summary>
    public static DateOnly? Day(string? text) =>
        DateOnly.TryParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day >= First && day <= Last ? day : null;

    public static string Written(DateOnly day) => day.ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>"1 januari tot en met 31 maart 2026"; of whole months and years their names.</summary>
    public override string ToString() => this switch
    {
        { From: { Month: 1, Day: 1 }, To: { Month: 12, Day: 31 } } when From.Year == To.Year => From.Year.ToString(Dutch),
        { From.Day: 1 } when To == From.AddMonths(1).AddDays(-1) => From.ToString("MMMM yyyy", Dutch),
        _ when From == To => From.ToString("d MMMM yyyy", Dutch),
        _ => $"{From.ToString(From.Year == To.Year ? "d MMMM" : "d MMMM yyyy", Dutch)} tot en met {To.ToString("d MMMM yyyy", Dutch)}",
    };
}
