using System.Runtime.InteropServices;

namespace Berth.Linux.Native;

/// <summary>seccomp(2).</summary>
internal static unsafe partial class Libc
{
    internal const uint SECCOMP_SET_MODE_FILTER = 1;
    internal const uint SECCOMP_FILTER_FLAG_TSYNC = 1;
    internal const uint SECCOMP_FILTER_FLAG_LOG = 2;
    internal const uint SECCOMP_FILTER_FLAG_SPEC_ALLOW = 4;
    internal const uint SECCOMP_FILTER_FLAG_NEW_LISTENER = 8;
    internal const uint SECCOMP_FILTER_FLAG_TSYNC_ESRCH = 16;
    internal const uint SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV = 32;

    internal const uint SECCOMP_RET_KILL_PROCESS = 0x80000000;
    internal const uint SECCOMP_RET_KILL_THREAD = 0x00000000;
    internal const uint SECCOMP_RET_TRAP = 0x00030000;
    internal const uint SECCOMP_RET_ERRNO = 0x00050000;
    internal const uint SECCOMP_RET_USER_NOTIF = 0x7FC00000;
    internal const uint SECCOMP_RET_TRACE = 0x7FF00000;
    internal const uint SECCOMP_RET_LOG = 0x7FFC0000;
    internal const uint SECCOMP_RET_ALLOW = 0x7FFF0000;

    internal const uint AUDIT_ARCH_X86_64 = 0xC000003E;
    internal const uint AUDIT_ARCH_I386 = 0x40000003;
    internal const uint AUDIT_ARCH_AARCH64 = 0xC00000B7;

    internal const int BPF_MAXINSNS = 4096;

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint seccomp(nint number, uint operation, uint flags, sock_fprog* args);

    internal struct sock_fprog
    {
        internal ushort len;
        internal sock_filter* filter;
    }

    internal struct sock_filter
    {
        internal ushort code;
        internal byte jt;
        internal byte jf;
        internal uint k;
    }

    internal struct seccomp_data
    {
        internal int nr;
        internal uint arch;
        internal ulong instruction_pointer;
        internal fixed ulong args[6];
    }
}
