using Berth.Linux.Descriptors;
using Berth.Linux.Namespaces;
using Berth.Linux.Processes;

namespace Berth.Runtime.Processes;

/// <summary>A clone of this process that does a work of its own, is nobody's child, and may outlive us.</summary>
internal static class DetachedProcess
{
    private const int AfterStandard = 3;
    private const int Failure = 1;

    /// <summary>
    /// Starts it, with every signal at its default. It has our standard streams, and no other descriptor from when
    /// <paramref name="prepare"/> has returned.
    /// </summary>
    /// <param name="work">What it does; it ends with that, however that goes.</param>
    /// <param name="prepare">What needs descriptors that are then closed.</param>
    /// <exception cref="Berth.Linux.LinuxException">No process can be made.</exception>
    internal static void Start(Action work, Action? prepare = null)
    {
        using var child = ForkWindow.Clone(NamespaceKinds.None);
        if (child is null)
        {
            // Its parent ends at once, so that we need not wait for it.
            ForkWindow.Exit(InChild(() =>
            {
                using var worker = ForkWindow.Clone(NamespaceKinds.None);
                if (worker is null)
                {
                    ForkWindow.Exit(InChild(() =>
                    {
                        prepare?.Invoke();
                        DescriptorTable.CloseAllBut([], AfterStandard);
                        ProcessControl.ResetSignals();
                        work();
                    }));
                }
            }));
        }

        _ = child!.Reap();
    }

    /// <summary>What is the Main of a cloned child.</summary>
    private static int InChild(Action action)
    {
        try
        {
            action();
            return 0;
        }
        catch (Exception)
        {
            // What went past here would unwind into a copy of its parent's work.
            return Failure;
        }
    }
}
