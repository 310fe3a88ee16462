namespace Berth.Engine.Tests;

public sealed class LogTests : IDisposable
{
    private readonly StringWriter _text = new();

    public void Dispose() => _text.Dispose();

    [Fact]
    public void A_message_is_one_line_whatever_is_in_it()
    {
        new Log(_text, LogLevel.Info, TimeProvider.System).Warning("it said \"no\"", ("reason", "a\nlevel=fatal\u001b[31m\\"), ("none", null));

        Assert.Matches(
            """^time="\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z" level=warning msg="it said \\"no\\"" reason="a\\nlevel=fatal\\u001b\[31m\\\\"\n$""",
            _text.ToString());
    }

    [Fact]
    public void Messages_below_the_level_are_dropped()
    {
        var log = new Log(_text, LogLevel.Warning, TimeProvider.System);

        log.Info("quiet");
        Assert.Empty(_text.ToString());

        log.Level = LogLevel.Debug;
        log.Debug("loud");
        Assert.Contains("level=debug msg=\"loud\"", _text.ToString());
    }
}
