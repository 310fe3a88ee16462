using Berth.Linux;

namespace Berth.Engine.Containers;

public sealed partial class ContainerService
{
    public async Task RenameAsync(string nameOrId, string newName, CancellationToken cancellationToken)
    {
        if (newName.Length == 0)
        {
            throw ContainerErrors.Invalid("Neither old nor new names may be empty");
        }

        var container = Get(nameOrId);
        var name = ContainerNames.Validate(newName);
        await container.Operation.WaitAsync(cancellationToken);
        try
        {
            container.RefuseDamaged();
            var old = container.Name;
            if (old == name)
            {
                throw ContainerErrors.Invalid("Renaming a container with the same name as its current name");
            }

            var holder = _index.TakeName(name, container.Id);
            if (holder != container.Id)
            {
                throw ContainerErrors.NameInUse(name, holder);
            }

            try
            {
                container.Change(r => r with { Name = name }, r => ContainerRecordStore.Write(container, r, durable: true));
            }
            catch (LinuxException)
            {
                _index.ReleaseName(name, container.Id);
                throw;
            }

            _index.ReleaseName(old, container.Id);
            NoteUse(container, container.State.IsRunning);
            Publish("rename", container, ("oldName", $"/{old}"));
        }
        finally
        {
            container.Operation.Release();
        }
    }
}
