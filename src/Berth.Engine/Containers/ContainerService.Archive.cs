using System.IO.Pipelines;
using Berth.Api.Containers;
using Berth.Archives;
using Berth.Archives.Streams;
using Berth.Archives.Trees;
using Berth.Engine.Containers.Files;
using Berth.Engine.Containers.Users;
using Berth.Engine.Images;
using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Mounts;

namespace Berth.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>A sender that is silent so long does not keep others from a container at rest.</summary>
    private static readonly TimeSpan _silence = TimeSpan.FromSeconds(3);

    /// <summary>What is at a path of a container, running or not.</summary>
    public async Task<ContainerPathStat> StatPathAsync(string nameOrId, string path)
    {
        using var archive = await OpenAsync(nameOrId, path);
        return archive.Stat;
    }

    /// <summary>Opens what is at a path of a container, running or not, to be read as an archive.</summary>
    public async Task<ContainerArchive> OpenArchiveAsync(string nameOrId, string path)
    {
        var archive = await OpenAsync(nameOrId, path);
        Publish("archive-path", Get(nameOrId));
        return archive;
    }

    /// <summary>Unpacks an archive into a directory of a container, running or not. One that does not run is not started before that is done.</summary>
    /// <param name="keepKind">Refuse to replace a directory by something else, or something else by a directory.</param>
    /// <param name="owned">Everything is to belong to the container's user.</param>
    public async Task ExtractAsync(string nameOrId, string path, bool keepKind, bool owned, PipeReader archive, CancellationToken cancellationToken)
    {
        var container = Get(nameOrId);
        var target = new ContainerPath(path);
        if (ContainerRoot.TryOpenRunning(container) is { } running)
        {
            using (running)
            {
                await UnpackAsync(running, cancellationToken);
            }
        }
        else
        {
            await container.Operation.WaitAsync(cancellationToken);
            try
            {
                var layers = await LayersOfAsync(container);
                using var root = ContainerRoot.TryOpenRunning(container) ?? ContainerRoot.OpenWritable(container, layers);
                using var given = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                await UnpackAsync(root, given.Token, given);
            }
            catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
            {
                throw new EngineException(ErrorKind.Conflict, $"container {container.Id} is needed, and the archive's sender was silent", e);
            }
            finally
            {
                container.Written = null;
                container.Operation.Release();
            }
        }

        Publish("extract-to-dir", container);

        async Task UnpackAsync(ContainerRoot root, CancellationToken cancellation, CancellationTokenSource? given = null)
        {
            CheckTarget(root.Directory, container, target, nameOrId);
            var owner = owned && container.Config.User.Length > 0 ? UserLookup.Resolve(root.Directory, container.Config.User, null) : null;
            var options = new UnpackOptions(keepKind, owner is null ? null : (owner.Uid, owner.Gid));
            using var body = new PipeReadStream(archive, cancellation);
            try
            {
                var unpacking = OwnThread.Run(() =>
                {
                    using var top = root.Directory.TryOpenDirectory("/") ?? throw ContainerErrors.NoSuchFile("/", nameOrId);
                    TreeUnpacker.Unpack(top, target.Clean, body, options);
                });
                await GiveUpSilentAsync(container, body, unpacking, given);
                await unpacking;
            }
            catch (ArchiveException e)
            {
                throw new EngineException(
                    e.InnerException is LinuxException { Errno: Errno.ENOSPC or Errno.EDQUOT or Errno.EIO } ? ErrorKind.System : ErrorKind.InvalidParameter, e.Message, e);
            }
        }
    }

    /// <summary>Cancels an unpacking whose sender is silent while somebody else waits for the container; returns at the latest when it is done.</summary>
    private async Task GiveUpSilentAsync(Container container, PipeReadStream body, Task unpacking, CancellationTokenSource? given)
    {
        for (long? before = null; given is not null && !unpacking.IsCompleted; before = body.WaitsAfter)
        {
            if (before is not null && before == body.WaitsAfter && container.Operation.IsWanted)
            {
                await given.CancelAsync();
                return;
            }

            await Task.WhenAny(unpacking, Task.Delay(_silence, _time, given.Token));
        }
    }

    private static void CheckTarget(RootDirectory root, Container container, ContainerPath target, string nameOrId)
    {
        using var found = target.Resolve(root, nameOrId);
        if (!FileStatus.Of(found).IsDirectory)
        {
            throw ContainerErrors.Invalid("extraction point is not a directory");
        }

        if (MountStatus.IsReadOnly(found))
        {
            var inVolume = container.Record.Mounts.Any(m => $"{target.Clean}/".StartsWith($"{m.Destination.TrimEnd('/')}/", StringComparison.Ordinal));
            throw new EngineException(
                ErrorKind.Forbidden, inVolume ? "mounted volume is marked read-only" : "container rootfs is marked read-only");
        }
    }

    private async Task<ContainerArchive> OpenAsync(string nameOrId, string path)
    {
        var container = Get(nameOrId);
        var target = new ContainerPath(path);
        var root = ContainerRoot.TryOpenRunning(container) ?? ContainerRoot.OpenReadable(container, await LayersOfAsync(container));
        try
        {
            return new ContainerArchive(root, target, nameOrId);
        }
        catch
        {
            root.Dispose();
            throw;
        }
    }

    /// <summary>The layers below the container's own, the top first.</summary>
    private async Task<IReadOnlyList<string>> LayersOfAsync(Container container) =>
        LayersOf(container.Image ??= await _images.ResolveAsync(container.Record.ImageId, CancellationToken.None));

    private IReadOnlyList<string> LayersOf(ResolvedImage image) => [.. image.LowerDirectories, BaseLayer.PathOf(_options)];
}
