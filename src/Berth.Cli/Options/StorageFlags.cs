using Berth.Api;
using Berth.Api.Containers;
using Berth.Cli.CommandLine;

namespace Berth.Cli.Options;

/// <summary>The flags about the container's file system.</summary>
sealed class StorageFlags
{
    private readonly ListFlag<Mount> _mount;
    private readonly Flag<bool> _readOnly;
    private readonly Flag<long> _shmSize;
    private readonly ListFlag<string> _storageOpt;
    private readonly ListFlag<string> _tmpfs;
    private readonly ListFlag<string> _volume;
    private readonly Flag<string> _volumeDriver;
    private readonly ListFlag<string> _volumesFrom;

    public StorageFlags(FlagSet flags)
    {
        _mount = flags.Add(new ListFlag<Mount>("mount", null, "mount", "Attach a filesystem mount to the container", MountOption.Add));
        _readOnly = flags.Bool("read-only", null, "Mount the container's root filesystem as read only");
        _shmSize = ResourceFlags.Bytes(flags, "shm-size", null, "Size of /dev/shm");
        _storageOpt = flags.List("storage-opt", null, "Storage driver options for the container");
        _tmpfs = flags.List("tmpfs", null, "Mount a tmpfs directory");
        _volume = flags.List("volume", 'v', "Bind mount a volume");
        _volumeDriver = flags.String("volume-driver", null, "Optional volume driver for the container");
        _volumesFrom = flags.List("volumes-from", null, "Mount volumes from the specified container(s)");
    }

    public CreateContainerRequest Apply(CreateContainerRequest request, HostConfig host)
    {
        var binds = new List<string>();
        var volumes = new Dictionary<string, Empty>();
        foreach (var text in _volume.Values.Distinct())
        {
            if (VolumeOption.Parse(text).Source.Length > 0)
            {
                binds.Add(VolumeOption.Absolute(text));
            }
            else
            {
                volumes[text] = new Empty();
            }
        }

        return request with
        {
            Volumes = volumes.Count > 0 ? volumes : null,
            HostConfig = host with
            {
                Binds = binds.Count > 0 ? binds : null,
                Mounts = _mount.IsSet ? _mount.Values : null,
                ReadonlyRootfs = _readOnly.Value,
                ShmSize = _shmSize.Value,
                StorageOpt = StorageOptions(),
                Tmpfs = Tmpfs(),
                VolumeDriver = _volumeDriver.Value,
                VolumesFrom = _volumesFrom.IsSet ? _volumesFrom.Values : null,
            },
        };
    }

    private Dictionary<string, string>? StorageOptions() => !_storageOpt.IsSet
        ? null
        : _storageOpt.Values
            .Select(option => option.Split('=', 2) is [var name, var value]
                ? (Name: name, Value: value)
                : throw new CommandException("invalid storage option"))
            .DistinctBy(option => option.Name)
            .ToDictionary(option => option.Name, option => option.Value);

    private Dictionary<string, string>? Tmpfs()
    {
        if (!_tmpfs.IsSet)
        {
            return null;
        }

        var mounts = new Dictionary<string, string>();
        foreach (var text in _tmpfs.Values)
        {
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            mounts[colon < 0 ? text : text[..colon]] = colon < 0 ? "" : text[(colon + 1)..];
        }

        return mounts;
    }
}
