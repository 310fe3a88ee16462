using System.Text;
using Berth.Archives.Tar;
using Berth.Archives.Trees;
using Berth.Cli.Connection;
using Berth.Linux.Files;
using Berth.Linux.Terminals;

namespace Berth.Cli.Commands.Containers;

/// <summary><c>cp SRC_PATH|- CONTAINER:DEST_PATH</c>.</summary>
sealed class CopyToContainer(Session session, string container, bool quiet)
{
    private const uint Device = 1 << 26;
    private const uint Irregular = 1 << 19;

    public void Run(string source, string destination, bool followLink, bool owned)
    {
        var path = destination;
        var stat = CopyStat.TryGet(session, container, path);
        if (stat is { IsLink: true })
        {
            path = CopyStat.Resolve(path, stat.LinkTarget);
            stat = CopyStat.TryGet(session, container, path);
        }

        if (stat is { Mode: var mode } && (mode & (Device | Irregular)) != 0)
        {
            var what = (mode & Device) != 0 ? "got a device" : "got an irregular file";
            throw new CommandException($"destination \"{container}:{destination}\" must be a directory or a regular file: {what}");
        }

        if (source == "-")
        {
            if (stat is not { IsDirectory: true })
            {
                throw new CommandException($"destination \"{container}:{destination}\" must be a directory");
            }

            Send(path, owned, session.In.CopyTo);
            return;
        }

        var local = CopyPath.Local(source);
        var isDirectory = IsDirectory(local, followLink);
        var plan = CopyPlan.Of(isDirectory, "/" + path, stat is not null, stat is { IsDirectory: true });
        var name = plan.Name ?? CopyPath.Split(local).Name;
        var progress = new CopyProgress(session, quiet, StandardTerminal.Is(StandardDescriptor.Error), "Copying to container - ");
        progress.Begin();
        try
        {
            Send(plan.Directory, owned, body => Archive(local, isDirectory, followLink, name, new CountedStream(body, progress)));
        }
        finally
        {
            progress.End();
        }

        progress.Succeed($"{container}:{path}");
    }

    private void Send(string directory, bool owned, Action<Stream> produce)
    {
        var target = new QueryString(ContainerTargets.Path(container, "archive"))
            .Add("path", directory).Add("noOverwriteDirNonDir", "true").AddIf(owned, "copyUIDGID", "true");
        using var response = session.Daemon.Send(new HttpRequest("PUT", target.ToString()) { Produce = produce, ContentType = "application/x-tar" });
        session.Daemon.Finish(response);
    }

    private static bool IsDirectory(string path, bool followLink)
    {
        var missing = new CommandException($"lstat {path}: no such file or directory");
        if (followLink || CopyPath.NamesDirectory(path))
        {
            var there = FileStatus.TryOf(path) ?? throw missing;
            return there.IsDirectory || !CopyPath.NamesDirectory(path) ? there.IsDirectory : throw missing;
        }

        var (directory, name) = CopyPath.Split(path);
        if (FileStatus.TryOf(directory) is not { IsDirectory: true })
        {
            throw missing;
        }

        using var parent = RootDirectory.Open(directory);
        using var entry = DirectoryEntry.TryOpen(parent.Descriptor, name) ?? throw missing;
        return FileStatus.Of(entry).IsDirectory;
    }

    private static void Archive(string path, bool isDirectory, bool followLink, string name, Stream body)
    {
        var tar = new TarWriter(body);
        var archiver = new TreeArchiver(tar, overlay: false, CancellationToken.None);
        var archiveName = Encoding.UTF8.GetBytes(name);
        if (isDirectory)
        {
            using var directory = TreeDirectory.Open(path);
            archiver.AddDirectory(directory, archiveName);
        }
        else
        {
            var real = followLink && File.ResolveLinkTarget(path, returnFinalTarget: true) is { } target ? target.FullName : path;
            var (parent, entry) = CopyPath.Split(real);
            using var directory = TreeDirectory.Open(parent);
            archiver.Add(directory, Encoding.UTF8.GetBytes(entry), archiveName);
        }

        tar.Finish();
    }
}
