using Berth.Linux;
using Berth.Linux.Namespaces;
using Berth.Linux.Processes;
using Berth.Runtime.Containers;
using Berth.Runtime.Processes;

namespace Berth.Runtime.Exec;

/// <summary>What an exec's process does between its clone and the user's program: a script of steps in kernel order.</summary>
/// <remarks>It runs in the cloned child; what it may use there is said at <see cref="ForkWindow"/>.</remarks>
internal sealed class ExecStage(ExecPlan plan, FileDescriptor container, NamespaceKinds joined, ProcessIdentity identity, InitChannel channel)
{
    private const int Kill = 9;

    private bool _isInDirectory;
    private string _program = "";
    private string _step = "";

    /// <summary>Runs every step. It returns only where one failed, with the exit code to end with.</summary>
    internal int Run()
    {
        try
        {
            // Before the namespaces: the container's processes see this one as soon as it is in its pid namespace, and must not
            // reach the host's files through it (CVE-2016-9962, CVE-2019-5736).
            Step("descriptors", CloseInheritedDescriptors);
            Step("parent death", DieWithParent);
            Step("namespaces", JoinNamespaces);
            Step("session", StartSession);
            Step("terminal", InstallStreams);
            Step("scheduling", identity.SetScheduling);
            Step("rlimits", identity.SetLimits);

            // Twice, as root here and as the user below: each may be the only one who can.
            Step("cwd", () => _isInDirectory = identity.TryEnterDirectory(isLastTry: false));
            Step("user", identity.BecomeUser);
            Step("parent death", DieWithParent); // Once more: the change of user has cleared it.
            Step("cwd", () => _isInDirectory = _isInDirectory || identity.TryEnterDirectory(isLastTry: true));
            var environment = identity.CompleteEnvironment();
            Step("exec", () => _program = ProgramLookup.Find(identity.Arguments[0], environment));
            var image = new ProgramImage(identity.Arguments, environment);

            // Its program must not take a step outside the container's limits.
            Step("cgroup", () => channel.Await(InitWord.Joined));
            ProcessControl.CloseOnExecuteFrom(3 + plan.Stdio.PreservedDescriptors);
            channel.Send(InitWord.Executing);
            Step("seccomp", () => channel.SendListener(identity.Confine()));
            Step("ambient capabilities", identity.RaiseAmbient);
            ProcessControl.ResetSignals();
            throw ProgramLookup.ExecuteFailure(identity.Arguments[0], image.Execute(_program));
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

    private void StartSession()
    {
        ProcessControl.StartSession();
        _ = SessionKeyring.TryJoinNew($"_ses.{plan.ContainerId}");
    }

    private void InstallStreams()
    {
        if (!plan.Stdio.Terminal)
        {
            StandardStreams.Adopt(plan.Process.User.Uid);
            return;
        }

        var (master, _) = StandardStreams.InstallTerminal(plan.Stdio, plan.Process.User.Uid);
        using (master)
        {
            channel.Send(InitWord.Console, master);
        }
    }
}
