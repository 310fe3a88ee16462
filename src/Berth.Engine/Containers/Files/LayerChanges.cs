using System.Text;
using Berth.Api.Containers;
using Berth.Archives;
using Berth.Archives.Trees;
using Berth.Linux;
using Berth.Linux.Files;

namespace Berth.Engine.Containers.Files;

/// <summary>
/// What a writable layer changes in the layers below, read off the layer alone. A file that was copied up and is as it was is no
/// change; a directory is one if its owner or mode changed, or anything in it.
/// </summary>
internal sealed class LayerChanges
{
    private const int DepthMax = 1024;

    private readonly List<ContainerChange> _changes = [];
    private readonly EmptyPlaces _places;

    private LayerChanges(EmptyPlaces places) => _places = places;

    /// <summary>All changes, each directory before what is in it.</summary>
    /// <param name="upper">The writable layer.</param>
    /// <param name="lower">The layers below, merged.</param>
    /// <param name="places">What does not count.</param>
    public static IReadOnlyList<ContainerChange> Of(TreeDirectory upper, TreeDirectory lower, EmptyPlaces places)
    {
        var changes = new LayerChanges(places);
        changes.Compare(upper, lower, "", 0);
        return changes._changes;
    }

    /// <param name="lower">Null: nothing is below.</param>
    private void Compare(TreeDirectory upper, TreeDirectory? lower, string path, int depth)
    {
        if (depth > DepthMax)
        {
            throw new ArchiveException("too many levels of directories");
        }

        if (OverlayMarks.IsMoved(upper))
        {
            throw OverlayMarks.Incomplete(Encoding.UTF8.GetBytes(path));
        }

        var names = upper.ReadNames();
        IEnumerable<byte[]> gone = lower is not null && OverlayMarks.IsOpaque(upper)
            ? lower.ReadNames().Except(names, ByteNames.Instance)
            : [];
        foreach (var name in names.Concat(gone).OrderBy(n => n, ByteNames.Instance))
        {
            try
            {
                CompareEntry(upper, lower, name, path.Length == 0 ? Encoding.UTF8.GetString(name) : $"{path}/{Encoding.UTF8.GetString(name)}", depth);
            }
            catch (LinuxException e) when (e.Errno is Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP)
            {
                // Removed or replaced at this moment.
            }
        }
    }

    private void CompareEntry(TreeDirectory upper, TreeDirectory? lower, byte[] name, string path, int depth)
    {
        var below = lower?.TryStatus(name);
        if (upper.TryStatus(name) is not { IsWhiteout: false } status)
        {
            if (below is not null)
            {
                Add(path, ContainerChange.Deleted);
            }

            return;
        }

        if (below is null && _places.Covers(upper, name, status, path))
        {
            return;
        }

        var at = _changes.Count;
        if (below is not { } before || Differs(status, before))
        {
            Add(path, below is null ? ContainerChange.Added : ContainerChange.Modified);
        }

        if (!status.IsDirectory)
        {
            return;
        }

        using var inner = upper.OpenDirectory(name);
        using var innerBelow = below is { IsDirectory: true } ? lower!.OpenDirectory(name) : null;
        var own = _changes.Count > at;
        Compare(inner, innerBelow, path, depth + 1);
        if (!own && _changes.Count > at)
        {
            _changes.Insert(at, new ContainerChange { Path = "/" + path, Kind = ContainerChange.Modified });
        }
    }

    private void Add(string path, int kind) => _changes.Add(new ContainerChange { Path = "/" + path, Kind = kind });

    private static bool Differs(TreeStatus a, TreeStatus b) =>
        a.Mode != b.Mode || a.User != b.User || a.Group != b.Group || a.Device != b.Device
        || (!a.IsDirectory && (a.Modified != b.Modified || a.Size != b.Size));

    private sealed class ByteNames : IEqualityComparer<byte[]>, IComparer<byte[]>
    {
        public static ByteNames Instance { get; } = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj)
        {
            var hash = default(HashCode);
            hash.AddBytes(obj);
            return hash.ToHashCode();
        }

        public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
    }
}
