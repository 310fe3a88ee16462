using System.Buffers;
using Berth.Archives;
using Berth.Archives.Streams;
using Berth.Images.Content;
using Berth.Images.Streams;
using Berth.Oci;

namespace Berth.Images.Layers;

/// <summary>
/// Takes a layer's archive as it comes, over the network or out of another archive: one thread stores it as a blob and computes its
/// digest, another decompresses and unpacks it meanwhile. No byte is read twice, and none digested twice.
/// </summary>
public sealed class LayerIngest : IDisposable
{
    private readonly Task<StagedLayer> _unpacking;
    private bool _taken;

    private LayerIngest(PendingBlob blob, Compression compression, Task<StagedLayer> unpacking)
    {
        Blob = blob;
        Compression = compression;
        _unpacking = unpacking;
    }

    /// <summary>The archive as it came.</summary>
    public PendingBlob Blob { get; }

    public Compression Compression { get; }

    /// <summary>
    /// Reads a stream that may be asynchronous only, such as a request's body, and takes off a compression that no layer can have.
    /// Call it on a thread of its own.
    /// </summary>
    /// <exception cref="ImageStoreException">It is no archive that can be read.</exception>
    public static LayerIngest Run(Stream archive, ContentStore content, LayerStore layers, CancellationToken cancellationToken)
    {
        using var blocking = new PeekStream(new BlockingStream(archive, cancellationToken));
        var compression = Decompression.Detect(blocking.Peek(Decompression.MagicLength));
        if (compression is not (Compression.Bzip2 or Compression.Xz))
        {
            return Run(blocking, content, layers);
        }

        try
        {
            using var plain = Decompression.Open(blocking, compression);
            return Run(plain, content, layers);
        }
        catch (Exception e) when (e is InvalidDataException or ArchiveException)
        {
            throw new ImageStoreException(e.Message, e);
        }
    }

    /// <param name="archive">Read to its end.</param>
    /// <param name="unpacked">Told how many of the archive's bytes were unpacked, each time that some were; called from another thread.</param>
    public static LayerIngest Run(Stream archive, ContentStore content, LayerStore layers, Action<long>? unpacked = null)
    {
        using var writer = content.Write();
        return Run(archive, writer, layers, unpacked);
    }

    /// <param name="archive">Read to its end; it begins after what the writer has already.</param>
    /// <param name="unpacked">Told how many of the archive's bytes were unpacked, each time that some were; called from another thread.</param>
    /// <param name="stored">Told of the archive once all of it came; some of it may still have to be unpacked.</param>
    public static LayerIngest Run(
        Stream archive, BlobWriter writer, LayerStore layers, Action<long>? unpacked = null, Action<PendingBlob>? stored = null)
    {
        using var handover = new Handover();
        var unpacking = Task.Factory.StartNew(
            () =>
            {
                try
                {
                    return layers.Unpack(handover, digested: true, unpacked);
                }
                finally
                {
                    handover.Leave();
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        LayerIngest? ingest = null;
        try
        {
            var compression = Copy(archive, writer, handover);
            ingest = new LayerIngest(writer.Finish(), compression, unpacking);
            stored?.Invoke(ingest.Blob);
            return ingest;
        }
        finally
        {
            handover.Complete();
            Task.WaitAny(unpacking);
            if (ingest is null)
            {
                Discard(unpacking);
            }
        }
    }

    /// <summary>The digest of the uncompressed archive. Throws what went wrong when it was unpacked.</summary>
    public Digest DiffId => Unpacked.DiffId;

    /// <summary>The unpacked layer, which belongs to the caller from now on. Throws what went wrong when it was unpacked.</summary>
    public StagedLayer TakeLayer()
    {
        var layer = Unpacked;
        _taken = true;
        return layer;
    }

    private StagedLayer Unpacked
    {
        get
        {
            var layer = _unpacking.GetAwaiter().GetResult();
            if (Compression is Compression.None)
            {
                layer.DiffId = Blob.Digest;
            }

            return layer;
        }
    }

    public void Dispose()
    {
        Blob.Dispose();
        if (!_taken)
        {
            Discard(_unpacking);
        }
    }

    private static void Discard(Task<StagedLayer> unpacking)
    {
        if (unpacking.IsCompletedSuccessfully)
        {
            unpacking.Result.Dispose();
        }
    }

    private static Compression Copy(Stream archive, BlobWriter writer, Handover handover)
    {
        var compression = Compression.None;
        while (true)
        {
            var block = ArrayPool<byte>.Shared.Rent(Handover.BlockSize);
            var first = writer.Size == 0;
            var count = writer.ReadPresent(block.AsSpan(0, Handover.BlockSize));
            if (count == 0)
            {
                count = archive.ReadAtLeast(block.AsSpan(0, Handover.BlockSize), Decompression.MagicLength, throwOnEndOfStream: false);
                if (count == 0)
                {
                    ArrayPool<byte>.Shared.Return(block);
                    return compression;
                }

                writer.Append(block.AsSpan(0, count));
            }

            compression = first ? Decompression.Detect(block.AsSpan(0, count)) : compression;
            handover.Give(new ArraySegment<byte>(block, 0, count));
        }
    }
}
