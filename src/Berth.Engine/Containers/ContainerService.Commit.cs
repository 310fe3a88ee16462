using Berth.Archives;
using Berth.Archives.Tar;
using Berth.Archives.Trees;
using Berth.Engine.Containers.Files;
using Berth.Engine.Images;
using Berth.Linux;
using Berth.Linux.Files;
using Berth.Oci;

namespace Berth.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>Makes an image of a container: its own image with one more layer, and its configuration.</summary>
    public async Task<Digest> CommitAsync(string nameOrId, CommitOptions options, CancellationToken cancellationToken)
    {
        var container = Get(nameOrId);
        var name = options.Repository.Length > 0 ? ImageService.ParseTarget(options.Repository, options.Tag) : null;
        RefuseUncommittable(container);
        await LayersOfAsync(container);
        var config = CommitConfig.Of(options.Config, container.Config, container.Image!.Config, options.Changes);
        var paused = options.Pause && await TryFreezeForCommitAsync(container, cancellationToken);
        try
        {
            var (path, args) = CommandLine.Of(container.Config);
            var commit = new ImageCommit(
                container.Image, container.Id, config, string.Join(' ', container.Config.Cmd ?? [path, .. args]), options.Author, options.Comment, name);
            var id = await _images.CommitAsync(
                commit,
                stream => WriteLayer(container, stream, cancellationToken),
                cancellationToken);
            Publish("commit", container, ("comment", options.Comment), ("imageID", id.ToString()), ("imageRef", name?.Canonical ?? ""));
            return id;
        }
        finally
        {
            if (paused)
            {
                await ThawAfterCommitAsync(container);
            }
        }
    }

    private static void RefuseUncommittable(Container container)
    {
        if (container.State.Status is ContainerStatus.Dead or ContainerStatus.Removing || container.Lifecycle.Removed.IsCompleted)
        {
            var reason = container.State.Status is ContainerStatus.Dead ? "Dead" : "being removed";
            throw new EngineException(ErrorKind.Conflict, $"You cannot commit container {container.Id} which is {reason}");
        }
    }

    private static void WriteLayer(Container container, Stream stream, CancellationToken cancellationToken)
    {
        try
        {
            using var upper = TreeDirectory.Open(container.Paths.Upper);
            var tar = new TarWriter(stream);
            new TreeArchiver(tar, overlay: true, cancellationToken, new EmptyPlaces(MountPlaces.All)).AddDirectory(upper, name: null);
            tar.Finish();
        }
        catch (Exception e) when (e is LinuxException or ArchiveException or IOException)
        {
            RefuseUncommittable(container);
            throw;
        }

        // What a removal has begun to delete is not complete, though it could be read.
        RefuseUncommittable(container);
    }

    /// <summary>Freezes a running container, so that its files do not change. One that just ended, or that somebody has frozen, is as still.</summary>
    /// <returns>Whether it is to be thawed again.</returns>
    private async Task<bool> TryFreezeForCommitAsync(Container container, CancellationToken cancellationToken)
    {
        try
        {
            await PauseAsync(container.Id, cancellationToken);
            return true;
        }
        catch (EngineException e)
        {
            _log.Debug("not frozen for a commit", ("container", container.Id), ("error", e.Message));
            return false;
        }
    }

    /// <summary>The image is made: that the container ended or was thawed meanwhile does not change that.</summary>
    private async Task ThawAfterCommitAsync(Container container)
    {
        try
        {
            await UnpauseAsync(container.Id, CancellationToken.None);
        }
        catch (EngineException e)
        {
            _log.Debug("not thawed after a commit", ("container", container.Id), ("error", e.Message));
        }
    }
}
