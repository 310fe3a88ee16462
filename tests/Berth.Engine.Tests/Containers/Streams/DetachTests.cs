using System.Text;
using Berth.Engine.Containers.Streams;

namespace Berth.Engine.Tests.Containers.Streams;

public sealed class DetachTests
{
    [Fact]
    public void Keys_are_read_by_name()
    {
        Assert.Equal([16, 17], DetachKeys.Parse(null));
        Assert.Equal([1, (byte)'x', 31, 127], DetachKeys.Parse("ctrl-a,x,ctrl-_,DEL"));
        Assert.Equal("Invalid escape keys (ctrl-1) provided", Assert.Throws<EngineException>(() => DetachKeys.Parse("ctrl-1")).Message);
    }

    [Theory]
    [InlineData("abc", "abc", false)]
    [InlineData("a\u0010\u0011b", "a", true)]
    [InlineData("\u0010x", "\u0010x", false)]
    [InlineData("\u0010\u0010\u0011", "\u0010", true)]
    [InlineData("x\u0010", "x", false)]
    public void Only_the_whole_sequence_detaches_and_all_else_passes(string typed, string passed, bool detached)
    {
        var output = new List<byte>();
        Assert.Equal(detached, new DetachScanner([16, 17]).Scan(Encoding.ASCII.GetBytes(typed), output));
        Assert.Equal(passed, Encoding.ASCII.GetString([.. output]));
    }
}
