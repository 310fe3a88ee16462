using System.Runtime.InteropServices;

namespace Berth.Linux.Compression;

/// <summary>What a library's decoder keeps between its steps. The library keeps its address, so it lies where nothing is moved.</summary>
/// <typeparam name="T">The library's structure; all zero at first.</typeparam>
internal sealed unsafe class DecoderState<T> : SafeHandle
    where T : unmanaged
{
    private readonly delegate*<T*, void> _end;

    /// <param name="end">Lets the library give up what it has; also called where it never began.</param>
    internal DecoderState(delegate*<T*, void> end)
        : base(0, ownsHandle: true)
    {
        _end = end;
        SetHandle((nint)NativeMemory.AllocZeroed((nuint)sizeof(T)));
    }

    public override bool IsInvalid => handle == 0;

    /// <exception cref="ObjectDisposedException">It was given up.</exception>
    internal T* Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            return (T*)handle;
        }
    }

    protected override bool ReleaseHandle()
    {
        try
        {
            _end((T*)handle);
            return true;
        }
        finally
        {
            // Also where the library is not there.
            NativeMemory.Free((void*)handle);
        }
    }
}
