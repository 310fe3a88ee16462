using System.Runtime.InteropServices;
using Berth.Linux.Files;
using Berth.Linux.Native;

namespace Berth.Linux.Sockets;

/// <summary>A connection to a Unix socket with blocking calls.</summary>
/// <remarks>
/// Not the base library's: the first of its sockets starts a thread and an event queue, which takes a command that makes one
/// request half a millisecond.
/// </remarks>
public sealed unsafe class UnixStream : SequentialStream
{
    private const int SendingSide = 1;
    private const int BothSides = 2;

    private readonly FileDescriptor _socket;

    private UnixStream(FileDescriptor socket) => _socket = socket;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    /// <param name="path">Of the socket; 107 bytes at most.</param>
    /// <exception cref="LinuxException">Nobody listens there.</exception>
    public static UnixStream Connect(string path)
    {
        var address = UnixAddress.Of(path);
        var socket = new FileDescriptor(Libc.socket(Libc.AF_UNIX, Libc.SOCK_STREAM | Libc.SOCK_CLOEXEC, 0));
        if (!socket.IsInvalid && Libc.connect(socket.Number, &address, (uint)sizeof(Libc.sockaddr_un)) == 0)
        {
            return new UnixStream(socket);
        }

        var failure = LinuxException.FromLastError("connect", path);
        socket.Dispose();
        throw failure;
    }

    /// <exception cref="IOException">The connection is lost.</exception>
    public override int Read(Span<byte> buffer)
    {
        fixed (byte* bytes = buffer)
        {
            nint count;
            while ((count = Libc.recv(_socket.Number, bytes, (nuint)buffer.Length, 0)) < 0)
            {
                ThrowUnlessInterrupted("recv");
            }

            return (int)count;
        }
    }

    /// <exception cref="IOException">The connection is lost.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        fixed (byte* bytes = buffer)
        {
            for (var done = 0; done < buffer.Length;)
            {
                var count = Libc.send(_socket.Number, bytes + done, (nuint)(buffer.Length - done), Libc.MSG_NOSIGNAL);
                if (count < 0)
                {
                    ThrowUnlessInterrupted("send");
                    continue;
                }

                done += (int)count;
            }
        }
    }

    /// <summary>Tells the other end that no more comes.</summary>
    /// <exception cref="IOException">The connection is lost.</exception>
    public void ShutdownWrite()
    {
        if (Libc.shutdown(_socket.Number, SendingSide) != 0)
        {
            ThrowUnlessInterrupted("shutdown");
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_socket.IsClosed)
        {
            // A read in another thread ends with it.
            _ = Libc.shutdown(_socket.Number, BothSides);
            _socket.Dispose();
        }

        base.Dispose(disposing);
    }

    private static void ThrowUnlessInterrupted(string call)
    {
        if ((Errno)Marshal.GetLastPInvokeError() is not Errno.EINTR)
        {
            var failure = LinuxException.FromLastError(call);
            throw new IOException(failure.Message, failure);
        }
    }
}
