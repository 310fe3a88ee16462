using System.IO.Compression;
using Microsoft.Win32.SafeHandles;

namespace Berth.Engine.Containers.Logs;

/// <summary>Makes a compressed file of a log one that can be read from any place in it.</summary>
internal static class LogUnpacking
{
    private const int BlockSize = 128 * 1024;

    /// <param name="compressed">Stays open.</param>
    /// <param name="folder">Where there is room for it; its name is gone at once.</param>
    /// <returns>What could be unpacked: of a damaged file, what is before the damage.</returns>
    public static SafeFileHandle Unpack(SafeFileHandle compressed, string folder)
    {
        var name = Path.Combine(folder, $".log-{Guid.NewGuid():N}");
        var plain = File.OpenHandle(name, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        File.Delete(name);
        try
        {
            // A file of its own: this one closes what it reads.
            using var source = File.OpenRead($"/proc/self/fd/{compressed.DangerousGetHandle()}");
            using var unpacked = new GZipStream(source, CompressionMode.Decompress);
            var block = new byte[BlockSize];
            for (var offset = 0L; unpacked.Read(block) is > 0 and var length; offset += length)
            {
                RandomAccess.Write(plain, block.AsSpan(0, length), offset);
            }
        }
        catch (InvalidDataException)
        {
            // The rest of the log is worth more than a refusal.
        }
        catch
        {
            plain.Dispose();
            throw;
        }

        return plain;
    }
}
