using System.Text.Json;
using Berth.Api.Containers;
using Berth.Engine.Containers.Creation;
using Berth.Engine.Hosts;
using Berth.Linux.Files;
using Berth.Oci.Runtime;

namespace Berth.Engine.Containers;

public sealed partial class ContainerService
{
    private const uint ResourcesMode = 0x180; // 0600

    private static readonly string[] _refusals = ["(EINVAL)", "(ERANGE)", "(EBUSY)", "(ENODEV)"];

    /// <summary>Changes limits and restart policy: of a running container at once, through the OCI runtime.</summary>
    public async Task UpdateAsync(string nameOrId, UpdateContainerRequest request, CancellationToken cancellationToken)
    {
        // What is wrong in itself is told first, whatever the container is.
        var asked = HostConfigUpdate.Merge(new HostConfig(), request);
        ConfigRules.CheckRestartPolicy(asked);

        // A limit of swap alone goes with the limit of memory that the container has.
        ResourceRules.Check(asked.Memory == 0 ? asked with { MemorySwap = 0 } : asked);
        var container = Get(nameOrId);
        await container.Operation.WaitAsync(cancellationToken);
        try
        {
            container.RefuseDamaged();
            if (container.State.Status is ContainerStatus.Removing or ContainerStatus.Dead)
            {
                throw new EngineException(ErrorKind.Conflict, "container is marked for removal and cannot be \"update\"");
            }

            var before = container.HostConfig;
            var host = HostConfigUpdate.Merge(before, request);
            ConfigRules.CheckRestartPolicy(host);
            ResourceRules.Check(host);
            if (container.Run is { } run)
            {
                await ApplyResourcesAsync(container, run, HostConfigUpdate.ResourcesOf(before, host));
            }

            container.Change(r => r with { HostConfig = host }, r => ContainerRecordStore.Write(container, r, durable: true));
        }
        catch (EngineException e) when (e.Kind is not ErrorKind.NotFound)
        {
            throw new EngineException(e.Kind, $"Cannot update container {container.Id}: {e.Message}", e);
        }
        finally
        {
            container.Operation.Release();
        }

        Publish("update", container);
    }

    private async Task ApplyResourcesAsync(Container container, ContainerRun run, OciResources? resources)
    {
        if (resources is null)
        {
            return;
        }

        var file = Path.Combine(container.Paths.StateDirectory, "resources.json");
        RecordFile.Replace(file, JsonSerializer.SerializeToUtf8Bytes(resources, OciRuntimeJson.Default.OciResources), ResourcesMode, durable: false);
        try
        {
            var (exitCode, output) = await HostProgram.RunAsync(
                _options.RuntimePath,
                ["--root", ContainerPaths.RuntimeRootOf(_options), "update", "--resources", file, container.Id],
                _time);
            if (exitCode != 0 && !await run.IsOverAsync(_time))
            {
                // What the kernel does not take is what was asked for.
                var isRefused = _refusals.Any(errno => output.Contains(errno, StringComparison.Ordinal));
                throw new EngineException(isRefused ? ErrorKind.InvalidParameter : ErrorKind.System, output.Trim());
            }
        }
        finally
        {
            File.Delete(file);
        }
    }
}
