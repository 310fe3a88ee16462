namespace Berth.Linux.Processes;

/// <summary>How a process ended.</summary>
/// <param name="Code">The exit code, or the signal's number.</param>
/// <param name="BySignal">A signal ended the process.</param>
public readonly record struct ExitStatus(int Code, bool BySignal)
{
    /// <summary>What a shell would say: the exit code, or 128 + the signal's number.</summary>
    public int ShellCode => BySignal ? 128 + Code : Code;
}
