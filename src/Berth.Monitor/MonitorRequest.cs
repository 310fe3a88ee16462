using Berth.Oci.Runtime;

namespace Berth.Monitor;

/// <summary>What a message to a monitor asks for. The ladder of messages is drawn in ARCHITECTURE.md, "The monitor's socket".</summary>
public enum MonitorAction
{
    /// <summary>Become the monitor of the container that <see cref="MonitorRequest.Plan"/> describes. First message of a control connection to a monitor that has none.</summary>
    Create,

    /// <summary>Let the created process execute the user's program.</summary>
    Start,

    /// <summary>Turn this connection into a stream of the container's stdio.</summary>
    Attach,

    /// <summary>Run another process in the container; this connection becomes its stdio and ends with its exit.</summary>
    Exec,
    Signal,
    Resize,
    Pause,
    Resume,

    /// <summary>Say what the container is at: the answer is Created or Started, as it was sent before. For a daemon that came back.</summary>
    Describe,
}

/// <summary>A message to a monitor. Members that the action does not use are absent.</summary>
public sealed record MonitorRequest
{
    public required MonitorAction Action { get; init; }

    public ContainerPlan? Plan { get; init; }

    public AttachRequest? Attach { get; init; }

    public ExecRequest? Exec { get; init; }

    /// <summary>The exec that <see cref="MonitorAction.Signal"/> or <see cref="MonitorAction.Resize"/> is for; null: the container's own process.</summary>
    public string? ExecId { get; init; }

    /// <summary>Number of the signal to send.</summary>
    public int? Signal { get; init; }

    public TerminalSize? Size { get; init; }
}

/// <summary>A terminal's size in characters.</summary>
public readonly record struct TerminalSize(ushort Rows, ushort Columns);

/// <summary>All that a monitor must know of its container beyond the bundle's config.json.</summary>
public sealed record ContainerPlan
{
    public required string Id { get; init; }

    /// <summary>Absolute path of the OCI bundle on the host; config.json lies in it, and so does the exit record, exit.json.</summary>
    public required string Bundle { get; init; }

    /// <summary>Directory of the container's volatile state on the host; the monitor's socket, monitor.sock, is made in it.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>Directory of the OCI runtime's state (its --root), so that berth-runtime state, list and exec see the container.</summary>
    public required string RuntimeRoot { get; init; }

    public LogPlan? Log { get; init; }

    /// <summary>The process gets a pipe as its stdin (or, with a terminal, what is typed); otherwise stdin is /dev/null.</summary>
    public bool OpenStdin { get; init; }

    /// <summary>Close the process's stdin when the first attached client that sent input goes away.</summary>
    public bool StdinOnce { get; init; }

    /// <summary>The terminal's size at start, where the bundle asks for a terminal.</summary>
    public TerminalSize? Size { get; init; }

    /// <summary>The exit record must survive a power failure: it is synced before it is renamed. Not so for a container that is removed on its exit.</summary>
    public bool DurableExit { get; init; }
}

/// <summary>Where and how the monitor writes the container's output; null in the plan: nowhere.</summary>
public sealed record LogPlan
{
    /// <summary>What the name of a compressed file ends with.</summary>
    public const string CompressedSuffix = ".gz";

    /// <summary>Absolute path of the log; rotated files are PATH.1, PATH.2 and so on.</summary>
    public required string Path { get; init; }

    public LogFormat Format { get; init; }

    /// <summary>Who else gets each entry; null: nobody.</summary>
    public LogForward? Forward { get; init; }

    /// <summary>Rotate before a file would grow beyond this many bytes; 0: never.</summary>
    public long MaxSize { get; init; }

    /// <summary>How many files to keep, the current one included.</summary>
    public int MaxFiles { get; init; } = 1;

    /// <summary>Rotated files become PATH.1.gz and so on, by and by.</summary>
    public bool Compress { get; init; }

    /// <summary>What each line carries as its "attrs"; null for none.</summary>
    public IReadOnlyDictionary<string, string>? Attributes { get; init; }
}

/// <summary>Which streams an attached connection carries.</summary>
public sealed record AttachRequest
{
    public bool Stdin { get; init; }

    public bool Stdout { get; init; }

    public bool Stderr { get; init; }
}

/// <summary>Another process in a running container (OCI runtime specification, "process").</summary>
public sealed record ExecRequest
{
    public required string Id { get; init; }

    /// <summary>The process as the engine resolved it; <c>terminal</c> and <c>consoleSize</c> are honoured.</summary>
    public required OciProcess Process { get; init; }

    public bool Stdin { get; init; }

    public bool Stdout { get; init; }

    public bool Stderr { get; init; }
}
