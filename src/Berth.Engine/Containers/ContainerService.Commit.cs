using Berth.Archives.Tar;
using Berth.Archives.Trees;
using Berth.Engine.Containers.Files;
using Berth.Engine.Images;
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
        var state = container.State.Status;
        if (state is ContainerStatus.Dead or ContainerStatus.Removing)
        {
            throw new EngineException(
                ErrorKind.Conflict, $"You cannot commit container {container.Id} which is {(state is ContainerStatus.Dead ? "Dead" : "being removed")}");
        }

        await LayersOfAsync(container);
        var config = CommitConfig.Of(options.Config, container.Config, container.Image!.Config, options.Changes);
        var paused = options.Pause && state == ContainerStatus.Running;
        if (paused)
        {
            await PauseAsync(container.Id, cancellationToken);
        }

        try
        {
            var (path, args) = CommandLine.Of(container.Config);
            var commit = new ImageCommit(
                container.Image, container.Id, config, string.Join(' ', container.Config.Cmd ?? [path, .. args]), options.Author, options.Comment, name);
            var id = await _images.CommitAsync(
                commit,
                stream =>
                {
                    using var upper = TreeDirectory.Open(container.Paths.Upper);
                    var tar = new TarWriter(stream);
                    new TreeArchiver(tar, overlay: true, cancellationToken, new EmptyPlaces(MountPlaces.All)).AddDirectory(upper, name: null);
                    tar.Finish();
                },
                cancellationToken);
            Publish("commit", container, ("comment", options.Comment), ("imageID", id.ToString()), ("imageRef", name?.Canonical ?? ""));
            return id;
        }
        finally
        {
            if (paused)
            {
                await UnpauseAsync(container.Id, CancellationToken.None);
            }
        }
    }
}
