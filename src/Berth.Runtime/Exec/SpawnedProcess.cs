using Berth.Linux;
using Berth.Linux.Processes;

namespace Berth.Runtime.Exec;

/// <summary>A process that runs in a container.</summary>
/// <param name="Process">It is a child of this process.</param>
/// <param name="ConsoleMaster">The master of its terminal, where it has one.</param>
public sealed record SpawnedProcess(ProcessHandle Process, FileDescriptor? ConsoleMaster) : IDisposable
{
    public void Dispose()
    {
        Process.Dispose();
        ConsoleMaster?.Dispose();
    }
}
