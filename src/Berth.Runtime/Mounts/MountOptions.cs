using Berth.Linux.Mounts;
using Berth.Oci.Runtime;

namespace Berth.Runtime.Mounts;

/// <summary>A mount's options, sorted into what the kernel takes apart: attributes of the mount, propagation, and data of the file system.</summary>
/// <remarks>The names are those of mount(8), and the recursive ones of the specification (config.md, "Linux mount options").</remarks>
internal sealed class MountOptions
{
    // What "any flag replaces the rest" covers: a bind mount with a flag loses the others of these that its source has.
    // Access times are not among them: without an option of their own they stay as the source has them.
    private const MountAttributes Replaceable = MountAttributes.ReadOnly | MountAttributes.NoSetUserId | MountAttributes.NoDevices
        | MountAttributes.NoExecute | MountAttributes.NoSymbolicLinks;

    private bool _hasFlag;
    private MountAttributes _cleared;
    private MountAttributes _clearedRecursively;

    private MountOptions()
    {
    }

    internal bool IsBind { get; private set; }

    internal bool IsRecursiveBind { get; private set; }

    internal MountAttributes Set { get; private set; }

    /// <summary>Attributes of the whole tree of a bind (rro and its like).</summary>
    internal MountAttributes SetRecursively { get; private set; }

    // The access times are one field: it is cleared as a whole also when one of its values is set.
    internal MountAttributes ClearedRecursively => _clearedRecursively & ~(SetRecursively & ~MountAttributes.AccessTime);

    internal MountPropagation Propagation { get; private set; }

    internal bool IsPropagationRecursive { get; private set; }

    /// <summary>Options of the file system itself: KEY or KEY=VALUE, in order.</summary>
    internal List<string> Data { get; } = [];

    /// <summary>What a bind takes away from its source's attributes, so that those given stand alone.</summary>
    internal MountAttributes Cleared => (_hasFlag ? (Replaceable | _cleared) & ~Set : MountAttributes.None)
        | ((Set & (MountAttributes.AccessTime | MountAttributes.NoAccessTime | MountAttributes.StrictAccessTime)) != 0 || _cleared.HasFlag(MountAttributes.AccessTime)
            ? MountAttributes.AccessTime
            : MountAttributes.None);

    internal bool IsReadOnly => Set.HasFlag(MountAttributes.ReadOnly);

    /// <summary>Every option that is not the file system's own.</summary>
    internal static IReadOnlyList<string> Names { get; } =
    [
        "atime", "bind", "defaults", "dev", "diratime", "exec", "noatime", "nodev", "nodiratime", "noexec", "norelatime", "nostrictatime",
        "nosuid", "nosymfollow", "private", "ratime", "rbind", "rdev", "rdiratime", "relatime", "rexec", "rnoatime", "rnodev",
        "rnodiratime", "rnoexec", "rnorelatime", "rnostrictatime", "rnosuid", "rnosymfollow", "ro", "rprivate", "rrelatime", "rro", "rrw",
        "rshared", "rslave", "rstrictatime", "rsuid", "rsymfollow", "runbindable", "rw", "shared", "slave", "strictatime", "suid",
        "symfollow", "unbindable",
    ];

    internal static MountOptions Parse(OciMount mount)
    {
        var options = new MountOptions { IsBind = mount.Type == "bind" };
        foreach (var option in mount.Options ?? [])
        {
            if (!options.TakeFlag(option) && !options.TakeRecursiveFlag(option) && !options.TakePropagation(option))
            {
                options.Data.Add(option);
            }
        }

        return options;
    }

    private bool TakeFlag(string option)
    {
        switch (option)
        {
            case "bind":
                IsBind = true;
                return true;
            case "rbind":
                IsBind = IsRecursiveBind = true;
                return true;
            case "defaults" or "remount" or "loud" or "silent" or "auto" or "noauto" or "_netdev" or "nofail" or "tmpcopyup":
                return true;
        }

        if (!TryFind(option, out var attribute, out var set))
        {
            return false;
        }

        _hasFlag = true;
        if (set)
        {
            Set |= attribute;
        }
        else
        {
            Set &= ~attribute;
            _cleared |= attribute;
        }

        return true;
    }

    private bool TakeRecursiveFlag(string option)
    {
        if (option is not ['r', .. var rest] || !TryFind(rest, out var attribute, out var set))
        {
            return false;
        }

        if (set)
        {
            SetRecursively |= attribute;
            if ((attribute & (MountAttributes.NoAccessTime | MountAttributes.StrictAccessTime)) != 0)
            {
                _clearedRecursively |= MountAttributes.AccessTime;
            }
        }
        else
        {
            SetRecursively &= ~attribute;
            _clearedRecursively |= attribute;
        }

        return true;
    }

    private bool TakePropagation(string option)
    {
        var propagation = option switch
        {
            "private" or "rprivate" => MountPropagation.Private,
            "slave" or "rslave" => MountPropagation.Slave,
            "shared" or "rshared" => MountPropagation.Shared,
            "unbindable" or "runbindable" => MountPropagation.Unbindable,
            _ => MountPropagation.Unchanged,
        };
        if (propagation is MountPropagation.Unchanged)
        {
            return false;
        }

        Propagation = propagation;
        IsPropagationRecursive = option[0] == 'r';
        return true;
    }

    private static bool TryFind(string option, out MountAttributes attribute, out bool set)
    {
        (attribute, set) = option switch
        {
            "ro" => (MountAttributes.ReadOnly, true),
            "rw" => (MountAttributes.ReadOnly, false),
            "nosuid" => (MountAttributes.NoSetUserId, true),
            "suid" => (MountAttributes.NoSetUserId, false),
            "nodev" => (MountAttributes.NoDevices, true),
            "dev" => (MountAttributes.NoDevices, false),
            "noexec" => (MountAttributes.NoExecute, true),
            "exec" => (MountAttributes.NoExecute, false),
            "nosymfollow" => (MountAttributes.NoSymbolicLinks, true),
            "symfollow" => (MountAttributes.NoSymbolicLinks, false),
            "nodiratime" => (MountAttributes.NoDirectoryAccessTime, true),
            "diratime" => (MountAttributes.NoDirectoryAccessTime, false),
            "noatime" => (MountAttributes.NoAccessTime, true),
            "strictatime" => (MountAttributes.StrictAccessTime, true),
            "atime" or "relatime" or "norelatime" or "nostrictatime" => (MountAttributes.AccessTime, false),
            _ => (MountAttributes.None, false),
        };
        return attribute is not MountAttributes.None;
    }
}
