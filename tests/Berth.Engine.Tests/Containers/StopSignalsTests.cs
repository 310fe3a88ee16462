using Berth.Engine.Containers;

namespace Berth.Engine.Tests.Containers;

public sealed class StopSignalsTests
{
    [Theory]
    [InlineData("TERM", 15)]
    [InlineData("SIGTERM", 15)]
    [InlineData("sigkill", 9)]
    [InlineData("9", 9)]
    [InlineData("SIGWINCH", 28)]
    [InlineData("SYS", 31)]
    [InlineData("RTMIN", 34)]
    [InlineData("SIGRTMIN+3", 37)]
    [InlineData("RTMAX-1", 63)]
    public void Signals_have_names_and_numbers(string text, int number) => Assert.Equal(number, StopSignals.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("65")]
    [InlineData("SIGNOSUCH")]
    [InlineData("RTMIN-1")]
    [InlineData("-9")]
    public void Others_are_refused(string text) =>
        Assert.Equal($"invalid signal: {text}", Assert.Throws<EngineException>(() => StopSignals.Parse(text)).Message);
}
