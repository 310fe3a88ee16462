using System.Text;
using Berth.Api.Containers;
using Berth.Cli.Streams;

namespace Berth.Cli.Tests.Streams;

public sealed class DemultiplexerTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1000)]
    public void Frames_go_to_their_streams_and_the_last_tells_the_exit_code(int piece)
    {
        var (exitCode, output, error) = Copy([1, 0, 0, 0, 0, 0, 0, 2, .. "ab"u8, 2, 0, 0, 0, 0, 0, 0, 1, .. "c"u8, .. ExitFrame.Of(300)], piece);
        Assert.Equal((300, "ab", "c"), (exitCode, output, error));
    }

    [Fact]
    public void A_stream_that_ends_without_it_tells_no_exit_code() =>
        Assert.Equal((null, "ab", ""), Copy([1, 0, 0, 0, 0, 0, 0, 2, .. "ab"u8], 1000));

    [Fact]
    public void Half_an_exit_code_is_none() => Assert.Null(Copy(ExitFrame.Of(1)[..^1], 1000).ExitCode);

    private static (int? ExitCode, string Output, string Error) Copy(byte[] bytes, int piece)
    {
        using var source = new MemoryStream(bytes);
        using var output = new MemoryStream();
        using var error = new MemoryStream();
        var exitCode = Demultiplexer.CopyFrames(b => source.Read(b[..Math.Min(b.Length, piece)]), new OutputWriter(output), new OutputWriter(error));
        return (exitCode, Encoding.UTF8.GetString(output.ToArray()), Encoding.UTF8.GetString(error.ToArray()));
    }
}
