using System.Runtime.InteropServices;

namespace Berth.Linux.Native;

/// <summary>What a process is given before it runs a program: user, limits, host name, scheduling, session (setresuid(2), prlimit(2), prctl(2) and others).</summary>
internal static unsafe partial class Libc
{
    internal const int PR_SET_PDEATHSIG = 1;
    internal const int PR_SET_DUMPABLE = 4;
    internal const int PR_SET_KEEPCAPS = 8;
    internal const int PR_SET_NAME = 15;
    internal const int PR_SET_NO_NEW_PRIVS = 38;

    internal const int KEYCTL_JOIN_SESSION_KEYRING = 1;

    internal const int SIG_SETMASK = 2;

    internal const uint TIOCSCTTY = 0x540E;

    internal const nint SYS_close_range = 436;

    // Not the C library's setresuid and its family: those wait for every thread that the C library knows of to follow, and in
    // a cloned child these are threads of its parent.
    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint setresuid(nint number, uint ruid, uint euid, uint suid);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint setresgid(nint number, uint rgid, uint egid, uint sgid);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint setgroups(nint number, nuint size, uint* list);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int prlimit(int pid, int resource, rlimit* new_limit, rlimit* old_limit);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int prctl(int option, nuint arg2, nuint arg3, nuint arg4, nuint arg5);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int sethostname(byte* name, nuint len);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int setdomainname(byte* name, nuint len);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int personality(nuint persona);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint keyctl_join(nint number, int operation, string? name);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint sched_setattr(nint number, int pid, sched_attr* attr, uint flags);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint ioprio_set(nint number, int which, int who, int ioprio);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint close_range(nint number, uint first, uint last, uint flags);

    [LibraryImport(Library)]
    internal static partial uint geteuid();

    [LibraryImport(Library)]
    internal static partial uint getegid();

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int setsid();

    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint signal(int signum, nint handler);

    /// <param name="act">A struct sigaction, as <paramref name="oldact"/>; its first member is the handler.</param>
    [LibraryImport(Library, SetLastError = true)]
    internal static partial int sigaction(int signum, void* act, void* oldact);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int sigprocmask(int how, sigset_t* set, sigset_t* oldset);

    internal struct rlimit
    {
        internal ulong rlim_cur;
        internal ulong rlim_max;
    }

    [Abi(Headers = "linux/sched/types.h")]
    internal struct sched_attr
    {
        internal uint size;
        internal uint sched_policy;
        internal ulong sched_flags;
        internal int sched_nice;
        internal uint sched_priority;
        internal ulong sched_runtime;
        internal ulong sched_deadline;
        internal ulong sched_period;
        internal uint sched_util_min;
        internal uint sched_util_max;
    }
}
