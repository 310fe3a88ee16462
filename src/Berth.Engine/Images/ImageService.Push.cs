using Berth.Api.Images;
using Berth.Engine.Images.Transfers;
using Berth.Images;
using Berth.Images.Registry;
using Berth.Oci;
using Berth.Oci.Images;

namespace Berth.Engine.Images;

public sealed partial class ImageService
{
    /// <summary>Sends an image to the registry that its name names; with a name without a tag, every tag of that repository.</summary>
    /// <param name="platform">The image must be for it; null: whatever it is for.</param>
    /// <param name="report">Told of the progress, one call at a time.</param>
    public Task PushAsync(
        ImageReference name, OciPlatform? platform, RegistryCredentials? credentials, Func<ProgressMessage, Task> report, CancellationToken cancellationToken) =>
        TransferReport.RunAsync(
            report,
            async (progress, token) =>
            {
                try
                {
                    await PushAsync(name, platform, credentials, progress, token);
                }
                catch (RegistryException e)
                {
                    throw RegistryErrors.Of(e);
                }
                catch (Exception e) when (e is ImageStoreException or IOException)
                {
                    throw new EngineException(ErrorKind.System, FailureText.Of(e), e);
                }
            },
            _time,
            cancellationToken);

    private async Task PushAsync(
        ImageReference name, OciPlatform? platform, RegistryCredentials? credentials, TransferReport report, CancellationToken cancellationToken)
    {
        report.Say($"The push refers to repository [{name.Name}]");
        var tagged = Catalog.Images.SelectMany(i => i.NameList).Where(n => n.Name == name.Name && n.Tag is not null).ToList();
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
        var push = new ImagePush(_content, _compressed, session, blob => MountSource(name, blob), _uploads, report);
        foreach (var one in tagged.OrderBy(n => n.Tag, StringComparer.Ordinal))
        {
            var image = Catalog.ByName(one) ?? throw ImageErrors.NoSuchImage(one.Familiar);
            CheckPlatform(one, image.Id, platform);
            var descriptor = image.Names[one.Canonical];
            var diffIds = _documents.Image(image.Id).Rootfs.DiffIds;
            var pushed = await push.RunAsync(one.Tag!, descriptor, _documents.Manifest(descriptor.Digest), diffIds, IsKnown(image, descriptor), cancellationToken);

            // From now on the registry's name for it is known here, too.
            Update(catalog => catalog.ById(image.Id) is null ? catalog : catalog.WithName(one.WithDigest(pushed.Digest), image.Id, descriptor));
            Publish("push", image.Id, one.Familiar);
        }

        lease.Complete();
    }

    private void CheckPlatform(ImageReference name, Digest id, OciPlatform? wanted)
    {
        var platform = ImagePlatform.Of(_documents.Image(id));
        if (wanted is not null && !PlatformChoice.Runs(wanted, platform))
        {
            throw ImageErrors.WrongPlatform(name.Familiar, platform, wanted);
        }
    }

    // Some registry has the manifest as it is here.
    private static bool IsKnown(ImageRecord image, OciDescriptor manifest) =>
        image.Names.Keys.Any(name => name.EndsWith($"@{manifest.Digest}", StringComparison.Ordinal));

    // Another repository of the same registry from which, or to which, a layer went before.
    private string? MountSource(ImageReference target, Digest blob) => Catalog.Images
        .SelectMany(i => i.Names.Select(n => (Name: ImageReference.Parse(n.Key), Manifest: n.Value)))
        .Where(n => n.Name.Digest is not null && n.Name.Domain == target.Domain && n.Name.Path != target.Path)
        .FirstOrDefault(n => _documents.Manifest(n.Manifest.Digest).Layers.Any(l => l.Digest == blob))
        .Name?.Path;
}
