namespace Berth.Cli.CommandLine;

/// <summary>A command line that cannot be understood. It is answered with the command's usage line.</summary>
sealed class UsageException(string message) : Exception(message);

/// <summary>A command was given too few or too many arguments.</summary>
sealed class ArgumentCountException(ArgumentCount count) : Exception(count.Requirement)
{
    /// <summary>How the hint to the help begins; Docker's has two ways.</summary>
    public string Hint => count is { Minimum: > 0, Maximum: int.MaxValue } ? "See" : "Run";
}
