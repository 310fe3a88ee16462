using System.Diagnostics.CodeAnalysis;
using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Namespaces;
using Berth.Linux.Processes;
using Berth.Oci.Runtime;
using Berth.Runtime.Containers;
using Berth.Runtime.Hooks;
using Berth.Runtime.Mounts;
using Berth.Runtime.Processes;
using Berth.Runtime.State;

namespace Berth.Runtime.Init;

/// <summary>What a container's first process does between its clone and the user's program: a script of steps in kernel order.</summary>
/// <remarks>It runs in the cloned child; what it may use there is said at <see cref="ForkWindow"/>.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "The process becomes another program or ends: the kernel closes what it holds")]
internal sealed class InitStage(InitPlan plan)
{
    private const int Kill = 9;

    private readonly OciSpec _spec = plan.Creation.Bundle.Spec;
    private readonly OciProcess _process = plan.Creation.Bundle.Spec.Process!;
    private readonly ProcessIdentity _identity = plan.Identity;
    private InitChannel? _channel = plan.Channel;
    private RootDirectory? _root;
    private ContainerMounts? _mounts;
    private bool _isInDirectory;
    private string _program = "";
    private string _step = "";

    private bool HasNew(NamespaceKinds kind) => plan.NewNamespaces.HasFlag(kind);

    /// <summary>Runs every step. It returns only where one failed, with the exit code to end with.</summary>
    internal int Run()
    {
        try
        {
            // First, because what is inherited here must not be kept open, nor be seen by a container that shares the pid namespace.
            Step("descriptors", CloseInheritedDescriptors);
            Step("parent death", DieWithParent);
            Step("namespaces", JoinNamespaces);

            // Before any mount: the owner of a new mount is the user that makes it.
            Step("user namespace", BecomeRootOfUserNamespace);
            Step("session", StartSession);

            Step("root", () => _root = RootMount.Make(plan.Creation.Bundle));
            Step("mounts", MountAll);
            Step("devices", MakeDevices);

            Step("seccomp", _identity.CompileFilter);

            // The parent was adding this process to its cgroups meanwhile. Only now does a cgroup namespace have the right root.
            Step("hooks", WaitForHooks);
            Step("cgroup namespace", EnterCgroupNamespace);
            Step("cgroup mounts", MountCgroups);
            Step("createContainer hooks", () => RunHooks(_spec.Hooks?.CreateContainer, ContainerStatus.Creating));
            Step("pivot_root", SwitchRoot);

            Step("terminal", InstallStreams);
            Step("hostname", SetNames);

            // Before /proc/sys becomes read-only.
            Step("sysctl", SetKernelParameters);
            Step("readonly root", SealRoot);

            // After every mount that could lie over or under them.
            Step("protected paths", ProtectPaths);

            Step("personality", SetPersonality);
            Step("scheduling", _identity.SetScheduling);
            Step("io priority", _identity.SetIoPriority);
            Step("rlimits", _identity.SetLimits);

            // Twice, as root here and as the user below: each may be the only one who can.
            Step("cwd", () => _isInDirectory = _identity.TryEnterDirectory(isLastTry: false));
            Step("user", _identity.BecomeUser);
            Step("parent death", DieWithParent); // Once more: the change of user has cleared it.
            Step("cwd", () => _isInDirectory = _isInDirectory || _identity.TryEnterDirectory(isLastTry: true));

            // As the user, in the container: whoever creates a container hears of a missing program then, not at its start.
            var environment = _identity.CompleteEnvironment();
            Step("exec", () => _program = ProgramLookup.Find(_identity.Arguments[0], environment));
            var image = new ProgramImage(_identity.Arguments, environment);
            Step("start", WaitForStart);
            Step("startContainer hooks", () => RunHooks(_spec.Hooks?.StartContainer, ContainerStatus.Created, environment));

            _channel!.Send(InitWord.Executing);
            Step("seccomp", () => _channel!.SendListener(_identity.Confine()));
            Step("ambient capabilities", _identity.RaiseAmbient);
            ProcessControl.ResetSignals();
            throw ProgramLookup.ExecuteFailure(_identity.Arguments[0], image.Execute(_program));
        }
        catch (StartException e)
        {
            _channel?.SendFailure(e.Failure);
            return e.Failure.ExitCode;
        }
        catch (Exception e)
        {
            // This is the Main of a process of its own: what went past here would unwind into a copy of its parent's work.
            _channel?.SendFailure(StartException.Of(_step, $"{_step}: {e.Message}").Failure);
            return StartException.OtherFailure;
        }
    }

    private void Step(string name, Action action)
    {
        _step = name;
        try
        {
            action();
        }
        catch (LinuxException e)
        {
            throw StartException.Of(_step, e);
        }
    }

    private void CloseInheritedDescriptors()
    {
        // Nobody of the container's may look into this process or open its program before it runs the container's own
        // (CVE-2016-9962, CVE-2019-5736); execve makes it dumpable again.
        ProcessControl.SetDumpable(false);
        var kept = new FileDescriptor[plan.Joined.Count + 2];
        (kept[0], kept[1]) = (plan.Channel.Descriptor, plan.StartSocket.Descriptor);
        for (var i = 0; i < plan.Joined.Count; i++)
        {
            kept[i + 2] = plan.Joined[i].Descriptor;
        }

        StandardStreams.Install(plan.Creation.Stdio, kept);
    }

    private void DieWithParent()
    {
        if (plan.Creation.DiesWithParent)
        {
            ProcessControl.SetParentDeathSignal(Kill);
        }
    }

