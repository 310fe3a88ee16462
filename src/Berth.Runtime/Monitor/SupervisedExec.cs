using Berth.Linux.Events;
using Berth.Monitor;
using Berth.Runtime.Exec;

namespace Berth.Runtime.Monitor;

/// <summary>An exec that runs, and the connection that is its stdio.</summary>
internal sealed class SupervisedExec
{
    private readonly ClientConnection _connection;
    private readonly SpawnedProcess _spawned;
    private readonly Watch _exit;
    private readonly Action<SupervisedExec> _onEnd;

    internal SupervisedExec(
        EventLoop loop, OutputBuffer buffer, ExecRequest request, ClientConnection connection, SpawnedProcess spawned, ProcessPipes pipes,
        Action<SupervisedExec> onEnd)
    {
        (Id, _connection, _spawned, _onEnd) = (request.Id, connection, spawned, onEnd);
        Streams = new ProcessStreams(loop, buffer, log: null, pipes, spawned.ConsoleMaster);
        _exit = loop.Watch(spawned.Process.Descriptor, _ => End());
        _exit.Interest = ReadyEvents.Readable;
        connection.OnFrame = (kind, payload) => TakeInput(kind, payload.Span);
        connection.OnClosed = LoseClient;
        Streams.Output.Attach(connection, request.Stdout, request.Stderr);
    }

    internal string Id { get; }

    internal ProcessStreams Streams { get; }

    internal bool TrySignal(int signal) => _spawned.Process.TrySignal(signal);

    /// <summary>Reaps the process, which has ended or was killed, and tells its client.</summary>
    internal void End()
    {
        var status = _spawned.Process.Reap();
        _exit.Dispose();
        Streams.End();
        _spawned.Dispose();
        _connection.Send(new MonitorReply
        {
            Event = MonitorEvent.Exited,
            Exit = new ExitRecord { ExitCode = status.ShellCode, FinishedAt = TimeProvider.System.GetUtcNow() },
        });
        _connection.CloseWhenFlushed();
        _onEnd(this);
    }

    private void TakeInput(FrameKind kind, ReadOnlySpan<byte> payload)
    {
        if (kind is not FrameKind.Stdin)
        {
            _connection.Close();
            LoseClient();
        }
        else if (payload.Length == 0)
        {
            Streams.Input?.End();
        }
        else
        {
            Streams.Input?.Write(_connection, payload);
        }
    }

    private void LoseClient()
    {
        Streams.Output.Detach(_connection);
        Streams.Input?.End();
    }
}
