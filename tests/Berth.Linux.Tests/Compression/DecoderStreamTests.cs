using System.Diagnostics;
using System.Security.Cryptography;
using Berth.Linux.Compression;

namespace Berth.Linux.Tests.Compression;

public sealed class DecoderStreamTests
{
    public static TheoryData<string> Compressors => ["bzip2", "xz", "zstd"];

    [Theory]
    [MemberData(nameof(Compressors))]
    public void What_its_tool_compressed_comes_out_whole_also_of_streams_behind_each_other(string tool)
    {
        var (first, second) = (RandomNumberGenerator.GetBytes(700_000), new byte[3_000_000]);
        Assert.Equal([.. first, .. second], Decompress(tool, [.. Compress(tool, first), .. Compress(tool, second)]));
    }

    [Theory]
    [MemberData(nameof(Compressors))]
    public void What_was_cut_off_or_is_something_else_is_refused(string tool)
    {
        var whole = Compress(tool, RandomNumberGenerator.GetBytes(100_000));
        Assert.Contains("unexpected EOF", Assert.Throws<InvalidDataException>(() => Decompress(tool, whole[..50_000])).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => Decompress(tool, RandomNumberGenerator.GetBytes(1000)));
    }

    private static byte[] Decompress(string tool, byte[] compressed)
    {
        var source = new MemoryStream(compressed);
        using DecoderStream stream = tool switch { "bzip2" => new Bzip2Stream(source), "xz" => new XzStream(source), _ => new ZstdStream(source) };
        using var result = new MemoryStream();
        stream.CopyTo(result);
        return result.ToArray();
    }

    private static byte[] Compress(string tool, byte[] plain)
    {
        using var process = Process.Start(new ProcessStartInfo(tool, ["-c"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var writing = Task.Run(() =>
        {
            process.StandardInput.BaseStream.Write(plain);
            process.StandardInput.Close();
        });
        using var result = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(result);
        writing.GetAwaiter().GetResult();
        process.WaitForExit();
        return result.ToArray();
    }
}
