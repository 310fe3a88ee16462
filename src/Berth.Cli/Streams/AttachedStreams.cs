using System.Net.Sockets;
using Berth.Cli.Connection;
using Berth.Linux;
using Berth.Linux.Terminals;

namespace Berth.Cli.Streams;

/// <summary>The standard streams, joined to a process in a container until its output ends or the user detaches.</summary>
/// <param name="session">Whose streams.</param>
/// <param name="connection">The process's end.</param>
/// <param name="tty">Output is one raw stream, and the terminal is made raw for input.</param>
sealed class AttachedStreams(Session session, HijackedStream connection, bool tty) : IDisposable
{
    private const int BufferSize = 256 * 1024;

    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RawTerminal? _raw;
    private PosixSignals? _endings;
    private volatile bool _detached;
    private volatile bool _outputEnded;

    public DetachKeys? Keys { get; init; }

    /// <summary>The program's exit code, where the output's end told it.</summary>
    public int? ExitCode { get; private set; }

    /// <summary>Sends what is typed or piped in, on a thread of its own that nobody waits for: a read of the terminal cannot be ended.</summary>
    public void StartInput()
    {
        if (tty)
        {
            _raw = RawTerminal.TryEnter(StandardDescriptor.Input);
            if (_raw is not null)
            {
                // Ended from outside, this program must not leave the terminal raw.
                _endings = PosixSignals.OnTermination(_raw.Dispose);
            }
        }

        new Thread(CopyInput) { IsBackground = true, Name = "input" }.Start();
    }

    /// <summary>Copies output until it ends; false where the user detached instead.</summary>
    public bool CopyOutput(bool wanted = true)
    {
        if (Keys is not null && tty)
        {
            // The output is copied beside, because the user may detach while it is silent.
            new Thread(() =>
            {
                Copy(wanted);
                _finished.TrySetResult();
            })
            { IsBackground = true, Name = "output" }.Start();
            _finished.Task.GetAwaiter().GetResult();
        }
        else
        {
            Copy(wanted);
        }

        return !_detached;
    }

    public void Dispose()
    {
        _outputEnded = true;
        _raw?.Dispose();
        _endings?.Dispose();
        connection.Dispose();
    }

    private void Copy(bool wanted)
    {
        try
        {
            if (!wanted)
            {
                Span<byte> nothing = stackalloc byte[4096];
                while (connection.Read(nothing) > 0)
                {
                    // only the end matters
                }
            }
            else if (tty)
            {
                Demultiplexer.CopyRaw(connection.Read, session.Out);
            }
            else
            {
                ExitCode = Demultiplexer.CopyFrames(connection.Read, session.Out, session.Error);
            }
        }
        catch (Exception gone) when (gone is IOException or SocketException or ObjectDisposedException)
        {
            // A connection that is lost is an output that ended; the exit code is asked for on another one.
        }
        finally
        {
            _outputEnded = true;
        }
    }

    private void CopyInput()
    {
        var buffer = new byte[BufferSize];
        try
        {
            int count;
            while ((count = session.In.Read(buffer)) > 0)
            {
                var typed = buffer.AsSpan(0, count);
                if (Keys is not null && tty)
                {
                    var (passed, detached) = Keys.Filter(typed);
                    connection.Write(passed);
                    if (detached)
                    {
                        _detached = true;
                        _finished.TrySetResult();
                        return;
                    }
                }
                else
                {
                    connection.Write(typed);
                }
            }

            connection.CloseWrite();
        }
        catch (Exception gone) when (gone is IOException or SocketException or ObjectDisposedException or LinuxException)
        {
            // The process has ended and reads no more, or standard input was closed when this program started.
            if (!_outputEnded && gone is LinuxException)
            {
                connection.CloseWrite();
            }
        }
    }
}
