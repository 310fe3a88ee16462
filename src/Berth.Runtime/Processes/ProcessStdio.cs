using Berth.Linux;
using Berth.Monitor;

namespace Berth.Runtime.Processes;

/// <summary>What a new process gets as its standard streams.</summary>
public sealed record ProcessStdio
{
    /// <summary>Standard input; null: /dev/null. The caller keeps its descriptors open and closes them after the process was made.</summary>
    public FileDescriptor? Input { get; init; }

    public FileDescriptor? Output { get; init; }

    public FileDescriptor? Error { get; init; }

    /// <summary>The process gets a terminal of the container's devpts in place of the three streams; its master comes back.</summary>
    public bool Terminal { get; init; }

    /// <summary>The terminal's size at start.</summary>
    public TerminalSize? Size { get; init; }

    /// <summary>How many descriptors from 3 on the process inherits as this process has them.</summary>
    public int PreservedDescriptors { get; init; }
}
