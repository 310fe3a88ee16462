using Berth.Linux.Files;
using Berth.Linux.Native;

namespace Berth.Linux.Terminals;

/// <summary>Reads and writes a standard descriptor with read(2) and write(2), without buffers.</summary>
/// <remarks>
/// Not the base library's streams: its console stream hides a broken pipe, its file stream keeps an offset of its own and so
/// overwrites what another process writes to the same open file.
/// </remarks>
public sealed unsafe class StandardStream(StandardDescriptor descriptor) : SequentialStream
{
    public override bool CanRead => descriptor == StandardDescriptor.Input;

    public override bool CanWrite => descriptor != StandardDescriptor.Input;

    public override int Read(Span<byte> buffer)
    {
        fixed (byte* bytes = buffer)
        {
            while (true)
            {
                var count = Libc.read((int)descriptor, bytes, (nuint)buffer.Length);
                if (count >= 0)
                {
                    return (int)count;
                }

                var error = LinuxException.FromLastError("read", descriptor.ToString());
                if (error.Errno == Errno.EIO)
                {
                    return 0; // the terminal hung up
                }

                Await(error, Libc.POLLIN);
            }
        }
    }

    /// <exception cref="LinuxException">With EPIPE, where nobody reads any more.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        fixed (byte* bytes = buffer)
        {
            for (var done = 0; done < buffer.Length;)
            {
                var count = Libc.write((int)descriptor, bytes + done, (nuint)(buffer.Length - done));
                if (count >= 0)
                {
                    done += (int)count;
                    continue;
                }

                Await(LinuxException.FromLastError("write", descriptor.ToString()), Libc.POLLOUT);
            }
        }
    }

    /// <summary>Another program may have left the shared descriptor non-blocking; then readiness is awaited here.</summary>
    private void Await(LinuxException error, short events)
    {
        if (error.Errno == Errno.EAGAIN)
        {
            var poll = new Libc.pollfd { fd = (int)descriptor, events = events };
            _ = Libc.poll(&poll, 1, -1);
        }
        else if (error.Errno != Errno.EINTR)
        {
            throw error;
        }
    }
}
