using System.IO.Pipelines;
using Berth.Archives.Streams;
using Berth.Archives.Tar;
using Berth.Archives.Trees;
using Berth.Linux.Namespaces;

namespace Berth.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>Finds a container to be exported: before the reply begins, so that an error can still be told.</summary>
    /// <returns>Writes the container's root as an archive, without what is mounted in it.</returns>
    public async Task<Func<PipeWriter, CancellationToken, Task>> ExportAsync(string nameOrId)
    {
        var container = Get(nameOrId);
        var layers = await LayersOfAsync(container);
        return async (pipe, cancellationToken) =>
        {
            await OwnThread.Run(() =>
            {
                using var merged = OpenWithoutMounts(container, layers);
                using var root = merged.Directory.TryOpenDirectory("/")!;
                using var stream = new PipeWriteStream(pipe, cancellationToken);
                var tar = new TarWriter(stream);
                new TreeArchiver(tar, overlay: false, cancellationToken).AddDirectory(root, name: null);
                tar.Finish();
                stream.Flush();
            });
            Publish("export", container);
        };
    }

    /// <summary>
    /// The container's root without its mounts. That of a running one is its own: a second overlay over a layer that is being written
    /// to would show what the kernel calls undefined.
    /// </summary>
    private static MergedRoot OpenWithoutMounts(Container container, IReadOnlyList<string> layers)
    {
        if (container.State is not { HasProcess: true, Pid: var pid } || MountNamespace.OfProcess(pid, container.Id) is not (var mounts, var root))
        {
            return MergedRoot.Open([container.Paths.Upper, .. layers]);
        }

        using (mounts)
        using (root)
        {
            return MergedRoot.Of(mounts.Clone(root));
        }
    }
}
