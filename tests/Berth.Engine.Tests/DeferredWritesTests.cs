namespace Berth.Engine.Tests;

public sealed class DeferredWritesTests : IDisposable
{
    private readonly StringWriter _text = new();
    private readonly DeferredWrites _writes;

    public DeferredWritesTests() => _writes = new DeferredWrites(TimeProvider.System, new Log(_text, LogLevel.Info, TimeProvider.System));

    public void Dispose()
    {
        _writes.Dispose();
        _text.Dispose();
    }

    [Fact]
    public void What_cannot_be_written_is_told_once_and_written_later()
    {
        var isFull = true;
        var written = 0;
        void Write() => written += isFull ? throw new IOException("No space left on device") : 1;
        _writes.Do("the record", Write);
        _writes.Do("the record", Write);
        _writes.Retry();
        Assert.Equal(0, written);
        Assert.Single(_text.ToString().Split('\n'), line => line.Contains("level=error msg=\"the record cannot be written", StringComparison.Ordinal));
        isFull = false;
        _writes.Retry();
        _writes.Retry();
        Assert.Equal(1, written);
        Assert.Contains("the record is written now", _text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_later_write_of_the_same_takes_the_place_of_one_that_waits()
    {
        var written = new List<int>();
        _writes.Later("the record", () => written.Add(1), new IOException("full"));
        _writes.Later("the record", () => written.Add(2), new IOException("full"));
        _writes.Retry();
        Assert.Equal([2], written);
    }
}
