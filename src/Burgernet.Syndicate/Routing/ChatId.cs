using System.Text.RegularExpressions;

namespace Burgernet.Syndicate.Routing;

/// <summary>The address of a WhatsApp group, person or channel, as WAHA writes it.</summary>
public static partial class ChatId
{
    /// <summary>
    /// Digits and one of the three suffixes. Groups made before 2021 carry their maker's number and a dash.
    /// This says only that the address is well written, not that the group exists.
    /// </summary>
    public static bool IsChatId(string text) => Shape().IsMatch(text);

    [GeneratedRegex(@"\A(?:[0-9]{1,30}(?:-[0-9]{1,30})?@g\.us|[0-9]{1,30}@(?:c\.us|newsletter))\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
