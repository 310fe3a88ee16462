using Berth.Api.Images;
using Berth.Engine.Images.Transfers;
using Berth.Images;
using Berth.Images.Registry;
using Berth.Oci;

namespace Berth.Engine.Images;

public sealed partial class ImageService
{
    /// <summary>Sends an image to the registry that its name names; with a name without a tag, every tag of that repository.</summary>
    /// <param name="report">Told of the progress, one call at a time.</param>
    public Task PushAsync(
        ImageReference name, RegistryCredentials? credentials, Func<ProgressMessage, Task> report, CancellationToken cancellationToken) =>
        TransferReport.RunAsync(
            report,
            async (progress, token) =>
            {
                try
                {
                    await PushAsync(name, credentials, progress, token);
                }
                catch (RegistryException e)
                {
                    throw RegistryErrors.Of(e);
                }
                catch (Exception e) when (e is ImageStoreException or IOException)
                {
                    throw new EngineException(ErrorKind.System, e.Message, e);
                }
            },
            cancellationToken);

    private async Task PushAsync(ImageReference name, RegistryCredentials? credentials, TransferReport report, CancellationToken cancellationToken)
    {
        report.Say($"The push refers to repository [{name.Name}]");
        var tagged = Catalog.Images.SelectMany(NamesOf).Where(n => n.Name == name.Name && n.Tag is not null).ToList();
        if (tagged.Count == 0)
        {
            throw new EngineException(ErrorKind.NotFound, $"An image does not exist locally with the tag: {name.FamiliarName}");
        }

        if (!name.IsNameOnly)
        {
            tagged = tagged.Contains(name) ? [name] : throw new EngineException(ErrorKind.NotFound, $"tag does not exist: {name.Familiar}");
        }

        // What is being sent must not be collected.
        using var lease = BeginStoring();
        var session = await _registries.OpenAsync(_registries.TargetsOf(name)[^1], credentials, cancellationToken);
        session.ForPush = true;
        var push = new ImagePush(_content, session, blob => MountSource(name, blob), _uploads, report, _time);
        foreach (var one in tagged.OrderBy(n => n.Tag, StringComparer.Ordinal))
        {
            var image = Catalog.ByName(one) ?? throw ImageErrors.NoSuchImage(one.Familiar);
            var descriptor = image.Names[one.Canonical];
            var diffIds = _documents.Image(image.Id).Rootfs.DiffIds;
            await push.RunAsync(
                one.Tag!, descriptor, _documents.Manifest(descriptor.Digest), diffIds, cancellationToken);

            // From now on the registry's name for it is known here, too.
            Update(catalog => catalog.ById(image.Id) is null ? catalog : catalog.WithName(one.WithDigest(descriptor.Digest), image.Id, descriptor));
            Publish("push", image.Id, one.Familiar);
        }

        lease.Complete();
    }

    // Another repository of the same registry from which, or to which, a layer went before.
    private string? MountSource(ImageReference target, Digest blob) => Catalog.Images
        .SelectMany(i => i.Names.Select(n => (Name: ImageReference.Parse(n.Key), Manifest: n.Value)))
        .Where(n => n.Name.Digest is not null && n.Name.Domain == target.Domain && n.Name.Path != target.Path)
        .FirstOrDefault(n => _documents.Manifest(n.Manifest.Digest).Layers.Any(l => l.Digest == blob))
        .Name?.Path;
}
