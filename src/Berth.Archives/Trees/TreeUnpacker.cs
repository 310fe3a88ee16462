using System.Text;
using Berth.Archives.Streams;
using Berth.Archives.Tar;
using Berth.Linux;
using Berth.Linux.Files;

namespace Berth.Archives.Trees;

/// <summary>How an archive is laid over what is there.</summary>
/// <param name="KeepKind">Refuse to replace a directory by something else, or something else by a directory.</param>
/// <param name="Owner">Who is to own everything; null: whom the archive says.</param>
public sealed record UnpackOptions(bool KeepKind, (uint User, uint Group)? Owner)
{
    /// <summary>What the names of entries begin with, and what they are to begin with instead; null: they stay.</summary>
    public (byte[] From, byte[] To)? Rename { get; init; }
}

/// <summary>
/// Unpacks an archive into a directory of a tree that others use at the same time. Links on the way are followed as those who live in
/// the tree would follow them, and never out of it.
/// </summary>
public sealed class TreeUnpacker
{
    private const uint ImplicitMode = 0x1ED; // 0755

    // More than that many directories' times are not kept in memory, but set at once.
    private const int TimesMax = 100_000;

    private readonly TreeDirectory _root;
    private readonly byte[] _base;
    private readonly UnpackOptions _options;
    private readonly List<(byte[] Path, (uint Major, uint Minor, ulong Inode) Made, FileTime Time)> _times = [];
    private TreeDirectory? _directory;
    private byte[]? _directoryPath;

    private TreeUnpacker(TreeDirectory root, byte[] path, UnpackOptions options)
    {
        _root = root;
        _base = path;
        _options = options;
    }

    /// <param name="root">The root of the tree.</param>
    /// <param name="path">The directory in it, which exists.</param>
    /// <param name="archive">Plain or compressed; read to the end of the archive.</param>
    /// <param name="options">How.</param>
    /// <exception cref="ArchiveException">The archive is broken, or something is in its way.</exception>
    public static void Unpack(TreeDirectory root, string path, Stream archive, UnpackOptions options)
    {
        using var source = new PeekStream(archive);
        var compression = Decompression.Detect(source.Peek(Decompression.MagicLength));
        var unpacker = new TreeUnpacker(root, Encoding.UTF8.GetBytes(path.Trim('/')), options);
        try
        {
            if (compression is Compression.None)
            {
                unpacker.Unpack(new TarReader(source));
            }
            else
            {
                using var content = new PeekStream(Decompression.Open(source, compression));
                unpacker.Unpack(new TarReader(content));
            }
        }
        catch (InvalidDataException e)
        {
            throw new ArchiveException(e.Message, e);
        }
        finally
        {
            unpacker._directory?.Dispose();
        }
    }

    private void Unpack(TarReader archive)
    {
        while (archive.Next() is { } entry)
        {
            try
            {
                Apply(_options.Owner is { } owner ? entry with { User = owner.User, Group = owner.Group } : entry, archive);
            }
            catch (LinuxException e)
            {
                throw new ArchiveException($"failed to unpack {Encoding.UTF8.GetString(entry.Name)}: {e.Message}", e);
            }
        }

        // At the end, as everything made in a directory changes its time.
        foreach (var (path, made, time) in _times)
        {
            // What has the name by now may be another directory; that one's time is not ours to set.
            using var directory = _root.TryOpenBelow(path);
            if (directory is not null && directory.Status().Identity == made)
            {
                directory.AsFile().SetTimes(time, time);
            }
        }
    }

