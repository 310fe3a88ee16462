using Berth.Linux;
using Berth.Linux.Descriptors;
using Berth.Linux.Namespaces;
using Berth.Linux.Processes;
using Berth.Runtime.Containers;
using Berth.Runtime.Processes;

namespace Berth.Runtime.Exec;

/// <summary>
/// What stands between an exec's first clone and the user's program: a script of steps in kernel order, of which the last are a
/// sibling's.
/// </summary>
/// <remarks>
/// The container's processes see only the sibling, and through /proc all that is its own: so it is cloned when root, mounts,
/// descriptors, user and capabilities are the container's (CVE-2016-9962, CVE-2019-5736). Being not dumpable would not do: a
/// container with CAP_SYS_PTRACE and without a user namespace of its own may look all the same.
/// It runs in cloned children; what they may use is said at <see cref="ForkWindow"/>.
/// </remarks>
internal sealed class ExecStage(
    ExecPlan plan, FileDescriptor container, NamespaceKinds joined, ProcessIdentity identity, InitChannel channel, SiblingReport report)
{
    private const int Kill = 9;

    private bool _isInDirectory;
    private string _program = "";
    private string _step = "";

    /// <summary>Runs every step. It returns where the sibling was cloned, or where a step failed, with the exit code to end with.</summary>
    internal int Run()
    {
        try
        {
            Step("descriptors", CloseInheritedDescriptors);
            Step("parent death", DieWithParent);
            Step("namespaces", JoinNamespaces);
            Step("keyring", () => _ = SessionKeyring.TryJoinNew($"_ses.{plan.ContainerId}"));
            Step("terminal", InstallStreams);
            Step("io priority", identity.SetIoPriority);
            Step("rlimits", identity.SetLimitsOfSibling);

            // Twice, as root here and as the user below: each may be the only one who can.
            Step("cwd", () => _isInDirectory = identity.TryEnterDirectory(isLastTry: false));
            Step("user", identity.BecomeUser);
            Step("parent death", DieWithParent); // Once more: the change of user has cleared it.
            Step("cwd", () => _isInDirectory = _isInDirectory || identity.TryEnterDirectory(isLastTry: true));
            var environment = identity.CompleteEnvironment();
            Step("exec", () => _program = ProgramLookup.Find(identity.Arguments[0], environment));
            var image = new ProgramImage(identity.Arguments, environment);

            // A clone has these, too: what is done here, while this process is moved, is not done while the container waits.
            Step("ambient capabilities", identity.RaiseAmbient);
            ProcessControl.ResetSignals();

            // The sibling is in the cgroups that this process is in when it clones it: it takes no step outside the container's limits.
            Step("cgroup", () => channel.Await(InitWord.Joined));
            return CloneSibling(image);
        }
        catch (StartException e)
        {
            channel.SendFailure(e.Failure);
            return e.Failure.ExitCode;
        }
        catch (Exception e)
        {
            // This is the Main of a process of its own: what went past here would unwind into a copy of its parent's work.
            channel.SendFailure(StartException.Of(_step, $"{_step}: {e.Message}").Failure);
            return StartException.OtherFailure;
        }
    }

    /// <summary>What the sibling's failure means, in words.</summary>
    internal static StartException Failure(ExecStep step, Errno errno, string program) => step switch
    {
        ExecStep.Execute => ProgramLookup.ExecuteFailure(program, errno),
        _ => StartException.Of("exec", new LinuxException(step.ToString(), errno)),
    };

    private int CloneSibling(ProgramImage image)
    {
        // Only a filter's listener is still to be sent. What the sibling need not have, it must not have: a container could keep it.
        var first = 3 + plan.Stdio.PreservedDescriptors;
        if (identity.WantsListener)
        {
            ProcessControl.CloseOnExecuteFrom(first);
        }
        else
        {
            DescriptorTable.CloseAllBut([], first);
        }

        var step = ExecStep.Clone;
        try
        {
            if (ForkWindow.CloneSibling(report))
            {
                BecomeProgram(image, ref step);
            }
        }
        catch (Exception e)
        {
            // There is nobody to tell in words any more.
            report.Fail((byte)step, (e as LinuxException)?.Errno ?? (Errno?)(e as StartException)?.Failure.Errno ?? Errno.EIO);
        }

        return 0;
    }

    /// <summary>The sibling's steps. It returns only where execve failed.</summary>
    private void BecomeProgram(ProgramImage image, ref ExecStep step)
    {
        step = ExecStep.ParentDeath;
        DieWithParent();

        // Its own: that of the process before would end with it, and the terminal with that.
        step = ExecStep.Session;
        ProcessControl.StartSession();
        if (plan.Stdio.Terminal)
        {
            step = ExecStep.Terminal;
            ProcessControl.TakeControllingTerminal();
        }

        step = ExecStep.Scheduling;
        identity.SetScheduling();
        step = ExecStep.Limits;
        identity.SetLastLimit();
        step = ExecStep.Seccomp;
        channel.SendListener(identity.Confine());
        step = ExecStep.Execute;
        report.Fail((byte)step, image.Execute(_program));
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
            throw StartException.Of(name, e);
        }
    }

    private void CloseInheritedDescriptors()
    {
        ProcessControl.SetDumpable(false);
        StandardStreams.Install(plan.Stdio, channel.Descriptor, container);
    }

    private void DieWithParent()
    {
        if (plan.DiesWithParent)
        {
            ProcessControl.SetParentDeathSignal(Kill);
        }
    }

    private void JoinNamespaces()
    {
        if (joined is not NamespaceKinds.None)
        {
            Namespace.Join(container, joined);
        }

        // Not by a using statement: it calls an interface's method, for which a child has to look.
        container.Dispose();

        if (joined.HasFlag(NamespaceKinds.User))
        {
            Credentials.SetGroup(0);
            Credentials.SetUser(0);
        }

        // A change of user namespace or of user sets it anew.
        ProcessControl.SetDumpable(false);
    }

    private void InstallStreams()
    {
        if (!plan.Stdio.Terminal)
        {
            StandardStreams.Adopt(plan.Process.User.Uid);
            return;
        }

        var master = StandardStreams.OpenTerminal(plan.Stdio, plan.Process.User.Uid);
        using (master)
        {
            channel.Send(InitWord.Console, master);
        }
    }
}

/// <summary>A sibling's steps, as it reports them; the first is its making.</summary>
internal enum ExecStep : byte
{
    Clone,
    ParentDeath,
    Session,
    Terminal,
    Scheduling,
    Limits,
    Seccomp,
    Execute,
}
