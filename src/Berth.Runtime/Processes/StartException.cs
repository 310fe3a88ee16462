using Berth.Linux;
using Berth.Monitor;

namespace Berth.Runtime.Processes;

/// <summary>A container or an exec did not start. Everything that was made for it is undone by the one who catches this.</summary>
public sealed class StartException(StartFailure failure) : Exception(failure.Message)
{
    /// <summary>What a shell answers for a failure that is neither "not found" nor "not executable".</summary>
    public const int OtherFailure = 128;

    public StartFailure Failure { get; } = failure;

    /// <summary>A failure that is none of the kernel's.</summary>
    public static StartException Of(string step, string message, int exitCode = OtherFailure) =>
        new(new StartFailure { Step = step, Message = message, ExitCode = exitCode });

    /// <summary>A failed system call, with words for what it was to do.</summary>
    public static StartException Of(string step, LinuxException cause, string? message = null, int exitCode = OtherFailure) =>
        new(new StartFailure { Step = step, Errno = (int)cause.Errno, Message = message ?? $"{step}: {cause.Message}", ExitCode = exitCode });
}
