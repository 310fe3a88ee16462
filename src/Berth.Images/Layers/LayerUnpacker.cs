using System.Text;
using Berth.Archives.Tar;
using Berth.Archives.Trees;
using Berth.Linux;
using Berth.Linux.Files;

namespace Berth.Images.Layers;

/// <summary>
/// Writes the entries of a layer's archive into an empty directory that becomes an overlay lower directory: whiteouts become
/// overlayfs's marks (https://docs.kernel.org/filesystems/overlayfs.html, "whiteouts and opaque directories").
/// </summary>
/// <remarks>
/// The archive is hostile. Its names are never joined to a path of ours: the directory of each entry is opened inside the root
/// (openat2, RESOLVE_IN_ROOT), so that links lead nowhere else, and the entry itself is made in it without following anything.
/// Memory does not grow with the archive: a directory's time is set when it is made and restored each time that something was
/// made in it.
/// </remarks>
internal sealed class LayerUnpacker : IDisposable
{
    private const uint ImplicitMode = 0x1ED; // 0755

    // Directories that the archive uses but does not describe are few in honest layers.
    private const int ImplicitDirectoriesMax = 100_000;

    private readonly TreeDirectory _root;
    private readonly List<byte[]> _implicitDirectories = [];
    private TreeDirectory? _directory;
    private byte[] _directoryPath = [];
    private FileTime _directoryTime;

    public LayerUnpacker(string root) => _root = TreeDirectory.Open(root);

    /// <summary>
    /// Directories that came into being because an entry lies in them, parents first. Their owner and mode are those of the layers
    /// below, which this class does not know.
    /// </summary>
    public IReadOnlyList<byte[]> ImplicitDirectories => _implicitDirectories;

    /// <summary>The sum of the lengths of the files so far.</summary>
    public long Size { get; private set; }

    public void Unpack(TarReader archive)
    {
        while (archive.Next() is { } entry)
        {
            Size += entry.Size;
            try
            {
                Apply(entry, archive);
            }
            catch (LinuxException e)
            {
                throw new ImageStoreException($"failed to unpack {Show(entry.Name)}: {e.Message}", e);
            }
        }

        LeaveDirectory();
    }

    public void Dispose()
    {
        _directory?.Dispose();
        _root.Dispose();
    }

    private void Apply(TarEntry entry, TarReader archive)
    {
        var path = EntryPath.Parse(entry.Name);
        if (path.IsRoot)
        {
            if (entry.Type is TarEntryType.Directory)
            {
                LeaveDirectory();
                TreeEntry.SetDirectory(_root, entry);
            }

            return;
        }

        if (Whiteout.IsReserved(path.Directory))
        {
            return;
        }

        var directory = EnterDirectory(path.Directory);
        if (Whiteout.TryApply(directory, path.Name))
        {
            return;
        }

        var merged = MakeRoom(directory, path.Name, entry.Type, out var replacesWhiteout);
        switch (entry.Type)
        {
            case TarEntryType.Directory:
                MakeDirectory(directory, path.Name, entry, merged, replacesWhiteout);
                break;
            case TarEntryType.File:
                TreeEntry.MakeFile(directory, path.Name, entry, archive);
                break;
            case TarEntryType.HardLink:
                MakeHardLink(directory, path.Name, entry);
                break;
            default:
                TreeEntry.MakeSpecial(directory, path.Name, entry);
                break;
        }
    }

    /// <summary>Opens the directory that the next entry lies in, with its missing parents made. The one before is kept as long as it serves.</summary>
    private TreeDirectory EnterDirectory(byte[] path)
    {
        if (_directory is not null && path.AsSpan().SequenceEqual(_directoryPath))
        {
            return _directory;
        }

        LeaveDirectory();
        var directory = path.Length == 0 ? _root.TryOpenBelow("."u8)! : _root.TryOpenBelow(path) ?? MakeParents(path);
        _directory = directory;
        _directoryPath = path;
        _directoryTime = directory.Status().Modified;
        return directory;
    }

    private void LeaveDirectory()
    {
        if (_directory is not null)
        {
            _directory.AsFile().SetTimes(_directoryTime, _directoryTime);
            _directory.Dispose();
            _directory = null;
        }
    }

    private TreeDirectory MakeParents(byte[] path)
    {
        var directory = _root.TryOpenBelow("."u8)!;
        var end = 0;
        while (end < path.Length)
        {
            var slash = path.AsSpan(end + 1).IndexOf((byte)'/');
            var start = end == 0 ? 0 : end + 1;
            end = slash < 0 ? path.Length : end + 1 + slash;
            var next = _root.TryOpenBelow(path.AsSpan(0, end));
            if (next is null)
            {
                var before = directory.Status().Modified;
                var name = path.AsSpan(start..end);

                // A file in the way gives way, as it does to an entry. A link stays: what it names may lie in a layer below.
                var there = directory.TryStatus(name);
                if (there is { IsSymbolicLink: true })
                {
                    throw new ImageStoreException($"invalid archive: {Show(path)} leads through a link to nowhere");
                }

                directory.RemoveTree(name);
                next = directory.TryMakeDirectory(name, ImplicitMode) ?? directory.OpenDirectory(name);
                next.AsFile().SetMode(ImplicitMode);
                if (there is { IsWhiteout: true })
                {
                    Whiteout.MakeOpaque(next);
                }

                directory.AsFile().SetTimes(before, before);
                if (_implicitDirectories.Count == ImplicitDirectoriesMax)
                {
                    throw new ImageStoreException("invalid archive: too many directories without an entry");
                }

                _implicitDirectories.Add(path[..end]);
            }

            directory.Dispose();
            directory = next;
        }

        return directory;
    }

    /// <summary>Removes what has the name already, unless both are directories.</summary>
    /// <returns>True where a directory is there that the entry is merged into.</returns>
    private static bool MakeRoom(TreeDirectory directory, byte[] name, TarEntryType type, out bool replacesWhiteout)
    {
        replacesWhiteout = false;
        if (directory.TryStatus(name) is not { } there)
        {
            return false;
        }

        if (there.IsDirectory && type is TarEntryType.Directory)
        {
            return true;
        }

        replacesWhiteout = there.IsWhiteout;
        directory.RemoveTree(name);
        return false;
    }

    private static void MakeDirectory(TreeDirectory parent, byte[] name, TarEntry entry, bool merged, bool replacesWhiteout)
    {
        using var directory = (merged ? null : parent.TryMakeDirectory(name, ImplicitMode)) ?? parent.OpenDirectory(name);
        if (replacesWhiteout)
        {
            // The name was removed and made anew in the same layer: what the layers below have in it stays hidden.
            Whiteout.MakeOpaque(directory);
        }

        TreeEntry.SetDirectory(directory, entry);
    }

    private void MakeHardLink(TreeDirectory directory, byte[] name, TarEntry entry)
    {
        var target = EntryPath.Parse(entry.LinkName);
        using var source = target.IsRoot ? null : _root.TryOpenBelow(target.Directory.Length == 0 ? "."u8 : target.Directory);
        if (source?.TryStatus(target.Name) is not { IsDirectory: false })
        {
            throw new ImageStoreException($"invalid archive: {Show(entry.Name)} links to {Show(entry.LinkName)}, which the layer does not hold");
        }

        directory.TryMakeHardLink(name, source, target.Name);
    }

    private static string Show(ReadOnlySpan<byte> name) => Encoding.UTF8.GetString(name);
}
