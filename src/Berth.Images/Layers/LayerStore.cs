using System.Collections.Concurrent;
using System.Globalization;
using Berth.Archives;
using Berth.Archives.Streams;
using Berth.Archives.Tar;
using Berth.Images.Content;
using Berth.Images.Streams;
using Berth.Linux.Files;
using Berth.Oci;

namespace Berth.Images.Layers;

/// <summary>Unpacked layers, each under the address of the stack that it is the top of.</summary>
/// <remarks>
/// A layer is unpacked in <c>tmp</c> and renamed, so that one that can be seen is complete, though maybe not yet on the disk
/// (<see cref="Unsynced"/>). It never changes afterwards: containers use it as an overlay lower directory.
/// </remarks>
public sealed class LayerStore
{
    /// <summary>overlay takes no more lower directories than this, and Docker never allowed as many.</summary>
    public const int StackMax = 500;

    private readonly string _root;
    private readonly TemporaryDirectory _temporary;
    private readonly SyncRecord _record;
    private readonly Lock _gate = new();
    private readonly Dictionary<Digest, Task> _unpacking = [];

    // Read once: a layer that can be seen does not change.
    private readonly ConcurrentDictionary<Digest, long> _sizes = new();

    public LayerStore(string root)
    {
        _root = root;

        // Others must not reach the set-id programs and devices in the layers.
        Directory.CreateDirectory(root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _temporary = new TemporaryDirectory(root);
        _temporary.Spread();
        _record = new SyncRecord(root, Path.Combine(root, "synced"));

        // overlay needs a lower directory: this one is that of an image without layers.
        EmptyDirectory = Path.Combine(root, "empty");
        MakeRootDirectory(EmptyDirectory);
    }

    public string EmptyDirectory { get; }

    /// <summary>No power failure can have happened since the store was seen to be good.</summary>
    public bool IsOfThisBoot => _record.IsOfThisBoot;

    /// <summary>Says that what may have been damaged was looked at, and what was damaged removed.</summary>
    public void BeginBoot() => _record.BeginBoot();

    /// <summary>The overlay lower directory of a layer. Named by the hexadecimal part only: a colon separates directories in mount options.</summary>
    public string DirectoryOf(Digest chainId) => Path.Combine(_root, chainId.Hex, "diff");

    /// <summary>The lower directories of a stack in overlay's order, the top first; never none.</summary>
    public IReadOnlyList<string> LowerDirectories(IReadOnlyList<Digest> chainIds) =>
        chainIds.Count == 0 ? [EmptyDirectory] : [.. chainIds.Reverse().Select(DirectoryOf)];

    public bool Contains(Digest chainId) => Directory.Exists(DirectoryOf(chainId));

    /// <summary>All layers that are there.</summary>
    public IEnumerable<Digest> List() =>
        Directory.EnumerateDirectories(_root)
            .Select(d => Digest.TryParse($"sha256:{Path.GetFileName(d)}", out var chainId) ? chainId : default)
            .Where(c => !c.IsDefault);

    /// <summary>Unpacks an archive, compressed or not, to where nobody sees it yet.</summary>
    /// <param name="archive">Read to its end.</param>
    /// <param name="progress">Told how many of its bytes were unpacked, each time that some were.</param>
    public StagedLayer Unpack(Stream archive, Action<long>? progress = null) => Unpack(archive, digested: false, progress);

    /// <param name="archive">Read to its end.</param>
    /// <param name="progress">Told how many of its bytes were unpacked, each time that some were.</param>
    /// <param name="digested">
    /// The caller computes the digest of the archive as it comes. Where that is not compressed, it is the layer's, and the caller's to
    /// tell: computing it twice would be half of the work.
    /// </param>
    internal StagedLayer Unpack(Stream archive, bool digested, Action<long>? progress)
    {
        var path = _temporary.NewPath();
        var diff = Path.Combine(path, "diff");
        Directory.CreateDirectory(path);
        MakeRootDirectory(diff);
        StagedLayer? layer = null;
        try
        {
            var source = new PeekStream(progress is null ? archive : new WatchedStream(archive, progress));
            var compression = Decompression.Detect(source.Peek(Decompression.MagicLength));
            if (compression is Compression.Bzip2 or Compression.Xz)
            {
                // No media type of a layer means them, and several decoders at once would need more memory than a daemon should.
                throw new ImageStoreException($"{compression} compression of layers is not supported: use gzip, zstd or none");
            }

            using var content = Decompression.Open(source, compression);
            using var digesting = digested && compression is Compression.None ? null : new DigestingStream(content);
            using var unpacker = new LayerUnpacker(diff);
            using var buffered = new PeekStream(digesting ?? content);
            unpacker.Unpack(new TarReader(buffered));
            File.WriteAllText(Path.Combine(path, "size"), unpacker.Size.ToString(CultureInfo.InvariantCulture));
            if (digesting is null)
            {
                content.CopyTo(Stream.Null);
            }

            return layer = new StagedLayer(path, unpacker.ImplicitDirectories) { DiffId = digesting?.Finish() ?? default };
        }
        catch (Exception e) when (e is InvalidDataException or ArchiveException)
        {
            throw new ImageStoreException(e.Message, e);
        }
        finally
        {
            if (layer is null)
            {
                TreeRemoval.Remove(path);
            }
        }
    }

    /// <summary>
    /// Makes a layer visible, unpacking it first where it is not there. However many ask for the same layer at once, it is unpacked
    /// once.
    /// </summary>
    /// <param name="below">The addresses of the stacks below, bottom first; their layers are there.</param>
    /// <param name="unpack">Gives the layer; runs on a thread of its own, since it may take long.</param>
    public Task EnsureAsync(Digest chainId, IReadOnlyList<Digest> below, Func<StagedLayer> unpack)
    {
        if (Contains(chainId))
        {
            return Task.CompletedTask;
        }

        lock (_gate)
        {
            if (!_unpacking.TryGetValue(chainId, out var running))
            {
                running = Task.Factory.StartNew(
                    () => UnpackAndCommit(chainId, below, unpack),
                    CancellationToken.None,
                    TaskCreationOptions.LongRunning,
                    TaskScheduler.Default);
                _unpacking.Add(chainId, running);
            }

            return running;
        }
    }

    /// <summary>
    /// Takes a layer that no image and no container uses out of sight: at once and completely, also if what follows is interrupted.
    /// </summary>
    /// <returns>What <see cref="Delete"/> is to remove, which may take long; null where there is no such layer.</returns>
    public string? Detach(Digest chainId)
    {
        var detached = _temporary.NewPath();
        _sizes.TryRemove(chainId, out _);
        try
        {
            Directory.Move(Path.Combine(_root, chainId.Hex), detached);
            return detached;
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
    }

    public static void Delete(string detached) => TreeRemoval.Remove(detached);

    /// <summary>The sum of the lengths of a layer's files, noted when it was unpacked; 0 where there is no such layer.</summary>
    public long SizeOf(Digest chainId)
    {
        if (_sizes.TryGetValue(chainId, out var known))
        {
            return known;
        }

        var file = Path.Combine(_root, chainId.Hex, "size");
        return File.Exists(file) && long.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out var size) ? _sizes[chainId] = size : 0;
    }

    /// <summary>The layers that a power failure may have damaged, or may damage if it comes now.</summary>
    public IReadOnlyList<Digest> Unsynced() => _record.Unsynced();

    /// <summary>Brings every layer that was committed to the disk.</summary>
    public void Sync() => _record.Sync();

    /// <summary>Removes what processes before this one left unfinished.</summary>
    public void CollectTemporary() => _temporary.Collect();

    // Its mode becomes that of a container's "/", whatever the daemon's umask is.
    private static void MakeRootDirectory(string path)
    {
        Directory.CreateDirectory(path);
        using var directory = HeldEntry.Open(path);
        directory.SetMode(0b111_101_101);
    }

    private void UnpackAndCommit(Digest chainId, IReadOnlyList<Digest> below, Func<StagedLayer> unpack)
    {
        try
        {
            if (Contains(chainId))
            {
                // Somebody else's came just before this one was begun.
                return;
            }

            using var staged = unpack();
            ImplicitDirectories.Complete(Path.Combine(staged.Path, "diff"), staged.ImplicitDirectories, [.. below.Reverse().Select(DirectoryOf)]);
            Directory.Move(staged.Path, Path.Combine(_root, chainId.Hex));
        }
        finally
        {
            lock (_gate)
            {
                _unpacking.Remove(chainId);
            }
        }
    }
}
