using Berth.Linux.Files;
using Berth.Oci;

namespace Berth.Images.Layers;

/// <summary>An unpacked layer that nobody sees yet. Disposed without a commit, it is gone.</summary>
public sealed class StagedLayer : IDisposable
{
    internal StagedLayer(string path, IReadOnlyList<byte[]> implicitDirectories)
    {
        Path = path;
        ImplicitDirectories = implicitDirectories;
    }

    /// <summary>The digest of the uncompressed archive.</summary>
    public Digest DiffId { get; internal set; }

    /// <summary>The archive held nothing.</summary>
    public bool IsEmpty => !System.IO.Directory.EnumerateFileSystemEntries(System.IO.Path.Combine(Path, "diff")).Any();

    internal string Path { get; }

    internal IReadOnlyList<byte[]> ImplicitDirectories { get; }

    /// <summary>Checks that this is the layer that an image means; one that is not is gone.</summary>
    public StagedLayer Expect(Digest diffId)
    {
        if (DiffId == diffId)
        {
            return this;
        }

        Dispose();
        throw Unexpected(diffId, DiffId);
    }

    internal static ImageStoreException Unexpected(Digest expected, Digest actual) =>
        new($"invalid diffID for layer: expected \"{expected}\", got \"{actual}\"");

    public void Dispose() => TreeRemoval.Remove(Path);
}
