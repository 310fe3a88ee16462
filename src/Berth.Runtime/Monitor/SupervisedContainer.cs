using System.Text.Json;
using Berth.Linux.Cgroups;
using Berth.Linux.Events;
using Berth.Linux.Files;
using Berth.Monitor;
using Berth.Runtime.Bundles;
using Berth.Runtime.Containers;
using Berth.Runtime.Exec;
using Berth.Runtime.Monitor.Logs;
using Berth.Runtime.Processes;

namespace Berth.Runtime.Monitor;

/// <summary>The container of a monitor: its process, stdio, log and execs, from its creation to its exit record.</summary>
internal sealed class SupervisedContainer
{
    private const int Kill = 9;
    private const uint RecordMode = 0b110_000_000;

    private readonly EventLoop _loop;
    private readonly OutputBuffer _buffer;
    private readonly ContainerPlan _plan;
    private readonly Bundle _bundle;
    private readonly LogWriter? _log;
    private readonly CreatedContainer _created;
    private readonly ProcessStreams _streams;
    private readonly Watch _exit;
    private readonly Dictionary<string, SupervisedExec> _execs = [];
    private OutOfMemoryWatch? _memory;
    private Watch? _memoryWatch;

    /// <param name="onCloned">Told the first process's id while the container is still being made.</param>
    /// <exception cref="StartException">It could not be made; nothing is left of it.</exception>
    internal SupervisedContainer(EventLoop loop, OutputBuffer buffer, ContainerPlan plan, Action<int> onCloned)
    {
        (_loop, _buffer, _plan) = (loop, buffer, plan);
        File.Delete(ExitRecordPath);
        _bundle = Bundle.Read(plan.Bundle);
        using var pipes = _bundle.Spec.Process!.Terminal
            ? ProcessPipes.OfTerminal(new ProcessStdio { Terminal = true, Size = plan.Size })
            : ProcessPipes.Open(plan.OpenStdin, stdout: true, stderr: true);
        _log = plan.Log is null ? null : new LogWriter(plan.Log, plan.Log.Forward is null ? null : new LogForwarder(loop, plan.Log.Forward));
        try
        {
            _created = ContainerCreation.Create(
                new CreationPlan { Id = plan.Id, Bundle = _bundle, StateRoot = plan.RuntimeRoot, Stdio = pipes.Stdio, DiesWithParent = true, OnCloned = onCloned },
                Warn);
        }
        catch
        {
            _log?.Dispose();
            throw;
        }

        if (_log is not null)
        {
            _log.OnLost = LoseLog;
        }

        _streams = new ProcessStreams(loop, buffer, _log, pipes, _created.ConsoleMaster);
        _exit = loop.Watch(_created.PidFd, _ => End());
        _exit.Interest = ReadyEvents.Readable;
    }

    /// <summary>The container has ended, and nothing is left of it but its log and its record.</summary>
    internal Action<ExitRecord>? OnExit { get; set; }

    /// <summary>Memory has run out in it.</summary>
    internal Action? OnOutOfMemory { get; set; }

    /// <summary>Lines of the log are lost for the first time.</summary>
    internal Action? OnLogLost { get; set; }

    internal bool HasLostLog { get; private set; }

    internal int Pid => _created.Pid;

    internal DateTimeOffset? StartedAt { get; private set; }

    internal bool IsPaused => _created.Cgroup is { IsFrozen: true };

    private string ExitRecordPath => Path.Combine(_plan.Bundle, "exit.json");

    /// <summary>Lets the program run.</summary>
    /// <returns>Why it could not; then all is undone.</returns>
    internal StartFailure? Start()
    {
        var failure = _created.Start();
        if (failure is null)
        {
            StartedAt = TimeProvider.System.GetUtcNow();
        }
        else
        {
            Undo();
        }

        return failure;
    }

    /// <summary>Begins to tell of memory that runs out. Apart from the start, which is not to wait for it.</summary>
    internal void WatchMemory() => Attempt("watch its memory", () =>
    {
        _memory = _created.Cgroup?.TryWatchOutOfMemory();
        if (_memory is not null)
        {
            _memoryWatch = _loop.Watch(_memory.Descriptor, _ => TellOutOfMemory());
            _memoryWatch.Interest = _memory.Interest;
        }
    });

    /// <summary>Ends a container that was not started, and removes all of it.</summary>
    internal void Undo()
    {
        _exit.Dispose();
        _ = _created.Process.TrySignal(Kill);
        _ = _created.Process.Reap();
        _streams.End();
        _log?.Dispose();
        _created.Undo();
        _created.Dispose();
    }

    internal void Attach(ClientConnection connection, AttachRequest request)
    {
        connection.OnFrame = (kind, payload) =>
        {
            if (kind is FrameKind.Stdin && request.Stdin)
            {
                TakeInput(connection, payload.Span);
            }
        };
        connection.OnClosed = () =>
        {
            _streams.Output.Detach(connection);
            EndInput(request);
        };
        _streams.Output.Attach(connection, request.Stdout, request.Stderr);

        void TakeInput(ClientConnection from, ReadOnlySpan<byte> payload)
        {
            if (payload.Length > 0)
            {
                _streams.Input?.Write(from, payload);
            }
            else
            {
                EndInput(request);
            }
        }
    }

