using System.Globalization;
using Berth.Api.Containers;

namespace Berth.Engine.Containers.Creation;

/// <summary>Mount options of a tmpfs: safe ones by default, each of which its opposite replaces.</summary>
internal static class TmpfsMountOptions
{
    private static readonly string[] _defaults = ["noexec", "nosuid", "nodev"];

    private static readonly string[] _flags =
    [
        "ro", "rw", "exec", "noexec", "suid", "nosuid", "dev", "nodev", "sync", "async", "dirsync", "remount", "mand", "nomand",
        "atime", "noatime", "diratime", "nodiratime", "relatime", "norelatime", "strictatime", "nostrictatime", "bind", "rbind",
        "unbindable", "runbindable", "private", "rprivate", "shared", "rshared", "slave", "rslave", "defaults",
    ];

    private static readonly string[] _values = ["mode", "uid", "gid", "size", "nr_inodes", "nr_blocks", "mpol"];

    public static IReadOnlyList<string> Of(string options) => Merge(options.Length == 0 ? [] : options.Split(','));

    public static IReadOnlyList<string> Of(TmpfsOptions? options, bool readOnly)
    {
        List<string> given = [];
        if (readOnly)
        {
            given.Add("ro");
        }

        if (options is { Mode: not 0 })
        {
            given.Add("mode=" + Convert.ToString(options.Mode, 8));
        }

        if (options is { SizeBytes: not 0 })
        {
            given.Add(string.Create(CultureInfo.InvariantCulture, $"size={options.SizeBytes}"));
        }

        given.AddRange((options?.Options ?? []).Select(o => string.Join('=', o)));
        return Merge(given);
    }

    private static List<string> Merge(IReadOnlyCollection<string> given)
    {
        foreach (var option in given)
        {
            if (!_flags.Contains(option) && !(option.Split('=', 2) is [var name, _] && _values.Contains(name)))
            {
                throw ContainerErrors.Invalid($"invalid tmpfs option \"{option}\"");
            }
        }

        return [.. _defaults.Where(d => !given.Contains(d[2..]) && !given.Contains(d)), .. given];
    }
}
