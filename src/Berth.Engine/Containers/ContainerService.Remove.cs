using Berth.Linux;
using Berth.Linux.Files;

namespace Berth.Engine.Containers;

public sealed partial class ContainerService
{
    /// <param name="force">Kill it first, if it runs.</param>
    /// <param name="withVolumes">Remove its anonymous volumes, too.</param>
    public Task RemoveAsync(string nameOrId, bool force, bool withVolumes) => RemoveAsync(Get(nameOrId), force, withVolumes);

    private async Task RemoveAsync(Container container, bool force, bool withVolumes)
    {
        if (force && container.Operation.IsHeld && container.State.IsRunning)
        {
            // A restart may wait for its end for as long as its client likes.
            await KillForRemovalAsync(container);
        }

        await container.Operation.WaitAsync(_stopping.Token);
        try
        {
            if (force && container.State.IsRunning)
            {
                await KillForRemovalAsync(container);
            }

            container.Lifecycle.BeginRemoval();
            Erase(container, withVolumes);
        }
        catch (EngineException e)
        {
            throw ContainerErrors.CannotRemove(container.Name, e);
        }
        finally
        {
            container.Operation.Release();
        }
    }

    private async Task KillForRemovalAsync(Container container)
    {
        container.Change(r => r with { StoppedByUser = true });
        if (container.Run is { } run)
        {
            await SignalAsync(container, run, StopSignals.Kill);
            await WaitKilledAsync(container, run);
        }
        else if (container.State.HasProcess && container.Damage is not null)
        {
            await EndUnreachableAsync(container);
        }

        CancelRestart(container);
    }

    private void Erase(Container container, bool withVolumes)
    {
        try
        {
            // Held, nothing that still compresses its log makes a file in it.
            using var hold = FileLock.TryTake(container.Paths.Directory);
            Detach(container.Paths);
            TreeRemoval.Remove(container.Paths.RemovedDirectory);
            TreeRemoval.Remove(container.Paths.Directory);
            TreeRemoval.Remove(container.Paths.StateDirectory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or LinuxException)
        {
            container.Lifecycle.FailRemoval(e.Message);
            throw new EngineException(ErrorKind.System, $"unable to remove filesystem: {e.Message}", e);
        }

        _index.Remove(container);
        _images.RemoveUse(container.Id);
        if (withVolumes)
        {
            RemoveAnonymousVolumes(container);
        }

        Publish("destroy", container);
        container.Lifecycle.FinishRemoval();
        foreach (var attach in container.TakePendingAttaches())
        {
            attach.Cancel();
        }
    }

    /// <summary>From here on the directory is no container's: one that is left half removed is not taken for a damaged one.</summary>
    private static void Detach(ContainerPaths paths)
    {
        try
        {
            Directory.Move(paths.Directory, paths.RemovedDirectory);
        }
        catch (IOException)
        {
            // It is not there, or half removed already; or the disk is so full that it has no room for the name: it goes as it is.
        }
    }

    /// <summary>Another container may have them by --volumes-from.</summary>
    private void RemoveAnonymousVolumes(Container container)
    {
        if (_index.All.Any(c => c.Damage is { MountsKnown: false }))
        {
            _log.Warning("anonymous volumes are kept: a damaged container may use them", ("container", container.Id));
            return;
        }

        var others = _index.All.SelectMany(c => c.Record.Mounts).Select(m => m.Name).ToHashSet();
        foreach (var mount in container.Record.Mounts)
        {
            if (mount is { Anonymous: true, Name: { } name } && !others.Contains(name))
            {
                _volumes.Remove(name);
            }
        }
    }
}
