using System.Globalization;

namespace Berth.Runtime.Tests.Commands;

public sealed class CreateTests
{
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_created_container_waits_for_its_start_and_then_runs()
    {
        await using var container = TestContainer.Of("echo started; sleep 60");
        Assert.Equal(0, (await container.CreateAsync()).ExitCode);
        Assert.Equal("created", await container.StatusAsync());
        Assert.Equal("", await File.ReadAllTextAsync(container.OutputPath, _cancellation));

        Assert.Equal(0, (await container.CommandAsync("start")).ExitCode);
        Assert.Equal("running", await container.StatusAsync());
        Assert.Contains("already running", (await container.CommandAsync("start")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_pid_file_holds_the_host_pid_and_is_relative_to_the_callers_directory()
    {
        await using var container = TestContainer.Of("sleep 60");
        var path = Path.Combine(container.Files, "pid");
        Assert.Equal(0, (await container.CreateAsync("--pid-file", Path.GetRelativePath(Directory.GetCurrentDirectory(), path))).ExitCode);
        Assert.Equal((await container.PidAsync()).ToString(CultureInfo.InvariantCulture), await File.ReadAllTextAsync(path, _cancellation));
    }

    [Fact]
    public async Task An_id_that_is_taken_is_refused_and_the_first_container_stays()
    {
        await using var container = TestContainer.Of("sleep 60");
        await container.StartAsync();
        var second = await container.CreateAsync();
        Assert.Equal(1, second.ExitCode);
        Assert.Contains("container with given ID already exists", second.Output, StringComparison.Ordinal);
        Assert.Equal("running", await container.StatusAsync());
    }

    [Fact]
    public async Task A_missing_mount_source_is_named_and_nothing_is_left()
    {
        await using var container = TestContainer.Of("true").WithMount("/mnt", "bind", "/nosuch/source", "rbind");
        var result = await container.CreateAsync();
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("error mounting \"/nosuch/source\" to rootfs at \"/mnt\"", result.Output, StringComparison.Ordinal);
        Assert.Contains("No such file or directory", result.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(container.StateRoot, container.Id)));
    }

    [Fact]
    public async Task A_created_process_holds_only_its_streams_and_the_socket_that_it_waits_on()
    {
        await using var container = TestContainer.Of("sleep 60");
        _ = await container.CreateAsync();
        var open = Directory.GetFiles($"/proc/{await container.PidAsync()}/fd").Select(f => new FileInfo(f).LinkTarget!).ToList();
        Assert.Equal(4, open.Count);
        Assert.Single(open, t => t.StartsWith("socket:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_bundle_without_config_and_one_that_is_no_json_are_refused()
    {
        await using var container = TestContainer.Of("true");
        var missing = await container.CommandAsync("create", "--bundle", container.Files);
        Assert.Contains("config.json not found", missing.Error, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(container.Files, "config.json"), "{", _cancellation);
        Assert.Equal(1, (await container.CommandAsync("create", "--bundle", container.Files)).ExitCode);
    }
}
