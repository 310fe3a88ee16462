using Berth.Cli.Formatting;
using Berth.Linux.Files;

namespace Berth.Cli.Commands.Containers;

/// <summary>Counts the bytes of a copy and shows them on standard error as it goes on.</summary>
sealed class CopyProgress(Session session, bool quiet, bool isTerminal, string header)
{
    private const string Restore = "\e[u\e[2K";
    private static readonly TimeSpan _step = TimeSpan.FromMilliseconds(75);

    private long _shown;
    private long _total;
    private string _text = "";

    public void Begin()
    {
        if (!quiet && isTerminal)
        {
            Write("\e[sPreparing to copy...\e[?25l");
        }
    }

    public void Add(int count)
    {
        _total += count;
        if (quiet || !isTerminal || session.Time.GetElapsedTime(_shown) < _step)
        {
            return;
        }

        _shown = session.Time.GetTimestamp();
        var text = HumanSize.Of(_total, 3);
        if (text != _text)
        {
            _text = text;
            Write(Restore + header + text);
        }
    }

    /// <summary>Takes the progress away again, however the copy ended.</summary>
    public void End()
    {
        if (!quiet && isTerminal)
        {
            Write(Restore + "\e[?25h");
        }
    }

    public void Succeed(string destination)
    {
        if (!quiet)
        {
            session.Warn($"Successfully copied {HumanSize.Of(_total, 3)} to {destination}");
        }
    }

    private void Write(string text)
    {
        session.Error.Write(text);
        session.Error.Flush();
    }
}

/// <summary>Passes a stream on and counts its bytes.</summary>
sealed class CountedStream(Stream inner, CopyProgress progress) : SequentialStream
{
    public override bool CanRead => inner.CanRead;

    public override bool CanWrite => inner.CanWrite;

    public override int Read(Span<byte> buffer)
    {
        var count = inner.Read(buffer);
        progress.Add(count);
        return count;
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        inner.Write(buffer);
        progress.Add(buffer.Length);
    }

    public override void Flush() => inner.Flush();
}
