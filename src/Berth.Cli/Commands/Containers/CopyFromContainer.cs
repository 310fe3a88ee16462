using System.Text;
using Berth.Archives;
using Berth.Archives.Trees;
using Berth.Linux.Files;
using Berth.Linux.Processes;
using Berth.Linux.Terminals;

namespace Berth.Cli.Commands.Containers;

/// <summary><c>cp CONTAINER:SRC_PATH DEST_PATH|-</c>.</summary>
sealed class CopyFromContainer(Session session, string container, bool quiet)
{
    private const int LinksMax = 10;

    public void Run(string source, string destination, bool followLink, bool owned)
    {
        var toOutput = destination == "-";
        var local = toOutput ? destination : CopyPath.Local(destination);
        if (!toOutput)
        {
            CheckOutput(local);
        }

        var name = CopyPath.Split("/" + source).Name;
        if (followLink && CopyStat.TryGet(session, container, source) is { IsLink: true } link)
        {
            var target = CopyStat.Resolve(source, link.LinkTarget);
            source = CopyPath.NamesContent(source) ? target + "/." : source.EndsWith('/') ? target + "/" : target;
        }

        using var response = session.Daemon.Get(CopyStat.Target(container, source));
        if (toOutput)
        {
            response.Body.CopyTo(new StandardStream(StandardDescriptor.Output));
            session.Daemon.Finish(response);
            return;
        }

        var (path, exists, isDirectory) = Resolve(local);
        var plan = CopyPlan.Of(CopyStat.Read(response).IsDirectory, path, exists, isDirectory);
        var progress = new CopyProgress(session, quiet, StandardTerminal.Is(StandardDescriptor.Error), "Copying from container - ");
        progress.Begin();
        try
        {
            using var directory = TreeDirectory.Open(plan.Directory);
            using var body = new CountedStream(response.Body, progress);
            TreeUnpacker.Unpack(directory, "", body, new UnpackOptions(KeepKind: true, owned ? null : Credentials.Effective())
            {
                Rename = (Encoding.UTF8.GetBytes(CopyPath.Split("/" + source).Name.TrimStart('/')), Encoding.UTF8.GetBytes(plan.Name ?? name)),
            });
            session.Daemon.Finish(response);
        }
        catch (ArchiveException wrong)
        {
            throw new CommandException(wrong.Message);
        }
        finally
        {
            progress.End();
        }

        progress.Succeed(local);
    }

    private static void CheckOutput(string path)
    {
        var (parent, _) = CopyPath.Split(path);
        if (!Path.Exists(parent))
        {
            throw new CommandException($"invalid output path: directory \"{parent}\" does not exist");
        }

        if (FileStatus.TryOf(path) is { } there && (there.IsBlockDevice || there.IsCharacterDevice))
        {
            throw new CommandException($"invalid output path: \"{path}\" must be a directory or a regular file: got a device");
        }
    }

    /// <summary>The local destination with links followed; what a link at its end names need not exist.</summary>
    private static (string Path, bool Exists, bool IsDirectory) Resolve(string path)
    {
        var original = path;
        for (var links = 0; new FileInfo(Path.TrimEndingDirectorySeparator(path)).LinkTarget is { } target; links++)
        {
            if (links == LinksMax)
            {
                throw new CommandException($"too many symlinks in \"{original}\"");
            }

            path = Path.Combine(CopyPath.Split(path).Directory, target);
        }

        var there = FileStatus.TryOf(path);
        return there is null && FileStatus.TryOf(CopyPath.Split(path).Directory) is not { IsDirectory: true }
            ? throw new CommandException("not a directory")
            : (path, there is not null, there is { IsDirectory: true });
    }
}
