using Berth.Linux.Namespaces;
using Berth.Linux.Native;

namespace Berth.Linux.Processes;

/// <summary>Makes a child that goes on in this program's code, in new namespaces, until it executes another program or ends.</summary>
/// <remarks>
/// The child is a copy of this process with one thread. Managed code may go on in it, under conditions that only
/// berth-runtime keeps (docs/decisions/managed-child.md): the parent has one managed thread and non-concurrent garbage
/// collection, so that no collection is under way while it clones; the child starts no thread, waits for no finalizer, and
/// uses nothing that keeps threads of its own (tasks, timers, the thread pool, Console). It may live on as a parent itself.
/// </remarks>
public static unsafe class ForkWindow
{
    private static int _collections;
    private static bool _hasFinalizerThread = true;

    /// <summary>Clones this process.</summary>
    /// <param name="kinds">The new namespaces of the child.</param>
    /// <param name="cgroup">A directory of the v2 hierarchy that the child starts in; null: the parent's.</param>
    /// <returns>The child, to the parent; null, in the child.</returns>
    public static ProcessHandle? Clone(NamespaceKinds kinds, FileDescriptor? cgroup = null)
    {
        // A collection wakes the finalizer thread. Once it sleeps again it is no part of what the child inherits half done.
        if (_hasFinalizerThread && GC.CollectionCount(0) != _collections)
        {
            GC.WaitForPendingFinalizers();
            _collections = GC.CollectionCount(0);
        }

        var pidfd = -1;
        var arguments = new Libc.clone_args
        {
            flags = Libc.CLONE_PIDFD | (uint)kinds | (cgroup is null ? 0 : Libc.CLONE_INTO_CGROUP),
            pidfd = (ulong)&pidfd,
            exit_signal = Libc.SIGCHLD,
            cgroup = cgroup is null ? 0 : (ulong)cgroup.Number,
        };
        var id = Libc.clone3(Libc.SYS_clone3, &arguments, (nuint)sizeof(Libc.clone_args));
        if (id == 0)
        {
            _hasFinalizerThread = false;
            return null;
        }

        return id switch
        {
            > 0 => new ProcessHandle((int)id, new FileDescriptor(pidfd)),
            _ => throw LinuxException.FromLastError("clone3", kinds.ToString()),
        };
    }

    /// <summary>
    /// Clones this process, itself a clone, as another child of its parent; waits until the sibling has executed a program or ended.
    /// </summary>
    /// <remarks>
    /// With this a child prepares in the dark what others may see only when it is ready: the sibling is in the pid namespace that the
    /// child has joined for its children, and the child never is. They share no memory but the report: what can be done to the
    /// sibling from there must not reach the child, which is still in its parent's pid namespace.
    /// </remarks>
    /// <returns>True, in the sibling.</returns>
    public static bool CloneSibling(SiblingReport report)
    {
        report.HideId();
        var arguments = new Libc.clone_args
        {
            flags = Libc.CLONE_PARENT | Libc.CLONE_VFORK | Libc.CLONE_PARENT_SETTID,
            parent_tid = (ulong)report.IdPlace,
        };
        var id = Libc.clone3(Libc.SYS_clone3, &arguments, (nuint)sizeof(Libc.clone_args));
        return id >= 0 ? id == 0 : throw LinuxException.FromLastError("clone3");
    }

    /// <summary>Ends a cloned child at once: nothing of its parent's is flushed or run at exit.</summary>
    public static void Exit(int code) => Libc._exit(code);
}
