using System.Text.Json;
using Berth.Engine.Images;
using Berth.Oci.Images;

namespace Berth.Engine.Tests.Images;

public sealed class ConfigChangesTests
{
    [Theory]
    [InlineData("CMD [\"a\", \"b c\"]", """{"Cmd":["a","b c"]}""")]
    [InlineData("cmd a b", """{"Cmd":["/bin/sh","-c","a b"]}""")]
    [InlineData("ENTRYPOINT [\"/x\"]", """{"Entrypoint":["/x"]}""")]
    [InlineData("ENV A=1 B=\"two words\" C=it\\'s", """{"Env":["A=1","B=two words","C=it's"]}""")]
    [InlineData("ENV OLD form of it", """{"Env":["OLD=form of it"]}""")]
    [InlineData("LABEL a=b \"c d\"='e f'", """{"Labels":{"a":"b","c d":"e f"}}""")]
    [InlineData("EXPOSE 80 53/udp", """{"ExposedPorts":{"80/tcp":{},"53/udp":{}}}""")]
    [InlineData("VOLUME /a /b", """{"Volumes":{"/a":{},"/b":{}}}""")]
    [InlineData("VOLUME [\"/a b\"]", """{"Volumes":{"/a b":{}}}""")]
    [InlineData("USER 1000:1000", """{"User":"1000:1000"}""")]
    [InlineData("WORKDIR /a\nWORKDIR b", """{"WorkingDir":"/a/b"}""")]
    [InlineData("STOPSIGNAL SIGINT", """{"StopSignal":"SIGINT"}""")]
    [InlineData("HEALTHCHECK CMD true", """{"Healthcheck":{"Test":["CMD-SHELL","true"]}}""")]
    [InlineData("HEALTHCHECK NONE", """{"Healthcheck":{"Test":["NONE"]}}""")]
    [InlineData("ENV A=1\nENV A=2", """{"Env":["A=2"]}""")]
    public void A_change_changes_the_configuration(string change, string expected)
    {
        var image = new OciImage { Config = ConfigChanges.Apply(new OciImageConfig(), [change]) };
        using var json = JsonDocument.Parse(JsonSerializer.Serialize(image, OciImageJson.Default.OciImage));
        Assert.Equal(expected, json.RootElement.GetProperty("config").GetRawText().Replace("\\u0027", "'", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("RUN x", "RUN is not a valid change command")]
    [InlineData("ENV", "ENV requires at least one argument")]
    [InlineData("ENV \"\"", "Syntax error - can't find = in \"\"\"\". Must be of the form: name=value")]
    [InlineData("WORKDIR a\0b", "WORKDIR: null characters are not accepted")]
    [InlineData("LABEL a", "Syntax error - can't find = in \"a\". Must be of the form: name=value")]
    public void What_is_no_change_is_refused(string change, string message)
    {
        var error = Assert.Throws<EngineException>(() => ConfigChanges.Apply(new OciImageConfig(), [change]));
        Assert.Equal((ErrorKind.InvalidParameter, message), (error.Kind, error.Message));
    }
}
