using Berth.Api.Containers;
using Berth.Cli.CommandLine;

namespace Berth.Cli.Options;

/// <summary>The flags about how to test that the container is healthy.</summary>
sealed class HealthFlags
{
    private readonly Flag<string> _command;
    private readonly Flag<long> _interval;
    private readonly Flag<long> _retries;
    private readonly Flag<long> _startInterval;
    private readonly Flag<long> _startPeriod;
    private readonly Flag<long> _timeout;
    private readonly Flag<bool> _none;

    public HealthFlags(FlagSet flags)
    {
        _command = flags.String("health-cmd", null, "Command to run to check health");
        _interval = Duration(flags, "health-interval", "Time between running the check (ms|s|m|h)");
        _retries = flags.Int("health-retries", null, "Consecutive failures needed to report unhealthy");
        _startInterval = Duration(flags, "health-start-interval", "Time between running the check during the start period (ms|s|m|h)");
        _startPeriod = Duration(
            flags,
            "health-start-period",
            "Start period for the container to initialize before starting health-retries countdown (ms|s|m|h)");
        _timeout = Duration(flags, "health-timeout", "Maximum time to allow one check to run (ms|s|m|h)");
        _none = flags.Bool("no-healthcheck", null, "Disable any container-specified HEALTHCHECK");
    }

    /// <returns>Null where the image's own test stays.</returns>
    public HealthConfig? Build()
    {
        Flag<long>[] numbers = [_interval, _timeout, _startPeriod, _startInterval, _retries];
        var any = _command.Value.Length > 0 || numbers.Any(flag => flag.Value != 0);
        if (_none.Value)
        {
            return any ? throw new CommandException("--no-healthcheck conflicts with --health-* options") : new HealthConfig { Test = ["NONE"] };
        }

        if (!any)
        {
            return null;
        }

        var negative = numbers.FirstOrDefault(flag => flag.Value < 0);
        return negative is not null
            ? throw new CommandException($"--{negative.Name} cannot be negative")
            : new HealthConfig
            {
                Test = _command.Value.Length > 0 ? ["CMD-SHELL", _command.Value] : null,
                Interval = _interval.Value,
                Timeout = _timeout.Value,
                StartPeriod = _startPeriod.Value,
                StartInterval = _startInterval.Value,
                Retries = (int)_retries.Value,
            };
    }

    private static Flag<long> Duration(FlagSet flags, string name, string usage) =>
        flags.Add(new Flag<long>(name, null, "duration", usage, 0, GoDuration.Parse) { DefaultText = "0s" });
}
