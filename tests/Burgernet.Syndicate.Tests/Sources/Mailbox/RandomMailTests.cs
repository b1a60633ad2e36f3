using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Tests.Support;
using Xunit;

namespace Burgernet.Syndicate.Tests.Sources.Mailbox;

/// <summary>Mails that are no good mails; the bench judges a million of them.</summary>
[Collection(nameof(ProcessWide))]
public sealed class RandomMailTests(ShippedConfiguration shipped) : IClassFixture<ShippedConfiguration>
{
    const int Seed = 1;
    const int Mails = 20_000;

    [Fact]
    public async Task Whatever_comes_in_is_judged_and_what_was_changed_is_not_believed()
    {
        using var signing = new SigningDomain();
        var fixtures = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Fixtures", "mails"), "*.eml").Order(StringComparer.Ordinal).Select(File.ReadAllBytes).ToList();
        var trust = new MailTrust { AllowedSenders = [Support.Mails.Police, "wijkagent@politie.example"], AuthservId = Support.Mails.AuthservId, DkimKeys = signing.KeyFile };
        var outcome = await new RandomMails(Seed, fixtures).JudgeAsync(Mails, shipped.Options, trust);

        Assert.True(outcome.Faults.Count == 0, string.Join("\n\n", outcome.Faults.Take(3).Select(f => $"{f.What}\n{Convert.ToBase64String(f.Mail.AsSpan(0, Math.Min(f.Mail.Length, 2_000)))}")));
        Assert.Equal(Mails, outcome.Judged);
        TestContext.Current.TestOutputHelper?.WriteLine($"the longest took {outcome.Longest.TotalMilliseconds:0} ms; {outcome.Believed} were believed");
    }
}
