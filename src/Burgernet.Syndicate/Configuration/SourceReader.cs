using Burgernet.Syndicate.Alerts;

namespace Burgernet.Syndicate.Configuration;

/// <summary>Reads one source among <c>sources</c> in syndicate.json, of whatever type it is.</summary>
sealed class SourceReader(SyndicateFolders folders, IReadOnlyList<SourceConnector> types, SyndicateMode mode)
{
    /// <summary>Null when it is off or cannot be used; why is among the faults.</summary>
    public SourceOptions? Source(string name, ConfigReader entry)
    {
        var typeName = entry.Required("type", $"kies {string.Join(", ", types.Select(t => t.Type))}");
        var type = types.FirstOrDefault(t => t.Type == typeName);
        if (type is null && typeName.Length > 0)
            entry.Fault("type", $"'{typeName}' bestaat niet; kies {string.Join(", ", types.Select(t => t.Type))}");

        var enabled = entry.Flag("enabled", true);
        var test = entry.Flag("test", false);
        if (type is { DefaultListen: { } usual })
            return Listener(name, entry, type, usual, enabled, test);
        if (type is { Watch: not null })
            return Mailbox(name, entry, type, enabled, test);
        var url = entry.Url("url", type?.DefaultUrl);
        var path = entry.Text("path");
        var interval = entry.Duration("interval", type?.DefaultInterval ?? TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(1));
        entry.RejectUnknown();
        if (type is not null && type.DefaultUrl is null && path is null)
            entry.Fault("path", "ontbreekt; wijs de map aan waarin de berichten worden neergezet");

        return type is null || !enabled ? null : new SourceOptions
        {
            Name = name,
            Type = type.Type,
            Url = url,
            Path = path is null ? null : Path.GetFullPath(path, Path.GetFullPath(folders.Data)),
            Interval = interval,
            Test = test,
        };
    }

    SourceOptions? Listener(string name, ConfigReader entry, SourceConnector type, string usual, bool enabled, bool test)
    {
        var listen = entry.Url("listen", usual);
        // Without a key anybody could speak with the voice of the control room, also in a sandbox.
        var secret = enabled
            ? entry.Required("secret", $"zet het {folders.PlaceOfSecret($"sources__{name}__secret")}")
            : entry.Text("secret");
        var next = entry.Text("secretNext");
        entry.RejectUnknown();
        foreach (var (key, value) in ((string, string?)[])[("secret", secret), ("secretNext", next)])
            if (!string.IsNullOrEmpty(value) && type.FaultOfSecret?.Invoke(new Secret(value.Trim())) is { } fault)
                entry.Fault(key, fault);
        if (listen is { PathAndQuery.Length: > 1 } or { Scheme: "https" })
            entry.Fault("listen", "noem alleen http, de naam en de poort, zoals http://localhost:8081; TLS doet de proxy ervoor");
        return !enabled || listen is null || string.IsNullOrEmpty(secret) ? null : new SourceOptions
        {
            Name = name,
            Type = type.Type,
            Listen = listen,
            Secret = new Secret(secret.Trim()),
            NextSecret = string.IsNullOrEmpty(next) ? null : new Secret(next.Trim()),
            Interval = TimeSpan.Zero,
            Test = test,
        };
    }

    SourceOptions? Mailbox(string name, ConfigReader entry, SourceConnector type, bool enabled, bool test)
    {
        var mailbox = new MailSettings(folders).Mailbox(name, entry, enabled);
        entry.RejectUnknown();
        if (mailbox is null || !enabled)
            return null;
        if (mode is SyndicateMode.Sandbox && !mailbox.IsLoopback)
            entry.Warn("in de zandbak wordt geen echte mailbox gelezen, alleen een mailserver op dit apparaat zelf; 'mail test' kijkt er wel in, en een mail proberen kan met 'mail decide BESTAND'");
        return new SourceOptions { Name = name, Type = type.Type, Mailbox = mailbox, Interval = TimeSpan.Zero, Test = test };
    }
}
