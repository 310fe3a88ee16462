namespace Berth.Cli.CommandLine;

/// <summary>What a command line asks for. Only the invoked command is ever constructed, so that the others' flags cost nothing at start.</summary>
abstract class Command(string arguments, ArgumentCount count)
{
    /// <summary>The usage line after the command's name, such as <c>[OPTIONS] CONTAINER</c>.</summary>
    public string Arguments { get; } = arguments;

    public ArgumentCount Count { get; } = count;

    public FlagSet Flags { get; } = new();

    /// <summary>Does the work and returns the exit code.</summary>
    public abstract int Run(Session session, IReadOnlyList<string> arguments);
}
