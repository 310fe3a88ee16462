using System.Security.Cryptography;
using Berth.Archives.Streams;
using Berth.Oci;

namespace Berth.Images.Streams;

/// <summary>Computes the digest of what is read through it.</summary>
internal sealed class DigestingStream(Stream source) : ReadOnlyStream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public override int Read(Span<byte> buffer)
    {
        var count = source.Read(buffer);
        _hash.AppendData(buffer[..count]);
        return count;
    }

    /// <summary>Reads the rest and gives the digest of everything.</summary>
    public Digest Finish()
    {
        var scrap = new byte[32 * 1024];
        while (Read(scrap) > 0)
        {
        }

        return Digest.FromSha256(_hash.GetHashAndReset());
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
            source.Dispose();
        }

        base.Dispose(disposing);
    }
}
