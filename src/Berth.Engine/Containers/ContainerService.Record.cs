using Berth.Linux;

namespace Berth.Engine.Containers;

/// <remarks>
/// A daemon that is killed has told nobody anything that the next one does not know: what clients can see of a container was written
/// before. Whether it outlives a power failure, too, is settled before the operation is answered.
/// </remarks>
public sealed partial class ContainerService
{
    /// <summary>Moves the container's state, which is written before anybody sees it.</summary>
    private void MoveRecorded(Container container, Action<Action<RunState>> move)
    {
        lock (container.Saving)
        {
            move(state => Write(container, container.Record with { State = state }));
        }
    }

    /// <summary>Changes the container's record, which is written before anybody sees it.</summary>
    private void ChangeRecorded(Container container, Func<ContainerRecord, ContainerRecord> change) =>
        container.Change(change, record => Write(container, record));

    /// <summary>Writes the record for good. What happened to a container has happened, also where the disk is full.</summary>
    private void SaveOrWarn(Container container)
    {
        try
        {
            ContainerRecordStore.Save(container);
        }
        catch (LinuxException e)
        {
            WarnUnsaved(container, e);
        }
    }

    private void Write(Container container, ContainerRecord record)
    {
        try
        {
            ContainerRecordStore.Write(container, record, durable: false);
        }
        catch (LinuxException e)
        {
            WarnUnsaved(container, e);
        }
    }

    private void WarnUnsaved(Container container, LinuxException e) =>
        _log.Warning("the record of a container cannot be written", ("container", container.Id), ("error", e.Message));
}
