namespace Burgernet.Syndicate.Areas;

/// <summary>One municipality of the region, as the registry in <c>config/municipalities.csv</c> has it.</summary>
public sealed record Municipality
{
    /// <summary>CBS code, such as GM0307.</summary>
    public required string Code { get; init; }

    public required string Name { get; init; }

    /// <summary>Other spellings under which sources write it.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>A circle of about its size round its centre; it serves where no boundaries are configured.</summary>
    public required Circle Extent { get; init; }

    /// <summary>First day it exists in this region, in Dutch time; null: always did.</summary>
    public DateOnly? ValidFrom { get; init; }

    /// <summary>Last day it exists.</summary>
    public DateOnly? ValidTo { get; init; }

    /// <summary>The code of the municipality that took over its ground; null: it left the region.</summary>
    public string? Successor { get; init; }

    internal bool ExistsOn(DateOnly day) => (ValidFrom is null || ValidFrom <= day) && (ValidTo is null || day <= ValidTo);
}
