using System.Runtime.InteropServices;
using Berth.Linux.Native;

namespace Berth.Linux.Descriptors;

/// <summary>Reading and writing of non-blocking pipes, terminals and sockets.</summary>
public static unsafe class DescriptorStream
{
    public static void SetNonBlocking(FileDescriptor descriptor)
    {
        var flags = Libc.fcntl(descriptor.Number, Libc.F_GETFL, 0);
        if (flags < 0 || Libc.fcntl(descriptor.Number, Libc.F_SETFL, flags | Libc.O_NONBLOCK) != 0)
        {
            throw LinuxException.FromLastError("fcntl", "F_SETFL");
        }
    }

    /// <summary>Another descriptor of the same open file, close-on-exec.</summary>
    public static FileDescriptor Duplicate(FileDescriptor descriptor)
    {
        var duplicate = new FileDescriptor(Libc.fcntl(descriptor.Number, Libc.F_DUPFD_CLOEXEC, 0));
        return duplicate.IsInvalid ? throw LinuxException.FromLastError("fcntl", "F_DUPFD_CLOEXEC") : duplicate;
    }

    /// <param name="descriptor">Where from.</param>
    /// <param name="buffer">Where to; not empty.</param>
    /// <param name="count">How many bytes were read.</param>
    public static Transfer Read(FileDescriptor descriptor, Span<byte> buffer, out int count)
    {
        while (true)
        {
            nint result;
            fixed (byte* bytes = buffer)
            {
                result = Libc.read(descriptor.Number, bytes, (nuint)buffer.Length);
            }

            count = (int)Math.Max(result, 0);
            if (result >= 0)
            {
                return result == 0 ? Transfer.Closed : Transfer.Done;
            }

            switch ((Errno)Marshal.GetLastPInvokeError())
            {
                case Errno.EINTR:
                    continue;
                case Errno.EAGAIN:
                    return Transfer.WouldBlock;
                case Errno.EIO or Errno.ECONNRESET:
                    // EIO is what a terminal's master reads when nobody has the other side open (any more).
                    return Transfer.Closed;
                default:
                    throw LinuxException.FromLastError("read");
            }
        }
    }

    /// <summary>Writes what can be written now. SIGPIPE must be ignored, as .NET does at start.</summary>
    public static Transfer Write(FileDescriptor descriptor, ReadOnlySpan<byte> buffer, out int count)
    {
        while (true)
        {
            nint result;
            fixed (byte* bytes = buffer)
            {
                result = Libc.write(descriptor.Number, bytes, (nuint)buffer.Length);
            }

            count = (int)Math.Max(result, 0);
            if (result >= 0)
            {
                return Transfer.Done;
            }

            switch ((Errno)Marshal.GetLastPInvokeError())
            {
                case Errno.EINTR:
                    continue;
                case Errno.EAGAIN:
                    return Transfer.WouldBlock;
                case Errno.EPIPE or Errno.ECONNRESET or Errno.EIO:
                    return Transfer.Closed;
                default:
                    throw LinuxException.FromLastError("write");
            }
        }
    }
}
