using System.Net;
using Berth.Api.Containers;
using Berth.Cli.CommandLine;
using Berth.Cli.Connection;
using Berth.Cli.Options;
using Berth.Cli.Streams;
using Berth.Linux.Terminals;

namespace Berth.Cli.Commands.Containers;

/// <summary>
/// Runs one more program in a container: one request; with a terminal, detached or at another engine than Berth Docker's three, on
/// two connections.
/// </summary>
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
        var keys = DetachKeys.Parse(session.DetachKeys(_detachKeys));
        if (_interactive.Value && _tty.Value && !_detach.Value && !StandardTerminal.Is(StandardDescriptor.Input))
        {
            throw new CommandException("the input device is not a TTY");
        }

        var size = _tty.Value ? StandardTerminal.TrySize(StandardDescriptor.Output) : null;
        IReadOnlyList<uint>? console = size is { } known ? [(uint)known.Rows, (uint)known.Columns] : null;
        var request = ExecRequestBody.Of(new CreateExecRequest
        {
            User = _user.Value,
            Privileged = _privileged.Value,
            Tty = _tty.Value,
            ConsoleSize = console,
            AttachStdin = _interactive.Value && !_detach.Value,
            AttachStdout = !_detach.Value,
            AttachStderr = !_detach.Value,
            Detach = _detach.Value,
            DetachKeys = session.DetachKeys(_detachKeys),
            Env = ProcessFlags.Environment(_envFile.Values, _env.Values),
            WorkingDir = _workdir.Value,
            Cmd = [.. arguments.Skip(1)],
        });
        return (_tty.Value || _detach.Value ? null : TryRunAtOnce(session, arguments[0], request)) ?? RunInSteps(session, arguments[0], request, console, keys);
    }

    /// <summary>Makes and starts the exec with one request, whose stream ends with the exit code.</summary>
    /// <returns>Null where the daemon is one that does not know how.</returns>
    private int? TryRunAtOnce(Session session, string container, byte[] request)
    {
        try
        {
            using var started = session.Daemon.Send(new HttpRequest("POST", ContainerTargets.Path(container, "exec/run"))
            {
                Body = request,
                ContentType = "application/json",
                Upgrade = true,
            });
            using var streams = new AttachedStreams(session, started.Hijack(), tty: false);
            StartInput(streams);
            streams.CopyOutput();
            return streams.ExitCode ?? throw new EndOfStreamException();
        }
        catch (DaemonException unknown) when (unknown.Status == HttpStatusCode.NotFound && unknown.Reason == "page not found")
        {
            return null;
        }
    }

    private int RunInSteps(Session session, string container, byte[] request, IReadOnlyList<uint>? console, DetachKeys keys)
    {
        using var exec = session.Daemon.ReadObject(session.Daemon.Post(ContainerTargets.Path(container, "exec"), request));
        var id = exec.Text("Id");
        using var started = session.Daemon.Send(new HttpRequest("POST", $"/exec/{id}/start")
        {
            Body = ExecRequestBody.Of(new StartExecRequest { Detach = _detach.Value, Tty = _tty.Value, ConsoleSize = console }),
            ContentType = "application/json",
            Upgrade = !_detach.Value,
        });
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
        StartInput(streams);
        size?.FollowSize($"/exec/{exec}");
        if (!streams.CopyOutput())
        {
            throw new CommandException("read escape sequence");
        }
    }

    // Without -i nothing is sent, and that is not said either: the daemon knows it, and would be woken while it has better to do.
    private void StartInput(AttachedStreams streams)
    {
        if (_interactive.Value)
        {
            streams.StartInput();
        }
    }
}
