using Berth.Linux;
using Berth.Linux.Events;
using Berth.Linux.Memory;
using Berth.Linux.Sockets;
using Berth.Monitor;
using Berth.Runtime.Processes;

namespace Berth.Runtime.Monitor;

/// <summary>
/// The monitor's side of its socket (ARCHITECTURE.md, "The monitor's socket"): takes connections and carries out their requests,
/// until its container has ended and everybody was told.
/// </summary>
internal sealed class MonitorServer : IDisposable
{
    private const string SocketName = "monitor.sock";
    private const int Backlog = 64;

    /// <summary>A collection moves what the nursery's clones share into memory of this one's own: not worth it for less than this.</summary>
    private const long WorthCollecting = 1024 * 1024;

    private readonly ProgramPages _program;
    private readonly EventLoop _loop = new();
    private readonly OutputBuffer _buffer = new();
    private readonly List<ClientConnection> _controls = [];
    private readonly List<ClientConnection> _streams = [];
    private ContainerPlan? _plan;
    private SupervisedContainer? _container;
    private FileDescriptor? _listener;
    private Watch? _accept;
    private bool _ending;
    private long _allocatedAtTrim = GC.GetAllocatedBytesForCurrentThread();

    /// <param name="first">The first control connection.</param>
    /// <param name="program">What it maps of its program and lets go of when it is idle.</param>
    internal MonitorServer(FileDescriptor first, ProgramPages program)
    {
        _program = program;
        _loop.OnIdle = Trim;
        AddControl(first);
    }

    internal void Run()
    {
        try
        {
            _loop.Run();
        }
        catch (Exception e) when (_plan is not null)
        {
            // The container dies with this process. Nobody else could say why.
            MonitorLog.Write(_plan.Bundle, $"the monitor failed: {e}");
            throw;
        }
    }

    public void Dispose()
    {
        EndListening();
        _loop.Dispose();
        _buffer.Dispose();
    }

    /// <summary>Gives back what the last requests and the last output took: a monitor mostly waits, and there is one beside every container.</summary>
    private void Trim()
    {
        _buffer.Trim();
        _container?.Trim();
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        if (allocated - _allocatedAtTrim > WorthCollecting)
        {
            _allocatedAtTrim = allocated;
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }

        _program.Release();
    }

    private void AddControl(FileDescriptor socket)
    {
        var connection = new ClientConnection(_loop, socket);
        _controls.Add(connection);
        connection.OnFrame = (kind, payload) =>
        {
            if (kind is not FrameKind.Message)
            {
                throw new InvalidDataException($"A frame of {kind} on a control connection.");
            }

            CarryOut(connection, MessageFrame.ReadRequest(payload.Span));
        };
        connection.OnClosed = () => LoseControl(connection);
    }

    private void LoseControl(ClientConnection connection)
    {
        _controls.Remove(connection);
        EndWhenAbandoned();
        EndWhenTold();
    }

    /// <summary>
    /// Where no control connection is left, nobody could start the container any more. The last one is lost, or it turns into a
    /// stream after the daemon's own was lost. What is just being made is undone when it is complete: until then the socket stays,
    /// by which the next daemon knows that the container is not free yet.
    /// </summary>
    private void EndWhenAbandoned()
    {
        if (_controls.Count == 0 && (_plan is null || _container is { StartedAt: null }))
        {
            _container?.Undo();
            _container = null;
            EndListening();
            _loop.End();
        }
    }

    private void CarryOut(ClientConnection connection, MonitorRequest request)
    {
        try
        {
            Dispatch(connection, request);
        }
        catch (StartException e)
        {
            connection.Send(new MonitorReply { Event = MonitorEvent.Failed, Failure = e.Failure });
        }
        catch (LinuxException e)
        {
            var failure = new StartFailure { Step = request.Action.ToString(), Errno = (int)e.Errno, Message = e.Message, ExitCode = StartException.OtherFailure };
            connection.Send(new MonitorReply { Event = MonitorEvent.Failed, Failure = failure });
        }
    }

    private void Dispatch(ClientConnection connection, MonitorRequest request)
    {
        if (request is { Action: MonitorAction.Create, Plan: { } plan } && _plan is null)
        {
            // Where the daemon is gone by now, the next one may be making the same container already: this one was nobody's.
            if (!connection.IsHungUp)
            {
                Create(connection, plan);
            }

            return;
        }

        var container = _container ?? throw StartException.Of("monitor", "this monitor has no container");
        switch (request)
        {
            case { Action: MonitorAction.Start } when container.StartedAt is null:
                Start(connection, container);
                break;
            case { Action: MonitorAction.Describe }:
                connection.Send(Describe(container));
                break;
            case { Action: MonitorAction.Attach, Attach: { } attach }:
                BecomeStream(connection);
                connection.Send(new MonitorReply { Event = MonitorEvent.Done });
                container.Attach(connection, attach);
                Follow(connection);
                break;
            case { Action: MonitorAction.Exec, Exec: { } exec }:
                container.Exec(connection, exec);
                BecomeStream(connection);
                Follow(connection);
                break;
            case { Action: MonitorAction.Signal, Signal: { } signal }:
                Answer(connection, container.TrySignal(request.ExecId, signal), "process has ended");
                break;
            case { Action: MonitorAction.Resize, Size: { } size }:
                Answer(connection, container.TryResize(request.ExecId, size), "process has no terminal");
                break;
            case { Action: MonitorAction.Pause }:
                Answer(connection, container.TryPause(), "container has no cgroup");
                break;
            case { Action: MonitorAction.Resume }:
                Answer(connection, container.TryResume(), "container has no cgroup");
                break;
            default:
                throw StartException.Of("monitor", $"request {request.Action} is not possible");
        }
    }

