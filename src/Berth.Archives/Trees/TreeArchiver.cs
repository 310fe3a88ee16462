using System.Buffers;
using System.Text;
using Berth.Archives.Tar;
using Berth.Linux;
using Berth.Linux.Files;

namespace Berth.Archives.Trees;

/// <summary>
/// Writes what is in a tree into an archive: files, directories, links (hard ones as links), devices and pipes with owners, modes and
/// attributes. Sockets are left out, and so is what goes away while it is read. Nothing is followed.
/// </summary>
public sealed class TreeArchiver
{
    private const int BufferSize = 256 * 1024;

    // Each level costs a descriptor and stack; a path of the kernel's longest form has 2048.
    private const int DepthMax = 1024;

    private static readonly byte[] _zeros = new byte[64 * 1024];

    private readonly TarWriter _tar;
    private readonly bool _overlay;
    private readonly EmptyPlaces _places;
    private readonly CancellationToken _cancellationToken;
    private readonly Dictionary<(uint Major, uint Minor, ulong Inode), byte[]> _links = [];

    /// <param name="tar">Where to; it is not finished here.</param>
    /// <param name="overlay">The tree is an overlay's upper directory: its marks become whiteouts of a layer.</param>
    /// <param name="cancellationToken">Ends the work between two entries.</param>
    /// <param name="places">What is left out; their paths are those in the archive.</param>
    public TreeArchiver(TarWriter tar, bool overlay, CancellationToken cancellationToken, EmptyPlaces? places = null)
    {
        _tar = tar;
        _overlay = overlay;
        _places = places ?? EmptyPlaces.None;
        _cancellationToken = cancellationToken;
    }

    /// <summary>Adds a directory with all that is below it.</summary>
    /// <param name="directory">Open for reading.</param>
    /// <param name="name">What the archive is to call it; null: it has no entry itself, and what is in it stands at the archive's top.</param>
    /// <param name="closed">Names of directories in it that are to seem empty.</param>
    public void AddDirectory(TreeDirectory directory, byte[]? name, IReadOnlySet<string>? closed = null)
    {
        ArgumentNullException.ThrowIfNull(directory);
        if (name is not null)
        {
            _tar.Write(EntryOf(directory.Status(), name, TarEntryType.Directory) with { Attributes = AttributesOf(directory.AsFile(), name) });
        }

        AddEntries(directory, name is null or [(byte)'/'] ? name ?? [] : [.. name, (byte)'/'], closed, 0);
    }

    /// <summary>Adds an entry of a directory, and if it is a directory itself, what is below it.</summary>
    public void Add(TreeDirectory parent, byte[] name, byte[] archiveName) => Add(parent, name, archiveName, closed: false, 0);

    private void AddEntries(TreeDirectory directory, byte[] prefix, IReadOnlySet<string>? closed, int depth)
    {
        if (depth > DepthMax)
        {
            throw new ArchiveException($"{Encoding.UTF8.GetString(prefix.AsSpan(0, 64))}…: too many levels of directories");
        }

        if (_overlay && OverlayMarks.IsOpaque(directory))
        {
            _tar.Write(new TarEntry { Name = [.. prefix, .. ".wh..wh..opq"u8], Type = TarEntryType.File });
        }

        foreach (var name in directory.ReadNames())
        {
            Add(directory, name, [.. prefix, .. name], closed?.Contains(Encoding.UTF8.GetString(name)) == true, depth);
        }
    }

    private void Add(TreeDirectory parent, byte[] name, byte[] archiveName, bool closed, int depth)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        if (parent.TryStatus(name) is not { } status || status.IsSocket)
        {
            return;
        }

        if (_overlay && status.IsWhiteout)
        {
            var start = archiveName.Length - name.Length;
            _tar.Write(new TarEntry { Name = [.. archiveName[..start], .. ".wh."u8, .. name], Type = TarEntryType.File, Modified = Whole(status.Modified) });
            return;
        }

