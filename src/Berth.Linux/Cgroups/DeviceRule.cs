namespace Berth.Linux.Cgroups;

[Flags]
public enum DeviceAccess
{
    None = 0,

    /// <summary>mknod</summary>
    Create = 1,
    Read = 2,
    Write = 4,
    All = Create | Read | Write,
}

public enum DeviceKind
{
    Any,
    Character,
    Block,
}

/// <summary>Allows or denies access to devices. Rules are taken in their order; before the first, nothing is allowed.</summary>
/// <param name="Allow">False: deny.</param>
/// <param name="Kind">Any: the rule is about every device there is, and sets aside all rules before it.</param>
/// <param name="Major">Null: every.</param>
/// <param name="Minor">Null: every.</param>
/// <param name="Access">What is allowed or denied; anything else stays as it was.</param>
public sealed record DeviceRule(bool Allow, DeviceKind Kind, uint? Major, uint? Minor, DeviceAccess Access);
