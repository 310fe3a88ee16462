using Berth.Linux;
using Berth.Linux.Cgroups;
using Berth.Linux.Processes;
using Berth.Monitor;
using Berth.Oci.Runtime;
using Berth.Runtime.Processes;
using Berth.Runtime.State;

namespace Berth.Runtime.Containers;

/// <summary>A container whose first process exists, in its namespaces and cgroup, and waits to be started.</summary>
public sealed class CreatedContainer : IDisposable
{
    private readonly ContainerDirectory _directory;
    private readonly OciSpec _spec;

    internal CreatedContainer(
        ContainerDirectory directory, ContainerRecord record, OciSpec spec, ProcessHandle process, Cgroup? cgroup, FileDescriptor? console)
    {
        _directory = directory;
        _spec = spec;
        Record = record;
        Process = process;
        Cgroup = cgroup;
        ConsoleMaster = console;
    }

    internal ContainerRecord Record { get; }

    public int Pid => Process.Id;

    /// <summary>The first process; a child of this one.</summary>
    public ProcessHandle Process { get; }

    public FileDescriptor PidFd => Process.Descriptor;

    /// <summary>The container's cgroup; null where the machine has none.</summary>
    public Cgroup? Cgroup { get; }

    /// <summary>The master of its terminal, where it has one.</summary>
    public FileDescriptor? ConsoleMaster { get; }

    /// <summary>Lets the first process execute the user's program. When it returns, execve has succeeded or failed.</summary>
    /// <returns>Why it failed, or null. After a failure the caller reaps the process and calls <see cref="Undo"/>.</returns>
    public StartFailure? Start()
    {
        try
        {
            ContainerStart.Run(_directory, Record, _spec);
            return null;
        }
        catch (StartException e)
        {
            return e.Failure;
        }
    }

    /// <summary>Ends all its processes.</summary>
    public void KillAll()
    {
        if (Cgroup is not null)
        {
            ContainerProcesses.KillAll(Record, Cgroup);
        }
    }

    /// <summary>Ends all its processes and removes its cgroup and its state: after a failure, and after its end.</summary>
    public void Undo() => ContainerRemoval.Run(_directory, Record, _spec, Cgroup);

    public void Dispose()
    {
        Process.Dispose();
        ConsoleMaster?.Dispose();
        Cgroup?.Dispose();
    }
}
