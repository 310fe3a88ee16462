using System.Globalization;
using System.IO.Pipelines;
using Berth.Archives.Streams;
using Berth.Images;
using Berth.Images.Archives;
using Berth.Images.Layers;
using Berth.Oci;
using Berth.Oci.Images;

namespace Berth.Engine.Images;

public sealed partial class ImageService
{
    /// <summary>Makes an image that has one layer more than its parent.</summary>
    /// <param name="writeLayer">Writes the layer's archive.</param>
    /// <param name="cancellationToken">Ends it, with nothing stored.</param>
    public async Task<Digest> CommitAsync(ImageCommit commit, Action<Stream> writeLayer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(commit);
        using var lease = BeginStoring();
        try
        {
            var parent = Catalog.ById(commit.Parent.Id) ?? throw ImageErrors.NoSuchImage(commit.Parent.Id.ToString());
            using var ingest = await IngestAsync(writeLayer, cancellationToken);
            using var layer = ingest.TakeLayer();
            var chain = _documents.ChainIds(parent.Id);
            var diffIds = commit.Parent.Image.Rootfs.DiffIds;
            var empty = layer.IsEmpty;
            if (!empty)
            {
                diffIds = [.. diffIds, layer.DiffId];
                await _layers.EnsureAsync(ChainId.OfLayers(diffIds)[^1], chain, () => layer);
                ingest.Blob.Commit();
            }

            var created = _time.GetUtcNow();
            var image = commit.Parent.Image with
            {
                Created = created.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture),
                Author = commit.Author,
                Comment = commit.Comment,
                Container = commit.Container,
                Config = commit.Config,
                Rootfs = new OciRootFs { DiffIds = diffIds },
                History =
                [
                    .. commit.Parent.Image.History ?? [],
                    new OciHistory
                    {
                        Created = created, CreatedBy = commit.CreatedBy, Author = commit.Author, Comment = commit.Comment, EmptyLayer = empty,
                    },
                ],
            };
            var blob = new OciDescriptor
            {
                MediaType = ImageManifest.LayerMediaType(ingest.Compression),
                Digest = ingest.Blob.Digest,
                Size = ingest.Blob.Size,
            };
            var config = _content.Write(image, OciImageJson.Default.OciImage, MediaTypes.OciConfig);
            var below = _documents.Manifest(parent.Manifest.Digest).Layers;
            var stored = ImageManifest.Store(_content, config, empty ? below : [.. below, blob], []);
            Update(c => commit.Name is null
                ? c.With(stored.Id, stored.Manifest, parent.Id)
                : c.With(stored.Id, stored.Manifest, parent.Id).WithName(commit.Name, stored.Id, stored.Manifest));
            lease.Complete();
            if (commit.Name is { } name)
            {
                Publish("tag", stored.Id, name.Familiar);
            }

            return stored.Id;
        }
        catch (ImageStoreException e)
        {
            throw ImageErrors.Invalid(e.Message, e);
        }
    }

    /// <summary>Stores and unpacks an archive while it is written, each on a thread of its own.</summary>
    private async Task<LayerIngest> IngestAsync(Action<Stream> write, CancellationToken cancellationToken)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 4 << 20, resumeWriterThreshold: 1 << 20, minimumSegmentSize: 64 * 1024));
        var writing = OwnThread.Run(() =>
        {
            Exception? failure = null;
            try
            {
                using var stream = new PipeWriteStream(pipe.Writer, cancellationToken);
                write(stream);
                stream.Flush();
            }
            catch (Exception e) when (e is IOException or Linux.LinuxException or Berth.Archives.ArchiveException or OperationCanceledException)
            {
                failure = e;
                throw;
            }
            finally
            {
                // The reader must not take the end of a broken archive for its end.
                pipe.Writer.Complete(failure);
            }
        });
        var reading = OwnThread.Run(() =>
        {
            try
            {
                using var stream = new PipeReadStream(pipe.Reader, cancellationToken);
                return LayerIngest.Run(stream, _content, _layers);
            }
            finally
            {
                pipe.Reader.Complete();
            }
        });
        await Task.WhenAll(writing, reading);
        return await reading;
    }
}
