using Berth.Api.Containers;
using Berth.Engine.Containers.Logs;

namespace Berth.Engine.Tests.Containers.Logs;

public sealed class SyslogOptionsTests
{
    [Theory]
    [InlineData("tcp+tls://logs.example:6514", "logs.example:6514")]
    [InlineData("tcp+tls://10.0.0.1", "10.0.0.1:514")]
    [InlineData("tcp+tls://[fd00::1]:6514", "[fd00::1]:6514")]
    public void A_server_over_TLS_has_a_host_and_a_port(string address, string expected) =>
        Assert.Equal(expected, Parse(("syslog-address", address)).Tls!.Address);

    [Fact]
    public void Another_server_is_not_spoken_to_over_TLS() =>
        Assert.Null(Parse(("syslog-address", "tcp://h:1"), ("syslog-tls-ca-cert", "/ca.pem")).Tls);

    [Theory]
    [InlineData("true", true)]
    [InlineData("1", true)]
    [InlineData("", true)]
    [InlineData("false", false)]
    [InlineData("F", false)]
    public void Verification_is_skipped_where_that_is_said(string value, bool expected) =>
        Assert.Equal(expected, Parse(("syslog-address", "tcp+tls://h:1"), ("syslog-tls-skip-verify", value)).Tls!.SkipVerify);

    [Theory]
    [InlineData("syslog-address", "tcp+tls://")]
    [InlineData("syslog-address", "tls://h:1")]
    [InlineData("syslog-tls-skip-verify", "maybe")]
    [InlineData("syslog-tls-cert", "/c.pem")]
    [InlineData("syslog-tls-key", "/k.pem")]
    public void What_cannot_be_is_refused(string name, string value) =>
        Assert.Equal(ErrorKind.InvalidParameter, Assert.Throws<EngineException>(() => Parse((name, value))).Kind);

    [Fact]
    public void The_relay_reads_its_arguments_as_they_were_given()
    {
        var all = Parse(
            ("syslog-address", "tcp+tls://[::1]:6514"), ("syslog-tls-ca-cert", "/a b"), ("syslog-tls-cert", "--key"), ("syslog-tls-key", "/k"),
            ("syslog-tls-skip-verify", "1")).Tls!;
        Assert.Equal(all, SyslogTls.Parse(all.Arguments));
        var few = Parse(("syslog-address", "tcp+tls://h:1")).Tls!;
        Assert.Equal(few, SyslogTls.Parse(few.Arguments));
    }

    [Theory]
    [InlineData("--nosuch")]
    [InlineData("--host")]
    [InlineData("--port", "x")]
    public void The_relay_refuses_other_arguments(params string[] arguments) =>
        Assert.Throws<FormatException>(() => SyslogTls.Parse(arguments));

    private static SyslogOptions Parse(params (string Name, string Value)[] options) =>
        SyslogOptions.Parse(new LogConfig { Type = "syslog", Config = options.ToDictionary(o => o.Name, o => o.Value) });
}
