using System.Text;
using Berth.Runtime.Commands.Arguments;

namespace Berth.Runtime.Commands;

/// <summary>Reads the options that stand before the command, runs the command, and turns what it throws into an exit code.</summary>
internal sealed class CommandLine(string[] arguments, IReadOnlyList<Command> commands)
{
    private static readonly CommandOption[] _options =
    [
        new("debug", '\0', false, "enable debug logging"),
        new("log", '\0', true, "set the log file to write logs to (default: standard error)"),
        new("log-format", '\0', true, "set the log format: text or json (default: \"text\")"),
        new("root", '\0', true, $"root directory for storage of container state (default: \"{RuntimeContext.DefaultRoot}\")"),
        new("systemd-cgroup", '\0', false, "not supported: cgroups are made directly"),
        new("rootless", '\0', true, "ignored"),
        new("help", 'h', false, "show help"),
        new("version", 'v', false, "print the version"),
    ];

    private RuntimeLog _log = new(null, isJson: false, isDebug: false);
    private Command? _command;

    /// <returns>The exit code.</returns>
    internal int Run()
    {
        _log = RuntimeLog.Of(arguments);
        var global = ParsedArguments.Parse(arguments, _options);
        if (global.Has("version"))
        {
            StandardOutput.Write(Version());
            return 0;
        }

        if (global.Has("help") || global.Rest is [] or ["help", ..])
        {
            StandardOutput.Write(Help(commands));
            return 0;
        }

        if (global.Has("systemd-cgroup"))
        {
            throw new UsageException("--systemd-cgroup is not supported: choose the cgroupfs driver");
        }

        _command = commands.FirstOrDefault(c => c.Name == global.Rest[0]) ?? throw new UsageException($"no such command: {global.Rest[0]}");
        if (global.Rest[1..] is ["--help" or "-h", ..])
        {
            StandardOutput.Write(Help(_command));
            return 0;
        }

        if (_command.EntersContainers)
        {
            ReadOnlyProgram.Ensure(arguments, _command.KeepsEnvironment);
        }

        var parsed = ParsedArguments.Parse(global.Rest[1..], _command.Options);
        return _command.Run(new RuntimeContext(Path.GetFullPath(global.Value("root") ?? RuntimeContext.DefaultRoot), _log), parsed);
    }

    /// <summary>Reports what <see cref="Run"/> threw. An engine shows its user what is said here: one line, whatever happened.</summary>
    /// <returns>The exit code.</returns>
    internal int Fail(Exception failure)
    {
        _log.Error(failure.Message.ReplaceLineEndings(" "));
        _log.Debug(failure.ToString());
        return _command?.FailureCode ?? 1;
    }

    private static string Version() =>
        $"berth-runtime version {typeof(CommandLine).Assembly.GetName().Version?.ToString(3)}\nspec: 1.2.0\n";

    private static string Help(IReadOnlyList<Command> commands)
    {
        var text = new StringBuilder("NAME:\n   berth-runtime - Open Container Initiative runtime\n\n");
        text.Append("USAGE:\n   berth-runtime [global options] command [command options] [arguments...]\n\nCOMMANDS:\n");
        foreach (var command in commands)
        {
            text.Append("   ").Append(command.Name.PadRight(12)).Append(command.Summary).Append('\n');
        }

        return Append(text.Append("\nGLOBAL OPTIONS:\n"), _options).ToString();
    }

    private static string Help(Command command)
    {
        var text = new StringBuilder($"NAME:\n   berth-runtime {command.Name} - {command.Summary}\n\n");
        text.Append("USAGE:\n   berth-runtime ").Append(command.Name).Append(' ').Append(command.Usage).Append('\n');
        return command.Options.Count == 0 ? text.ToString() : Append(text.Append("\nOPTIONS:\n"), command.Options).ToString();
    }

    private static StringBuilder Append(StringBuilder text, IReadOnlyList<CommandOption> options)
    {
        foreach (var option in options)
        {
            var names = $"--{option.Name}{(option.TakesValue ? " value" : "")}{(option.Letter == 0 ? "" : $", -{option.Letter}{(option.TakesValue ? " value" : "")}")}";
            text.Append("   ").Append(names.PadRight(36)).Append(option.Description).Append('\n');
        }

        return text;
    }
}
