using System.IO.Pipelines;
using Berth.Api.Images;
using Berth.Archives.Streams;
using Berth.Engine.Images.Transfers;
using Berth.Images;
using Berth.Images.Archives;
using Berth.Linux;

namespace Berth.Engine.Images;

public sealed partial class ImageService
{
    /// <summary>Reads the images of an archive that <c>docker save</c>, skopeo, podman or buildkit wrote.</summary>
    /// <param name="archive">Plain, or compressed as a whole.</param>
    /// <param name="quiet">Only the images are told of; else also how far each layer is, while the archive still comes.</param>
    /// <param name="report">Told of the progress and of each image as it is listed, one call at a time.</param>
    public Task LoadAsync(PipeReader archive, bool quiet, Func<ProgressMessage, Task> report, CancellationToken cancellationToken) =>
        TransferReport.RunAsync(
            report,
            async (progress, token) =>
            {
                Func<string, long, Action<long>>? watch = quiet ? null : (id, size) => progress.Progress("Loading layer", id, size);
                foreach (var message in await StoreAsync(archive, watch, token))
                {
                    progress.Say(new ProgressMessage { Stream = message });
                }
            },
            _time,
            cancellationToken);

    private async Task<IReadOnlyList<string>> StoreAsync(
        PipeReader archive, Func<string, long, Action<long>>? watch, CancellationToken cancellationToken)
    {
        using var lease = BeginStoring();
        try
        {
            using var stream = new PipeReadStream(archive, cancellationToken);
            var images = await new ImageArchive(_content, _layers).LoadAsync(stream, watch, cancellationToken);
            var messages = images.SelectMany(List).ToList();
            lease.Complete();
            return messages;
        }
        catch (ImageStoreException e)
        {
            throw ImageErrors.Invalid(e.Message, e);
        }
        catch (Exception e) when (e is IOException or LinuxException)
        {
            // The disk is full, or the client went away.
            throw new EngineException(ErrorKind.System, FailureText.Of(e), e);
        }
    }

    // From here on the image can be seen.
    private List<string> List(StoredImage image)
    {
        var messages = new List<string>();
        Update(catalog =>
        {
            catalog = catalog.With(image.Id, image.Manifest);
            foreach (var name in image.Names)
            {
                if (catalog.ByName(name) is { } before && before.Id != image.Id)
                {
                    messages.Add($"The image {name.Familiar} already exists, renaming the old one with ID {before.Id} to empty string\n");
                }

                catalog = catalog.WithName(name, image.Id, image.Manifest);
            }

            return catalog;
        });
        messages.AddRange(image.Names.Select(name => $"Loaded image: {name.Familiar}\n"));
        if (image.Names.Count == 0)
        {
            messages.Add($"Loaded image ID: {image.Id}\n");
        }

        Publish("load", image.Id, image.Id.ToString());
        return messages;
    }
}
