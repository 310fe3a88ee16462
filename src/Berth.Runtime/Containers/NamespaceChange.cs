using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Namespaces;

namespace Berth.Runtime.Containers;

/// <summary>Takes this process into namespaces for as long as it takes to clone a child in them.</summary>
/// <remarks>
/// For the pid namespace there is no other way: a process never changes its own, only that of its next children. It also spares
/// the second fork that joining one from inside the child would take.
/// </remarks>
internal sealed class NamespaceChange : IDisposable
{
    private readonly Stack<(NamespaceKinds Kind, FileDescriptor Own)> _left = [];

    internal void Join(FileDescriptor target, NamespaceKinds kind)
    {
        var own = OpenFile.Read(kind switch
        {
            NamespaceKinds.Pid => "/proc/self/ns/pid",
            NamespaceKinds.Network => "/proc/self/ns/net",
            NamespaceKinds.Ipc => "/proc/self/ns/ipc",
            NamespaceKinds.Uts => "/proc/self/ns/uts",
            NamespaceKinds.Cgroup => "/proc/self/ns/cgroup",
            _ => throw new LinuxException("setns", Errno.EINVAL, kind.ToString()),
        });
        try
        {
            Namespace.Join(target, kind);
        }
        catch
        {
            own.Dispose();
            throw;
        }

        _left.Push((kind, own));
    }

    public void Dispose()
    {
        while (_left.TryPop(out var left))
        {
            using (left.Own)
            {
                Namespace.Join(left.Own, left.Kind);
            }
        }
    }
}
