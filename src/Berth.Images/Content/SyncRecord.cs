using System.Globalization;
using System.Text;
using Berth.Linux;
using Berth.Linux.Files;
using Berth.Oci;

namespace Berth.Images.Content;

/// <summary>
/// Which entries of a store's directory are known to be on the disk, and since which boot all that can be seen there is good. What is
/// not on record was given its name without waiting for the disk: after a power failure it may be anything.
/// </summary>
/// <remarks>
/// An entry is recognized by its inode and change time, so that one that was removed and came again is not taken for the one that
/// was recorded. What cannot be read of a record is not known, which costs time and nothing else.
/// </remarks>
internal sealed class SyncRecord
{
    private readonly string _directory;
    private readonly string _record;
    private readonly Lock _gate = new();
    private (string Boot, HashSet<string> Entries)? _known;

    public SyncRecord(string directory, string record)
    {
        (_directory, _record) = (directory, record);
        if (!File.Exists(record) && Entries().Count == 0)
        {
            // A new store. If this is lost, so is what says that there is nothing to check.
            try
            {
                _known = Write(CurrentBoot(), [], durable: false);
            }
            catch (LinuxException)
            {
                // The disk is full. The next sync writes it.
                _known = (CurrentBoot(), []);
            }
        }
    }

    /// <summary>No power failure can have happened since the directory was seen to be good.</summary>
    public bool IsOfThisBoot
    {
        get
        {
            lock (_gate)
            {
                return Known.Boot == CurrentBoot();
            }
        }
    }

    /// <summary>The entries that are not on record.</summary>
    public IReadOnlyList<Digest> Unsynced()
    {
        lock (_gate)
        {
            return [.. Entries().Where(e => !Known.Entries.Contains(e.Line)).Select(e => e.Digest)];
        }
    }

    /// <summary>Brings everything to the disk, and records what was there before.</summary>
    public void Sync()
    {
        var entries = Entries().Select(e => e.Line).ToHashSet(StringComparer.Ordinal);
        using (var opened = TreeDirectory.Open(_directory))
        {
            opened.SyncFileSystem();
        }

        lock (_gate)
        {
            if (!Known.Entries.SetEquals(entries))
            {
                _known = Write(Known.Boot, entries);
            }
        }
    }

    /// <summary>Records that all that can be seen is good, though maybe not on the disk.</summary>
    public void BeginBoot()
    {
        lock (_gate)
        {
            _known = Write(CurrentBoot(), Known.Entries);
        }
    }

    private (string Boot, HashSet<string> Entries) Known => _known ??= Read();

    // The kernel's own name for this run of the machine (proc_sys_kernel(5)).
    private static string CurrentBoot() => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    private (string Boot, HashSet<string> Entries) Read() =>
        File.Exists(_record) && File.ReadAllLines(_record) is [var first, .. var rest] && first.StartsWith("boot ", StringComparison.Ordinal)
            ? (first["boot ".Length..], rest.ToHashSet(StringComparer.Ordinal))
            : ("", []);

    private (string Boot, HashSet<string> Entries) Write(string boot, HashSet<string> entries, bool durable = true)
    {
        RecordFile.Replace(_record, Encoding.ASCII.GetBytes($"boot {boot}\n{string.Join('\n', entries)}\n"), 0x180 /* 0600 */, durable);
        return (boot, entries);
    }

    private List<(Digest Digest, string Line)> Entries()
    {
        using var opened = TreeDirectory.Open(_directory);
        var entries = new List<(Digest Digest, string Line)>();
        foreach (var name in opened.ReadNames())
        {
            if (Digest.TryParse($"sha256:{Encoding.ASCII.GetString(name)}", out var digest) && opened.TryStatus(name) is { } status)
            {
                entries.Add((digest, string.Create(
                    CultureInfo.InvariantCulture, $"{digest.Hex} {status.Identity.Inode} {status.Changed.Seconds}.{status.Changed.Nanoseconds:d9}")));
            }
        }

        return entries;
    }
}
