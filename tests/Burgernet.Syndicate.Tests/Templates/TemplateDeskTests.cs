using Burgernet.Syndicate.Audit;
using Burgernet.Syndicate.Connectors;
using Burgernet.Syndicate.Templates;
using Burgernet.Syndicate.Tests.Support;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Burgernet.Syndicate.Tests.Templates;

/// <summary>A template that is saved, and the log of who did it.</summary>
public sealed class TemplateDeskTests : IDisposable
{
    static readonly Signature Eva = new("eva", null);

    readonly ConfigFolder _folder = new();
    readonly Pipeline _pipeline = new();

    public void Dispose()
    {
        _pipeline.Dispose();
        _folder.Dispose();
    }

    static string Before => Pipeline.Options.Templates.Sources["x"];

    string Shown => _folder.Read("templates/x.liquid");

    Task<Refusal?> SaveAsync(AuditLog? audit = null) =>
        new TemplateDesk(_folder.Folders, _pipeline.Live, audit ?? _pipeline.Audit, ConnectorRegistry.Channels).SaveAsync("x", Shown, "LET OP " + Before, Eva);

    async Task<string[]> LogAsync() => [.. (await _pipeline.Audit.NewestAsync(9)).Select(e => $"{e.ByWhom} {e.Action} {e.Subject} {e.Reason}".Trim())];

    [Fact]
    public async Task What_is_saved_stands_in_the_log()
    {
        Assert.Null(await SaveAsync());

        Assert.StartsWith("LET OP ", Shown, StringComparison.Ordinal);
        Assert.Equal(["eva template x.liquid"], await LogAsync());
    }

    [Fact]
    public async Task What_cannot_be_written_in_the_log_is_not_saved()
    {
        var before = Shown;
        await _pipeline.Database.WriteAsync(session => session.ExecuteAsync("create trigger refuses before insert on audit begin select raise(abort, 'no'); end"), TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<SqliteException>(() => SaveAsync());
        Assert.Equal(before, Shown);
        Assert.Equal(Pipeline.Options.Templates.Sources.Count, Directory.GetFiles(Path.Combine(_folder.Config, "templates")).Length);
    }

    [Fact]
    public async Task That_the_file_could_not_be_replaced_after_all_stands_in_the_log_too()
    {
        var path = Path.Combine(_folder.Config, "templates", "x.liquid");
        // It was there when it was looked at, and when the log was written it was no file any more.
        var audit = new AuditLog(_pipeline.Database, new WhenAsked(() =>
        {
            if (File.Exists(path))
                File.Delete(path);
            Directory.CreateDirectory(path);
        }));

        Assert.Contains("niet in de configuratiemap schrijven", (await SaveAsync(audit))!.Reason, StringComparison.Ordinal);
        Assert.Equal(["eva template-unsaved x.liquid het bestand kon niet vervangen worden", "eva template x.liquid"], await LogAsync());
    }

    /// <summary>A clock that does something when it is looked at.</summary>
    sealed class WhenAsked(Action act) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow()
        {
            act();
            return base.GetUtcNow();
        }
    }
}
