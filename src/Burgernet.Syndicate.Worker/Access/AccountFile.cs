using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Burgernet.Syndicate.Worker.Access;

/// <summary>One person who may log in.</summary>
/// <param name="Password">As ASP.NET Core Identity stores it: salted, PBKDF2 with HMAC-SHA512.</param>
/// <param name="Since">When the account was made or last changed (UTC).</param>
sealed record Account(string Name, string Role, string Password, DateTimeOffset Since)
{
    /// <summary>Changes with the password and the role, so that sessions from before do not outlive either.</summary>
    [JsonIgnore]
    public string Stamp => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Role}\n{Password}")).AsSpan(0, 16));
}

/// <summary>
/// The accounts of a small set-up: a file in the data folder, which only the program's own user can read. There is no
/// account that comes with the program.
/// </summary>
sealed partial class AccountFile(string path)
{
    public const int ShortestPassword = 12;
    public const int LongestPassword = 200;

    // OWASP Password Storage Cheat Sheet, PBKDF2-HMAC-SHA512.
    const int Iterations = 210_000;

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };
    static readonly PasswordHasher<Account> Hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = Iterations }));

    // Who does not exist costs as much time as who does.
    static readonly Lazy<Account> Nobody = new(() => new Account("", Roles.Reader, Hasher.HashPassword(null!, Convert.ToHexString(RandomNumberGenerator.GetBytes(16))), default));

    readonly Lock _gate = new();
    (DateTime At, long Length, IReadOnlyList<Account> Accounts) _read = (default, -1, []);

    public string Path => path;

    public static AccountFile In(string dataFolder) => new(System.IO.Path.Combine(dataFolder, "accounts.json"));

    /// <summary>What is wrong with a name for an account (Dutch); null when nothing is.</summary>
    public static string? FaultOfName(string name) =>
        ValidName().IsMatch(name) ? null : "een naam bestaat uit letters, cijfers en . _ - @, ten hoogste 100 tekens";

    /// <summary>What is wrong with a new password (Dutch); null when nothing is.</summary>
    public static string? FaultOfPassword(string name, string password) =>
        password.Length < ShortestPassword ? $"een wachtwoord heeft ten minste {ShortestPassword} tekens"
        : password.Length > LongestPassword ? $"een wachtwoord heeft ten hoogste {LongestPassword} tekens"
        : password.Distinct().Count() < 5 ? "dit wachtwoord is te makkelijk te raden; gebruik meer verschillende tekens"
        : password.Contains(name, StringComparison.OrdinalIgnoreCase) && name.Length > 3 ? "de naam mag niet in het wachtwoord staan"
        : null;

    /// <summary>A password that nobody guesses, for who does not bring one.</summary>
    public static string NewPassword() => RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz23456789", 20);

    /// <exception cref="AccountException">The file is there and cannot be read.</exception>
    public IReadOnlyList<Account> Read()
    {
        lock (_gate)
        {
            try
            {
                var file = new FileInfo(path);
                if (!file.Exists)
                    return [];
                if (file.LastWriteTimeUtc == _read.At && file.Length == _read.Length)
                    return _read.Accounts;
                var accounts = JsonSerializer.Deserialize<IReadOnlyList<Account>>(File.ReadAllBytes(path), Json) ?? [];
                if (accounts.Any(a => a is null or { Name: null or "" } or { Password: null or "" } || Roles.Parse(a.Role) is null))
                    throw new JsonException("Bij een account ontbreekt de naam, de rol of het wachtwoord.");
                _read = (file.LastWriteTimeUtc, file.Length, accounts);
                return accounts;
            }
            catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
            {
                throw new AccountException($"Het bestand met accounts ({path}) kan niet worden gelezen: {exception.Message} Zet een kopie terug, of haal het weg en maak de accounts opnieuw.", exception);
            }
        }
    }

    public Account? Find(string name) => Read().FirstOrDefault(a => string.Equals(a.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The account, if this is its password.</summary>
    public Account? Verify(string name, string password)
    {
        var account = Find(name);
        var right = Hasher.VerifyHashedPassword(account!, (account ?? Nobody.Value).Password, password) is not PasswordVerificationResult.Failed;
        return right ? account : null;
    }

    /// <summary>Makes an account, or gives an existing one this role and password.</summary>
    /// <exception cref="AccountException">The file cannot be read or written.</exception>
    public void Set(string name, Role role, string password, DateTimeOffset now) =>
        Write([.. Read().Where(a => !string.Equals(a.Name, name, StringComparison.OrdinalIgnoreCase)), new Account(name, Roles.Name(role), Hasher.HashPassword(null!, password), now)]);

    /// <summary>False when there was none.</summary>
    /// <exception cref="AccountException">The file cannot be read or written.</exception>
    public bool Remove(string name)
    {
        if (Find(name) is not { } account)
            return false;
        Write([.. Read().Where(a => a != account)]);
        return true;
    }

    // Whole or not at all, and for nobody else to read.
    void Write(IReadOnlyList<Account> accounts)
    {
        var fresh = $"{path}.{Guid.NewGuid():N}";
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var stream = new FileStream(fresh, options))
            {
                JsonSerializer.Serialize(stream, accounts.OrderBy(a => a.Name, StringComparer.OrdinalIgnoreCase), Json);
                stream.Flush(flushToDisk: true);
            }

            File.Move(fresh, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            File.Delete(fresh);
            throw new AccountException($"Het bestand met accounts ({path}) kan niet worden geschreven: {exception.Message}", exception);
        }
    }

    [GeneratedRegex(@"^[\p{L}\p{Nd}._@-]{1,100}$")]
    private static partial Regex ValidName();
}

/// <summary>The accounts cannot be read or written (Dutch, with the way out).</summary>
sealed class AccountException(string message, Exception inner) : Exception(message, inner);
