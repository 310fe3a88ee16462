using Berth.Linux.Native;

namespace Berth.Linux.Namespaces;

/// <summary>Leaves and joins namespaces.</summary>
public static class Namespace
{
    /// <summary>Moves this process (for the pid namespace: its next child) into new namespaces (unshare(2)).</summary>
    public static void Unshare(NamespaceKinds kinds)
    {
        if (Libc.unshare((int)kinds) != 0)
        {
            throw LinuxException.FromLastError("unshare", kinds.ToString());
        }
    }

    /// <summary>Joins a namespace, or with a pidfd several of that process's in one step (setns(2)).</summary>
    /// <remarks>Mount and user namespaces refuse a process with more than one thread. For the pid namespace it moves the next child.</remarks>
    public static void Join(FileDescriptor target, NamespaceKinds kinds)
    {
        if (Libc.setns(target.Number, (int)kinds) != 0)
        {
            throw LinuxException.FromLastError("setns", kinds.ToString());
        }
    }
}
