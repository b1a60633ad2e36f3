using System.CommandLine;
using System.Data.Common;
using System.Text;
using Burgernet.Syndicate.Audit;
using Burgernet.Syndicate.Storage;
using Burgernet.Syndicate.Templates;
using Burgernet.Syndicate.Worker.Access;

namespace Burgernet.Syndicate.Worker.Commands;

/// <summary>Who may log in, kept in the data folder. A running service sees the change at the next click.</summary>
static class AccountCommands
{
    static readonly Option<string?> By = new("--by") { Description = "Wie dit doet; het wordt bewaard. Standaard wie op de machine is ingelogd" };

    public static Command Create()
    {
        var accounts = new Command("accounts", "Wie er mag inloggen op de pagina's");
        accounts.Add(Add());
        accounts.Add(List());
        accounts.Add(Remove());
        return accounts;
    }

    static Command Add()
    {
        var name = Name();
        var role = new Option<string>("--role") { Description = $"Wat hij mag: {string.Join(", ", Roles.Names)}; elk mag ook wat ervoor staat", Required = true };
        var replace = new Option<bool>("--replace") { Description = "Geef een bestaand account deze rol en een nieuw wachtwoord" };
        var command = new Command("add", "Maak een account; het wachtwoord wordt gevraagd, of staat op de eerste regel van de invoer. Leeg: het programma maakt er een") { name, role, replace, By };
        command.SetAction((arguments, _) => DoAsync(arguments, async (file, by) =>
        {
            var who = arguments.GetRequiredValue(name).Trim();
            if (AccountFile.FaultOfName(who) is { } wrongName)
                return SyndicateCommand.Fail(wrongName, SyndicateCommand.WrongInput);
            if (Roles.Parse(arguments.GetRequiredValue(role)) is not { } its)
                return SyndicateCommand.Fail($"--role: kies {string.Join(", ", Roles.Names)}", SyndicateCommand.WrongInput);
            if (file.Find(who) is not null && !arguments.GetValue(replace))
                return SyndicateCommand.Fail($"{who} heeft al een account; met --replace krijgt het deze rol en een nieuw wachtwoord");

            var given = AskPassword();
            var password = string.IsNullOrEmpty(given) ? AccountFile.NewPassword() : given;
            if (AccountFile.FaultOfPassword(who, password) is { } weak)
                return SyndicateCommand.Fail(weak, SyndicateCommand.WrongInput);
            file.Set(who, its, password, DateTimeOffset.UtcNow);
            await NoteAsync(arguments, "account", $"{who} ({Roles.Name(its)})", by);
            Console.WriteLine($"Gedaan: {who} ({Roles.Name(its)}).");
            if (string.IsNullOrEmpty(given))
                Console.WriteLine($"Wachtwoord: {password}  (dit ziet u één keer; geef het door en bewaar het in een wachtwoordkluis)");
            return SyndicateCommand.Done;
        }));
        return command;
    }

    static Command List()
    {
        var command = new Command("list", "Toon de accounts");
        command.SetAction((arguments, _) => DoAsync(arguments, (file, _) =>
        {
            var accounts = file.Read();
            foreach (var account in accounts)
                Console.WriteLine($"{account.Name}\t{account.Role}\t{DutchTime.Of(account.Since):yyyy-MM-dd HH:mm}");
            if (accounts.Count == 0)
                Console.WriteLine("Er zijn geen accounts; maak er een met 'accounts add NAAM --role redactie'.");
            return Task.FromResult(SyndicateCommand.Done);
        }));
        return command;
    }

    static Command Remove()
    {
        var name = Name();
        var command = new Command("remove", "Haal een account weg; wie ermee is ingelogd, wordt uitgelogd") { name, By };
        command.SetAction((arguments, _) => DoAsync(arguments, async (file, by) =>
        {
            var who = arguments.GetRequiredValue(name).Trim();
            if (!file.Remove(who))
                return SyndicateCommand.Fail($"er is geen account {who}; 'accounts list' toont ze", SyndicateCommand.WrongInput);
            await NoteAsync(arguments, "account-removed", who, by);
            Console.WriteLine($"Gedaan: {who} kan niet meer inloggen.");
            return SyndicateCommand.Done;
        }));
        return command;
    }

    static Argument<string> Name() => new("NAME") { Description = "De naam waarmee iemand inlogt; die staat in het logboek bij wat hij doet" };

    static async Task<int> DoAsync(ParseResult arguments, Func<AccountFile, Signature, Task<int>> act)
    {
        // Who is logged in on the machine, unless he says otherwise.
        var by = (arguments.GetValue(By) ?? Environment.UserName).Trim();
        if (by.Length is 0 or > 100)
            return SyndicateCommand.Fail("--by: zeg wie dit doet", SyndicateCommand.WrongInput);
        try
        {
            return await act(AccountFile.In(SyndicateCommand.Folders(arguments).Data), new Signature(by, null));
        }
        catch (AccountException exception)
        {
            return SyndicateCommand.Fail(exception.Message);
        }
    }

    // The accounts of a first set-up come before the database, and nobody may be locked out because that is away.
    static async Task NoteAsync(ParseResult arguments, string action, string subject, Signature by)
    {
        try
        {
            if (SyndicateCommand.CheckOf(SyndicateCommand.Folders(arguments)).LoadStorage(out var errors) is not { } storage)
            {
                Console.Error.WriteLine($"Dit staat niet in het logboek: de configuratie klopt niet ({errors[0]}).");
                return;
            }

            using var database = new Database(storage);
            if (database.Exists())
                await new AuditLog(database, TimeProvider.System).DoAsync(action, subject, by, _ => Task.FromResult<Refusal?>(null));
        }
        catch (Exception exception) when (exception is DbException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"Dit staat niet in het logboek. {SyndicateCommand.DatabaseFailed(exception)}");
        }
    }

    // Never on the command line: others on the machine can read that.
    static string? AskPassword()
    {
        if (Console.IsInputRedirected)
            return Console.ReadLine()?.TrimEnd('\r', '\n');
        while (true)
        {
            var once = Hidden("Wachtwoord (leeg: het programma maakt er een): ");
            if (once.Length == 0 || Hidden("Nog een keer: ") == once)
                return once;
            Console.WriteLine("Dat was niet twee keer hetzelfde.");
        }
    }

    static string Hidden(string question)
    {
        Console.Write(question);
        var typed = new StringBuilder();
        while (Console.ReadKey(intercept: true) is var key && key.Key is not ConsoleKey.Enter)
        {
            if (key.Key is ConsoleKey.Backspace && typed.Length > 0)
                typed.Length--;
            else if (!char.IsControl(key.KeyChar))
                typed.Append(key.KeyChar);
        }

        Console.WriteLine();
        return typed.ToString();
    }
}
