using System.Runtime.InteropServices;

namespace Berth.Linux.Native;

/// <summary>clone3(2), execve(2), _exit(2), unshare(2) and setns(2).</summary>
internal static unsafe partial class Libc
{
    internal const ulong CLONE_PIDFD = 0x1000;
    internal const ulong CLONE_VFORK = 0x4000;
    internal const ulong CLONE_PARENT = 0x8000;
    internal const ulong CLONE_PARENT_SETTID = 0x100000;
    internal const ulong CLONE_INTO_CGROUP = 0x200000000;

    internal const int CLONE_NEWTIME = 0x80;
    internal const int CLONE_NEWNS = 0x20000;
    internal const int CLONE_NEWCGROUP = 0x2000000;
    internal const int CLONE_NEWUTS = 0x4000000;
    internal const int CLONE_NEWIPC = 0x8000000;
    internal const int CLONE_NEWUSER = 0x10000000;
    internal const int CLONE_NEWPID = 0x20000000;
    internal const int CLONE_NEWNET = 0x40000000;

    internal const int SIGCHLD = 17;

    internal const nint SYS_clone3 = 435;

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint clone3(nint number, clone_args* args, nuint size);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int unshare(int flags);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int setns(int fd, int nstype);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int execve(byte* pathname, byte** argv, byte** envp);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint execveat(nint number, int dirfd, byte* pathname, byte** argv, byte** envp, int flags);

    [LibraryImport(Library)]
    internal static partial void _exit(int status);

    internal struct clone_args
    {
        internal ulong flags;
        internal ulong pidfd;
        internal ulong child_tid;
        internal ulong parent_tid;
        internal ulong exit_signal;
        internal ulong stack;
        internal ulong stack_size;
        internal ulong tls;
        internal ulong set_tid;
        internal ulong set_tid_size;
        internal ulong cgroup;
    }
}
