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

    /// <summary>
    /// Copies frames of Docker's stdcopy format: stream, three zeroes, length (big-endian), payload. What has come is written before
    /// more is waited for, and what follows each other on one stream at once: the lines of a log are frames of their own.
    /// </summary>
    /// <returns>The program's exit code, where the last frame told it.</returns>
    /// <exception cref="CommandException">The daemon reported an error inside the stream.</exception>
    public static int? CopyFrames(StreamReader read, OutputWriter output, OutputWriter error) => new Frames(read, output, error).Copy();

    private sealed class Frames(StreamReader read, OutputWriter output, OutputWriter error)
    {
        private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferSize);

        // What was read and not looked at yet. Before it, payload that is still to be written: later payload moves up to it, over
        // the headers between.
        private int _start;
        private int _end;
        private int _payloadStart;
        private int _payloadEnd;
        private OutputWriter? _target;

        public int? Copy()
        {
            while (Has(HeaderSize))
            {
                var stream = _buffer[_start];
                long left = BinaryPrimitives.ReadUInt32BigEndian(_buffer.AsSpan(_start + 4));
                _start += HeaderSize;
                if (stream >= SystemError)
                {
                    Write();
                }

                if (stream == SystemError)
                {
                    throw new CommandException($"error from daemon in stream: {Text(left)}");
                }

                if (stream == ExitFrame.Stream && left == ExitFrame.PayloadSize)
                {
                    return Has(ExitFrame.PayloadSize) ? ExitFrame.ReadExitCode(_buffer.AsSpan(_start)) : null;
                }

                if (stream > SystemError)
                {
                    throw new ConnectionException($"unrecognized stream: {stream}");
                }

                for (var target = stream == 2 ? error : output; left > 0;)
                {
                    if (_start == _end && !Fill())
                    {
                        return null;
                    }

                    var piece = (int)Math.Min(left, _end - _start);
                    Take(piece, target);
                    left -= piece;
                }
            }

            return null;
        }

        private void Take(int count, OutputWriter target)
        {
            if (target != _target)
            {
                Write();
                _target = target;
            }

            if (_payloadStart == _payloadEnd)
            {
                (_payloadStart, _payloadEnd) = (_start, _start);
            }

            _buffer.AsSpan(_start, count).CopyTo(_buffer.AsSpan(_payloadEnd));
            _payloadEnd += count;
            _start += count;
        }

        private void Write()
        {
            if (_payloadStart < _payloadEnd)
            {
                _target!.WriteNow(_buffer.AsSpan(_payloadStart, _payloadEnd - _payloadStart));
                _payloadStart = _payloadEnd;
            }
        }

        /// <summary>Whether so many bytes are there; false at the end.</summary>
        private bool Has(int count)
        {
            while (_end - _start < count)
            {
                if (!Fill())
                {
                    return false;
                }
            }

            return true;
        }

        private bool Fill()
        {
            Write();
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
            var count = read(_buffer.AsSpan(_end));
            _end += count;
            return count > 0;
        }

        private string Text(long length)
        {
            while (_end - _start < Math.Min(length, _buffer.Length / 2) && Fill())
            {
                // until the message is whole
            }

            return System.Text.Encoding.UTF8.GetString(_buffer, _start, (int)Math.Min(length, _end - _start));
        }
    }
}
