namespace Berth.Cli.Commands.Containers;

/// <summary>A failure before the container's own is told with a hint, and has an exit code that no program should have.</summary>
static class RunFailure
{
    private const int Failed = 125;

    public static T WithHelp<T>(Session session, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (CommandException failure)
        {
            throw new CommandException(
                $"berth: {failure.Message}\n\nRun 'berth {session.InvokedAs} --help' for more information",
                failure.ExitCode == 1 ? Failed : failure.ExitCode);
        }
    }
}
