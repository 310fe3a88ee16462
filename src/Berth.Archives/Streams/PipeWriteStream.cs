using System.IO.Pipelines;
using Berth.Linux.Files;

namespace Berth.Archives.Streams;

/// <summary>
/// Writes into a pipe, such as a reply's body, from a thread that may wait: never one of the pool. Small writes are gathered; a reader
/// that is slow holds the writer back.
/// </summary>
public sealed class PipeWriteStream(PipeWriter pipe, CancellationToken cancellationToken) : SequentialStream
{
    private const int FlushSize = 256 * 1024;

    private int _unflushed;

    public override bool CanRead => false;

    public override bool CanWrite => true;

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var memory = pipe.GetSpan();
            var count = Math.Min(memory.Length, buffer.Length);
            buffer[..count].CopyTo(memory);
            pipe.Advance(count);
            buffer = buffer[count..];
            _unflushed += count;
            if (_unflushed >= FlushSize)
            {
                Flush();
            }
        }
    }

    /// <summary>Reads from a file's beginning straight into the pipe's own memory.</summary>
    /// <exception cref="EndOfStreamException">The file is shorter.</exception>
    public void CopyFrom(FileStream file, long length)
    {
        ArgumentNullException.ThrowIfNull(file);
        for (long done = 0; done < length;)
        {
            var memory = pipe.GetSpan();
            var count = RandomAccess.Read(file.SafeFileHandle, memory[..(int)Math.Min(memory.Length, length - done)], done);
            pipe.Advance(count > 0 ? count : throw new EndOfStreamException($"{file.Name} became shorter"));
            done += count;
            _unflushed += count;
            if (_unflushed >= FlushSize)
            {
                Flush();
            }
        }
    }

    /// <exception cref="IOException">The reader is gone.</exception>
    public override void Flush()
    {
        _unflushed = 0;
        var flush = pipe.FlushAsync(cancellationToken);
        var result = flush.IsCompletedSuccessfully ? flush.Result : flush.AsTask().GetAwaiter().GetResult();
        if (result.IsCompleted)
        {
            throw new IOException("the client is gone");
        }
    }
}
