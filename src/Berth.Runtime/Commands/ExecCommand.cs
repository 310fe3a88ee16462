using System.Globalization;
using Berth.Linux.Cgroups;
using Berth.Monitor;
using Berth.Oci.Runtime;
using Berth.Runtime.Bundles;
using Berth.Runtime.Commands.Arguments;
using Berth.Runtime.Exec;
using Berth.Runtime.Processes;
using Berth.Runtime.State;

namespace Berth.Runtime.Commands;

internal static class ExecCommand
{
    // As runc: whatever goes wrong before the program runs is no exit code that a program would have.
    private const int Failure = 255;

    internal static Command Definition { get; } = new()
    {
        Name = "exec",
        Usage = "[command options] <container-id> <command> [command options]  || -p process.json <container-id>",
        Summary = "execute new process inside the container",
        Options =
        [
            new("console-socket", '\0', true, "path to an AF_UNIX socket which will receive the master end of the console's pseudoterminal"),
            new("cwd", '\0', true, "current working directory in the container"),
            new("env", 'e', true, "set environment variables"),
            new("tty", 't', false, "allocate a pseudo-TTY"),
            new("user", 'u', true, "UID (format: <uid>[:<gid>])"),
            new("additional-gids", 'g', true, "additional gids"),
            new("process", 'p', true, "path to the process.json"),
            new("detach", 'd', false, "detach from the container's process"),
            new("pid-file", '\0', true, "specify the file to write the process id to"),
            new("no-new-privs", '\0', false, "set the no new privileges value for the process"),
            new("cap", 'c', true, "add a capability to the bounding set for the process"),
            new("preserve-fds", '\0', true, "pass N additional file descriptors to the container"),
            new("ignore-paused", '\0', false, "allow exec in a paused container"),
        ],
        EntersContainers = true,
        KeepsEnvironment = false,
        FailureCode = Failure,
        Run = Run,
    };

    private static int Run(RuntimeContext context, ParsedArguments arguments)
    {
        var id = arguments.Rest is [var first, ..] ? first : throw new UsageException("exec: requires a container id");
        var record = context.Find(id);
        var status = ContainerStatus.Of(context.Directory(id), record);
        if (status is ContainerStatus.Stopped)
        {
            throw StartException.Of("exec", "cannot exec in a stopped container");
        }

        if (status is ContainerStatus.Paused && !arguments.Has("ignore-paused"))
        {
            throw StartException.Of("exec", "cannot exec in a paused container (use --ignore-paused to override)");
        }

        var spec = context.Directory(id).ReadSpec();
        var process = Process(arguments, spec);
        var isDetached = arguments.Has("detach");
        ConsoleSocket.Check(arguments.Value("console-socket"), process.Terminal, isDetached);
        using var cgroup = record.Cgroup is { } path ? Cgroup.TryOpen(CgroupLayout.Machine, path) : null;
        using var foreground = isDetached ? null : new Foreground(process.Terminal);
        var size = process.ConsoleSize is { } box ? new TerminalSize((ushort)box.Height, (ushort)box.Width) : foreground?.Size;
        using var spawned = ExecSpawn.Spawn(
            new ExecPlan
            {
                ContainerId = id,
                Bundle = record.Bundle,
                ContainerPid = record.Pid,
                Spec = spec,
                Process = process,
                Stdio = CreationOptions.Stdio(arguments, process.Terminal, size),
                Cgroup = cgroup,
                DiesWithParent = !isDetached,
            },
            context.Log.Warn);
        try
        {
            if (arguments.Value("console-socket") is { } socket)
            {
                ConsoleSocket.Send(socket, spawned.ConsoleMaster!);
            }

            CreationOptions.WritePid(arguments, spawned.Process.Id);
        }
        catch
        {
            const int kill = 9;
            _ = spawned.Process.TrySignal(kill);
            _ = spawned.Process.Reap();
            throw;
        }

        foreground?.Forward(spawned.Process);
        return foreground?.Wait(spawned.Process, spawned.ConsoleMaster) ?? 0;
    }

    private static OciProcess Process(ParsedArguments arguments, OciSpec spec)
    {
        if (arguments.Value("process") is { } path)
        {
            return SpecDocument.Read(File.ReadAllBytes(path), OciRuntimeJson.Default.OciProcess, path);
        }

        var own = spec.Process!;
        return own with
        {
            Args = arguments.Rest.Length > 1 ? arguments.Rest[1..] : throw new UsageException("exec: requires a command"),
            Env = [.. own.Env ?? [], .. arguments.Values("env")],
            Cwd = arguments.Value("cwd") ?? own.Cwd,
            Terminal = arguments.Has("tty"),
            ConsoleSize = null,
            User = User(arguments, own.User),
            NoNewPrivileges = arguments.Has("no-new-privs") || own.NoNewPrivileges,
            Capabilities = AddCapabilities(own.Capabilities, arguments.Values("cap")),
        };
    }

    private static OciUser User(ParsedArguments arguments, OciUser own)
    {
        var groups = arguments.Values("additional-gids").Select(Number).ToArray();
        var user = own with { AdditionalGids = groups.Length > 0 ? groups : own.AdditionalGids };
        if (arguments.Value("user") is not { } text)
        {
            return user;
        }

        var parts = text.Split(':', 2);
        return user with { Uid = Number(parts[0]), Gid = parts.Length > 1 ? Number(parts[1]) : user.Gid };
    }

    private static uint Number(string text) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new UsageException($"\"{text}\" is no id");

    // Ambient only where the configuration lets it be inherited: the kernel allows no other.
    private static OciCapabilities? AddCapabilities(OciCapabilities? own, IReadOnlyList<string> added)
    {
        if (added.Count == 0)
        {
            return own;
        }

        own ??= new OciCapabilities();
        IReadOnlyList<string> With(IReadOnlyList<string>? set) => [.. (set ?? []).Union(added)];
        return own with
        {
            Bounding = With(own.Bounding),
            Effective = With(own.Effective),
            Permitted = With(own.Permitted),
            Ambient = [.. (own.Ambient ?? []).Union(added.Intersect(own.Inheritable ?? []))],
        };
    }
}
