using System.Text.RegularExpressions;
using Burgernet.Syndicate.Acceptance.Support;
using Microsoft.Playwright;

namespace Burgernet.Syndicate.Acceptance;

/// <summary>What a newcomer sees: the shipped configuration, one command, a browser.</summary>
public sealed class SandboxTests
{
    public const string Browser = "/usr/bin/chromium";

    [Fact]
    public async Task A_newcomer_sees_an_example_come_in_and_go_out_on_every_platform_and_the_page_tells_it()
    {
        Needs.OrSkip(File.Exists(Browser) ? null : $"there is no browser at {Browser}; install the package chromium");
        var data = Directory.CreateTempSubdirectory("syndicate-sandbox-").FullName;
        try
        {
            await using var worker = await WorkerProcess.StartAsync(Path.Combine(AppContext.BaseDirectory, "config"), data, cancellationToken: TestContext.Current.CancellationToken);
            var alerts = await Eventually.GetAsync(() => ApiAlert.ListAsync(worker.Client), found => found.Count > 0 && found[0].Deliveries.Count >= 3 && found[0].Deliveries.All(d => d.State == "published"), TimeSpan.FromMinutes(2));
            Assert.Equal(["facebook", "whatsapp", "x"], alerts[0].Deliveries.Select(d => d.Channel).Distinct().Order(StringComparer.Ordinal));

            using var playwright = await Playwright.CreateAsync();
            await using var chromium = await LaunchAsync(playwright);
            foreach (var (width, height) in new[] { (390, 844), (1280, 900) })
            {
                await using var context = await chromium.NewContextAsync(new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = width, Height = height }, Locale = "nl-NL" });
                var page = await context.NewPageAsync();
                await page.GotoAsync(worker.Url.ToString());

                await Assertions.Expect(page.GetByText("Zandbak", new PageGetByTextOptions { Exact = true })).ToBeVisibleAsync();
                // The examples go on while we look: the newest may still be on its way.
                var article = page.Locator("article").Filter(new LocatorFilterOptions { HasText = "geplaatst" }).First;
                await Assertions.Expect(article).ToContainTextAsync(new Regex("na \\d+ s"));
                Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"), $"the page is wider than {width} px");
                Assert.NotEqual("rgba(0, 0, 0, 0)", await page.Locator("body > header").EvaluateAsync<string>("e => getComputedStyle(e).backgroundColor"));

                // The permalink of the X post leads to the post, on the imitated platform, for as long as the action runs:
                // when it has ended the post is gone, and the next one is looked at.
                await Eventually.GetAsync(async () =>
                {
                    await page.GotoAsync(worker.Url.ToString());
                    await page.Locator("article section:has(h4:text-is('x')) a").First.ClickAsync();
                    return await page.Locator("main.single").InnerTextAsync();
                }, text => text.Contains("Ref. BN-", StringComparison.Ordinal), TimeSpan.FromMinutes(3));
                await page.GotoAsync(worker.Url.ToString());
                await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Bekijk de nagebootste tijdlijnen" }).ClickAsync();
                await Assertions.Expect(page.Locator("body")).ToContainTextAsync("niets hiervan is echt");
                Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"), $"the timelines are wider than {width} px");
            }

            Assert.Equal(0, await worker.StopAsync());
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    public static Task<IBrowser> LaunchAsync(IPlaywright playwright)
    {
        // A bound for a machine that does much else at once, not a wish for how fast a page should be.
        Assertions.SetDefaultExpectTimeout(60_000);
        return playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Browser,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
            Timeout = 120_000,
        });
    }
}
