namespace Berth.Cli.Commands.Containers;

/// <summary>A failure before the container's own is told with a hint, and has an exit code that no program should have.</summary>
static class RunFailure
{
    private const int Failed = 125;
    private const int CannotInvoke = 126;
    private const int NotFound = 127;

    /// <summary>Of what is done here: what the user gave is wrong.</summary>
    public static T WithHelp<T>(Session session, Func<T> work) => WithHelp(session, work, _ => Failed);

    /// <summary>Of what the daemon does: whether the program was not found, or could not be run, is told as a shell tells it.</summary>
    public static T WithHelpByReason<T>(Session session, Func<T> work) => WithHelp(session, work, ExitCodeOf);

    private static T WithHelp<T>(Session session, Func<T> work, Func<string, int> exitCode)
    {
        try
        {
            return work();
        }
        catch (CommandException failure)
        {
            throw new CommandException(
                $"berth: {failure.Message}\n\nRun 'berth {session.InvokedAs} --help' for more information",
                failure.ExitCode == 1 ? exitCode(failure.Message) : failure.ExitCode);
        }
    }

    private static int ExitCodeOf(string reason) => reason switch
    {
        _ when reason.Contains("executable file not found", StringComparison.Ordinal)
            || reason.Contains("no such file or directory", StringComparison.Ordinal) => NotFound,
        _ when reason.Contains("permission denied", StringComparison.Ordinal)
            || reason.Contains("is a directory", StringComparison.Ordinal) => CannotInvoke,
        _ => Failed,
    };
}
