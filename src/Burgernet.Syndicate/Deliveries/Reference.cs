using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Storage;

namespace Burgernet.Syndicate.Deliveries;

/// <summary>
/// The short code that readers see, such as <c>BN-7F3K2</c>: five characters of Crockford's base 32 (no I, L, O or U,
/// so that it can be read out over the telephone), made from alert, revision and operation. It is the same on every
/// channel and group and unique for ever, so that a post can be recognised on any network whatever that did to its text;
/// and made of what the source calls the alert, so that a database put back to a backup draws the same one again.
/// </summary>
static partial class Reference
{
    const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>Draws a code and writes it down; drawn again when the database has it already.</summary>
    public static async Task<string> DrawAsync(Session session, AlertEntry alert, DeliveryOperation operation)
    {
        for (var draw = 0; ; draw++)
        {
            var code = Make($"{alert.Source}/{alert.SourceId}/{alert.Kind}/{alert.Episode}", alert.Revision, operation, draw);
            var added = await session.ExecuteAsync(
                "insert into reference (code, alert_id, revision, operation) values (@code, @alertId, @revision, @operation) on conflict (code) do nothing",
                new { code, alertId = alert.Id, revision = alert.Revision, operation = operation.ToString() }).ConfigureAwait(false);
            if (added > 0)
                return code;
        }
    }

    /// <summary>The codes that stand in a text, as words of their own.</summary>
    public static IEnumerable<string> AllIn(string text) => Code().Matches(text).Select(match => match.Value).Distinct();

    [GeneratedRegex(@"(?<![A-Za-z0-9-])BN-[0-9A-HJKMNP-TV-Z]{5}(?![A-Za-z0-9-])")]
    private static partial Regex Code();

    internal static string Make(string alert, int revision, DeliveryOperation operation, int draw)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{alert}/{revision}/{operation}/{draw}"));
        var bits = BitConverter.ToUInt32(hash);
        return string.Create(8, bits, static (span, value) =>
        {
            "BN-".CopyTo(span);
            for (var i = 3; i < span.Length; i++, value >>= 5)
                span[i] = Alphabet[(int)(value & 31)];
        });
    }
}
