using Berth.Linux.Files;
using Berth.Linux.Native;

namespace Berth.Linux.Namespaces;

/// <summary>Leaves and joins namespaces, and tells them apart.</summary>
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

    /// <summary>This process is in the first user namespace, which maps every id to itself (user_namespaces(7)).</summary>
    public static bool IsInitialUser() =>
        File.ReadAllText("/proc/self/uid_map").Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries) is ["0", "0", "4294967295"];

    /// <summary>The number of an open namespace, which no other has as long as this one exists (namespaces(7)).</summary>
    public static ulong IdOf(FileDescriptor target) => TreeStatus.Of(target).Identity.Inode;

    /// <summary>The number of a process's namespace.</summary>
    /// <param name="process">Its number, or "self".</param>
    /// <param name="name">The file in /proc/PID/ns, such as net.</param>
    /// <returns>Null where there is no such process, it has ended, or the kernel has no such namespaces.</returns>
    public static ulong? TryGetId(string process, string name)
    {
        var descriptor = new FileDescriptor(Libc.open($"/proc/{process}/ns/{name}", Libc.O_PATH | Libc.O_CLOEXEC));
        using (descriptor)
        {
            return descriptor.IsInvalid ? null : IdOf(descriptor);
        }
    }
}
