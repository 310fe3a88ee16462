using Berth.EndToEnd.Tests.Faults;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Images;

/// <summary>Configurations of images as many tools have written them: what Docker 28 runs, runs (issue 9, number 26).</summary>
public sealed class OddConfigTests(SharedDaemon shared) : EndToEndTest(shared)
{
    [Theory]
    [InlineData("""{"Cmd":["echo","hi"],"ExposedPorts":{"100-102/tcp":{}}}""")]
    [InlineData("""{"Cmd":["echo","hi"],"ExposedPorts":{"nonsense":{}}}""")]
    [InlineData("""{"Cmd":["echo","hi"],"ExposedPorts":{"":{}}}""")]
    [InlineData("""{"Cmd":["echo","hi"],"ExposedPorts":{"99999/tcp":{}}}""")]
    [InlineData("""{"Cmd":["echo","hi"],"ExposedPorts":{"80/nosuch":{},"80/TCP":{},"81/tcp":null,"82/tcp":{"x":1}}}""")]
    [InlineData("""{"Entrypoint":"echo","Cmd":["hi"]}""")]
    [InlineData("""{"Entrypoint":["echo"],"Cmd":"hi"}""")]
    [InlineData("""{"Entrypoint":["echo","hi"],"Cmd":""}""", "hi ")]
    [InlineData("""{"Cmd":["echo","hi"],"Shell":"sh"}""")]
    [InlineData("""{"Cmd":["echo","hi"],"Env":[null,"A=b"],"OnBuild":null}""")]
    [InlineData("""{"Cmd":["echo","hi",null]}""", "hi ")]
    [InlineData("""{"Cmd":["echo","hi"],"Volumes":{"/v":null},"Labels":{"a":null}}""")]
    [InlineData("""{"cmd":["echo","hi"],"env":["A=b"]}""")]
    [InlineData("""{"Cmd":["echo","no"],"Cmd":["echo","hi"]}""")]
    [InlineData("""{"Cmd":["echo","hi"],"StopSignal":"NOSUCH"}""")]
    [InlineData("""{"Cmd":["echo","hi"]},"history":[null,{}]""")]
    [InlineData("""{"Cmd":["echo","hi"]},"architecture":null,"os":null""")]
    public async Task What_docker_runs_runs(string config, string expected = "hi")
    {
        var name = NewName();
        (await Docker.InputAsync("load", await ImageAsync(config))).Expect(0);
        var id = (await Docker.RunAsync("images", "-q", "--no-trunc", "odd")).Expect(0).Line;
        try
        {
            Assert.Equal(expected + "\n", (await Docker.RunAsync("run", "--name", name, "--network", "none", "odd:v1")).Expect(0).Output);
            (await Docker.RunAsync("inspect", id, name)).Expect(0);
            (await Docker.RunAsync("ps -a")).Expect(0);
            (await Docker.RunAsync("image history odd:v1")).Expect(0);
            (await Docker.RunAsync("rm", name)).Expect(0);
            (await Docker.RunAsync("run", "--name", name, "-P", "odd:v1")).Expect(0);
        }
        finally
        {
            await Docker.RunAsync("rm", "-f", "-v", name);
            (await Docker.RunAsync("rmi odd:v1")).Expect(0);
        }
    }

    [Theory]
    [InlineData("""{"StopTimeout":1.5}""", "StopTimeout")]
    [InlineData("""{"Healthcheck":{"Interval":"30s"}}""", "Healthcheck.Interval")]
    [InlineData("""{"Env":"A=b"}""", "Env")]
    [InlineData("""{"Volumes":["/v"]}""", "Volumes")]
    [InlineData("""{"User":1000}""", "User")]
    [InlineData("""{},"history":[{"created":"yesterday"}]""", "created")]
    [InlineData("""{},"rootfs":{"diff_ids":["x"]}""", "diff_ids")]
    public async Task What_docker_refuses_is_refused_in_words_of_the_document(string config, string field)
    {
        var load = await Docker.InputAsync("load", await ImageAsync(config));
        Assert.NotEqual(0, load.ExitCode);
        Assert.Contains(field, load.Error, StringComparison.Ordinal);
        BadInput.ExpectNothingOfTheProgram(load.Error);
    }

    private static async Task<byte[]> ImageAsync(string config)
    {
        var layer = await File.ReadAllBytesAsync(await Busybox.TarAsync());
        var document = $$"""
            {"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":["sha256:{{HostileArchive.Hex(layer)}}"]},"config":{{config}}}
            """;
        return new HostileArchive().File("config.json", document).Entry('0', "0/layer.tar", layer)
            .File("manifest.json", """[{"Config":"config.json","RepoTags":["odd:v1"],"Layers":["0/layer.tar"]}]""").ToArray();
    }
}