    private void Apply(TarEntry entry, TarReader archive)
    {
        var path = EntryPath.Parse(Renamed(entry.Name));
        if (path.IsRoot)
        {
            return;
        }

        var directory = Enter(path.Directory);
        var there = directory.TryStatus(path.Name);
        var merged = there is { IsDirectory: true } && entry.Type is TarEntryType.Directory;
        if (there is { } status && !merged)
        {
            Refuse(status, entry, path);
            directory.RemoveTree(path.Name);
        }

        switch (entry.Type)
        {
            case TarEntryType.Directory:
                MakeDirectory(directory, path, entry, merged);
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

    private byte[] Renamed(byte[] name) =>
        _options.Rename is { } rename && name.AsSpan().StartsWith(rename.From) ? [.. rename.To, .. name.AsSpan(rename.From.Length)] : name;

    private void Refuse(TreeStatus there, TarEntry entry, EntryPath path)
    {
        if (!_options.KeepKind || (!there.IsDirectory && entry.Type is not TarEntryType.Directory))
        {
            return;
        }

        var place = Encoding.UTF8.GetString(Below([.. path.Directory, .. path.Directory.Length > 0 ? "/"u8 : [], .. path.Name]));
        var into = Encoding.UTF8.GetString(_base);
        throw new ArchiveException(there.IsDirectory
            ? $"cannot overwrite directory \"/{place}\" with non-directory \"/{into}\""
            : $"cannot overwrite non-directory \"/{place}\" with directory \"/{into}\"");
    }

    /// <summary>The directory that the next entry lies in, with its missing parents made. The one before is kept as long as it serves.</summary>
    private TreeDirectory Enter(byte[] path)
    {
        if (_directory is not null && path.AsSpan().SequenceEqual(_directoryPath))
        {
            return _directory;
        }

        _directory?.Dispose();
        _directory = null;
        _directory = _root.TryOpenBelow(Below(path)) ?? MakeParents(path);
        _directoryPath = path;
        return _directory;
    }

    private TreeDirectory MakeParents(byte[] path)
    {
        for (var end = path.AsSpan().IndexOf((byte)'/'); ; end = path.AsSpan(end + 1).IndexOf((byte)'/') is >= 0 and var next ? end + 1 + next : -1)
        {
            var sofar = end < 0 ? path : path[..end];
            using var there = _root.TryOpenBelow(Below(sofar));
            if (there is null)
            {
                var slash = sofar.AsSpan().LastIndexOf((byte)'/');
                using var parent = OpenBelow(slash < 0 ? [] : sofar[..slash]);
                var name = sofar.AsSpan(slash + 1);

                // The name of a link that leads nowhere is taken: nothing is made through it.
                using var made = parent.TryMakeDirectory(name, ImplicitMode)
                    ?? throw new LinuxException("mkdir", Errno.EEXIST, Encoding.UTF8.GetString(sofar));
                made.AsFile().SetMode(ImplicitMode);
            }

            if (end < 0)
            {
                return OpenBelow(path);
            }
        }
    }

    private TreeDirectory OpenBelow(byte[] path) =>
        _root.TryOpenBelow(Below(path)) ?? throw new LinuxException("open", Errno.ENOTDIR, Encoding.UTF8.GetString(path));

    /// <summary>A path of the archive as one of the tree.</summary>
    private byte[] Below(byte[] path) =>
        path.Length == 0 ? _base.Length == 0 ? [(byte)'.'] : _base : _base.Length == 0 ? path : [.. _base, (byte)'/', .. path];

    private void MakeDirectory(TreeDirectory parent, EntryPath path, TarEntry entry, bool merged)
    {
        using var directory = (merged ? null : parent.TryMakeDirectory(path.Name, ImplicitMode)) ?? parent.OpenDirectory(path.Name);
        TreeEntry.SetDirectory(directory, entry);
        if (_times.Count < TimesMax)
        {
            var place = Below([.. path.Directory, .. path.Directory.Length > 0 ? "/"u8 : [], .. path.Name]);
            _times.Add((place, directory.Status().Identity, entry.Modified));
        }
    }

    private void MakeHardLink(TreeDirectory directory, byte[] name, TarEntry entry)
    {
        var target = EntryPath.Parse(Renamed(entry.LinkName));
        using var source = target.IsRoot ? null : _root.TryOpenBelow(Below(target.Directory));
        if (source?.TryStatus(target.Name) is not { IsDirectory: false })
        {
            throw new ArchiveException(
                $"invalid archive: {Encoding.UTF8.GetString(entry.Name)} links to {Encoding.UTF8.GetString(entry.LinkName)}, which is not there");
        }

        directory.TryMakeHardLink(name, source, target.Name);
    }
}
