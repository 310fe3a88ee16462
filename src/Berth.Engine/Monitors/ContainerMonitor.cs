using Berth.Linux.Processes;
using Berth.Monitor;

namespace Berth.Engine.Monitors;

/// <summary>
/// The daemon's end of a container's monitor: its control connection, and where to open streams. Disposing it between create and
/// start undoes the create; after the start it only lets go, and the container runs on.
/// </summary>
public sealed class ContainerMonitor : IDisposable
{
    /// <summary>No monitor is this long about anything it is asked but a Create, which may wait for slow storage.</summary>
    private static readonly TimeSpan _replyTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _createTimeout = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan _undoPause = TimeSpan.FromMilliseconds(5);

    private readonly MonitorConnection _connection;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Queue<TaskCompletionSource<MonitorReply>> _waiting = new();
    private readonly TaskCompletionSource _cloned = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _logLost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<ExitRecord> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _stateDirectory;
    private string? _bundle;
    private bool _gone;
    private Action? _onOutOfMemory;
    private bool _isOutOfMemoryUntold;
    private InvalidDataException? _garbled;

    internal ContainerMonitor(MonitorConnection connection, TimeProvider time)
    {
        (_connection, _time) = (connection, time);
        _ = ReadRepliesAsync();
    }

    /// <summary>The container's first process, as the host sees it.</summary>
    public int Pid { get; private set; }

    /// <summary>When the program was started; null before.</summary>
    public DateTimeOffset? StartedAt { get; private set; }

    /// <summary>Completes when the container is made and waits for <see cref="StartAsync"/>. Faults with <see cref="MonitorFailureException"/> where it could not be made; then all is undone.</summary>
    public Task Created { get; private set; } = Task.CompletedTask;

    /// <summary>The container was frozen when the daemon connected again.</summary>
    public bool Paused { get; private set; }

    /// <summary>
    /// How the container ended. Completes after exit.json was written and the log is complete; also where the monitor was killed
    /// (then with exit code 137). Never faults; is cancelled where this object is disposed before.
    /// </summary>
    public Task<ExitRecord> Exited => _exited.Task;

    /// <summary>The container's first process has ended, though the monitor may not have told of it yet.</summary>
    public bool HasEnded
    {
        get
        {
            if (_exited.Task.IsCompleted)
            {
                return true;
            }

            using var process = ProcessHandle.TryOpen(Pid);
            return process?.HasEnded ?? true;
        }
    }

    /// <summary>The monitor itself told the exit, and has cleared up; it need not be on record, as where the disk was full.</summary>
    public bool HasToldExit { get; private set; }

    /// <summary>Completes when lines of its log could not be written.</summary>
    public Task LogLost => _logLost.Task;

    /// <summary>Connects to the monitor of a container that an earlier daemon started.</summary>
    /// <returns>
    /// Null where it is gone; <see cref="ExitRecordFile.ReadAfterMonitor"/> says how the container ended. Also where that daemon
    /// died before it gave the start, which nobody was told of: then the container is undone.
    /// </returns>
    /// <exception cref="MonitorFailureException">It is there, but does not answer, or not in words that are known.</exception>
    public static async Task<ContainerMonitor?> TryReconnectAsync(
        string stateDirectory, string bundle, TimeProvider time, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        while (time.GetElapsedTime(begun) < _replyTimeout && MonitorConnection.TryConnect(stateDirectory) is { } connection)
        {
            var monitor = new ContainerMonitor(connection, time) { _stateDirectory = stateDirectory, _bundle = bundle };
            if (!await monitor.TryDescribeAsync(cancellationToken))
            {
                return null;
            }

            if (monitor.StartedAt is not null)
            {
                return monitor;
            }

            // Let go by everybody it undoes what it made, unless the word to start was still on its way to it.
            monitor.Dispose();
            await Task.Delay(_undoPause, time, cancellationToken);
        }

        return null;
    }

