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

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(30)]
    [InlineData(100_000)]
    public void However_it_comes_everything_stays_in_order(int piece)
    {
        var sent = new MemoryStream();
        var (output, error) = (new StringBuilder(), new StringBuilder());
        for (var i = 0; i < 20_000; i++)
        {
            var text = $"{i}{new string('.', i % 90)}\n";
            var isError = i % 5 == 4;
            (isError ? error : output).Append(text);
            sent.Write([(byte)(isError ? 2 : 1), 0, 0, 0, 0, 0, 0, (byte)text.Length, .. Encoding.ASCII.GetBytes(text)]);
        }

        sent.Write(ExitFrame.Of(0));
        Assert.Equal((0, output.ToString(), error.ToString()), Copy(sent.ToArray(), piece));
    }

    [Fact]
    public void What_follows_each_other_on_one_stream_is_written_together_and_before_the_other_stream()
    {
        var writes = new List<string>();
        using var output = new NotingStream(text => writes.Add($"out {text}"));
        using var error = new NotingStream(text => writes.Add($"err {text}"));
        using var source = new MemoryStream([.. Frame(1, "a"), .. Frame(1, "b"), .. Frame(2, "c"), .. Frame(1, "d"), .. Frame(1, "e")]);
        Demultiplexer.CopyFrames(source.Read, new OutputWriter(output), new OutputWriter(error));
        Assert.Equal(["out ab", "err c", "out de"], writes);
    }

    [Fact]
    public void Half_an_exit_code_is_none() => Assert.Null(Copy(ExitFrame.Of(1)[..^1], 1000).ExitCode);

    private static byte[] Frame(byte stream, string text) => [stream, 0, 0, 0, 0, 0, 0, (byte)text.Length, .. Encoding.ASCII.GetBytes(text)];

    private static (int? ExitCode, string Output, string Error) Copy(byte[] bytes, int piece)
    {
        using var source = new MemoryStream(bytes);
        using var output = new MemoryStream();
        using var error = new MemoryStream();
        var exitCode = Demultiplexer.CopyFrames(b => source.Read(b[..Math.Min(b.Length, piece)]), new OutputWriter(output), new OutputWriter(error));
        return (exitCode, Encoding.UTF8.GetString(output.ToArray()), Encoding.UTF8.GetString(error.ToArray()));
    }

    private sealed class NotingStream(Action<string> note) : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => note(Encoding.ASCII.GetString(buffer));
    }
}
