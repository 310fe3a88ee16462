namespace Berth.Engine.Containers;

public sealed partial class ContainerService
{
    private void TellMounted(Container container)
    {
        foreach (var mount in container.Record.Mounts)
        {
            if (mount is { Kind: MountKind.Volume, Name: { } name })
            {
                _volumes.TellMounted(name, container.Id, mount.Destination, mount.ReadOnly, mount.Propagation);
            }
        }
    }

    private void TellUnmounted(Container container)
    {
        foreach (var mount in container.Record.Mounts)
        {
            if (mount is { Kind: MountKind.Volume, Name: { } name })
            {
                _volumes.TellUnmounted(name, container.Id);
            }
        }
    }
}
