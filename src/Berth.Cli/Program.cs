using Berth.Cli;
using Berth.Cli.CommandLine;
using Berth.Cli.Templates;
using Berth.Linux;
using Berth.Linux.Terminals;
using Containers = Berth.Cli.Commands.Containers;
using Images = Berth.Cli.Commands.Images;
using Registry = Berth.Cli.Commands.Registry;
using Systems = Berth.Cli.Commands.System;

// The exit code of a command line that cannot be understood, and of a run that failed before the container did.
const int UsageFailure = 125;

// What a shell reports of a program that wrote to a closed pipe.
const int BrokenPipe = 141;

var dispatch = new CommandDispatch(Commands(), TimeProvider.System);
try
{
    return dispatch.Run(args);
}
catch (UsageException wrong)
{
    return Fail($"{wrong.Message}\n\n{dispatch.UsageLine}\n\nRun '{dispatch.Name} --help' for more information", UsageFailure);
}
catch (ArgumentCountException wrong)
{
    return Fail($"berth: '{dispatch.Name}' {wrong.Message}\n\n{dispatch.UsageLine}\n\n{wrong.Hint} '{dispatch.Name} --help' for more information", 1);
}
catch (CommandException failure)
{
    return Fail(failure.Message, failure.ExitCode);
}
catch (TemplateException wrong)
{
    return Fail(wrong.Message, 1);
}
catch (LinuxException failure) when (failure.Errno == Errno.EPIPE)
{
    return BrokenPipe;
}
catch (EndOfStreamException)
{
    return Fail("unexpected EOF", 1);
}
catch (System.Text.Json.JsonException wrong)
{
    return Fail($"the daemon's answer cannot be read{(wrong.Path is { Length: > 2 } path ? $" at {path[2..]}" : "")}", 1);
}
catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or LinuxException)
{
    return Fail(failure.Message, 1);
}

static int Fail(string message, int code)
{
    if (message.Length > 0)
    {
        var error = new OutputWriter(new StandardStream(StandardDescriptor.Error));
        error.WriteLine(message);
        error.Flush();
    }

    return code;
}

/// <summary>The table of contents.</summary>
internal sealed partial class Program
{
    internal static CommandTable Commands() => new(
        [
            new("container", "Manage containers"),
            new("image", "Manage images"),
            new("manifest", "Manage Docker image manifests and manifest lists"),
            new("system", "Manage Berth"),
        ],
        [
            new("container run", "run", "Create and run a new container from an image", static () => new Containers.RunCommand()) { Common = true },
            new("container exec", "exec", "Execute a command in a running container", static () => new Containers.ExecCommand()) { Common = true },
            new("container ls", "ps", "List containers", static () => new Containers.ListCommand()) { Aliases = ["list", "ps"], Common = true },
            new("image pull", "pull", "Download an image from a registry", static () => new Images.PullCommand()) { Common = true },
            new("image push", "push", "Upload an image to a registry", static () => new Images.PushCommand()) { Common = true },
            new("image ls", "images", "List images", static () => new Images.ListCommand()) { Aliases = ["list"], Common = true },
            new("login", null, "Authenticate to a registry", static () => new Registry.LoginCommand()) { Common = true },
            new("logout", null, "Log out from a registry", static () => new Registry.LogoutCommand()) { Common = true },
            new("search", null, "Search Docker Hub for images", static () => new Registry.SearchCommand()) { Common = true },
            new("version", null, "Show the Berth version information", static () => new Systems.VersionCommand()) { Common = true },
            new("system info", "info", "Display system-wide information", static () => new Systems.InfoCommand()) { Common = true },

            new("container attach", "attach", "Attach local standard input, output, and error streams to a running container", static () => new Containers.AttachCommand()),
            new("container commit", "commit", "Create a new image from a container's changes", static () => new Containers.CommitCommand()),
            new("container cp", "cp", "Copy files/folders between a container and the local filesystem", static () => new Containers.CopyCommand()),
            new("container create", "create", "Create a new container", static () => new Containers.CreateCommand()),
            new("container diff", "diff", "Inspect changes to files or directories on a container's filesystem", static () => new Containers.DiffCommand()),
            new("container export", "export", "Export a container's filesystem as a tar archive", static () => new Containers.ExportCommand()),
            new("container inspect", null, "Display detailed information on one or more containers", static () => new Containers.InspectCommand()),
            new("container kill", "kill", "Kill one or more running containers", static () => new Containers.KillCommand()),
            new("container logs", "logs", "Fetch the logs of a container", static () => new Containers.LogsCommand()),
            new("container pause", "pause", "Pause all processes within one or more containers", static () => new Containers.PauseCommand()),
            new("container port", "port", "List port mappings or a specific mapping for the container", static () => new Containers.PortCommand()),
            new("container prune", null, "Remove all stopped containers", static () => new Containers.PruneCommand()),
            new("container rename", "rename", "Rename a container", static () => new Containers.RenameCommand()),
            new("container restart", "restart", "Restart one or more containers", static () => new Containers.RestartCommand()),
            new("container rm", "rm", "Remove one or more containers", static () => new Containers.RemoveCommand()) { Aliases = ["remove"] },
            new("container start", "start", "Start one or more stopped containers", static () => new Containers.StartCommand()),
            new("container stats", "stats", "Display a live stream of container(s) resource usage statistics", static () => new Containers.StatsCommand()),
            new("container stop", "stop", "Stop one or more running containers", static () => new Containers.StopCommand()),
            new("container top", "top", "Display the running processes of a container", static () => new Containers.TopCommand()),
            new("container unpause", "unpause", "Unpause all processes within one or more containers", static () => new Containers.UnpauseCommand()),
            new("container update", "update", "Update configuration of one or more containers", static () => new Containers.UpdateCommand()),
            new("container wait", "wait", "Block until one or more containers stop, then print their exit codes", static () => new Containers.WaitCommand()),

            new("image history", "history", "Show the history of an image", static () => new Images.HistoryCommand()),
            new("image import", "import", "Import the contents from a tarball to create a filesystem image", static () => new Images.ImportCommand()),
            new("image inspect", null, "Display detailed information on one or more images", static () => new Images.InspectCommand()),
            new("image load", "load", "Load an image from a tar archive or STDIN", static () => new Images.LoadCommand()),
            new("image prune", null, "Remove unused images", static () => new Images.PruneCommand()),
            new("image rm", "rmi", "Remove one or more images", static () => new Images.RemoveCommand()) { Aliases = ["remove"] },
            new("image save", "save", "Save one or more images to a tar archive (streamed to STDOUT by default)", static () => new Images.SaveCommand()),
            new("image tag", "tag", "Create a tag TARGET_IMAGE that refers to SOURCE_IMAGE", static () => new Images.TagCommand()),

            new("manifest inspect", null, "Display an image manifest, or manifest list", static () => new Registry.ManifestInspectCommand()),

            new("system df", null, "Show disk usage", static () => new Systems.DiskUsageCommand()),
            new("system events", "events", "Get real time events from the server", static () => new Systems.EventsCommand()),
            new("system prune", null, "Remove unused data", static () => new Systems.PruneCommand()),
            new("inspect", null, "Return low-level information on Docker objects", static () => new Systems.InspectCommand()),
        ]);
}
