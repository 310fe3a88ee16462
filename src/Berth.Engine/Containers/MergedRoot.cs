using Berth.Linux.Files;
using Berth.Linux.Mounts;

namespace Berth.Engine.Containers;

/// <summary>
/// Layers as one read-only tree, for looking into a container's root from the host. The overlay is a detached mount: it appears in
/// no mount table and is gone when this is disposed.
/// </summary>
internal sealed class MergedRoot : IDisposable
{
    private MergedRoot(RootDirectory directory) => Directory = directory;

    public RootDirectory Directory { get; }

    /// <param name="layers">The top first.</param>
    public static MergedRoot Open(IReadOnlyList<string> layers)
    {
        if (layers is [var only])
        {
            return new MergedRoot(RootDirectory.Open(only));
        }

        return new MergedRoot(new RootDirectory(OverlayMount.Make(layers, upper: null).Descriptor));
    }

    /// <summary>The same of a mount that is there already.</summary>
    public static MergedRoot Of(DetachedMount mount) => new(new RootDirectory(mount.Descriptor));

    public void Dispose() => Directory.Dispose();
}
