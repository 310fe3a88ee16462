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

    /// <summary>Writes the record for good. What happened to a container has happened, also where the disk is full: then it is written later.</summary>
    private void SaveOrWarn(Container container) =>
        _writes.Do(RecordOf(container), () => SaveIfThere(container));

    private void Write(Container container, ContainerRecord record)
    {
        try
        {
            ContainerRecordStore.Write(container, record, durable: false);
        }
        catch (LinuxException e)
        {
            _writes.Later(RecordOf(container), () => SaveIfThere(container), e);
        }
    }

    private static string RecordOf(Container container) => $"the record of container {container.Id}";

    private void SaveIfThere(Container container)
    {
        if (_index.TryGetById(container.Id) == container)
        {
            ContainerRecordStore.Save(container);
        }
    }
}
