namespace Berth.Cli;

/// <summary>A command failed for a reason that the user can understand; the message is all there is to say.</summary>
class CommandException(string message, int exitCode = 1) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