    /// <exception cref="StartException">It did not start.</exception>
    internal void Exec(ClientConnection connection, ExecRequest request)
    {
        if (StartedAt is null || IsPaused)
        {
            throw StartException.Of("exec", StartedAt is null ? "container is not running" : "container is paused");
        }

        if (_execs.ContainsKey(request.Id))
        {
            throw StartException.Of("exec", $"exec {request.Id} runs already");
        }

        var size = request.Process.ConsoleSize is { } box ? new TerminalSize((ushort)box.Height, (ushort)box.Width) : default(TerminalSize?);
        using var pipes = request.Process.Terminal
            ? ProcessPipes.OfTerminal(new ProcessStdio { Terminal = true, Size = size })
            : ProcessPipes.Open(request.Stdin, request.Stdout, request.Stderr);
        var spawned = ExecSpawn.Spawn(
            new ExecPlan
            {
                ContainerId = _plan.Id,
                Bundle = _bundle.Path,
                ContainerPid = Pid,
                Spec = _bundle.Spec,
                Process = request.Process,
                Stdio = pipes.Stdio,
                Cgroup = _created.Cgroup,
                DiesWithParent = true,
            },
            Warn);
        connection.Send(new MonitorReply { Event = MonitorEvent.Started, Pid = spawned.Process.Id, StartedAt = TimeProvider.System.GetUtcNow() });
        _execs[request.Id] = new SupervisedExec(_loop, _buffer, request, connection, spawned, pipes, e => _execs.Remove(e.Id));
    }

    /// <param name="execId">The exec that is meant; null: the container's own process.</param>
    /// <param name="signal">The signal's number.</param>
    /// <returns>False where it has ended.</returns>
    internal bool TrySignal(string? execId, int signal) =>
        execId is null ? _created.Process.TrySignal(signal) : _execs.TryGetValue(execId, out var exec) && exec.TrySignal(signal);

    /// <returns>False where it has ended, or has no terminal.</returns>
    internal bool TryResize(string? execId, TerminalSize size) =>
        execId is null ? _streams.TryResize(size) : _execs.TryGetValue(execId, out var exec) && exec.Streams.TryResize(size);

    /// <returns>False where the machine has no cgroup to freeze.</returns>
    internal bool TryPause()
    {
        _created.Cgroup?.Freeze();
        return _created.Cgroup is not null;
    }

    /// <returns>False where the machine has no cgroup to thaw.</returns>
    internal bool TryResume()
    {
        _created.Cgroup?.Thaw();
        return _created.Cgroup is not null;
    }

    /// <summary>Gives memory back that only a busy container needs.</summary>
    internal void Trim() => _log?.Trim();

    // With StdinOnce stdin ends with the client that was to write it, however that goes; otherwise the next client goes on.
    private void EndInput(AttachRequest request)
    {
        if (request.Stdin && _plan.StdinOnce)
        {
            _streams.Input?.End();
        }
    }

    private void End()
    {
        var status = _created.Process.Reap();
        _exit.Dispose();
        if (StartedAt is null)
        {
            // Killed before its start: the daemon sees the connection end, as if the monitor had died.
            Attempt("end the streams", _streams.End);
            Attempt("undo the creation", _created.Undo);
            _loop.End();
            return;
        }

        EndMemoryWatch();
        Attempt("end the other processes", EndOthers);
        Attempt("end the streams", _streams.End);
        _log?.Dispose();
        var killsForMemory = 0L;
        Attempt("count out-of-memory kills", () => killsForMemory = _created.Cgroup?.CountOutOfMemoryKills() ?? 0);
        var exit = new ExitRecord
        {
            ExitCode = status.ShellCode,
            StartedAt = StartedAt,
            FinishedAt = TimeProvider.System.GetUtcNow(),
            OomKilled = killsForMemory > 0,
        };

        // The record comes first: whoever kills this monitor from here on cannot make the exit code unknown.
        Attempt("write the exit record", () => Record(exit));
        Attempt("remove the container", _created.Undo);
        _created.Dispose();
        OnExit?.Invoke(exit);
    }

    private void TellOutOfMemory()
    {
        if (_memory is { } memory && memory.TryTake())
        {
            OnOutOfMemory?.Invoke();
        }
    }

    // Before the cgroup goes, which would look like one more; what has just happened is told first.
    private void EndMemoryWatch()
    {
        TellOutOfMemory();
        _memoryWatch?.Dispose();
        _memory?.Dispose();
        _memory = null;
    }

    private void Record(ExitRecord exit) =>
        RecordFile.Replace(ExitRecordPath, JsonSerializer.SerializeToUtf8Bytes(exit, MonitorJson.Default.ExitRecord), RecordMode, _plan.DurableExit);

    /// <summary>One step of the end. Whatever becomes of it (a full disk, a cgroup that stays busy), the daemon is told of the exit.</summary>
    private void Attempt(string what, Action step)
    {
        try
        {
            step();
        }
        catch (Exception e)
        {
            Warn($"cannot {what}: {e.Message}");
        }
    }

    private void LoseLog()
    {
        HasLostLog = true;
        OnLogLost?.Invoke();
    }

    /// <summary>Ends what is left of the container beside its first process.</summary>
    private void EndOthers()
    {
        // In a pid namespace of its own the kernel has ended them all, and has waited until their execs were reaped here.
        if (!(_bundle.Spec.Linux?.Namespaces?.Any(n => n is { Type: "pid", Path: null or "" }) ?? false))
        {
            _created.KillAll();
        }

        foreach (var exec in _execs.Values.ToArray())
        {
            _ = exec.TrySignal(Kill);
            exec.End();
        }
    }

    private void Warn(string text) => MonitorLog.Write(_plan.Bundle, text);
}
