using System.Globalization;
using Burgernet.Syndicate.Routing;
using Xunit;

namespace Burgernet.Syndicate.Tests.Routing;

/// <summary>On 29 March 2026 the clock goes from 2.00 to 3.00, on 25 October from 3.00 back to 2.00.</summary>
public sealed class DutchHoursTests
{
    static DutchHours Hours(string from, string to, params DayOfWeek[] days) =>
        new(TimeOnly.ParseExact(from, "HH:mm", CultureInfo.InvariantCulture), TimeOnly.ParseExact(to, "HH:mm", CultureInfo.InvariantCulture), days.Length == 0 ? DutchHours.EveryDay : days.ToHashSet());

    static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    [Theory]
    [InlineData("07:00", "22:00", "2026-11-25T05:59:59", false)]
    [InlineData("07:00", "22:00", "2026-11-25T06:00:00", true)]
    [InlineData("07:00", "22:00", "2026-11-25T20:59:59", true)]
    [InlineData("07:00", "22:00", "2026-11-25T21:00:00", false)]
    [InlineData("07:00", "22:00", "2026-07-01T05:00:00", true)]
    [InlineData("22:00", "07:00", "2026-11-25T21:00:00", true)]
    [InlineData("22:00", "07:00", "2026-11-26T05:59:59", true)]
    [InlineData("22:00", "07:00", "2026-11-26T06:00:00", false)]
    [InlineData("22:00", "00:00", "2026-11-25T22:59:59", true)]
    [InlineData("22:00", "00:00", "2026-11-25T23:00:00", false)]
    public void Hours_are_those_of_the_dutch_clock_and_may_pass_midnight(string from, string to, string moment, bool within) =>
        Assert.Equal(within, Hours(from, to).Contains(Utc(moment)));

    [Fact]
    public void A_night_belongs_to_the_day_on_which_it_begins()
    {
        var fridayNight = Hours("22:00", "07:00", DayOfWeek.Friday);

        Assert.True(fridayNight.Contains(Utc("2026-11-27T21:30:00")));
        Assert.True(fridayNight.Contains(Utc("2026-11-28T05:30:00")));
        Assert.False(fridayNight.Contains(Utc("2026-11-27T05:30:00")));
        Assert.Equal("vr 22.00-07.00 uur".Replace("07", "7", StringComparison.Ordinal), fridayNight.ToString());
    }

    [Theory]
    [InlineData("2026-11-25T12:00:00", "2026-11-25T12:00:00")] // within: at once
    [InlineData("2026-11-25T22:00:00", "2026-11-26T07:00:00")]
    [InlineData("2026-11-25T03:00:00", "2026-11-25T07:00:00")]
    public void The_next_opening_is_found(string moment, string opens) => Assert.Equal(Utc(opens), Hours("08:00", "21:00").NextWithin(Utc(moment)));

    [Fact]
    public void On_the_days_of_the_week_alone() =>
        Assert.Equal(Utc("2026-11-30T07:00:00"), Hours("08:00", "18:00", DayOfWeek.Monday, DayOfWeek.Tuesday).NextWithin(Utc("2026-11-25T12:00:00")));

    [Theory]
    // The night of 28 to 29 March has no 2.30: what begins then begins when the clock jumps, at 3.00.
    [InlineData("02:30", "05:00", "2026-03-29T00:59:59", false)]
    [InlineData("02:30", "05:00", "2026-03-29T01:00:00", true)]
    [InlineData("01:00", "02:30", "2026-03-29T00:59:59", true)]
    [InlineData("01:00", "02:30", "2026-03-29T01:00:00", false)]
    // That of 24 to 25 October has it twice: it begins at the first and ends at the second.
    [InlineData("02:30", "05:00", "2026-10-25T00:29:59", false)]
    [InlineData("02:30", "05:00", "2026-10-25T00:30:00", true)]
    [InlineData("02:30", "05:00", "2026-10-25T01:15:00", true)]
    [InlineData("01:00", "02:30", "2026-10-25T01:29:59", true)]
    [InlineData("01:00", "02:30", "2026-10-25T01:30:00", false)]
    public void The_nights_in_which_the_clock_changes_have_their_hours_right(string from, string to, string moment, bool within) =>
        Assert.Equal(within, Hours(from, to).Contains(Utc(moment)));

    [Theory]
    [InlineData("2026-03-28T22:00:00", "2026-03-29T05:00:00")]
    [InlineData("2026-10-24T21:00:00", "2026-10-25T06:00:00")]
    public void A_window_opens_by_the_clock_after_a_night_in_which_it_changes(string moment, string opens) =>
        Assert.Equal(Utc(opens), Hours("07:00", "22:00").NextWithin(Utc(moment)));

    [Fact]
    public void Every_moment_of_both_nights_lies_in_one_of_two_windows_that_share_the_day()
    {
        var (one, other) = (Hours("02:30", "14:00"), Hours("14:00", "02:30"));
        foreach (var night in new[] { Utc("2026-03-28T22:00:00"), Utc("2026-10-24T22:00:00") })
            for (var minute = 0; minute < 10 * 60; minute++)
                Assert.True(one.Contains(night.AddMinutes(minute)) || other.Contains(night.AddMinutes(minute)), $"{night.AddMinutes(minute)}");
    }
}
