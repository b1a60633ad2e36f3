namespace Burgernet.Syndicate.Configuration;

/// <summary>A value that must never be seen: it prints as <c>&lt;secret&gt;</c> wherever it lands.</summary>
public sealed class Secret(string value) : IEquatable<Secret>
{
    readonly string _value = value;

    /// <summary>The value itself; call it only where it leaves for the platform it belongs to.</summary>
    public string Reveal() => _value;

    public override string ToString() => "<secret>";

    public bool Equals(Secret? other) => other is not null && _value == other._value;

    public override bool Equals(object? obj) => Equals(obj as Secret);

    public override int GetHashCode() => _value.GetHashCode(StringComparison.Ordinal);
}
