using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Burgernet.Syndicate.Acceptance.Support;

/// <summary>A page that everybody can use: axe finds nothing serious, and nothing sticks out of the window.</summary>
static class Accessible
{
    public static readonly (int Width, int Height)[] Windows = [(390, 844), (1280, 900)];

    static readonly NpmPackages Axe = new(Path.Combine(AppContext.BaseDirectory, "Axe"), "syndicate-axe");

    /// <summary>Skips the test where there is no browser or no axe; in CI it fails then.</summary>
    public static void OrSkip()
    {
        Needs.OrSkip(File.Exists(SandboxTests.Browser) ? null : $"there is no browser at {SandboxTests.Browser}; install the package chromium");
        Needs.OrSkip(Axe.Missing);
    }

    public static async Task<IPage> OpenAsync(IBrowser browser, (int Width, int Height) window)
    {
        var context = await browser.NewContextAsync(new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = window.Width, Height = window.Height }, Locale = "nl-NL" });
        return await context.NewPageAsync();
    }

    public static async Task HoldAsync(IPage page, string what)
    {
        // A link that was just followed may still be without its style.
        await page.WaitForLoadStateAsync(LoadState.Load);
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"), $"{what} is wider than the window");
        await page.EvaluateAsync(await File.ReadAllTextAsync(Path.Combine(Axe.Folder, "node_modules", "axe-core", "axe.min.js")) + ";0");
        var found = JsonNode.Parse(await page.EvaluateAsync<string>("axe.run().then(result => JSON.stringify(result.violations.filter(v => ['serious', 'critical'].includes(v.impact)).map(v => [v.id, ...v.nodes.map(n => n.html)])))"))!.AsArray();
        Assert.True(found.Count == 0, $"{what}: {found.ToJsonString()}");
    }
}