    private void Create(ClientConnection connection, ContainerPlan plan)
    {
        _plan = plan;
        try
        {
            Listen(plan.StateDirectory);
            _container = new SupervisedContainer(_loop, _buffer, plan, pid => connection.Send(new MonitorReply { Event = MonitorEvent.Cloned, Pid = pid })) { OnExit = TellExit, OnOutOfMemory = TellOutOfMemory, OnLogLost = TellLogLost };
            connection.Send(Describe(_container));

            // The daemon may have gone away while it was made, when there was nothing yet to undo.
            EndWhenAbandoned();
        }
        catch (Exception e) when (e is StartException or LinuxException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            EndListening();
            var failure = (e as StartException)?.Failure
                ?? new StartFailure { Step = "create", Errno = (int?)(e as LinuxException)?.Errno ?? 0, Message = e.Message, ExitCode = StartException.OtherFailure };
            connection.Send(new MonitorReply { Event = MonitorEvent.Failed, Failure = failure });
            _loop.End();
        }
    }

    private void Start(ClientConnection connection, SupervisedContainer container)
    {
        if (container.Start() is { } failure)
        {
            _container = null;
            EndListening();
            connection.Send(new MonitorReply { Event = MonitorEvent.Failed, Failure = failure });
            _loop.End();
            return;
        }

        connection.Send(Describe(container));
        container.WatchMemory();
    }

    private void Listen(string directory)
    {
        Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.Delete(Path.Combine(directory, SocketName));
        _listener = UnixSocket.Listen(directory, SocketName, Backlog);
        _accept = _loop.Watch(_listener, _ => Accept());
        _accept.Interest = ReadyEvents.Readable;
    }

    private void Accept()
    {
        while (_listener is not null && UnixSocket.TryAccept(_listener) is { } socket)
        {
            AddControl(socket);
        }
    }

    private void EndListening()
    {
        if (_plan is not null && _listener is not null)
        {
            _accept?.Dispose();
            _listener.Dispose();
            _listener = null;
            File.Delete(Path.Combine(_plan.StateDirectory, SocketName));
        }
    }

    private void BecomeStream(ClientConnection connection)
    {
        _controls.Remove(connection);
        _streams.Add(connection);
    }

    /// <summary>Hears of a stream's end, beside whoever else does.</summary>
    private void Follow(ClientConnection connection)
    {
        var others = connection.OnClosed;
        connection.OnClosed = () =>
        {
            others?.Invoke();
            _streams.Remove(connection);
            EndWhenTold();
        };
        if (connection.IsClosed)
        {
            // It went away while its request was carried out.
            connection.OnClosed();
        }

        EndWhenAbandoned();
    }

    private void TellOutOfMemory()
    {
        foreach (var control in _controls.ToArray())
        {
            control.Send(new MonitorReply { Event = MonitorEvent.OutOfMemory });
        }
    }

    private void TellExit(ExitRecord exit)
    {
        _ending = true;
        EndListening();
        var told = new MonitorReply { Event = MonitorEvent.Exited, Exit = exit };
        foreach (var control in _controls.ToArray())
        {
            control.Send(told);
            control.CloseWhenFlushed();
        }

        foreach (var stream in _streams.ToArray())
        {
            stream.CloseWhenFlushed();
        }

        EndWhenTold();
    }

    private void TellLogLost()
    {
        foreach (var control in _controls.ToArray())
        {
            control.Send(new MonitorReply { Event = MonitorEvent.LogLost });
        }
    }

    private void EndWhenTold()
    {
        if (_ending && _controls.Count == 0 && _streams.Count == 0)
        {
            _loop.End();
        }
    }

    private static void Answer(ClientConnection connection, bool done, string otherwise) =>
        connection.Send(done
            ? new MonitorReply { Event = MonitorEvent.Done }
            : new MonitorReply { Event = MonitorEvent.Failed, Failure = StartException.Of("monitor", otherwise).Failure });

    private static MonitorReply Describe(SupervisedContainer container) => new()
    {
        Event = container.StartedAt is null ? MonitorEvent.Created : MonitorEvent.Started,
        Pid = container.Pid,
        StartedAt = container.StartedAt,
        Paused = container.IsPaused,
        LogLost = container.HasLostLog,
    };
}
