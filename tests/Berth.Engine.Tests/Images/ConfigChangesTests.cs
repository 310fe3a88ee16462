using System.Text.Json;
using Berth.Engine.Images.Changes;
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

    /// <summary>Each as Docker 28 commits it from a container with this environment.</summary>
    [Theory]
    [InlineData("ENV a=$b", """["PATH=/bin","b=B","Z=z","a=B"]""")]
    [InlineData("ENV a='$b'", """["PATH=/bin","b=B","Z=z","a=$b"]""")]
    [InlineData("ENV a=\"x$b\"", """["PATH=/bin","b=B","Z=z","a=xB"]""")]
    [InlineData("ENV a=x\\ y", """["PATH=/bin","b=B","Z=z","a=x y"]""")]
    [InlineData("ENV a=\\$b", """["PATH=/bin","b=B","Z=z","a=$b"]""")]
    [InlineData("ENV a=$ d=$1 e=$$", """["PATH=/bin","b=B","Z=z","a=$","d=","e="]""")]
    [InlineData("ENV PATH=/x:$PATH b=$PATH", """["PATH=/x:/bin","b=/bin","Z=z"]""")]
    [InlineData("ENV b=1\nENV c=$b", """["PATH=/bin","b=1","Z=z","c=1"]""")]
    [InlineData("ENV a=1 \\\n d=2", """["PATH=/bin","b=B","Z=z","a=1","d=2"]""")]
    [InlineData("ENV a b  c", """["PATH=/bin","b=B","Z=z","a=b  c"]""")]
    [InlineData("ENV a=${b:?msg} d=${q-x} e=${b:+alt} f=${q:+alt} g=${q:-$b}", """["PATH=/bin","b=B","Z=z","a=B","d=x","e=alt","f=","g=B"]""")]
    [InlineData("ENV a=${b#x} d=${b%B} e=${b/B/C} f=${PATH##*/}", """["PATH=/bin","b=B","Z=z","a=B","d=","e=C","f=bin"]""")]
    [InlineData("ENV Z=new", """["PATH=/bin","b=B","Z=new"]""")]
    public void Variables_stand_for_what_the_environment_has_and_keep_their_places(string change, string expected)
    {
        var config = ConfigChanges.Apply(new OciImageConfig { Env = ["PATH=/bin", "b=B", "Z=z"] }, [change]);
        Assert.Equal(expected, $"[{string.Join(',', config.Env!.Select(e => $"\"{e}\""))}]");
    }

    [Fact]
    public void Variables_are_put_into_all_that_takes_them()
    {
        var config = ConfigChanges.Apply(
            new OciImageConfig { Env = ["b=B", "p=80 81/udp"] },
            ["LABEL a=$b", "USER $b:$b", "WORKDIR $b", "VOLUME $b /x", "VOLUME [\"${b}2\"]", "EXPOSE $p 90-91", "CMD $b", "HEALTHCHECK CMD $b"]);
        Assert.Equal(("B", "B:B", "/B"), (config.Labels!["a"], config.User, config.WorkingDir));
        Assert.Equal(["B", "/x", "B2"], config.Volumes!.Keys);
        Assert.Equal(["80/tcp", "81/udp", "90/tcp", "91/tcp"], config.ExposedPorts!.Keys);
        Assert.Equal(["/bin/sh", "-c", "$b"], config.Cmd);
        Assert.Equal(["CMD-SHELL", "$b"], config.Healthcheck!.Test);
    }

    [Fact]
    public void A_health_check_has_flags()
    {
        var health = ConfigChanges.Apply(
            new OciImageConfig(), ["HEALTHCHECK --interval=1m30s --timeout=3s --start-period=1s --start-interval=2s --retries=2 CMD [\"x\", \"y\"]"]).Healthcheck!;
        Assert.Equal(["CMD", "x", "y"], health.Test);
        Assert.Equal(
            (90_000_000_000, 3_000_000_000, 1_000_000_000, 2_000_000_000, 2),
            (health.Interval, health.Timeout, health.StartPeriod, health.StartInterval, health.Retries));
    }

    [Fact]
    public void An_entrypoint_drops_the_command_before_it()
    {
        Assert.Null(ConfigChanges.Apply(new OciImageConfig { Cmd = ["old"] }, ["ENTRYPOINT [\"a\"]"]).Cmd);
        Assert.Equal(["new"], ConfigChanges.Apply(new OciImageConfig { Cmd = ["old"] }, ["CMD [\"new\"]", "ENTRYPOINT [\"a\"]"]).Cmd);
    }

    [Theory]
    [InlineData("RUN x", "RUN is not a valid change command")]
    [InlineData("ENV", "ENV requires at least one argument")]
    [InlineData("ENV \"\"", "ENV must have two arguments")]
    [InlineData("WORKDIR a\0b", "null characters are not accepted")]
    [InlineData("LABEL a", "LABEL must have two arguments")]
    [InlineData("ENV a=b c", "Syntax error - can't find = in \"c\". Must be of the form: name=value")]
    [InlineData("ENV =x", "ENV names can not be blank")]
    [InlineData("ENV a=\"b", "failed to process \"\\\"b\": unexpected end of statement while looking for matching double-quote")]
    [InlineData("ENV a=${q:?msg}", "failed to process \"${q:?msg}\": q: msg")]
    [InlineData("ENV a=${q?}", "failed to process \"${q?}\": q: is not allowed to be unset")]
    [InlineData("foo x", "foo is not a valid change command")]
    [InlineData("SHELL [\"a\"]", "SHELL is not a valid change command")]
    [InlineData("", "file with no instructions")]
    [InlineData("#x", "file with no instructions")]
    [InlineData("ONBUILD FROM x", "FROM isn't allowed as an ONBUILD trigger")]
    [InlineData("ONBUILD maintainer x", "MAINTAINER isn't allowed as an ONBUILD trigger")]
    [InlineData("ONBUILD ONBUILD RUN x", "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed")]
    [InlineData("EXPOSE foo", "Invalid containerPort: foo")]
    [InlineData("EXPOSE 80/foo", "Invalid proto: foo")]
    [InlineData("EXPOSE 90-80", "Invalid containerPort: 90-80")]
    [InlineData("EXPOSE 1-99999", "Invalid containerPort: 1-99999")]
    [InlineData("HEALTHCHECK --foo=1 CMD x", "unknown flag: --foo")]
    [InlineData("HEALTHCHECK --interval CMD x", "missing a value on flag: --interval")]
    [InlineData("HEALTHCHECK --interval=5s", "HEALTHCHECK requires at least one argument")]
    [InlineData("HEALTHCHECK --interval=1us CMD x", "Interval \"interval\" cannot be less than 1ms")]
    [InlineData("HEALTHCHECK --interval=x CMD y", "time: invalid duration \"x\"")]
    [InlineData("HEALTHCHECK --retries=-1 CMD y", "--retries cannot be negative (-1)")]
    [InlineData("HEALTHCHECK CMD", "Missing command after HEALTHCHECK CMD")]
    [InlineData("HEALTHCHECK NONE x", "HEALTHCHECK NONE takes no arguments")]
    [InlineData("HEALTHCHECK FOO", "Unknown type \"FOO\" in HEALTHCHECK (try CMD)")]
    [InlineData("CMD [1]", "when using JSON array syntax, arrays must be comprised of strings only")]
    [InlineData("VOLUME []", "VOLUME requires at least one argument")]
    [InlineData("VOLUME \"\"", "VOLUME specified can not be an empty string")]
    [InlineData("WORKDIR", "WORKDIR requires exactly one argument")]
    [InlineData("STOPSIGNAL foo", "invalid signal: foo")]
    public void What_is_no_change_is_refused(string change, string message)
    {
        var error = Assert.Throws<EngineException>(() => ConfigChanges.Apply(new OciImageConfig(), [change]));
        Assert.Equal((ErrorKind.InvalidParameter, message), (error.Kind, error.Message));
    }
}
