using Berth.Monitor;

namespace Berth.Engine.Monitors;

/// <summary>A monitor refused a request, or is gone. A failed create, start or exec has left nothing behind.</summary>
public sealed class MonitorFailureException(StartFailure failure, Exception? cause = null) : Exception(failure.Message, cause)
{
    /// <summary>The <see cref="StartFailure.Step"/> of a failure that is the monitor's own and not the container's.</summary>
    public const string MonitorStep = "monitor";

    public StartFailure Failure { get; } = failure;

    internal static MonitorFailureException Gone(Exception? cause = null) => OfMonitor("the container's monitor is gone", cause);

    internal static MonitorFailureException OfMonitor(string message, Exception? cause = null) =>
        new(new StartFailure { Step = MonitorStep, Message = message, ExitCode = 128 }, cause);
}
