using System.Text;
using Berth.Linux.Native;

namespace Berth.Linux.Processes;

/// <summary>What this process is allowed and how the kernel treats it (prctl(2), personality(2), umask(2), close_range(2), setsid(2)).</summary>
public static unsafe class ProcessControl
{
    private const int LastSignal = 64;

    /// <summary>Whether others of the same user may look into this process: its memory, descriptors and program in /proc.</summary>
    public static void SetDumpable(bool dumpable) => Check(Libc.prctl(Libc.PR_SET_DUMPABLE, dumpable ? 1u : 0, 0, 0, 0), "prctl", "PR_SET_DUMPABLE");

    /// <summary>The signal that this process gets when its parent dies; a change of user clears it.</summary>
    public static void SetParentDeathSignal(int signal) => Check(Libc.prctl(Libc.PR_SET_PDEATHSIG, (nuint)signal, 0, 0, 0), "prctl", "PR_SET_PDEATHSIG");

    /// <summary>No program that this process executes gains privileges from it; for good.</summary>
    public static void SetNoNewPrivileges() => Check(Libc.prctl(Libc.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl", "PR_SET_NO_NEW_PRIVS");

    /// <summary>The name in ps and /proc/PID/comm; the kernel keeps 15 bytes.</summary>
    public static void SetName(string name)
    {
        fixed (byte* bytes = Encoding.UTF8.GetBytes(name + '\0'))
        {
            Check(Libc.prctl(Libc.PR_SET_NAME, (nuint)bytes, 0, 0, 0), "prctl", "PR_SET_NAME");
        }
    }

    public static void SetPersonality(ulong persona) =>
        Check(Libc.personality((nuint)persona) < 0 ? -1 : 0, "personality", $"0x{persona:x}");

    public static void SetUmask(uint mask) => _ = Libc.umask(mask);

    public static void StartSession() => Check(Libc.setsid() < 0 ? -1 : 0, "setsid");

    /// <summary>Makes standard input's terminal the controlling one of this session (TIOCSCTTY).</summary>
    public static void TakeControllingTerminal() => Check(Libc.ioctl_number(0, Libc.TIOCSCTTY, 0), "ioctl", "TIOCSCTTY");

    /// <summary>Closes every descriptor from this number on when the next program is executed; until then they stay open.</summary>
    /// <remarks>Falls back to nothing where the kernel lacks CLOSE_RANGE_CLOEXEC (before 5.11): ours are all close-on-exec anyway.</remarks>
    public static void CloseOnExecuteFrom(int first)
    {
        const uint closeOnExecute = 4; // CLOSE_RANGE_CLOEXEC
        var result = Libc.close_range(Libc.SYS_close_range, (uint)first, uint.MaxValue, closeOnExecute);
        if (result != 0 && LinuxException.FromLastError("close_range") is { Errno: not (Errno.ENOSYS or Errno.EINVAL) } error)
        {
            throw error;
        }
    }

    /// <summary>Ignores signals, here and in every program that is executed before <see cref="ResetSignals"/>.</summary>
    public static void IgnoreSignals(params ReadOnlySpan<int> signals)
    {
        const nint ignore = 1; // SIG_IGN
        SetAction(signals, ignore);
    }

    /// <summary>Sets those of the signals to their default action that this process was started to ignore; handlers stay.</summary>
    public static void HeedIgnored(params ReadOnlySpan<int> signals)
    {
        const nint ignore = 1; // SIG_IGN
        const int most = 32;   // struct sigaction with the C library's large mask; the handler comes first

        var action = stackalloc nint[most];
        foreach (var signal in signals)
        {
            if (Libc.sigaction(signal, null, action) == 0 && action[0] == ignore)
            {
                _ = Libc.signal(signal, 0);
            }
        }
    }

    /// <summary>Sets signals to their default action.</summary>
    public static void HeedSignals(params ReadOnlySpan<int> signals) => SetAction(signals, 0);

    /// <summary>Sets every signal to its default action and blocks none: handlers end with execve, but what is ignored would stay so.</summary>
    public static void ResetSignals()
    {
        for (var signal = 1; signal <= LastSignal; signal++)
        {
            // SIGKILL, SIGSTOP and the C library's own two refuse; they need no reset.
            _ = Libc.signal(signal, 0);
        }

        var none = default(Libc.sigset_t);
        Check(Libc.sigprocmask(Libc.SIG_SETMASK, &none, null), "sigprocmask");
    }

    private static void SetAction(ReadOnlySpan<int> signals, nint action)
    {
        foreach (var signal in signals)
        {
            _ = Libc.signal(signal, action);
        }
    }

    private static void Check(nint result, string call, string? target = null)
    {
        if (result != 0)
        {
            throw LinuxException.FromLastError(call, target);
        }
    }
}
