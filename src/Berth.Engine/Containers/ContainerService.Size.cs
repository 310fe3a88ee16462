using Berth.Archives.Trees;

namespace Berth.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>
    /// How many bytes a container has written. Of one that does not run this is counted once: nothing changes it before the next start
    /// or copy.
    /// </summary>
    private static long WrittenBy(Container container)
    {
        if (container.State.HasProcess)
        {
            return TreeSize.Of(container.Paths.Upper);
        }

        if (container.Written is { } known)
        {
            return known;
        }

        var size = TreeSize.Of(container.Paths.Upper);
        container.Written = size;
        return size;
    }
}
