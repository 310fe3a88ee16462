using Berth.Linux.Native;

namespace Berth.Linux.Processes;

/// <summary>The session keyring (keyrings(7)): keys that a process and its children see.</summary>
public static class SessionKeyring
{
    /// <summary>Leaves the caller's session keyring for a new one of this name, so that its keys are not inherited.</summary>
    /// <returns>False where the kernel has no keyrings, forbids them, or the user's quota of keys is used up.</returns>
    public static bool TryJoinNew(string name)
    {
        if (Libc.keyctl_join(Arch.SYS_keyctl, Libc.KEYCTL_JOIN_SESSION_KEYRING, name) >= 0)
        {
            return true;
        }

        var error = LinuxException.FromLastError("keyctl", "KEYCTL_JOIN_SESSION_KEYRING");
        return error.Errno is Errno.ENOSYS or Errno.EPERM or Errno.EDQUOT ? false : throw error;
    }
}
