using Berth.Linux.Native;

namespace Berth.Linux.Seccomp;

/// <summary>Flags of seccomp(2), with its values.</summary>
[Flags]
public enum SeccompFlags
{
    None = 0,

    /// <summary>All threads of the process get the filter.</summary>
    AllThreads = 1,

    /// <summary>Every action but allow is written to the audit log.</summary>
    Log = 2,

    /// <summary>Speculative store bypass is not turned off for the process.</summary>
    AllowSpeculation = 4,

    /// <summary>A process that waits for a listener's answer can only be interrupted to die.</summary>
    WaitKillable = 32,
}

/// <summary>A program that is ready to be put in force.</summary>
public sealed class SeccompFilter(byte[] program, SeccompFlags flags, bool wantsListener)
{
    internal const int InstructionSize = 8;

    /// <summary>Some calls are decided by whoever holds the descriptor that <see cref="Load"/> returns.</summary>
    public bool WantsListener { get; } = wantsListener;

    public ReadOnlySpan<byte> Program => program;

    /// <summary>
    /// Puts the filter in force on the calling thread, for good, on top of those before. Needs CAP_SYS_ADMIN or no_new_privs. From
    /// here on every call that the filter refuses fails in this process too.
    /// </summary>
    /// <returns>The listener, where the filter wants one.</returns>
    public unsafe FileDescriptor? Load()
    {
        var bits = (uint)flags;
        if (WantsListener)
        {
            bits |= Libc.SECCOMP_FILTER_FLAG_NEW_LISTENER;
            // Without it the same return value would be a descriptor or the thread that could not be reached.
            bits |= flags.HasFlag(SeccompFlags.AllThreads) ? Libc.SECCOMP_FILTER_FLAG_TSYNC_ESRCH : 0;
        }

        fixed (byte* instructions = program)
        {
            var argument = new Libc.sock_fprog
            {
                len = (ushort)(program.Length / InstructionSize),
                filter = (Libc.sock_filter*)instructions,
            };
            var result = Libc.seccomp(Arch.SYS_seccomp, Libc.SECCOMP_SET_MODE_FILTER, bits, &argument);
            return result < 0 ? throw LinuxException.FromLastError("seccomp") : WantsListener ? new FileDescriptor(result) : null;
        }
    }
}
