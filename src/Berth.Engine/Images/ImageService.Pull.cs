using Berth.Api.Images;
using Berth.Oci;

namespace Berth.Engine.Images;

public sealed partial class ImageService
{
    /// <summary>Fetches an image. So far that is the built-in one: there is no registry client yet.</summary>
    public async Task PullAsync(ImageReference name, Func<ProgressMessage, Task> report, CancellationToken cancellationToken)
    {
        if (!HelloImage.IsNamed(name.Canonical))
        {
            throw new EngineException(
                ErrorKind.NotFound,
                $"pull access denied for {name.FamiliarName}, repository does not exist or may require authorization: "
                + "this version of Berth cannot reach registries; use load or import");
        }

        await report(new ProgressMessage { Id = name.Tag, Status = $"Pulling from {name.Path}" });
        var isNew = await EnsureHelloAsync(cancellationToken);
        var image = Catalog.ByName(HelloImage.Name) ?? throw ImageErrors.NoSuchImage(name.Familiar);
        await report(new ProgressMessage { Status = $"Digest: {image.Manifest.Digest}" });
        await report(new ProgressMessage
        {
            Status = isNew ? $"Status: Downloaded newer image for {name.Familiar}" : $"Status: Image is up to date for {name.Familiar}",
        });
        Publish("pull", image.Id, name.Familiar);
    }
}
