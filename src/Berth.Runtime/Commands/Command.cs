using Berth.Runtime.Commands.Arguments;

namespace Berth.Runtime.Commands;

/// <summary>One command of the runtime: what it is called, what it takes, and what it does.</summary>
internal sealed record Command
{
    public required string Name { get; init; }

    /// <summary>What follows the name, as help shows it.</summary>
    public required string Usage { get; init; }

    public required string Summary { get; init; }

    public IReadOnlyList<CommandOption> Options { get; init; } = [];

    /// <summary>It clones processes that become part of a container, which must not find a writable program of the host in /proc.</summary>
    public bool EntersContainers { get; init; }

    /// <summary>Hooks may inherit the caller's environment; a command without them has no use for it.</summary>
    public bool KeepsEnvironment { get; init; } = true;

    /// <summary>The exit code where the command itself fails.</summary>
    public int FailureCode { get; init; } = 1;

    public required Func<RuntimeContext, ParsedArguments, int> Run { get; init; }
}
