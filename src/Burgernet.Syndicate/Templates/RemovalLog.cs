namespace Burgernet.Syndicate.Templates;

/// <summary>What was taken away, each thing once, in the order in which it was met.</summary>
sealed class RemovalLog
{
    readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    readonly List<string> _items = [];

    public IReadOnlyList<string> Items => _items;

    /// <summary>One of them would have led readers somewhere else, or tried to.</summary>
    public bool LeadsAway { get; private set; }

    public void Add(string item, bool leadsAway = false)
    {
        LeadsAway |= leadsAway;
        if (_seen.Add(item))
            _items.Add(item);
    }
}
