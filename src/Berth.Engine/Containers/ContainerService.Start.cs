using System.Text;
using System.Text.Json;
using Berth.Api.Containers;
using Berth.Engine.Containers.HealthChecks;
using Berth.Engine.Containers.Logs;
using Berth.Engine.Containers.Specs;
using Berth.Engine.Monitors;
using Berth.Engine.Networks;
using Berth.Linux;
using Berth.Monitor;
using Berth.Oci.Runtime;

namespace Berth.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>What config.json says of the environment is nobody's but root's.</summary>
    private static readonly FileStreamOptions _privateFile = new()
    {
        Mode = FileMode.Create,
        Access = FileAccess.Write,
        UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
    };

    private static readonly TimeSpan _leisure = TimeSpan.FromMilliseconds(100);

    /// <summary>Somebody is about to start a process in a running container.</summary>
    internal void ExpectProcess() => _monitors.Expect();

    /// <summary>Another process of a running container, as the runtime is told of it.</summary>
    internal OciProcess ProcessOf(Container container, CreateExecRequest request, IReadOnlyList<uint>? consoleSize) =>
        ExecProcessBuilder.Build(container, request, consoleSize, LinkEnvironmentOf(container), _options);

    public async Task StartAsync(string nameOrId, CancellationToken cancellationToken)
    {
        var container = Get(nameOrId);
        await container.Operation.WaitAsync(cancellationToken);
        try
        {
            container.Lifecycle.CheckStart();
            container.RefuseDamaged();
            container.Backoff.Reset();
            container.Change(r => r with { RestartCount = 0 });
            await StartLockedAsync(container);
        }
        finally
        {
            container.Operation.Release();
        }
    }

    /// <summary>Starts the container; its operation is held. From here on nothing is cancelled: a client that goes away does not leave it half way.</summary>
    private async Task StartLockedAsync(Container container)
    {
        try
        {
            await RunAsync(container);
        }
        catch (Exception e) when (e is EngineException or MonitorFailureException or LinuxException or IOException or UnauthorizedAccessException)
        {
            var (exitCode, error) = StartFailures.Translate(e);
            container.Lifecycle.FailStart(exitCode, error.Message);
            foreach (var attach in container.TakePendingAttaches())
            {
                attach.Cancel();
            }

            if (container.HostConfig.AutoRemove)
            {
                RemoveUnstarted(container);
            }
            else
            {
                SaveOrWarn(container);
            }

            throw error;
        }
    }

    private async Task RunAsync(Container container)
    {
        await using var undo = NewUndo("start", container.Id);
        CheckLinks(container);
        container.Image ??= await _images.ResolveAsync(container.Record.ImageId, CancellationToken.None);
        if (SharedMemory.IsOf(container))
        {
            undo.Push("take its shared memory away", () => SharedMemory.Remove(container.Paths));
            SharedMemory.Provide(container);
        }

        var spec = WriteBundle(container);
        var monitor = await _monitors.CreateAsync(await PlanOfAsync(container));
        undo.Push("end the monitor", monitor.Dispose);
        undo.Push("tell of its volumes", () => TellUnmounted(container));
        TellMounted(container);

        // Beside the container's other half: neither needs the other, and both must be there before the program runs.
        var connecting = ConnectNetworkAsync(container, spec, monitor.Pid, undo);
        try
        {
            await monitor.Created;
        }
        catch
        {
            // Whatever becomes of it, the reason is the container's; but what it makes is to be undone.
            await Task.WhenAny(connecting);
            throw;
        }

        var attaching = AttachPendingAsync(container, monitor);
        var network = await connecting;
        await attaching;
        var startedAt = await monitor.StartAsync(CancellationToken.None);

        var run = new ContainerRun(monitor, network);
        container.Change(r => r with { StoppedByUser = false });
        container.Written = null;
        container.Run = run;
        container.Lifecycle.Start(monitor.Pid, startedAt, HealthPlan.Of(container.Config) is null ? null : HealthState.Unknown);
        undo.Commit();
        _images.AddUse(container.Record.ImageId, container.Id, container.Name, running: true);
        SaveOrWarn(container);
        UpdateParents(container);
        Publish("start", container);
        WatchHealth(container, run);
        _ = SuperviseAsync(container, run);
    }

    /// <summary>Writes config.json and the files that are bound into the container. Theirs is the content that holds until it has a network.</summary>
    private OciSpec WriteBundle(Container container)
    {
        var paths = container.Paths;
        foreach (var file in new[] { paths.Hosts, paths.Hostname, paths.ResolvConf })
        {
            File.OpenHandle(file, FileMode.OpenOrCreate, FileAccess.Write).Dispose();
        }

        var spec = new SpecBuilder(_options, container, LayersOf(container.Image!), LinkEnvironmentOf(container), _index.Get).Build();
        using var config = new FileStream(paths.Spec, _privateFile);
        JsonSerializer.Serialize(config, spec, OciRuntimeJson.Default.OciSpec);
        return spec;
    }

    private async ValueTask<ContainerPlan> PlanOfAsync(Container container) => new()
    {
        Id = container.Id,
        Bundle = container.Paths.Directory,
        StateDirectory = container.Paths.StateDirectory,
        RuntimeRoot = ContainerPaths.RuntimeRootOf(_options),
        Log = await LogPlans.OfAsync(container, _options, _time, CancellationToken.None),
        OpenStdin = container.Config.OpenStdin,
        Size = container.HostConfig.ConsoleSize is [> 0 and <= ushort.MaxValue and var rows, > 0 and <= ushort.MaxValue and var columns]
            ? new TerminalSize((ushort)rows, (ushort)columns)
            : null,
        StdinOnce = container.Config.StdinOnce,
        DurableExit = !container.HostConfig.AutoRemove,
    };

    private static async Task AttachPendingAsync(Container container, ContainerMonitor monitor)
    {
        foreach (var attach in container.TakePendingAttaches())
        {
            attach.Connect(await monitor.AttachAsync(attach.Request, CancellationToken.None));
        }
    }

    private async Task<SandboxNetwork?> ConnectNetworkAsync(Container container, OciSpec spec, int pid, Undo undo)
    {
        if (NamespaceMode.ContainerOf(container.HostConfig.NetworkMode) is not null)
        {
            return null;
        }

        var request = NetworkRequests.Of(container, spec.Hostname ?? container.Config.Hostname, LinkHosts(container));
        SandboxNetwork network;
        try
        {
            foreach (var name in container.Record.Endpoints.Keys)
            {
                _networks.ResolveMode(name);
            }

            network = await _networks.ConnectAsync(request, pid, CancellationToken.None);
        }
        catch (EngineException e)
        {
            throw new EngineException(e.Kind, $"failed to set up container networking: {e.Message}", e);
        }

        undo.Push("disconnect the network", async () => await _networks.DisconnectAsync(container.Id));
        var files = _networks.FilesFor(request, network);
        Overwrite(container.Paths.Hosts, files.Hosts);
        Overwrite(container.Paths.Hostname, files.Hostname);
        Overwrite(container.Paths.ResolvConf, files.ResolvConf);
        return network;
    }

    /// <summary>In place, because the file itself is bound into the container.</summary>
    private static void Overwrite(string path, string content)
    {
        var bytes = Encoding.UTF8.GetBytes(content);
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write);
        RandomAccess.SetLength(file, bytes.Length);
        RandomAccess.Write(file, bytes, 0);
    }

    private void RemoveUnstarted(Container container)
    {
        try
        {
            container.Lifecycle.BeginRemoval();
            Erase(container, withVolumes: true);
        }
        catch (EngineException e)
        {
            _log.Error("not removed after a failed start", ("container", container.Id), ("error", e.Message));
        }
    }

    private async Task PrepareMonitorsAsync(CancellationToken cancellationToken)
    {
        // Not at once: whoever started the daemon wants its answer first, and a command that needs a monitor does not wait for this.
        await Task.Delay(_leisure, _time, cancellationToken);
        try
        {
            _monitors.Prepare();
        }
        catch (MonitorFailureException e)
        {
            _log.Warning("no monitor can be made", ("error", e.Message));
        }
    }
}
