using System.Security.Cryptography;
using Berth.Api.Containers;
using Berth.Engine.Containers.Creation;
using Berth.Engine.Containers.Links;
using Berth.Engine.Hosts;
using Berth.Engine.Images;
using Berth.Engine.Networks;
using Berth.Images.Snapshots;
using Berth.Linux.Files;

namespace Berth.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>Makes a container; nothing of the kernel is touched.</summary>
    /// <param name="name">Null or empty: a random one.</param>
    /// <param name="platform">What its image must be made for; null or empty: whatever it is.</param>
    /// <param name="request">What it is to be.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<CreateContainerResponse> CreateAsync(
        string? name, string? platform, CreateContainerRequest request, CancellationToken cancellationToken)
    {
        _monitors.Expect();
        var wanted = string.IsNullOrEmpty(platform) ? null : ImagePlatform.Parse(platform);
        var host = request.HostConfig ?? new HostConfig();
        ConfigRules.Check(request, host);
        ResourceRules.CheckRealtime(host, CgroupFacts.Machine);
        var image = await _images.ResolveAsync(request.Image, cancellationToken);
        image.CheckPlatform(request.Image, wanted);
        var config = ConfigMerge.Merge(request, image.Config);
        var warnings = new List<string>();
        host = UnsupportedLimits.Discard(HostConfigDefaults.Complete(host, _options), CgroupFacts.Machine, warnings);
        CheckShared(host.PidMode);
        CheckShared(host.IpcMode);
        SysctlRules.Check(host, _index.Get);
        var mode = ResolveMode(host.NetworkMode);
        var id = RandomNumberGenerator.GetHexString(64, lowercase: true);

        await using var undo = NewUndo("create", id);
        var taken = TakeName(name, id);
        undo.Push("release the name", () => _index.ReleaseName(taken, id));
        var record = new ContainerRecord
        {
            Id = id,
            Name = taken,
            Created = _time.GetUtcNow(),
            ImageId = image.Id,
            Config = config with { Hostname = HostnameOf(config, host, id) },
            HostConfig = host with { Links = null },
            NoNewPrivileges = _options.NoNewPrivileges,
            Links = LinkRequests.Resolve(host, _index.Get),
            Endpoints = EndpointRequests.Of(mode, host.NetworkMode, request, _networks.IdOf),
            Mounts = MountPlan.Of(config, host, GetOther),
        };

        _images.AddUse(image.Id, id, taken, running: false);
        undo.Push("release the image", () => _images.RemoveUse(id));
        var container = new Container(record, new ContainerPaths(_options, id)) { Image = image };

        // It gets its name last: what has it is complete, and what is cut off before is told from what was damaged later.
        var directory = container.Paths.NewDirectory;
        undo.Push("remove the directory", () => TreeRemoval.Remove(container.Paths.Directory));
        undo.Push("remove the new directory", () => TreeRemoval.Remove(directory));
        PrivateDirectory.Make(directory);
        var snapshot = Snapshot.Prepare(directory, LayersOf(image));
        Directory.CreateDirectory(Path.Combine(directory, Path.GetFileName(container.Paths.Root)));
        WorkingDirectory.Make(container.Config.WorkingDir, snapshot);
        CreateVolumes(container, undo);
        ContainerRecordStore.Create(container);
        _index.Add(container);
        undo.Commit();
        Publish("create", container);
        return new CreateContainerResponse { Id = id, Warnings = [.. warnings, .. CreationWarnings.Of(host, image, platform)] };
    }

    /// <summary>A network that does not exist is the start's to refuse: here, clients would take "not found" for the image.</summary>
    private NetworkMode ResolveMode(string name)
    {
        try
        {
            return _networks.ResolveMode(name);
        }
        catch (EngineException e) when (e.Kind == ErrorKind.NotFound)
        {
            return new NetworkMode(NetworkModeKind.Bridge, name);
        }
    }

    /// <summary>A container whose namespace is to be shared exists when the one that shares it is made.</summary>
    private void CheckShared(string mode)
    {
        if (NamespaceMode.ContainerOf(mode) is { } other)
        {
            GetOther(other);
        }
    }

    /// <summary>Finds a container that a request speaks of: as "not found" a client would take it for the image, and pull that.</summary>
    private Container GetOther(string nameOrId)
    {
        try
        {
            return _index.Get(nameOrId);
        }
        catch (EngineException e) when (e.Kind == ErrorKind.NotFound)
        {
            throw new EngineException(ErrorKind.InvalidParameter, e.Message, e);
        }
    }

    private string TakeName(string? name, string id)
    {
        if (!string.IsNullOrEmpty(name))
        {
            var valid = ContainerNames.Validate(name);
            var holder = _index.TakeName(valid, id);
            return holder == id ? valid : throw ContainerErrors.NameInUse(valid, holder);
        }

        for (var attempt = 0; ; attempt++)
        {
            var random = ContainerNames.Random(attempt);
            if (_index.TakeName(random, id) == id)
            {
                return random;
            }
        }
    }

    /// <summary>A container that shares its host's or another's network has the hostname of that, which only its start can tell.</summary>
    private static string HostnameOf(ContainerConfig config, HostConfig host, string id) =>
        config.Hostname.Length > 0 ? config.Hostname
        : host.UTSMode == NamespaceMode.Host || host.NetworkMode == NamespaceMode.Host ? Environment.MachineName
        : NamespaceMode.ContainerOf(host.NetworkMode) is not null ? ""
        : id[..12];

    private void CreateVolumes(Container container, Undo undo)
    {
        var mounts = new List<ContainerMount>();
        foreach (var mount in container.Record.Mounts)
        {
            if (mount.Kind != MountKind.Volume)
            {
                mounts.Add(mount);
                continue;
            }

            var name = mount.Name ?? Volumes.VolumeService.NewAnonymousName();
            if ((mount.Driver ?? container.HostConfig.VolumeDriver) is not ("" or "local") and var driver)
            {
                // Docker says "not found"; a client would take that for the image, and pull it.
                throw new EngineException(ErrorKind.InvalidParameter, $"create {name}: error looking up volume plugin {driver}: plugin \"{driver}\" not found");
            }

            if (_volumes.Create(name))
            {
                undo.Push("remove a volume", () => _volumes.Remove(name));
            }

            mounts.Add(mount with { Name = name, Source = _volumes.DataOf(name) });
            if (!mount.NoCopy)
            {
                VolumeSeed.Copy(LayersOf(container.Image!), mount.Destination, _volumes.DataOf(name), mount.Anonymous);
            }
        }

        container.Change(r => r with { Mounts = mounts });
    }
}