    private void JoinNamespaces()
    {
        foreach (var (kind, descriptor) in plan.Joined)
        {
            using (descriptor)
            {
                Namespace.Join(descriptor, kind);
            }
        }
    }

    private void BecomeRootOfUserNamespace()
    {
        if (HasNew(NamespaceKinds.User))
        {
            _channel!.Await(InitWord.Mapped);
            Credentials.SetGroup(0);
            Credentials.SetUser(0);
            ProcessControl.SetDumpable(false);
        }
    }

    private void StartSession()
    {
        ProcessControl.StartSession();
        if (!plan.Creation.NoNewKeyring)
        {
            _ = SessionKeyring.TryJoinNew($"_ses.{plan.Creation.Id}");
        }
    }

    private void MountAll()
    {
        _mounts = new ContainerMounts(_root!, plan.Creation.Bundle.Path);
        foreach (var mount in Mounts())
        {
            if (!CgroupMounts.IsCgroup(mount))
            {
                _mounts.Add(mount);
            }
        }
    }

    private IEnumerable<OciMount> Mounts()
    {
        var mounts = _spec.Mounts ?? [];
        return RootMount.Find(_spec) is null ? mounts : mounts.Skip(1);
    }

    private void MakeDevices()
    {
        if (DeviceFiles.AreNeeded(_spec))
        {
            new DeviceFiles(_root!).Make(_spec.Linux?.Devices ?? [], HasNew(NamespaceKinds.User));
        }
    }

    private void WaitForHooks()
    {
        if (HookRunner.HasCreationHooks(_spec))
        {
            _channel!.Send(InitWord.Prepared);
            _channel.Await(InitWord.HooksDone);
        }
    }

    private void EnterCgroupNamespace()
    {
        _channel!.Await(InitWord.Joined);
        if (plan.UnsharesCgroup)
        {
            Namespace.Unshare(NamespaceKinds.Cgroup);
        }
    }

    private void MountCgroups()
    {
        var cgroups = new CgroupMounts(plan.CgroupLayout, plan.CgroupPath, plan.UnsharesCgroup);
        foreach (var mount in Mounts())
        {
            if (CgroupMounts.IsCgroup(mount))
            {
                cgroups.Add(_root!, mount);
            }
        }
    }

    private void RunHooks(IReadOnlyList<OciHook>? hooks, string status, IReadOnlyList<string>? environment = null) =>
        HookRunner.Run(hooks, new OciState
        {
            Id = plan.Creation.Id,
            Status = status,
            Pid = System.Environment.ProcessId,
            Bundle = plan.Creation.Bundle.Path,
            Annotations = _spec.Annotations,
        }, environment);

    private void SwitchRoot()
    {
        using (_root)
        {
            RootSwitch.Run(_root!, _spec, pivot: !plan.Creation.NoPivot);
        }

        // As runc and Docker: a working directory that the image lacks is made. It is made now, in the container's root and
        // before that may become read-only.
        using var root = RootDirectory.Open("/");
        root.MakeDirectory(_process.Cwd).Dispose();
    }

    private void InstallStreams()
    {
        if (!plan.Creation.Stdio.Terminal)
        {
            StandardStreams.Adopt(_process.User.Uid);
            return;
        }

        var master = StandardStreams.OpenTerminal(plan.Creation.Stdio, _process.User.Uid);
        ProcessControl.TakeControllingTerminal();
        using (master)
        {
            ConsoleDevice.Cover();
            _channel!.Send(InitWord.Console, master);
        }
    }

    private void SetNames()
    {
        if (_spec.Hostname is { Length: > 0 } host)
        {
            HostName.Set(host);
        }

        if (_spec.Domainname is { Length: > 0 } domain)
        {
            HostName.SetDomain(domain);
        }
    }

    private void SetKernelParameters()
    {
        if (_spec.Linux?.Sysctl is not { Count: > 0 } parameters)
        {
            return;
        }

        using var proc = _mounts!.TakeProc();
        foreach (var (name, value) in parameters)
        {
            KernelParameter.Set(proc, name, value);
        }
    }

    private void SealRoot()
    {
        _mounts!.SealReadOnly();
        if (_spec.Root!.Readonly)
        {
            RootSwitch.MakeReadOnly();
        }
    }

    private void ProtectPaths()
    {
        using var root = RootDirectory.Open("/");
        using var protection = new PathProtection(root);
        foreach (var path in _spec.Linux?.ReadonlyPaths ?? [])
        {
            protection.MakeReadOnly(path);
        }

        foreach (var path in _spec.Linux?.MaskedPaths ?? [])
        {
            protection.Mask(path);
        }
    }

    private void SetPersonality()
    {
        if (_spec.Linux?.Personality is { } personality)
        {
            ProcessControl.SetPersonality(personality.Domain switch
            {
                "LINUX" => 0,
                "LINUX32" => 8,
                _ => throw StartException.Of(_step, $"invalid personality domain {personality.Domain}"),
            });
        }
    }

    private void WaitForStart()
    {
        _channel!.Send(InitWord.Created);
        _channel.Await(InitWord.Recorded);
        _channel.Dispose();
        _channel = null;
        using (plan.StartSocket)
        {
            _channel = new InitChannel(plan.StartSocket.Accept());
        }

        ProcessControl.CloseOnExecuteFrom(3 + plan.Creation.Stdio.PreservedDescriptors);
    }
}
