namespace Berth.Monitor;

public enum MonitorEvent
{
    /// <summary>The request was carried out (Signal, Resize, Pause, Resume, Attach).</summary>
    Done,

    /// <summary>The container's first process exists, in its namespaces, and makes its mounts: its network can be connected. Created follows.</summary>
    Cloned,

    /// <summary>The container's first process is in its cgroup and on its own root, and waits to be started.</summary>
    Created,

    /// <summary>The program is running: execve succeeded.</summary>
    Started,

    /// <summary>Memory has run out in the container. Sent on every control connection, when it happens.</summary>
    OutOfMemory,

    /// <summary>The process ended. Sent on every control connection, and as the last frame of an exec's own.</summary>
    Exited,

    /// <summary>Lines of the container's log could not be written, and are lost. Told once, when it happens.</summary>
    LogLost,

    /// <summary>The request failed and left nothing behind. After a failed Create or Start the monitor ends.</summary>
    Failed,
}

/// <summary>A message from a monitor. Members that the event does not use are absent.</summary>
public sealed record MonitorReply
{
    public required MonitorEvent Event { get; init; }

    /// <summary>Process id as the host sees it (Cloned, Created, Started).</summary>
    public int? Pid { get; init; }

    /// <summary>When the program was started (Started).</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>The container is frozen (Started as the answer to Describe).</summary>
    public bool Paused { get; init; }

    /// <summary>Lines of the log were lost (Started as the answer to Describe).</summary>
    public bool LogLost { get; init; }

    public ExitRecord? Exit { get; init; }

    public StartFailure? Failure { get; init; }
}

/// <summary>How a process ended. The container's own is also kept in its bundle as exit.json, written before anyone is told.</summary>
public sealed record ExitRecord
{
    /// <summary>The exit code, or 128 + the number of the signal that ended the process.</summary>
    public required int ExitCode { get; init; }

    /// <summary>When the program was started; null of an exec, and where the monitor was killed.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    public required DateTimeOffset FinishedAt { get; init; }

    /// <summary>The kernel ended a process of the container's cgroup because its memory limit was reached.</summary>
    public bool OomKilled { get; init; }
}

/// <summary>Why a container or an exec did not start.</summary>
public sealed record StartFailure
{
    /// <summary>The step that failed, as InitStage names it, such as <c>mount /proc</c> or <c>exec</c>.</summary>
    public required string Step { get; init; }

    /// <summary>The kernel's error number; 0 where the failure was none of the kernel's.</summary>
    public int Errno { get; init; }

    /// <summary>One sentence that names the thing and the cause, in the words that Docker's users know from runc.</summary>
    public required string Message { get; init; }

    /// <summary>What a shell would answer: 127 command not found, 126 not executable; 128 for any other failure of a start.</summary>
    public required int ExitCode { get; init; }
}