        try
        {
            if (_places.Covers(parent, name, status, Encoding.UTF8.GetString(archiveName)))
            {
                return;
            }

            if (status.IsDirectory)
            {
                AddDirectory(parent, name, archiveName, closed, depth);
            }
            else if (status.Links > 1 && !_links.TryAdd(status.Identity, archiveName))
            {
                _tar.Write(EntryOf(status, archiveName, TarEntryType.HardLink) with { LinkName = _links[status.Identity] });
            }
            else if (status.IsRegular)
            {
                AddFile(parent, name, archiveName);
            }
            else if (status.IsSymbolicLink)
            {
                _tar.Write(EntryOf(status, archiveName, TarEntryType.SymbolicLink) with { LinkName = parent.ReadLink(name) });
            }
            else
            {
                _tar.Write(EntryOf(status, archiveName, TypeOf(status)) with { DeviceMajor = status.Device.Major, DeviceMinor = status.Device.Minor });
            }
        }
        catch (LinuxException e) when (e.Errno is Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP)
        {
            // Removed or replaced since its status was read.
        }
    }

    private void AddDirectory(TreeDirectory parent, byte[] name, byte[] archiveName, bool closed, int depth)
    {
        using var directory = parent.OpenDirectory(name);
        _tar.Write(EntryOf(directory.Status(), archiveName, TarEntryType.Directory) with { Attributes = AttributesOf(directory.AsFile(), archiveName) });
        if (!closed)
        {
            AddEntries(directory, [.. archiveName, (byte)'/'], null, depth + 1);
        }
    }

    private void AddFile(TreeDirectory parent, byte[] name, byte[] archiveName)
    {
        using var file = parent.OpenFile(name);
        var status = file.Status();
        if (!status.IsRegular)
        {
            return;
        }

        _tar.Write(EntryOf(status, archiveName, TarEntryType.File) with { Size = status.Size, Attributes = AttributesOf(file, archiveName) });
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(status.Size, 1, BufferSize));
        try
        {
            if (!status.HasHoles)
            {
                Copy(file, status.Size, buffer);
                return;
            }

            // A hole is not read, which takes as long as reading zeros from the disk's cache; what is written for it are zeros.
            for (long at = 0; at < status.Size;)
            {
                var (start, end) = file.NextPart(at) is { } part && part.Start < status.Size ? (part.Start, Math.Min(part.End, status.Size)) : (status.Size, status.Size);
                WriteZeros(start - at);
                if (!Copy(file, end - start, buffer))
                {
                    break;
                }

                at = end;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <returns>False where the file became shorter; the archive's writer fills it up.</returns>
    private bool Copy(TreeFile file, long length, byte[] buffer)
    {
        for (var left = length; left > 0;)
        {
            var count = file.Read(buffer.AsSpan(0, (int)Math.Min(left, buffer.Length)));
            if (count == 0)
            {
                return false;
            }

            _tar.WriteContent(buffer.AsSpan(0, count));
            left -= count;
            _cancellationToken.ThrowIfCancellationRequested();
        }

        return true;
    }

    private void WriteZeros(long length)
    {
        for (var left = length; left > 0; left -= Math.Min(left, _zeros.Length))
        {
            _tar.WriteContent(_zeros.AsSpan(0, (int)Math.Min(left, _zeros.Length)));
            _cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private static TarEntry EntryOf(TreeStatus status, byte[] name, TarEntryType type) => new()
    {
        Name = name,
        Type = type,
        Mode = status.Permissions,
        User = status.User,
        Group = status.Group,
        Modified = Whole(status.Modified),
    };

    // As Docker: fractions of a second would cost each entry a header of its own.
    private static FileTime Whole(FileTime time) => time with { Nanoseconds = 0 };

    private static TarEntryType TypeOf(TreeStatus status) =>
        status.IsCharacterDevice ? TarEntryType.CharacterDevice
        : status.IsBlockDevice ? TarEntryType.BlockDevice
        : TarEntryType.Fifo;

    /// <summary>File capabilities and what users keep beside a file; the rest belongs to the file system or its policy.</summary>
    private IReadOnlyList<KeyValuePair<byte[], byte[]>> AttributesOf(TreeFile file, byte[] archiveName)
    {
        var names = file.AttributeNames();
        if (_overlay && OverlayMarks.IsElsewhere(names))
        {
            throw OverlayMarks.Incomplete(archiveName);
        }

        return names.Count == 0 ? [] : [.. names
            .Where(n => n.AsSpan().SequenceEqual("security.capability"u8)
                || (n.AsSpan().StartsWith("user."u8) && !n.AsSpan().StartsWith("user.overlay."u8)))
            .Select(n => (Name: n, Value: file.TryGetAttribute(n)))
            .Where(a => a.Value is not null)
            .Select(a => new KeyValuePair<byte[], byte[]>(a.Name, a.Value!))];
    }
}
