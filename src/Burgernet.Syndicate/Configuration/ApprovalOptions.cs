namespace Burgernet.Syndicate.Configuration;

/// <summary>What a person must agree to before it is posted: <c>approval</c> in syndicate.json, checked.</summary>
public sealed record ApprovalOptions
{
    /// <summary>Two people must agree, and who changed the words is none of them.</summary>
    public bool FourEyes { get; init; }

    /// <summary>How long what needs no consent may still be stopped before it goes out; zero: it goes out at once.</summary>
    public TimeSpan Veto { get; init; }

    /// <summary>After how long people are reminded that something waits.</summary>
    public TimeSpan RemindAfter { get; init; } = TimeSpan.FromHours(4);

    /// <summary>After how long what nobody agreed to is given up.</summary>
    public TimeSpan ExpiresAfter { get; init; } = TimeSpan.FromDays(2);

    internal static ApprovalOptions Read(ConfigReader approval)
    {
        var usual = new ApprovalOptions();
        var options = new ApprovalOptions
        {
            FourEyes = approval.Flag("fourEyes", usual.FourEyes),
            Veto = approval.Duration("veto", usual.Veto, TimeSpan.Zero),
            RemindAfter = approval.Duration("remindAfter", usual.RemindAfter, TimeSpan.FromMinutes(1)),
            ExpiresAfter = approval.Duration("expiresAfter", usual.ExpiresAfter, TimeSpan.FromMinutes(1)),
        };
        approval.RejectUnknown();
        return options;
    }
}
