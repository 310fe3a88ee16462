using System.Globalization;
using Berth.Linux;
using Berth.Linux.Cgroups;
using Berth.Linux.Files;
using Berth.Linux.Namespaces;
using Berth.Linux.Processes;
using Berth.Linux.Sockets;
using Berth.Oci.Runtime;
using Berth.Runtime.Bundles;
using Berth.Runtime.Cgroups;
using Berth.Runtime.Hooks;
using Berth.Runtime.Init;
using Berth.Runtime.Processes;
using Berth.Runtime.State;

namespace Berth.Runtime.Containers;

/// <summary>Makes a container up to the point where its program could run.</summary>
public sealed class ContainerCreation
{
    private const int Kill = 9;

    private readonly CreationPlan _plan;
    private readonly Action<string> _warn;
    private readonly OciSpec _spec;
    private readonly ContainerDirectory _directory;
    private readonly CgroupLayout _layout = CgroupLayout.Machine;
    private readonly string? _cgroupPath;
    private readonly ProcessIdentity _identity;
    private readonly List<(NamespaceKinds Kind, FileDescriptor Descriptor)> _joined = [];
    private Cgroup? _cgroup;
    private ProcessHandle? _process;
    private FileDescriptor? _console;

    private ContainerCreation(CreationPlan plan, Action<string> warn)
    {
        _plan = plan;
        _warn = warn;
        _spec = plan.Bundle.Spec;
        _directory = new ContainerDirectory(plan.StateRoot, plan.Id);
        _cgroupPath = _layout.Hierarchies.Count == 0 ? null : CgroupPath.Resolve(_spec.Linux?.CgroupsPath, plan.Id);
        _identity = ProcessPreparation.Prepare(_spec.Process!, _spec.Linux?.Seccomp, warn);
    }

