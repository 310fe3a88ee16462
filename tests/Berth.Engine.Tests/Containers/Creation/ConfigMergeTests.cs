using Berth.Api.Containers;
using Berth.Engine.Containers.Creation;
using Berth.Oci.Images;

namespace Berth.Engine.Tests.Containers.Creation;

public sealed class ConfigMergeTests
{
    private static readonly OciImageConfig _image = new()
    {
        Entrypoint = ["/entry"],
        Cmd = ["serve"],
        Env = ["PATH=/bin", "A=image", "B=image"],
        WorkingDir = "/work",
        Labels = new Dictionary<string, string> { ["a"] = "image", ["b"] = "image" },
        StopSignal = "SIGINT",
    };

    [Fact]
    public void What_the_user_leaves_open_is_the_images()
    {
        var merged = ConfigMerge.Merge(new ContainerConfig { Image = "i" }, _image);
        Assert.Equal(["/entry"], merged.Entrypoint!);
        Assert.Equal(["serve"], merged.Cmd!);
        Assert.Equal(("/work", "SIGINT"), (merged.WorkingDir, merged.StopSignal));
    }

    [Fact]
    public void An_entrypoint_of_the_users_drops_the_images_command()
    {
        var merged = ConfigMerge.Merge(new ContainerConfig { Entrypoint = ["/mine"] }, _image);
        Assert.Equal(["/mine"], merged.Entrypoint!);
        Assert.Null(merged.Cmd);
    }

    [Fact]
    public void A_command_of_the_users_keeps_the_images_entrypoint()
    {
        var merged = ConfigMerge.Merge(new ContainerConfig { Cmd = ["other"] }, _image);
        Assert.Equal(["/entry"], merged.Entrypoint!);
        Assert.Equal(["other"], merged.Cmd!);
    }

    [Fact]
    public void An_empty_entrypoint_removes_the_images()
    {
        var merged = ConfigMerge.Merge(new ContainerConfig { Entrypoint = [""], Cmd = ["sh"] }, _image);
        Assert.Null(merged.Entrypoint);
        Assert.Equal("no command specified", Assert.Throws<EngineException>(() =>
            ConfigMerge.Merge(new ContainerConfig { Entrypoint = [""] }, _image)).Message);
    }

    [Fact]
    public void The_users_variables_come_first_and_hide_the_images()
    {
        var merged = ConfigMerge.Merge(new ContainerConfig { Env = ["A=user", "B"] }, _image);
        Assert.Equal(["A=user", "B", "PATH=/bin"], merged.Env!);
    }

    [Fact]
    public void The_users_labels_win() =>
        Assert.Equal(
            "user",
            ConfigMerge.Merge(new ContainerConfig { Labels = new Dictionary<string, string> { ["a"] = "user" } }, _image).Labels!["a"]);
}
