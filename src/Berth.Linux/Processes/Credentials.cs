using Berth.Linux.Native;

namespace Berth.Linux.Processes;

/// <summary>The user and groups of this process (credentials(7)).</summary>
public static unsafe class Credentials
{
    public static void SetGroups(ReadOnlySpan<uint> groups)
    {
        fixed (uint* list = groups)
        {
            Check(Libc.setgroups(Arch.SYS_setgroups, (nuint)groups.Length, list), "setgroups");
        }
    }

    /// <summary>Sets the real, effective and saved group.</summary>
    public static void SetGroup(uint group) => Check(Libc.setresgid(Arch.SYS_setresgid, group, group, group), "setresgid");

    /// <summary>Sets the real, effective and saved user. From root to another, capabilities are lost unless they are kept.</summary>
    public static void SetUser(uint user) => Check(Libc.setresuid(Arch.SYS_setresuid, user, user, user), "setresuid");

    /// <summary>Keeps the permitted capabilities through the next <see cref="SetUser"/> (PR_SET_KEEPCAPS); execve ends it.</summary>
    public static void KeepCapabilities(bool keep) => Check(Libc.prctl(Libc.PR_SET_KEEPCAPS, keep ? 1u : 0, 0, 0, 0), "prctl PR_SET_KEEPCAPS");

    /// <summary>The user and group that new files belong to.</summary>
    public static (uint User, uint Group) Effective() => (Libc.geteuid(), Libc.getegid());

    private static void Check(nint result, string call)
    {
        if (result != 0)
        {
            throw LinuxException.FromLastError(call);
        }
    }
}
