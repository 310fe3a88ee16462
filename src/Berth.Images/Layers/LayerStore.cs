using Berth.Oci;

namespace Berth.Images.Layers;

/// <summary>Unpacked layers, each under the address of the stack that it is the top of.</summary>
public sealed class LayerStore
{
    private readonly string _root;

    public LayerStore(string root)
    {
        _root = root;
        Directory.CreateDirectory(root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>The overlay lower directory of a layer. Named by the hexadecimal part only: a colon separates directories in mount options.</summary>
    public string DirectoryOf(Digest chainId) => Path.Combine(_root, chainId.Hex, "diff");
}
