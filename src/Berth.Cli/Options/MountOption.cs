using System.Globalization;
using Berth.Api.Containers;
using Berth.Cli.CommandLine;

namespace Berth.Cli.Options;

/// <summary>The value of <c>--mount</c>: <c>type=bind,source=/a,target=/b,readonly</c>.</summary>
static class MountOption
{
    public static void Add(string text, List<Mount> mounts) => mounts.Add(Parse(text));

    private static Mount Parse(string text)
    {
        if (text.Trim().Length == 0)
        {
            throw new FormatException("value is empty");
        }

        var mount = new Mount { Type = "volume" };
        foreach (var field in CommaSeparated.Parse(text))
        {
            mount = Apply(mount, field);
        }

        Check(mount);
        return mount;
    }

    private static Mount Apply(Mount mount, string field)
    {
        var equals = field.IndexOf('=', StringComparison.Ordinal);
        var key = equals < 0 ? field : field[..equals];
        var value = equals < 0 ? null : field[(equals + 1)..];
        if (key.Trim() != key)
        {
            throw new FormatException($"invalid option '{key}' in '{field}': option should not have whitespace");
        }

        if (value?.Trim() is { } trimmed && (trimmed.Length == 0 || trimmed != value))
        {
            throw new FormatException(trimmed.Length == 0
                ? $"invalid value for '{key}': value is empty"
                : $"invalid value for '{key}' in '{field}': value should not have whitespace");
        }

        key = key.ToLowerInvariant();
        if (value is null && key is not ("readonly" or "ro" or "volume-nocopy" or "bind-nonrecursive" or "bind-create-src"))
        {
            throw new FormatException($"invalid field '{field}' must be a key=value pair");
        }

        var bind = mount.BindOptions ?? new BindOptions();
        var volume = mount.VolumeOptions ?? new VolumeOptions();
        var tmpfs = mount.TmpfsOptions ?? new TmpfsOptions();
        return key switch
        {
            "type" => mount with { Type = value!.ToLowerInvariant() },
            "source" or "src" => mount with { Source = value is "." || value!.StartsWith("./", StringComparison.Ordinal) ? Path.GetFullPath(value) : value },
            "target" or "dst" or "destination" => mount with { Target = value },
            "readonly" or "ro" => mount with { ReadOnly = Truth(key, value) },
            "consistency" => mount with { Consistency = value!.ToLowerInvariant() },
            "bind-propagation" => mount with { BindOptions = bind with { Propagation = value!.ToLowerInvariant() } },
            "bind-nonrecursive" => mount with { BindOptions = bind with { NonRecursive = Truth(key, value) } },
            "bind-create-src" => mount with { BindOptions = bind with { CreateMountpoint = Truth(key, value) } },
            "bind-recursive" => mount with
            {
                BindOptions = value switch
                {
                    "enabled" => mount.BindOptions,
                    "disabled" => bind with { NonRecursive = true },
                    "writable" => bind with { ReadOnlyNonRecursive = true },
                    "readonly" => bind with { ReadOnlyForceRecursive = true },
                    _ => throw new FormatException($"invalid value for {key}: {value} (must be \"enabled\", \"disabled\", \"writable\", or \"readonly\")"),
                },
            },
            "volume-subpath" => mount with { VolumeOptions = volume with { Subpath = value } },
            "volume-nocopy" => mount with { VolumeOptions = volume with { NoCopy = Truth(key, value) } },
            "volume-label" => mount with { VolumeOptions = volume with { Labels = With(volume.Labels, value!) } },
            "volume-driver" => mount with { VolumeOptions = volume with { DriverConfig = (volume.DriverConfig ?? new()) with { Name = value } } },
            "volume-opt" => mount with
            {
                VolumeOptions = volume with
                {
                    DriverConfig = (volume.DriverConfig ?? new()) with { Options = With(volume.DriverConfig?.Options, value!) },
                },
            },
            "image-subpath" => mount with { ImageOptions = new ImageOptions { Subpath = value } },
            "tmpfs-size" => mount with { TmpfsOptions = tmpfs with { SizeBytes = Size(key, value!) } },
            "tmpfs-mode" => mount with { TmpfsOptions = tmpfs with { Mode = Mode(key, value!) } },
            _ => throw new FormatException($"unexpected key '{key}' in '{field}'"),
        };
    }

    private static void Check(Mount mount)
    {
        if (string.IsNullOrEmpty(mount.Target))
        {
            throw new FormatException("target is required");
        }

        Refuse(mount.VolumeOptions is not null && mount.Type != "volume", $"cannot mix 'volume-*' options with mount type '{mount.Type}'");
        Refuse(mount.BindOptions is not null && mount.Type != "bind", $"cannot mix 'bind-*' options with mount type '{mount.Type}'");
        Refuse(mount.TmpfsOptions is not null && mount.Type != "tmpfs", $"cannot mix 'tmpfs-*' options with mount type '{mount.Type}'");
        Refuse(mount.ImageOptions is not null && mount.Type != "image", $"cannot mix 'image-*' options with mount type '{mount.Type}'");
        Refuse(
            mount.BindOptions is { ReadOnlyNonRecursive: true } && !mount.ReadOnly,
            "option 'bind-recursive=writable' requires 'readonly' to be specified in conjunction");
        Refuse(
            mount.BindOptions is { ReadOnlyForceRecursive: true } && !mount.ReadOnly,
            "option 'bind-recursive=readonly' requires 'readonly' to be specified in conjunction");
        Refuse(
            mount.BindOptions is { ReadOnlyForceRecursive: true, Propagation: not "rprivate" },
            "option 'bind-recursive=readonly' requires 'bind-propagation=rprivate' to be specified in conjunction");
    }

    private static void Refuse(bool wrong, string message)
    {
        if (wrong)
        {
            throw new FormatException(message);
        }
    }

    private static bool Truth(string key, string? value)
    {
        try
        {
            return value is null || GoNumber.Bool(value);
        }
        catch (FormatException)
        {
            throw new FormatException($"invalid value for {key}: {value}");
        }
    }

    private static Dictionary<string, string> With(IReadOnlyDictionary<string, string>? map, string pair)
    {
        var equals = pair.IndexOf('=', StringComparison.Ordinal);
        var result = new Dictionary<string, string>(map ?? new Dictionary<string, string>());
        result[equals < 0 ? pair : pair[..equals]] = equals < 0 ? "" : pair[(equals + 1)..];
        return result;
    }

    private static long Size(string key, string value)
    {
        try
        {
            return ByteSize.Parse(value);
        }
        catch (FormatException)
        {
            throw new FormatException($"invalid value for {key}: {value}");
        }
    }

    private static uint Mode(string key, string value)
    {
        try
        {
            return Convert.ToUInt32(value, 8);
        }
        catch (Exception wrong) when (wrong is FormatException or OverflowException or ArgumentException)
        {
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"invalid value for {key}: {value}"));
        }
    }
}
