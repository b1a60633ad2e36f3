namespace Burgernet.Syndicate.Reports;

/// <summary>
/// What people were asked once. An alert that went on in a second episode without being issued anew (its update came before its
/// opening, or its source was silent for a while) is still one appeal: the last episode stands for all of them.
/// </summary>
static class Appeal
{
    /// <summary>Alert <c>e</c> is an episode of the same appeal as alert <c>a</c>.</summary>
    public const string IsSame = "e.source = a.source and e.source_id = a.source_id and e.kind = a.kind and e.issued_at = a.issued_at";

    /// <summary>Alert <c>a</c> stands for its appeal. What only confirms another appeal never does.</summary>
    public const string IsLast = $"a.twin_id is null and not exists (select 1 from alert e where {IsSame} and e.episode > a.episode and e.twin_id is null)";

    /// <summary>The newest that anybody wrote down of how the appeal of alert <c>a</c> ended.</summary>
    public const string Outcome = $"select o.outcome from alert e join outcome o on o.alert_id = e.id where {IsSame} order by o.at desc, e.episode desc limit 1";
}
