using Berth.Engine.Monitors;
using Berth.Linux;
using Berth.Monitor;

namespace Berth.Engine.Containers;

/// <summary>
/// What is told of a start that failed. The docker command line finds its own exit code in the text: 127 for "executable file not
/// found" and "no such file or directory", 126 for "permission denied", otherwise 125.
/// </summary>
internal static class StartFailures
{
    private const string Prefix =
        "failed to create task for container: failed to create shim task: OCI runtime create failed: unable to start container process: ";
    private const int NotExecutable = 126;
    private const int NotFound = 127;

    /// <summary>The container's exit code where nothing else says more.</summary>
    private const int Unknown = 128;

    public static (int ExitCode, EngineException Error) Translate(Exception e) => e switch
    {
        EngineException known => (Unknown, known),
        MonitorFailureException { Failure: var failure } when (Errno)failure.Errno == Errno.ENOTDIR && failure.Step != "exec" => (
            ExitCodeOf(failure),
            new EngineException(
                ErrorKind.InvalidParameter,
                $"{Prefix}{failure.Message}: Are you trying to mount a directory onto a file (or vice-versa)? "
                + "Check if the specified host path exists and is the expected type",
                e)),
        MonitorFailureException { Failure: var failure } => (
            ExitCodeOf(failure),
            new EngineException(
                KindOf(failure),
                Prefix + failure.Message,
                e)),
        LinuxException { Errno: Errno.ENAMETOOLONG or Errno.ELOOP } => (Unknown, new EngineException(ErrorKind.InvalidParameter, Prefix + e.Message, e)),
        _ => (Unknown, new EngineException(ErrorKind.System, Prefix + FailureText.Of(e), e)),
    };

    /// <summary>The exit code of what did not start. Docker judges by the kernel's word alone, whatever was to be done.</summary>
    public static int ExitCodeOf(StartFailure failure) => (Errno)failure.Errno switch
    {
        Errno.ENOENT or Errno.ENOTDIR => NotFound,
        Errno.EACCES or Errno.EISDIR => NotExecutable,
        _ => failure.ExitCode,
    };

    /// <summary>
    /// Whose fault a failure is. What the runtime or the kernel refuses is what the container asked for; what the machine lacks,
    /// and a monitor that is gone, is the system's.
    /// </summary>
    public static ErrorKind KindOf(StartFailure failure) => failure switch
    {
        { ExitCode: NotExecutable or NotFound } => ErrorKind.InvalidParameter,
        { Step: MonitorFailureException.MonitorStep } => ErrorKind.System,
        _ => (Errno)failure.Errno is Errno.ENOMEM or Errno.ENOSPC or Errno.EIO or Errno.EMFILE or Errno.ENFILE or Errno.EAGAIN or Errno.EDQUOT or Errno.EROFS
            ? ErrorKind.System
            : ErrorKind.InvalidParameter,
    };
}
