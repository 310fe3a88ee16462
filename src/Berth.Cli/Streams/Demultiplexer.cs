using System.Buffers.Binary;
using Berth.Api.Containers;
using Berth.Cli.Connection;

namespace Berth.Cli.Streams;

/// <summary>Reads bytes of a stream; 0 at its end.</summary>
delegate int StreamReader(Span<byte> buffer);

/// <summary>Copies the output of a container to the standard streams as it comes.</summary>
static class Demultiplexer
{
    private const int HeaderSize = 8;

    // As much as a pipe holds, and less than the collector takes for a large object, which costs a start more than a read gains.
    private const int BufferSize = 64 * 1024;
    private const byte SystemError = 3;

    /// <summary>Copies a terminal's output, which is one stream.</summary>
    public static void CopyRaw(StreamReader read, OutputWriter output)
    {
        var buffer = GC.AllocateUninitializedArray<byte>(BufferSize);
        int count;
        while ((count = read(buffer)) > 0)
        {
            output.WriteNow(buffer.AsSpan(0, count));
        }
    }

    /// <summary>Copies frames of Docker's stdcopy format: stream, three zeroes, length (big-endian), payload. Each is written at once.</summary>
    /// <returns>The program's exit code, where the last frame told it.</returns>
    /// <exception cref="CommandException">The daemon reported an error inside the stream.</exception>
    public static int? CopyFrames(StreamReader read, OutputWriter output, OutputWriter error)
    {
        var buffer = GC.AllocateUninitializedArray<byte>(BufferSize);
        var (start, end) = (0, 0);
        while (true)
        {
            while (end - start < HeaderSize)
            {
                if (!Fill(read, buffer, ref start, ref end))
                {
                    return null;
                }
            }

            var stream = buffer[start];
            long left = BinaryPrimitives.ReadUInt32BigEndian(buffer.AsSpan(start + 4));
            start += HeaderSize;
            if (stream == SystemError)
            {
                throw new CommandException($"error from daemon in stream: {Text(read, buffer, ref start, ref end, left)}");
            }

            if (stream == ExitFrame.Stream && left == ExitFrame.PayloadSize)
            {
                while (end - start < ExitFrame.PayloadSize)
                {
                    if (!Fill(read, buffer, ref start, ref end))
                    {
                        return null;
                    }
                }

                return ExitFrame.ReadExitCode(buffer.AsSpan(start));
            }

            if (stream > SystemError)
            {
                throw new ConnectionException($"unrecognized stream: {stream}");
            }

            var target = stream == 2 ? error : output;
            while (left > 0)
            {
                if (start == end && !Fill(read, buffer, ref start, ref end))
                {
                    return null;
                }

                var piece = (int)Math.Min(left, end - start);
                target.WriteNow(buffer.AsSpan(start, piece));
                start += piece;
                left -= piece;
            }
        }
    }

    private static bool Fill(StreamReader read, byte[] buffer, ref int start, ref int end)
    {
        buffer.AsSpan(start, end - start).CopyTo(buffer);
        (start, end) = (0, end - start);
        var count = read(buffer.AsSpan(end));
        end += count;
        return count > 0;
    }

    private static string Text(StreamReader read, byte[] buffer, ref int start, ref int end, long length)
    {
        while (end - start < Math.Min(length, buffer.Length / 2) && Fill(read, buffer, ref start, ref end))
        {
            // until the message is whole
        }

        return System.Text.Encoding.UTF8.GetString(buffer, start, (int)Math.Min(length, end - start));
    }
}
