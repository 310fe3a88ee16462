using Berth.Linux.Native;

namespace Berth.Linux.Seccomp;

/// <summary>What the kernel does with a call: the value that a filter returns (seccomp(2)).</summary>
public readonly record struct SeccompAction(uint Value)
{
    private const uint DataMask = 0xFFFF;

    public static SeccompAction Allow { get; } = new(Libc.SECCOMP_RET_ALLOW);

    /// <summary>Allowed, and written to the audit log.</summary>
    public static SeccompAction Log { get; } = new(Libc.SECCOMP_RET_LOG);

    public static SeccompAction KillProcess { get; } = new(Libc.SECCOMP_RET_KILL_PROCESS);

    public static SeccompAction KillThread { get; } = new(Libc.SECCOMP_RET_KILL_THREAD);

    /// <summary>SIGSYS.</summary>
    public static SeccompAction Trap { get; } = new(Libc.SECCOMP_RET_TRAP);

    /// <summary>A program that holds the filter's listener decides.</summary>
    public static SeccompAction Notify { get; } = new(Libc.SECCOMP_RET_USER_NOTIF);

    /// <summary>It goes on as if allowed, perhaps after a tracer had its way.</summary>
    internal bool LetsPass => this == Allow || this == Log || (Value & ~DataMask) == Libc.SECCOMP_RET_TRACE;

    /// <summary>The call fails with this error number and does nothing.</summary>
    public static SeccompAction Fail(uint errno) => new(Libc.SECCOMP_RET_ERRNO | (errno & DataMask));

    public static SeccompAction Fail(Errno errno) => Fail((uint)errno);

    /// <summary>A tracer is told, with this value.</summary>
    public static SeccompAction Trace(uint value) => new(Libc.SECCOMP_RET_TRACE | (value & DataMask));
}
