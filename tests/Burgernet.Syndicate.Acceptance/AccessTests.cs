using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Burgernet.Syndicate.Acceptance.Support;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Audit;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Storage;
using Burgernet.Syndicate.Worker.Access;
using Burgernet.Syndicate.Worker.Commands;
using Burgernet.Syndicate.Worker.Services;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Burgernet.Syndicate.Acceptance;

/// <summary>Who may see and do what on the pages.</summary>
public sealed partial class AccessTests
{
    const string Elsewhere = "burgernet.example";
    const string Password = "een lang wachtwoord 1";

    static readonly string[] Groups = ["Schothorst;120363040000001001@g.us;;52.1790;5.3870;800;ja;"];

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static string[] Where(Stage stage) => ["--config", stage.Config, "--data", stage.Data, "--secrets", stage.Secrets];

    static Task<(int Code, string Out, string Err)> AccountsAsync(Stage stage, string? password, params string[] arguments) =>
        WorkerProcess.RunAsync([.. (string[])["accounts", .. arguments], .. Where(stage)], input: password is null ? "" : password + "\n");

    static async Task AddAsync(Stage stage, params (string Name, string Role)[] accounts)
    {
        foreach (var (name, role) in accounts)
            Assert.Equal(0, (await AccountsAsync(stage, Password, "add", name, "--role", role)).Code);
    }

    static SyndicateFolders FoldersOf(Stage stage) => new(stage.Config, stage.Data, stage.Secrets);

    static SyndicateOptions OptionsOf(Stage stage) => SyndicateCommand.CheckOf(FoldersOf(stage)).Load(out _)!;

    /// <summary>The program in this process, where it can be looked into.</summary>
    static async Task<WebApplication> StartHereAsync(Stage stage, Database database, Uri url)
    {
        var folders = FoldersOf(stage);
        var app = SyndicateHost.Build(OptionsOf(stage), folders, database, url.AbsoluteUri, null, services => ActivatorUtilities.CreateInstance<Reloader>(
            services, folders, () => SyndicateCommand.CheckOf(folders), (SyndicateOptions saved) => saved, (SyndicateOptions taken) => SyndicateHost.GenerationOf(taken, services), FolderLook.Take(folders)));
        app.Services.GetRequiredService<Migrator>().Migrate();
        await app.StartAsync(Cancel);
        return app;
    }

