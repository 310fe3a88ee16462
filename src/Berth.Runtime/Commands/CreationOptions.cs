using System.Globalization;
using Berth.Monitor;
using Berth.Runtime.Bundles;
using Berth.Runtime.Commands.Arguments;
using Berth.Runtime.Containers;
using Berth.Runtime.Processes;

namespace Berth.Runtime.Commands;

/// <summary>What create and run have in common.</summary>
internal static class CreationOptions
{
    internal static IReadOnlyList<CommandOption> All { get; } =
    [
        new("bundle", 'b', true, "path to the root of the bundle directory, defaults to the current directory"),
        new("console-socket", '\0', true, "path to an AF_UNIX socket which will receive the master end of the console's pseudoterminal"),
        new("pid-file", '\0', true, "specify the file to write the process id to"),
        new("no-pivot", '\0', false, "do not use pivot root to jail process inside rootfs"),
        new("no-new-keyring", '\0', false, "do not create a new session keyring for the container"),
        new("preserve-fds", '\0', true, "pass N additional file descriptors to the container"),
    ];

    internal static CreationPlan Plan(RuntimeContext context, ParsedArguments arguments, string id, bool isDetached)
    {
        var bundle = Bundle.Read(arguments.Value("bundle") ?? ".");
        var process = bundle.Spec.Process!;
        ConsoleSocket.Check(arguments.Value("console-socket"), process.Terminal, isDetached);
        return new CreationPlan
        {
            Id = id,
            Bundle = bundle,
            StateRoot = context.Root,
            Stdio = Stdio(arguments, process.Terminal, process.ConsoleSize is { } size ? new TerminalSize((ushort)size.Height, (ushort)size.Width) : null),
            DiesWithParent = !isDetached,
            NoPivot = arguments.Has("no-pivot"),
            NoNewKeyring = arguments.Has("no-new-keyring"),
        };
    }

    internal static ProcessStdio Stdio(ParsedArguments arguments, bool terminal, TerminalSize? size) => new()
    {
        Input = StandardOutput.Stream(0),
        Output = StandardOutput.Stream(1),
        Error = StandardOutput.Stream(2),
        Terminal = terminal,
        Size = size,
        PreservedDescriptors = arguments.Number("preserve-fds"),
    };

    /// <summary>Makes the container, hands its terminal on and writes its pid; undone as a whole where one of these fails.</summary>
    internal static CreatedContainer Create(RuntimeContext context, ParsedArguments arguments, CreationPlan plan)
    {
        var container = ContainerCreation.Create(plan, context.Log.Warn);
        try
        {
            if (arguments.Value("console-socket") is { } socket)
            {
                ConsoleSocket.Send(socket, container.ConsoleMaster!);
            }

            WritePid(arguments, container.Pid);
            return container;
        }
        catch
        {
            container.Undo();
            container.Dispose();
            throw;
        }
    }

    /// <summary>Written at once under its name, because the one who waits for the file reads it as soon as it is there.</summary>
    internal static void WritePid(ParsedArguments arguments, int pid)
    {
        if (arguments.Value("pid-file") is not { } path)
        {
            return;
        }

        var directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var temporary = Path.Combine(directory, $".{Path.GetFileName(path)}");
        File.WriteAllText(temporary, pid.ToString(CultureInfo.InvariantCulture));
        File.Move(temporary, path, overwrite: true);
    }
}
