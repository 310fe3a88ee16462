using Berth.Linux.Native;

namespace Berth.Linux.Processes;

/// <summary>A limit of this process (setrlimit(2)), under the kernel's name such as RLIMIT_NOFILE.</summary>
public static unsafe class ResourceLimit
{
    // asm-generic/resource.h: the same on x86-64 and arm64; the position is the number.
    private static readonly string[] _names =
    [
        "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_DATA", "RLIMIT_STACK", "RLIMIT_CORE", "RLIMIT_RSS", "RLIMIT_NPROC", "RLIMIT_NOFILE",
        "RLIMIT_MEMLOCK", "RLIMIT_AS", "RLIMIT_LOCKS", "RLIMIT_SIGPENDING", "RLIMIT_MSGQUEUE", "RLIMIT_NICE", "RLIMIT_RTPRIO", "RLIMIT_RTTIME",
    ];

    public static bool IsKnown(string name) => Array.IndexOf(_names, name) >= 0;

    public static void Set(string name, ulong soft, ulong hard)
    {
        var limit = new Libc.rlimit { rlim_cur = soft, rlim_max = hard };
        if (Libc.prlimit(0, Array.IndexOf(_names, name), &limit, null) != 0)
        {
            throw LinuxException.FromLastError("setrlimit", name);
        }
    }
}
