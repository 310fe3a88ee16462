using Berth.Linux.Native;

namespace Berth.Linux.Namespaces;

/// <summary>Kinds of namespaces, with the values that clone3(2), unshare(2) and setns(2) take (namespaces(7)).</summary>
[Flags]
public enum NamespaceKinds
{
    None = 0,
    Time = Libc.CLONE_NEWTIME,
    Mount = Libc.CLONE_NEWNS,
    Cgroup = Libc.CLONE_NEWCGROUP,
    Uts = Libc.CLONE_NEWUTS,
    Ipc = Libc.CLONE_NEWIPC,
    User = Libc.CLONE_NEWUSER,
    Pid = Libc.CLONE_NEWPID,
    Network = Libc.CLONE_NEWNET,
}
