namespace Berth.Monitor.Tests;

public sealed class FrameBufferTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(4096)]
    [InlineData(int.MaxValue)]
    public void Frames_come_out_whole_however_the_bytes_arrive(int piece)
    {
        var random = new Random(1);
        var sent = new List<(FrameKind Kind, byte[] Payload)>();
        var wire = new List<byte>();
        foreach (var length in new[] { 0, 1, 100, 4088, 4089, 0, 70_000, 5, 16_384 })
        {
            var payload = new byte[length];
            random.NextBytes(payload);
            sent.Add((length % 2 == 0 ? FrameKind.Stdout : FrameKind.Stdin, payload));
            var header = new byte[FrameHeader.Size];
            new FrameHeader(sent[^1].Kind, length).Write(header);
            wire.AddRange(header);
            wire.AddRange(payload);
        }

        var buffer = new FrameBuffer(16);
        var received = new List<(FrameKind, byte[])>();
        for (var position = 0; position < wire.Count;)
        {
            var free = buffer.Free();
            Assert.NotEqual(0, free.Length);
            var count = Math.Min(Math.Min(piece, free.Length), wire.Count - position);
            wire.GetRange(position, count).CopyTo(free.Span);
            buffer.Received(count);
            position += count;
            while (buffer.TryTake(out var header, out var frame))
            {
                received.Add((header.Kind, frame[FrameHeader.Size..].ToArray()));
            }
        }

        Assert.True(buffer.IsEmpty);
        Assert.Equal(sent.Select(s => (s.Kind, Convert.ToHexString(s.Payload))), received.Select(r => (r.Item1, Convert.ToHexString(r.Item2))));
    }

    [Theory]
    [InlineData("0400000000000000")]
    [InlineData("0100000001000001")]
    [InlineData("01000000FFFFFFFF")]
    public void Bytes_that_are_no_frame_are_refused(string header)
    {
        var buffer = new FrameBuffer();
        Convert.FromHexString(header).CopyTo(buffer.Free());
        buffer.Received(FrameHeader.Size);
        Assert.Throws<InvalidDataException>(() => buffer.TryTake(out _, out _));
    }

    [Fact]
    public void A_header_is_Dockers_stdcopy_header()
    {
        var bytes = new byte[FrameHeader.Size];
        new FrameHeader(FrameKind.Stderr, 0x010203).Write(bytes);
        Assert.Equal("0200000000010203", Convert.ToHexString(bytes));
    }
}