    [Fact]
    public async Task No_route_does_anything_without_a_login_a_role_and_a_token()
    {
        await using var stage = await Stage.SetAsync(Groups);
        await AddAsync(stage, ("lezer", Roles.Reader), ("baas", Roles.Administrator));
        using var database = new Database(OptionsOf(stage).Storage);
        var url = new Uri($"http://127.0.0.1:{TestMachine.FreePort()}");
        await using var app = await StartHereAsync(stage, database, url);

        // The routes are asked of the program itself: one that is added later is in this test.
        var routes = new List<(string Path, IReadOnlyList<string> Methods, bool Anonymous, bool ChangesNothing)>();
        foreach (var endpoint in app.Services.GetServices<EndpointDataSource>().Concat(((IEndpointRouteBuilder)app).DataSources).SelectMany(s => s.Endpoints).OfType<RouteEndpoint>().Distinct())
        {
            var page = endpoint.Metadata.GetMetadata<PageActionDescriptor>() is { } descriptor ? await app.Services.GetRequiredService<PageLoader>().LoadAsync(descriptor, endpoint.Metadata) : null;
            var metadata = page?.Endpoint?.Metadata ?? endpoint.Metadata;
            var path = "/" + Parameter().Replace(endpoint.RoutePattern.RawText!.TrimStart('/'), "x");
            string[] methods = [.. metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET", "POST"], "PUT", "PATCH", "DELETE"];
            foreach (var handler in page?.HandlerMethods.Select(h => h.Name).Distinct() ?? [null])
                routes.Add((handler is null ? path : $"{path}?handler={handler}", [.. methods.Distinct()], metadata.GetMetadata<IAllowAnonymous>() is not null, metadata.GetMetadata<ChangesNothingAttribute>() is not null));
        }

        Assert.True(routes.Count > 20, $"{routes.Count} routes");
        Assert.Equal(
            ["/health/live", "/health/ready", "/inloggen", "/inloggen?handler=Organisatie", "/overview.js", "/report.css", "/site.css", "/sjablonen.js"],
            routes.Where(r => r.Anonymous).Select(r => r.Path).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(["/postvak", "/sjablonen", "/uitloggen"], routes.Where(r => r.ChangesNothing).Select(r => r.Path).Distinct().Order(StringComparer.Ordinal));

        using var stranger = new Visitor(url);
        using var reader = await Visitor.LogInAsync(url, "lezer", Password);
        using var boss = await Visitor.LogInAsync(url, "baas", Password);
        var token = await reader.TokenAsync("/");
        foreach (var (path, methods, _, changesNothing) in routes.Where(r => !r.Anonymous))
        {
            foreach (var method in methods.Select(m => new HttpMethod(m)))
            {
                var reads = method == HttpMethod.Get;
                // From elsewhere, without a login.
                using (var answer = await stranger.SendAsync(method, path, Form(method), Elsewhere))
                    Assert.True(IsClosed(answer), $"{method} {path} from elsewhere: {answer.StatusCode}");
                if (reads || changesNothing)
                    continue;
                // On this machine, without a login.
                using (var answer = await stranger.SendAsync(method, path, Form(method)))
                    Assert.True(IsClosed(answer), $"{method} {path} without a login: {answer.StatusCode}");
                // Without the role.
                using (var answer = await reader.SendAsync(method, path, Form(method, token)))
                    Assert.True(answer.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotFound, $"{method} {path} by a reader: {answer.StatusCode}");
                // Without the token.
                using (var answer = await boss.SendAsync(method, path, Form(method)))
                    Assert.True(answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotFound, $"{method} {path} without a token: {answer.StatusCode}");
            }
        }

        Task<IReadOnlyList<string>> ActedAsync() => database.ReadAsync(session => session.QueryAsync<string>("select action from audit"));
        Assert.Empty(await ActedAsync());
        // With all three it is done: this test can see an act.
        Assert.Contains("staat stil", await boss.ActAsync("/kanalen/x/stilzetten", "/"), StringComparison.Ordinal);
        Assert.Equal(["pause"], await ActedAsync());
        await app.StopAsync(Cancel);

        static bool IsClosed(HttpResponseMessage answer) =>
            answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotFound
            || answer.StatusCode is HttpStatusCode.Redirect && answer.Headers.Location!.ToString().Contains("/inloggen", StringComparison.Ordinal);

        static FormUrlEncodedContent? Form(HttpMethod method, string? token = null) =>
            method == HttpMethod.Get ? null : new FormUrlEncodedContent(token is null ? [] : [KeyValuePair.Create("__RequestVerificationToken", token)]);
    }

    [Fact]
    public async Task Accounts_are_made_listed_and_taken_away_by_command()
    {
        await using var stage = await Stage.SetAsync([]);
        Assert.Contains("Er zijn geen accounts", (await AccountsAsync(stage, null, "list")).Out, StringComparison.Ordinal);

        var (code, made, _) = await AccountsAsync(stage, null, "add", "eva", "--role", "redactie");
        Assert.Equal(0, code);
        Assert.Matches("Wachtwoord: [a-z0-9]{20} ", made);
        Assert.Equal((1, "EVA heeft al een account; met --replace krijgt het deze rol en een nieuw wachtwoord\n"), Told(await AccountsAsync(stage, Password, "add", "EVA", "--role", "beheer")));
        Assert.Equal((2, "een wachtwoord heeft ten minste 12 tekens\n"), Told(await AccountsAsync(stage, "kort", "add", "jan", "--role", "beheer")));
        Assert.Equal((2, "--role: kies lezen, redactie, beheer\n"), Told(await AccountsAsync(stage, Password, "add", "jan", "--role", "baas")));
        Assert.Equal(2, (await AccountsAsync(stage, Password, "add", "../jan", "--role", "lezen")).Code);

        Assert.Equal(0, (await AccountsAsync(stage, Password, "add", "jan", "--role", "beheer")).Code);
        Assert.Matches("^eva\tredactie\t.*\njan\tbeheer\t.*\n$", (await AccountsAsync(stage, null, "list")).Out);
        var file = Path.Combine(stage.Data, "accounts.json");
        Assert.DoesNotContain(Password, await File.ReadAllTextAsync(file, Cancel), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));

        Assert.Equal(0, (await AccountsAsync(stage, null, "remove", "eva")).Code);
        Assert.Equal(2, (await AccountsAsync(stage, null, "remove", "eva")).Code);
        await File.WriteAllTextAsync(file, "{", Cancel);
        Assert.Contains("kan niet worden gelezen", Told(await AccountsAsync(stage, null, "list")).Err, StringComparison.Ordinal);

        static (int Code, string Err) Told((int Code, string, string Err) run) => (run.Code, run.Err);
    }

    [Fact]
    public async Task On_this_machine_everybody_may_look_and_from_elsewhere_nobody_without_a_login()
    {
        await using var stage = await Stage.SetAsync(Groups);
        await using var worker = await stage.StartWorkerAsync();
        using var stranger = new Visitor(worker.Url);

        Assert.DoesNotContain("Zet stil", await stranger.GetAsync("/"), StringComparison.OrdinalIgnoreCase);
        using var proxied = new HttpRequestMessage(HttpMethod.Get, "/");
        proxied.Headers.Add("X-Forwarded-For", "203.0.113.7");
        Assert.Contains("/inloggen", (await SendAsync(worker, proxied)).Headers.Location!.OriginalString, StringComparison.Ordinal);
        using var api = await stranger.SendAsync(HttpMethod.Get, "/api/alerts", host: Elsewhere);
        Assert.Equal(HttpStatusCode.Unauthorized, api.StatusCode);

        // Whether it is well, everybody may know; how it is set up not.
        using var ready = await stranger.SendAsync(HttpMethod.Get, "/health/ready", host: Elsewhere);
        Assert.Equal("""{"status":"ready"}""", await ready.Content.ReadAsStringAsync(Cancel));
        Assert.Contains("Er zijn nog geen accounts", await stranger.GetAsync("/inloggen"), StringComparison.Ordinal);
    }

    static async Task<HttpResponseMessage> SendAsync(WorkerProcess worker, HttpRequestMessage request)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = worker.Url };
        return await client.SendAsync(request, Cancel);
    }

    [Fact]
    public async Task A_session_outlives_a_restart_and_ends_with_its_account()
    {
        await using var stage = await Stage.SetAsync(Groups);
        await AddAsync(stage, ("eva", Roles.Editor));
        var worker = await stage.StartWorkerAsync();
        using var eva = await Visitor.LogInAsync(worker.Url, "Eva", Password);
        Assert.Contains("eva (redactie)", await eva.GetAsync("/"), StringComparison.Ordinal);
        var cookie = Assert.Single(eva.Cookies.GetCookies(worker.Url), c => c.Name == "syndicate");
        Assert.True(cookie.HttpOnly);
        await worker.StopAsync();
        await worker.DisposeAsync();

        await using var again = await stage.StartWorkerAsync();
        using var later = new Visitor(again.Url);
        later.Cookies.Add(new Cookie(cookie.Name, cookie.Value, "/", again.Url.Host));
        Assert.Contains("eva (redactie)", await later.GetAsync("/"), StringComparison.Ordinal);

        // Another role is another account.
        Assert.Equal(0, (await AccountsAsync(stage, Password, "add", "eva", "--role", "lezen", "--replace")).Code);
        Assert.DoesNotContain("eva (", await later.GetAsync("/"), StringComparison.Ordinal);
        using var anew = await Visitor.LogInAsync(again.Url, "eva", Password);
        Assert.Equal(0, (await AccountsAsync(stage, null, "remove", "eva")).Code);
        Assert.DoesNotContain("eva (", await anew.GetAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_ends_after_eight_hours_however_much_it_is_used()
    {
        await using var stage = await Stage.SetAsync(Groups);
        await AddAsync(stage, ("eva", Roles.Editor));
        using var database = new Database(OptionsOf(stage).Storage);
        var url = new Uri($"http://127.0.0.1:{TestMachine.FreePort()}");
        await using var app = await StartHereAsync(stage, database, url);
        var clock = new SetClock(DateTimeOffset.UtcNow);
        app.Services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(CookieAuthenticationDefaults.AuthenticationScheme).TimeProvider = clock;

        using var eva = await Visitor.LogInAsync(url, "eva", Password);
        for (var hour = 0; hour < 8; hour++)
        {
            Assert.Contains("eva (redactie)", await eva.GetAsync("/"), StringComparison.Ordinal);
            clock.Now += TimeSpan.FromHours(1);
        }

        clock.Now += TimeSpan.FromSeconds(1);
        Assert.DoesNotContain("eva (", await eva.GetAsync("/"), StringComparison.Ordinal);
        await app.StopAsync(Cancel);
    }

    sealed class SetClock(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }

    [Fact]
    public async Task Who_makes_and_takes_away_accounts_stands_in_the_log_where_there_is_one()
    {
        await using var stage = await Stage.SetAsync(Groups);
        Assert.Equal(0, (await AccountsAsync(stage, Password, "add", "jan", "--role", "beheer")).Code);
        Assert.Equal(0, (await WorkerProcess.RunAsync(["migrate", .. Where(stage)])).Code);
        Assert.Equal((0, ""), Told(await AccountsAsync(stage, Password, "add", "eva", "--role", "lezen", "--by", "Baas van Dienst")));
        Assert.Equal((0, ""), Told(await AccountsAsync(stage, Password, "add", "eva", "--role", "redactie", "--replace")));
        Assert.Equal((0, ""), Told(await AccountsAsync(stage, null, "remove", "eva", "--by", "jan")));
        Assert.Equal((2, "--by: zeg wie dit doet\n"), Told(await AccountsAsync(stage, null, "remove", "jan", "--by", " ")));

        using (var database = new Database(OptionsOf(stage).Storage))
        {
            Assert.Equal(
                ["jan account-removed eva", $"{Environment.UserName} account eva (redactie)", "Baas van Dienst account eva (lezen)"],
                (await new AuditLog(database, TimeProvider.System).NewestAsync(9)).Select(e => $"{e.ByWhom} {e.Action} {e.Subject}"));
        }

        // A database that is away locks nobody out.
        await File.WriteAllTextAsync(Directory.GetFiles(stage.Data, "*.db").Single(), new string('x', 4096), Cancel);
        var (code, _, said) = await AccountsAsync(stage, Password, "add", "piet", "--role", "beheer");
        Assert.Equal(0, code);
        Assert.StartsWith("Dit staat niet in het logboek. De database kan niet gebruikt worden", said, StringComparison.Ordinal);

        static (int Code, string Err) Told((int Code, string, string Err) run) => (run.Code, run.Err);
    }

    [Fact]
    public async Task The_organisation_says_who_somebody_is_and_what_she_may()
    {
        await using var provider = await IdentityProvider.StartAsync();
        await using var stage = await Stage.SetAsync(Groups);
        stage.Configure("access", JsonNode.Parse($$$"""{"oidc":{"authority":"{{{provider.Url}}}","clientId":"{{{IdentityProvider.ClientId}}}","roles":{"lezen":"bn-lezen","redactie":"bn-redactie"} } }""")!);
        await File.WriteAllTextAsync(Path.Combine(stage.Secrets, "access__oidc__clientSecret"), IdentityProvider.ClientSecret, Cancel);
        await using var worker = await stage.StartWorkerAsync();

        provider.Claims = JsonNode.Parse("""{"email":"eva@politie.example","roles":["iets-anders","bn-lezen","bn-redactie"]}""")!.AsObject();
        using var eva = new Visitor(worker.Url);
        Assert.Equal("/postvak", await ComeBackAsync(eva, "/postvak"));
        Assert.Contains("eva@politie.example (redactie)", await eva.GetAsync("/"), StringComparison.Ordinal);
        Assert.Contains("Niet gedaan", await eva.ActAsync("/oproepen/bestaat-niet/afsluiten", "/"), StringComparison.Ordinal);

        provider.Claims = JsonNode.Parse("""{"email":"piet@politie.example","roles":["iets-anders"]}""")!.AsObject();
        using var piet = new Visitor(worker.Url);
        Assert.Equal("/inloggen?geen=rol", await ComeBackAsync(piet, "/"));
        Assert.DoesNotContain("piet@", await piet.GetAsync("/"), StringComparison.Ordinal);

        provider.Claims = JsonNode.Parse("""{"email":"boef@elders.example","roles":["bn-redactie"]}""")!.AsObject();
        provider.Forges = true;
        using var forger = new Visitor(worker.Url);
        Assert.Equal("/inloggen?geen=antwoord", await ComeBackAsync(forger, "/"));
        Assert.DoesNotContain("boef@", await forger.GetAsync("/"), StringComparison.Ordinal);
        Assert.DoesNotContain(IdentityProvider.ClientSecret, worker.Output + worker.Errors, StringComparison.Ordinal);

        // As a browser does: to the provider, and with its answer back.
        static async Task<string> ComeBackAsync(Visitor visitor, string back)
        {
            using var away = await visitor.PostAsync("/inloggen?handler=Organisatie", "/inloggen", ("terug", back));
            Assert.Equal(HttpStatusCode.Redirect, away.StatusCode);
            using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
            using var answer = await client.GetAsync(away.Headers.Location, Cancel);
            using var inside = await visitor.SendAsync(HttpMethod.Get, answer.Headers.Location!.PathAndQuery);
            return inside.Headers.Location!.OriginalString;
        }
    }

    [Fact]
    public async Task Guessing_is_slow_and_a_login_leads_nowhere_else()
    {
        await using var stage = await Stage.SetAsync(Groups);
        await AddAsync(stage, ("eva", Roles.Editor));
        await using var worker = await stage.StartWorkerAsync();
        using var session = new Visitor(worker.Url);
        using (var inside = await session.TryAsync("eva", Password, "/sjablonen"))
            Assert.Equal("/sjablonen", inside.Headers.Location!.OriginalString);
        using (var away = await session.TryAsync("eva", Password, "//elders.example/"))
            Assert.Equal("/", away.Headers.Location!.OriginalString);
        Assert.Contains("Log in", await LoggedOutAsync(session), StringComparison.Ordinal);

        foreach (var name in (string[])["eva", "niemand", "eva"])
        {
            using var wrong = await session.TryAsync(name, "een ander wachtwoord");
            Assert.Equal(HttpStatusCode.OK, wrong.StatusCode);
            Assert.Contains("horen niet bij elkaar", await wrong.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        }

        using var sixth = await session.TryAsync("eva", Password);
        Assert.Equal(HttpStatusCode.TooManyRequests, sixth.StatusCode);
        Assert.DoesNotContain("een ander wachtwoord", worker.Output + worker.Errors, StringComparison.Ordinal);

        static async Task<string> LoggedOutAsync(Visitor session)
        {
            using var answer = await session.PostAsync("/uitloggen", "/");
            Assert.Equal("/", answer.Headers.Location!.OriginalString);
            return await session.GetAsync("/");
        }
    }

    [Fact]
    public async Task What_a_person_does_on_a_page_is_done_and_stands_in_the_log_with_his_name()
    {
        await using var stage = await Stage.SetAsync(Groups);
        stage.BeQuick();
        await AddAsync(stage, ("eva", Roles.Editor), ("baas", Roles.Administrator));
        await using var worker = await stage.StartWorkerAsync();
        using var eva = await Visitor.LogInAsync(worker.Url, "eva", Password);
        using var boss = await Visitor.LogInAsync(worker.Url, "baas", Password);
        Assert.Contains("staat stil", await boss.ActAsync("/kanalen/whatsapp/stilzetten", "/", ("reden", "de telefoon is kwijt")), StringComparison.Ordinal);
        Assert.Contains("stilgezet door baas", await eva.GetAsync("/"), StringComparison.Ordinal);

        stage.Drop("a.json", $$$"""{"id":"a","kind":"actie","phase":"opened","sent":"{{{DateTimeOffset.UtcNow:O}}}","text":"Gezocht: rode step.","area":{"lat":52.1796,"lon":5.3861,"radius":1500}}""");
        var alert = (await Eventually.GetAsync(() => ApiAlert.ListAsync(worker.Client), found => found.Count == 1 && found[0].Deliveries.Count(d => d.State == "published") == 2))[0];
        Assert.Contains("De oproep is afgesloten.", await eva.ActAsync($"/oproepen/{alert.Id}/afsluiten", "/", ("reden", "gevonden")), StringComparison.Ordinal);
        Assert.Contains("Niet gedaan:", await eva.ActAsync($"/oproepen/{alert.Id}/afsluiten", "/"), StringComparison.Ordinal);
        Assert.Equal("closed", (await ApiAlert.ListAsync(worker.Client))[0].Phase);

        using var closed = await eva.SendAsync(HttpMethod.Get, "/logboek");
        Assert.Equal(HttpStatusCode.Forbidden, closed.StatusCode);
        var log = await boss.GetAsync("/logboek");
        Assert.Matches(@"(?s)<td>eva</td><td>afgesloten</td><td>\w+</td><td>gevonden</td>.*<td>baas</td><td>kanaal stilgezet</td><td>whatsapp</td><td>de telefoon is kwijt</td>", log);
    }

    [Fact]
    public async Task A_delivery_that_is_held_is_decided_on_the_page()
    {
        await using var stage = await Stage.SetAsync([]);
        stage.BeQuick();
        await AddAsync(stage, ("eva", Roles.Editor));
        stage.Sandbox.Faults.Add(Sandbox.SandboxPlatform.X, Sandbox.SandboxFault.Duplicate);
        await using var worker = await stage.StartWorkerAsync();
        using var eva = await Visitor.LogInAsync(worker.Url, "eva", Password);
        stage.Drop("a.json", $$$"""{"id":"a","kind":"actie","phase":"opened","sent":"{{{DateTimeOffset.UtcNow:O}}}","text":"Gezocht: rode step.","municipality":"Amersfoort"}""");
        var held = (await Eventually.GetAsync(() => ApiAlert.ListAsync(worker.Client), found => found.Any(a => a.On("x").Any(d => d.State == "held")), within: TimeSpan.FromMinutes(1)))[0].On("x").Single();

        var path = $"/plaatsingen/{held.Id}/besluit";
        Assert.Contains("vink dat aan", await eva.ActAsync(path, "/", ("besluit", "send")), StringComparison.Ordinal);
        Assert.Contains("noem het nummer", await eva.ActAsync(path, "/", ("besluit", "adopt")), StringComparison.Ordinal);
        Assert.Contains("Uw besluit is vastgelegd", await eva.ActAsync(path, "/", ("besluit", "send"), ("zeker", "ja")), StringComparison.Ordinal);
        await Eventually.GetAsync(() => ApiAlert.ListAsync(worker.Client), found => found[0].On("x").Single().State == "published");
    }

    [Fact]
    public async Task A_template_is_saved_on_the_page_and_what_is_wrong_loses_nothing()
    {
        await using var stage = await Stage.SetAsync(Groups);
        await AddAsync(stage, ("eva", Roles.Editor));
        await using var worker = await stage.StartWorkerAsync();
        using var eva = await Visitor.LogInAsync(worker.Url, "eva", Password);
        var path = Path.Combine(stage.Config, "templates", "x.liquid");
        var before = await File.ReadAllTextAsync(path, Cancel);
        (string, string)[] Edit(string source) => [("sjabloon", "x"), ("getoond", "x"), ("getoond-als", before), ("bron", source)];

        // What was typed comes back with the fault.
        using (var wrong = await eva.PostAsync("/sjablonen/x", "/sjablonen?sjabloon=x", Edit("{{ kop }} {{ tekst }} {{ kenmerk }}")))
            Assert.Equal((HttpStatusCode.TemporaryRedirect, "/sjablonen"), (wrong.StatusCode, wrong.Headers.Location!.OriginalString));
        Assert.Equal(before, await File.ReadAllTextAsync(path, Cancel));
        Assert.Contains("bedoelde u 'text'?", await eva.GetAsync("/sjablonen"), StringComparison.Ordinal);

        var after = before.Replace("{{ kop }}", "LET OP {{ kop }}", StringComparison.Ordinal);
        Assert.NotEqual(before, after);
        Assert.Contains("Het sjabloon is bewaard", await eva.ActAsync("/sjablonen/x", "/sjablonen?sjabloon=x", Edit(after.ReplaceLineEndings("\r\n"))), StringComparison.Ordinal);
        Assert.Equal(after, await File.ReadAllTextAsync(path, Cancel));
        await Eventually.GetAsync(() => eva.GetAsync("/sjablonen?sjabloon=x"), page => page.Contains("LET OP Burgernet", StringComparison.Ordinal));

        // Another was quicker.
        using var late = await eva.PostAsync("/sjablonen/x", "/sjablonen?sjabloon=x", Edit(before + " "));
        Assert.Equal(HttpStatusCode.TemporaryRedirect, late.StatusCode);
        Assert.Contains("een ander heeft dit bestand intussen gewijzigd", await eva.GetAsync("/sjablonen"), StringComparison.Ordinal);
        Assert.Equal(after, await File.ReadAllTextAsync(path, Cancel));
        using var nowhere = await eva.PostAsync("/sjablonen/..%2F..%2Fsyndicate", "/", Edit("x"));
        Assert.NotEqual(HttpStatusCode.OK, nowhere.StatusCode);
    }

    [Fact]
    public async Task Pages_run_nothing_but_their_own_files()
    {
        await using var stage = await Stage.SetAsync(Groups);
        await AddAsync(stage, ("baas", Roles.Administrator));
        await using var worker = await stage.StartWorkerAsync();
        using var boss = await Visitor.LogInAsync(worker.Url, "baas", Password);
        foreach (var path in (string[])["/", "/postvak", "/sjablonen", "/logboek", "/inloggen", "/bereik", "/bereik/GM0307"])
        {
            using var answer = await boss.SendAsync(HttpMethod.Get, path);
            var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            Assert.True(answer.Headers.CacheControl!.NoStore);
            var html = await answer.Content.ReadAsStringAsync(Cancel);
            Assert.DoesNotMatch(Inline(), html);
        }
    }

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=", RegexOptions.IgnoreCase)]
    private static partial Regex Inline();
}
