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

    /// <summary>The limit that counts the user's processes, this one among them: too low, and it forbids to clone.</summary>
    public const string OfProcesses = "RLIMIT_NPROC";

    public static bool IsKnown(string name) => Array.IndexOf(_names, name) >= 0;

    /// <summary>Raises a limit to what may be asked for later without privilege: at least this much, hard and soft.</summary>
    public static void SetAtLeast(string name, ulong hard)
    {
        Libc.rlimit current;
        if (Libc.prlimit(0, Array.IndexOf(_names, name), null, &current) != 0)
        {
            throw LinuxException.FromLastError("getrlimit", name);
        }

        hard = Math.Max(hard, current.rlim_max);
        Set(name, hard, hard);
    }

    public static void Set(string name, ulong soft, ulong hard)
    {
        var limit = new Libc.rlimit { rlim_cur = soft, rlim_max = hard };
        if (Libc.prlimit(0, Array.IndexOf(_names, name), &limit, null) != 0)
        {
            throw LinuxException.FromLastError("setrlimit", name);
        }
    }
}