    /// <param name="warn">Takes what is not carried out as asked, but is no reason to stop.</param>
    /// <exception cref="StartException">It failed, and nothing is left of it.</exception>
    public static CreatedContainer Create(CreationPlan plan, Action<string> warn)
    {
        try
        {
            return new ContainerCreation(plan, warn).Run();
        }
        catch (LinuxException e)
        {
            throw StartException.Of("create", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StartException.Of("create", e.Message);
        }
    }

    private CreatedContainer Run()
    {
        using var making = _directory.Make(_plan.Bundle.Path);
        try
        {
            using var startSocket = MessageSocket.Listen(_directory.Path, ContainerDirectory.StartSocketName);
            var (own, theirs) = MessageSocket.Pair();
            using var channel = new InitChannel(own);
            using (theirs)
            {
                Clone(startSocket, new InitChannel(theirs));
            }

            PrepareAround(channel);
            AwaitCreated(channel);
            var record = Record();
            _directory.Write(record);
            channel.Send(InitWord.Recorded);
            return new CreatedContainer(_directory, record, _spec, _process!, _cgroup, _console);
        }
        catch
        {
            Undo();
            throw;
        }
        finally
        {
            _joined.ForEach(j => j.Descriptor.Dispose());
        }
    }

    private void Clone(MessageSocket startSocket, InitChannel channel)
    {
        var created = NamespaceKinds.None;
        foreach (var entry in _spec.Linux?.Namespaces ?? [])
        {
            _ = NamespaceNames.TryParse(entry.Type, out var kind);
            if (string.IsNullOrEmpty(entry.Path))
            {
                created |= kind;
            }
            else
            {
                _joined.Add((kind, OpenNamespace(entry)));
            }
        }

        SysctlCheck.Verify(_spec, _joined);

        // A clone goes into a cgroup for free on v2; on v1 it is moved afterwards, while it makes its mounts.
        if (_layout.IsPureUnified)
        {
            MakeCgroup();
        }

        using var change = new NamespaceChange();
        var later = new List<(NamespaceKinds, FileDescriptor)>();
        foreach (var (kind, descriptor) in _joined)
        {
            // In a new user namespace the child would have no right to join the host's others any more.
            if (kind is NamespaceKinds.Pid || (created.HasFlag(NamespaceKinds.User) && kind is not (NamespaceKinds.Mount or NamespaceKinds.Time)))
            {
                change.Join(descriptor, kind);
            }
            else
            {
                later.Add((kind, descriptor));
            }
        }

        var plan = new InitPlan
        {
            Creation = _plan,
            Channel = channel,
            StartSocket = startSocket,
            Identity = _identity,
            NewNamespaces = created,
            Joined = later,
            UnsharesCgroup = created.HasFlag(NamespaceKinds.Cgroup),
            CgroupLayout = _layout,
            CgroupPath = _cgroupPath,
        };
        _process = ForkWindow.Clone(created & ~NamespaceKinds.Cgroup, _layout.IsPureUnified ? _cgroup?.CloneDirectory : null);
        if (_process is null)
        {
            ForkWindow.Exit(new InitStage(plan).Run());
        }

        _plan.OnCloned?.Invoke(_process!.Id);
    }

    // Beside the child, which is making its mounts meanwhile.
    private void PrepareAround(InitChannel channel)
    {
        if (_spec.Linux?.Namespaces?.Any(n => n is { Type: "user", Path: null or "" }) ?? false)
        {
            IdMaps.Write(_process!.Id, _spec.Linux);
            channel.Send(InitWord.Mapped);
        }

        if (!_layout.IsPureUnified)
        {
            MakeCgroup();
        }

        if (_cgroup is not null)
        {
            _cgroup.Add(_process!.Id, clonedInto: _layout.IsPureUnified);
            CgroupClaim.CheckAlone(_cgroup);
        }

        ProcessPreparation.SetOutOfMemoryScore(_process!.Id, _spec.Process!.OomScoreAdj, _warn);
        if (!HookRunner.HasCreationHooks(_spec))
        {
            channel.Send(InitWord.Joined);
        }
    }

    private void MakeCgroup()
    {
        if (_cgroupPath is null)
        {
            // Its devices could not be kept from it.
            throw StartException.Of("cgroup", "cgroup mountpoint does not exist");
        }

        _cgroup = CgroupClaim.Make(_layout, _cgroupPath, _plan.Id);

        // By a cgroup above it: the first process would stop there, and be waited for in vain.
        if (_cgroup.StopsProcesses)
        {
            throw StartException.Of("cgroup", $"the container's cgroup {_cgroupPath} is frozen");
        }

        var resources = _spec.Linux?.Resources;
        _cgroup.Apply(ResourceLimits.Of(resources));
        try
        {
            // Also where the specification has no rule: a cgroup without any allows every device.
            _cgroup.SetDevices(ResourceDevices.Of(resources));
        }
        catch (LinuxException e) when (e.Errno is Errno.EPERM && !Namespace.IsInitialUser())
        {
            // The rules are the first user namespace's to make. In another one no device can be made, nor opened where it was mounted.
        }
    }

    private void AwaitCreated(InitChannel channel)
    {
        while (true)
        {
            switch (channel.Receive(out var attached))
            {
                case InitWord.Prepared:
                    var state = new OciState
                    {
                        Id = _plan.Id,
                        Status = ContainerStatus.Creating,
                        Pid = _process!.Id,
                        Bundle = _plan.Bundle.Path,
                        Annotations = _spec.Annotations,
                    };
                    HookRunner.Run(_spec.Hooks!.Prestart, state);
                    HookRunner.Run(_spec.Hooks.CreateRuntime, state);
                    channel.Send(InitWord.HooksDone);
                    channel.Send(InitWord.Joined);
                    break;
                case InitWord.Console:
                    _console = attached;
                    break;
                case InitWord.Created:
                    return;
                default:
                    throw StartException.Of("init", "the container's first process ended before it was created");
            }
        }
    }

    private ContainerRecord Record() => new()
    {
        Id = _plan.Id,
        Bundle = _plan.Bundle.Path,
        Pid = _process!.Id,
        StartTime = ContainerStatus.TryReadStat(_process.Id)?.StartTime ?? 0,
        Created = TimeProvider.System.GetUtcNow(),
        Cgroup = _cgroup?.Path,
        MountNamespace = ContainerProcesses.MountNamespaceOf(_process.Id, _cgroup),
        Rootfs = _plan.Bundle.RootPath,
        Annotations = _spec.Annotations,
    };

    // Each part for itself: one that fails leaves the others to be undone, and never hides why the creation failed.
    private void Undo()
    {
        Undo(() =>
        {
            _ = _process?.TrySignal(Kill);
            _ = _process?.Reap();
            _process?.Dispose();
        });
        Undo(() =>
        {
            // One that was there before is left as it is: what was ours in it has ended above.
            if (_cgroup is { IsNew: true })
            {
                _ = _cgroup.Kill();
            }

            _cgroup?.RemoveMade();
            _cgroup?.Dispose();
        });
        Undo(_directory.Remove);
        _console?.Dispose();
    }

    private void Undo(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is LinuxException or IOException)
        {
            _warn($"while undoing a failed creation: {e.Message}");
        }
    }

    private static FileDescriptor OpenNamespace(OciNamespace entry)
    {
        try
        {
            return OpenFile.Read(entry.Path!);
        }
        catch (LinuxException e)
        {
            throw StartException.Of("namespaces", e, string.Create(CultureInfo.InvariantCulture, $"joining {entry.Type} namespace {entry.Path}: {e.Message}"));
        }
    }
}
