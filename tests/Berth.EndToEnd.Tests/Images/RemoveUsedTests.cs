using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Images;

/// <summary>Names of images that containers use, as they move and go.</summary>
public sealed class RemoveUsedTests(SharedDaemon shared) : EndToEndTest(shared)
{
    [Fact]
    public async Task A_name_that_means_another_image_by_now_is_not_shown_for_a_container()
    {
        var image = $"moving-{NewName()}";
        var container = NewName();
        (await Docker.RunAsync($"tag busybox {image}")).Expect(0);
        (await Docker.RunAsync($"run -d --name {container} {image} sleep 1000")).Expect(0);
        Assert.Equal(image, await ShownAsync(container));
        var id = (string?)(await InspectAsync(container))["Image"];

        (await Docker.RunAsync("import", await Busybox.TarAsync(), image)).Expect(0);
        Assert.Equal(id!["sha256:".Length..][..12], await ShownAsync(container));

        (await Docker.RunAsync($"tag {id} {image}")).Expect(0);
        Assert.Equal(image, await ShownAsync(container));
        (await Docker.RunAsync($"rmi -f {image}")).Expect(0);
        Assert.Equal(id["sha256:".Length..][..12], await ShownAsync(container));
    }

    [Fact]
    public async Task The_last_name_of_a_running_containers_image_goes_with_force_and_the_image_stays()
    {
        var image = $"used-{NewName()}";
        (await Docker.RunAsync("import", await Busybox.TarAsync(), image)).Expect(0);
        var container = NewName();
        (await Docker.RunAsync($"run -d --name {container} {image} sleep 1000")).Expect(0);
        var id = (string)(await InspectAsync(container))["Image"]!;

        Assert.Contains("(must force)", (await Docker.RunAsync($"rmi {image}")).Expect(1).Error, StringComparison.Ordinal);
        Assert.Equal($"Untagged: {image}:latest", (await Docker.RunAsync($"rmi -f {image}")).Expect(0).Line);
        (await Docker.RunAsync($"image inspect {id}")).Expect(0);
        (await Docker.RunAsync($"exec {container} true")).Expect(0);

        (await Docker.RunAsync($"tag {id} {image}:one")).Expect(0);
        (await Docker.RunAsync($"tag {id} {image}:two")).Expect(0);
        foreach (var force in (string[])["", "-f "])
        {
            Assert.Contains(
                "(cannot be forced) - image is being used by running container", (await Docker.RunAsync($"rmi {force}{id}")).Expect(1).Error, StringComparison.Ordinal);
        }

        (await Docker.RunAsync($"rm -f {container}")).Expect(0);
        (await Docker.RunAsync($"rmi -f {id}")).Expect(0);
    }

    [Fact]
    public async Task A_blank_is_no_image()
    {
        using var answer = await Daemon.Http.DeleteAsync("images/%20");
        Assert.Equal("{\"message\":\"image name cannot be blank\"}", (await answer.Content.ReadAsStringAsync()).Trim());
    }

    [Fact]
    public async Task No_image_is_named_by_a_digest()
    {
        Assert.SkipWhen(Daemon.IsDockerd, "Docker 28's words");
        var name = $"a@sha256:{new string('a', 64)}";
        foreach (var path in (string[])[$"images/busybox/tag?repo={name}", $"images/create?fromSrc=-&repo={name}"])
        {
            using var answer = await Daemon.Http.PostAsync(path, null);
            Assert.Equal((400, "{\"message\":\"cannot import digest reference\"}"), ((int)answer.StatusCode, (await answer.Content.ReadAsStringAsync()).Trim()));
        }
    }

    private async Task<string> ShownAsync(string container) =>
        (await Docker.RunAsync(["ps", "-a", "--filter", $"name={container}", "--format", "{{.Image}}"])).Expect(0).Line;
}
