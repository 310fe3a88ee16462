using System.Runtime.InteropServices;
using Berth.Linux.Native;

namespace Berth.Linux;

/// <summary>An open file descriptor that this process owns and closes once.</summary>
/// <remarks>Everything that opens one opens it close-on-exec and wraps it before anything can throw.</remarks>
public sealed class FileDescriptor : SafeHandle
{
    public FileDescriptor()
        : base(-1, ownsHandle: true)
    {
    }

    /// <summary>Takes ownership of an inherited or received descriptor.</summary>
    public FileDescriptor(nint descriptor)
        : base(-1, ownsHandle: true) => SetHandle(descriptor);

    public override bool IsInvalid => handle < 0;

    /// <summary>The number of the descriptor, for structures and texts that carry it (/proc/self/fd/N); it stays owned by this object.</summary>
    public int Number => (int)handle;

    protected override bool ReleaseHandle() => Libc.close((int)handle) == 0;
}
