using System.Text;

namespace Berth.Oci.Images;

/// <summary>Addresses of stacks of layers, as the OCI image specification defines them.</summary>
public static class ChainId
{
    /// <summary>The address of each stack, from the bottom layer alone to all of them.</summary>
    public static IReadOnlyList<Digest> OfLayers(IReadOnlyList<Digest> diffIds)
    {
        ArgumentNullException.ThrowIfNull(diffIds);
        var chain = new Digest[diffIds.Count];
        for (var i = 0; i < chain.Length; i++)
        {
            chain[i] = i == 0 ? diffIds[0] : Digest.OfContent(Encoding.ASCII.GetBytes($"{chain[i - 1]} {diffIds[i]}"));
        }

        return chain;
    }
}
