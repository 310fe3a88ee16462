namespace Berth.Linux.Processes;

/// <summary>A program to start as an ordinary child process.</summary>
public sealed record SpawnPlan
{
    public required string Path { get; init; }

    /// <summary>The arguments, the program's own name first.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>NAME=value entries.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>What the child gets as descriptors 3, 4 and so on. 0, 1 and 2 are /dev/null, and it gets no others.</summary>
    public IReadOnlyList<FileDescriptor> Descriptors { get; init; } = [];

    /// <summary>The child leads a session of its own, so that no terminal and no job control of ours reaches it.</summary>
    public bool NewSession { get; init; }
}
