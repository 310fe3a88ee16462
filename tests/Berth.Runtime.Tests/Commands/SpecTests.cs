namespace Berth.Runtime.Tests.Commands;

public sealed class SpecTests
{
    [Fact]
    public async Task Spec_writes_a_bundle_that_runs_and_overwrites_none()
    {
        await using var container = TestContainer.Of("true");
        var (bundle, cancellation) = (container.Files, TestContext.Current.CancellationToken);
        Assert.Equal(0, (await RuntimeBinary.RunAsync("", "spec", "--bundle", bundle)).ExitCode);
        Assert.Contains("exists", (await RuntimeBinary.RunAsync("", "spec", "--bundle", bundle)).Error, StringComparison.Ordinal);

        var path = Path.Combine(bundle, "config.json");
        var text = await File.ReadAllTextAsync(path, cancellation);
        await File.WriteAllTextAsync(
            path, text.Replace("\"path\": \"rootfs\"", $"\"path\": \"{BusyboxRoot.Path}\"", StringComparison.Ordinal).Replace("\"terminal\": true", "\"terminal\": false", StringComparison.Ordinal), cancellation);
        var result = await RuntimeBinary.RunAsync("hostname", "--root", container.StateRoot, "run", "--bundle", bundle, container.Id);
        Assert.Equal(new Result(0, "berth\n", ""), result);
    }

    [Fact]
    public async Task Features_are_told_as_json()
    {
        _ = BusyboxRoot.Path;
        var features = System.Text.Json.JsonDocument.Parse((await RuntimeBinary.RunAsync("", "features")).Output).RootElement;
        Assert.Contains("cgroup", features.GetProperty("linux").GetProperty("namespaces").EnumerateArray().Select(n => n.GetString()));
    }
}