    /// <returns>False where it ended between the connecting and its answer; then it is disposed.</returns>
    private async Task<bool> TryDescribeAsync(CancellationToken cancellationToken)
    {
        try
        {
            var reply = await AskAsync(new MonitorRequest { Action = MonitorAction.Describe }, _replyTimeout, cancellationToken);
            (Pid, StartedAt, Paused) = (reply.Pid ?? 0, reply.StartedAt, reply.Paused);
            if (reply.LogLost)
            {
                _logLost.TrySetResult();
            }

            return true;
        }
        catch (MonitorFailureException e) when (e.InnerException is not TimeoutException)
        {
            Dispose();
            return _garbled is { } garbled ? throw MonitorFailureException.OfMonitor(garbled.Message, garbled) : false;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Lets the created process execute the user's program.</summary>
    /// <returns>When it was started.</returns>
    /// <exception cref="MonitorFailureException">It did not start; all is undone.</exception>
    public async Task<DateTimeOffset> StartAsync(CancellationToken cancellationToken)
    {
        var reply = await AskAsync(new MonitorRequest { Action = MonitorAction.Start }, _replyTimeout, cancellationToken);
        var startedAt = reply.StartedAt ?? _time.GetUtcNow();
        StartedAt = startedAt;
        return startedAt;
    }

    /// <param name="signal">The signal's number.</param>
    /// <param name="execId">The exec that is meant; null: the container's own process.</param>
    /// <param name="cancellationToken">Gives up waiting; the signal is sent all the same.</param>
    /// <exception cref="MonitorFailureException">The process has ended.</exception>
    public Task SignalAsync(int signal, string? execId = null, CancellationToken cancellationToken = default) =>
        AskAsync(new MonitorRequest { Action = MonitorAction.Signal, Signal = signal, ExecId = execId }, _replyTimeout, cancellationToken);

    /// <summary>Sets the size of the terminal of the container, or of one of its execs.</summary>
    /// <exception cref="MonitorFailureException">There is no such exec, or no terminal.</exception>
    public Task ResizeAsync(TerminalSize size, string? execId = null, CancellationToken cancellationToken = default) =>
        AskAsync(new MonitorRequest { Action = MonitorAction.Resize, Size = size, ExecId = execId }, _replyTimeout, cancellationToken);

    /// <summary>Freezes all processes of the container.</summary>
    public Task PauseAsync(CancellationToken cancellationToken) =>
        AskAsync(new MonitorRequest { Action = MonitorAction.Pause }, _replyTimeout, cancellationToken);

    public Task ResumeAsync(CancellationToken cancellationToken) =>
        AskAsync(new MonitorRequest { Action = MonitorAction.Resume }, _replyTimeout, cancellationToken);

    /// <summary>Opens a stream of the container's stdio. When this returns, no byte of output is missed any more.</summary>
    public async Task<MonitorStream> AttachAsync(AttachRequest request, CancellationToken cancellationToken)
    {
        var (connection, _) = await OpenAsync(new MonitorRequest { Action = MonitorAction.Attach, Attach = request }, cancellationToken);
        return new MonitorStream(connection, pid: null);
    }

    /// <summary>Runs another process in the container; the stream ends with its exit.</summary>
    /// <exception cref="MonitorFailureException">It did not start.</exception>
    public async Task<MonitorStream> ExecAsync(ExecRequest request, CancellationToken cancellationToken)
    {
        var (connection, reply) = await OpenAsync(new MonitorRequest { Action = MonitorAction.Exec, Exec = request }, cancellationToken);
        return new MonitorStream(connection, reply.Pid);
    }

    /// <summary>Sets who is told when memory runs out in the container; at once where that has happened already.</summary>
    public void OnOutOfMemory(Action told)
    {
        bool untold;
        lock (_gate)
        {
            (_onOutOfMemory, untold, _isOutOfMemoryUntold) = (told, _isOutOfMemoryUntold, false);
        }

        if (untold)
        {
            told();
        }
    }

    public void Dispose()
    {
        // In this order: to the reader of replies the connection's end looks like the monitor's.
        _exited.TrySetCanceled();
        _connection.Dispose();
    }

    /// <summary>Waits until the first process exists, and has its namespaces; <see cref="Created"/> says when the rest is made.</summary>
    /// <exception cref="MonitorFailureException">It could not be made.</exception>
    internal async Task CreateAsync(ContainerPlan plan)
    {
        (_stateDirectory, _bundle) = (plan.StateDirectory, plan.Bundle);
        Created = AskAsync(new MonitorRequest { Action = MonitorAction.Create, Plan = plan }, _createTimeout, CancellationToken.None);
        if (await Task.WhenAny(_cloned.Task, Created) == Created)
        {
            await Created;
        }
    }

    /// <summary>Sends a request on a connection of its own and takes the first answer from it.</summary>
    private async Task<(MonitorConnection Connection, MonitorReply Reply)> OpenAsync(MonitorRequest request, CancellationToken cancellationToken)
    {
        var connection = (_stateDirectory is null ? null : MonitorConnection.TryConnect(_stateDirectory)) ?? throw MonitorFailureException.Gone();
        try
        {
            using var timeout = new CancellationTokenSource(_replyTimeout, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            await connection.WriteAsync(MessageFrame.Of(request), either.Token);
            var frame = await connection.ReadAsync(either.Token) ?? throw MonitorFailureException.Gone();
            var reply = MessageFrame.ReadReply(frame.Payload.Span);
            return reply.Failure is { } failure ? throw new MonitorFailureException(failure) : (connection, reply);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            connection.Dispose();
            throw MonitorFailureException.OfMonitor($"the container's monitor did not answer {request.Action} in time", e);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Sends a request on the control connection and waits for its answer; answers come in the order of the requests.</summary>
    private async Task<MonitorReply> AskAsync(MonitorRequest request, TimeSpan timeout, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var answer = new TaskCompletionSource<MonitorReply>(TaskCreationOptions.RunContinuationsAsynchronously);
        ValueTask written;
        lock (_gate)
        {
            if (_gone)
            {
                throw MonitorFailureException.Gone();
            }

            // In one step, so that requests are written in the order in which their answers are awaited. What is cancelled is the
            // waiting: a request that was sent is carried out, and half a frame would cost the connection.
            _waiting.Enqueue(answer);
            written = _connection.WriteAsync(MessageFrame.Of(request), CancellationToken.None);
        }

        try
        {
            await written.AsTask().WaitAsync(timeout, _time, cancellationToken);
            var reply = await answer.Task.WaitAsync(timeout, _time, cancellationToken);
            return reply.Failure is { } failure ? throw new MonitorFailureException(failure) : reply;
        }
        catch (TimeoutException e)
        {
            throw MonitorFailureException.OfMonitor($"the container's monitor did not answer {request.Action} in time", e);
        }
    }

    private void TellOutOfMemory()
    {
        Action? told;
        lock (_gate)
        {
            told = _onOutOfMemory;
            _isOutOfMemoryUntold = told is null;
        }

        told?.Invoke();
    }

    private async Task ReadRepliesAsync()
    {
        try
        {
            while (await _connection.ReadAsync(CancellationToken.None) is { } frame)
            {
                var reply = MessageFrame.ReadReply(frame.Payload.Span);
                if (reply is { Event: MonitorEvent.Exited, Exit: { } exit })
                {
                    HasToldExit = true;
                    _exited.TrySetResult(exit);
                    continue;
                }

                if (reply.Event is MonitorEvent.OutOfMemory)
                {
                    TellOutOfMemory();
                    continue;
                }

                if (reply.Event is MonitorEvent.LogLost)
                {
                    _logLost.TrySetResult();
                    continue;
                }

                if (reply is { Event: MonitorEvent.Cloned, Pid: { } pid })
                {
                    Pid = pid;
                    _cloned.TrySetResult();
                    continue;
                }

                lock (_gate)
                {
                    _waiting.TryDequeue(out var answer);
                    answer?.TrySetResult(reply);
                }
            }
        }
        catch (Exception e) when (e is InvalidDataException or ObjectDisposedException)
        {
            _garbled = e as InvalidDataException;
            _connection.Dispose();
        }

        lock (_gate)
        {
            _gone = true;
            while (_waiting.TryDequeue(out var answer))
            {
                answer.TrySetException(MonitorFailureException.Gone());
            }
        }

        // The record may be there although the connection broke before its message came.
        if (!_exited.Task.IsCompleted && _bundle is not null)
        {
            _exited.TrySetResult(ExitRecordFile.ReadAfterMonitor(_bundle, _time));
        }
    }
}
