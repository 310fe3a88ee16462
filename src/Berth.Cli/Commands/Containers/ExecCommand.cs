using Berth.Api.Containers;
using Berth.Cli.CommandLine;
using Berth.Cli.Connection;
using Berth.Cli.Options;
using Berth.Cli.Streams;
using Berth.Linux.Terminals;

namespace Berth.Cli.Commands.Containers;

/// <summary>Runs one more program in a container: three requests, on two connections.</summary>
sealed class ExecCommand : Command
{
    private readonly Flag<bool> _detach;
    private readonly Flag<string> _detachKeys;
    private readonly ListFlag<string> _env;
    private readonly ListFlag<string> _envFile;
    private readonly Flag<bool> _interactive;
    private readonly Flag<bool> _privileged;
    private readonly Flag<bool> _tty;
    private readonly Flag<string> _user;
    private readonly Flag<string> _workdir;

    public ExecCommand()
        : base("[OPTIONS] CONTAINER COMMAND [ARG...]", ArgumentCount.AtLeast(2))
    {
        Flags.Interspersed = false;
        _detach = Flags.Bool("detach", 'd', "Detached mode: run command in the background");
        _detachKeys = Flags.String("detach-keys", null, "Override the key sequence for detaching a container");
        _env = Flags.List("env", 'e', "Set environment variables", Validation.Environment);
        _envFile = Flags.List("env-file", null, "Read in a file of environment variables");
        _interactive = Flags.Bool("interactive", 'i', "Keep STDIN open even if not attached");
        _privileged = Flags.Bool("privileged", null, "Give extended privileges to the command");
        _tty = Flags.Bool("tty", 't', "Allocate a pseudo-TTY");
        _user = Flags.String("user", 'u', "Username or UID (format: \"<name|uid>[:<group|gid>]\")");
        _workdir = Flags.String("workdir", 'w', "Working directory inside the container");
    }

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var keys = DetachKeys.Parse(_detachKeys.Value);
        if (_interactive.Value && _tty.Value && !_detach.Value && !StandardTerminal.Is(StandardDescriptor.Input))
        {
            throw new CommandException("the input device is not a TTY");
        }

        var size = _tty.Value ? StandardTerminal.TrySize(StandardDescriptor.Output) : null;
        IReadOnlyList<uint>? console = size is { } known ? [(uint)known.Rows, (uint)known.Columns] : null;
        using var exec = session.Daemon.ReadObject(
            session.Daemon.Post(
                ContainerTargets.Path(arguments[0], "exec"),
                ExecRequestBody.Of(new CreateExecRequest
                {
                    User = _user.Value,
                    Privileged = _privileged.Value,
                    Tty = _tty.Value,
                    ConsoleSize = console,
                    AttachStdin = _interactive.Value && !_detach.Value,
                    AttachStdout = !_detach.Value,
                    AttachStderr = !_detach.Value,
                    Detach = _detach.Value,
                    DetachKeys = _detachKeys.Value,
                    Env = ProcessFlags.Environment(_envFile.Values, _env.Values),
                    WorkingDir = _workdir.Value,
                    Cmd = [.. arguments.Skip(1)],
                })));
        var id = exec.Text("Id");
        var start = new HttpRequest("POST", $"/exec/{id}/start")
        {
            Body = ExecRequestBody.Of(new StartExecRequest { Detach = _detach.Value, Tty = _tty.Value, ConsoleSize = console }),
            ContentType = "application/json",
            Upgrade = !_detach.Value,
        };
        using var started = session.Daemon.Send(start);
        if (_detach.Value)
        {
            session.Daemon.Finish(started);
            return 0;
        }

        Follow(session, id, started, keys);
        using var ended = session.Daemon.ReadObject(session.Daemon.Get($"/exec/{id}/json"));
        return ended.Number("ExitCode") ?? 0;
    }

    private void Follow(Session session, string exec, HttpResponse started, DetachKeys keys)
    {
        using var streams = new AttachedStreams(session, started.Hijack(), _tty.Value) { Keys = _interactive.Value ? keys : null };
        using var size = _tty.Value && StandardTerminal.Is(StandardDescriptor.Output)
            ? new SignalProxy(session)
            : null;
        if (_interactive.Value)
        {
            streams.StartInput();
        }
        else
        {
            streams.EndInput();
        }

        size?.FollowSize($"/exec/{exec}");
        if (!streams.CopyOutput())
        {
            throw new CommandException("read escape sequence");
        }
    }
}
