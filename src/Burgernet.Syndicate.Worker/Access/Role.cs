namespace Burgernet.Syndicate.Worker.Access;

/// <summary>What somebody may do here; each includes the ones before it.</summary>
enum Role
{
    /// <summary>See everything.</summary>
    Reader,

    /// <summary>Decide what is posted, and end it.</summary>
    Editor,

    /// <summary>Stop and start channels, and read who did what.</summary>
    Administrator,
}

/// <summary>Roles by the names that staff know (Dutch).</summary>
static class Roles
{
    public const string Reader = "lezen";
    public const string Editor = "redactie";
    public const string Administrator = "beheer";

    public static IReadOnlyList<string> Names { get; } = [Reader, Editor, Administrator];

    public static Role? Parse(string? name) => Names.ToList().IndexOf(name ?? "") is var role and >= 0 ? (Role)role : null;

    public static string Name(Role role) => Names[(int)role];
}
