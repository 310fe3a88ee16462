using Berth.Api.Containers;
using Berth.Archives;
using Berth.Archives.Trees;
using Berth.Engine.Containers.Files;
using Berth.Linux.Files;

namespace Berth.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>What the container changed in its image's files.</summary>
    public async Task<IReadOnlyList<ContainerChange>> ChangesAsync(string nameOrId)
    {
        var container = Get(nameOrId);
        var layers = await LayersOfAsync(container);
        try
        {
            return await OwnThread.Run(() =>
            {
                using var below = MergedRoot.Open(layers);
                using var lower = below.Directory.TryOpenDirectory("/")!;
                using var upper = TreeDirectory.Open(container.Paths.Upper);
                return LayerChanges.Of(upper, lower, new EmptyPlaces(MountPlaces.All));
            });
        }
        catch (ArchiveException e)
        {
            throw new EngineException(ErrorKind.System, e.Message, e);
        }
    }
}
