using System.Runtime.InteropServices;

namespace Berth.Linux;

/// <summary>A system call failed in a way that its caller does not treat as an outcome.</summary>
public sealed class LinuxException(string call, Errno errno, string? target = null)
    : Exception($"{(target is null ? call : $"{call} {target}")}: {ErrnoText.Of(errno)} ({errno})")
{
    /// <summary>The kernel's name of the call, such as <c>mount</c>.</summary>
    public string Call { get; } = call;

    public Errno Errno { get; } = errno;

    /// <summary>What the call was applied to: a path, a link name; null where there is nothing to name.</summary>
    public string? Target { get; } = target;

    /// <summary>The error of the last P/Invoke that was declared with SetLastError.</summary>
    public static LinuxException FromLastError(string call, string? target = null) =>
        new(call, (Errno)Marshal.GetLastPInvokeError(), target);
}
