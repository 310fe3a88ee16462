namespace Berth.Engine.Security;

/// <summary>The seccomp profile of containers that name none.</summary>
/// <param name="Path">Where it was read, or one of the words builtin and unconfined.</param>
/// <param name="Profile">The profile's JSON text; null: the builtin one.</param>
/// <param name="Unconfined">No filter at all.</param>
public sealed record DefaultSeccomp(string Path, string? Profile, bool Unconfined)
{
    public static DefaultSeccomp Builtin { get; } = new("builtin", null, false);

    public static DefaultSeccomp None { get; } = new("unconfined", null, true);
}
