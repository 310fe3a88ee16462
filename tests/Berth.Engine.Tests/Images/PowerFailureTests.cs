namespace Berth.Engine.Tests.Images;

/// <summary>The machine went down before what was stored had come to the disk.</summary>
public sealed class PowerFailureTests : IDisposable
{
    private readonly TestImages _images = new();

    public void Dispose() => _images.Dispose();

    [Fact]
    public async Task What_was_not_damaged_stays_and_its_layers_are_unpacked_again()
    {
        var id = await _images.ImportAsync("app:v1", "content");
        var file = LayerFile();
        File.WriteAllText(file, "torn");
        FailPower();
        Assert.Equal([id.ToString()], _images.Service.List(Filters.Parse(null)).Select(i => i.Id));
        Assert.Empty(_images.Layers());
        await _images.Service.CollectAtStartAsync(TestContext.Current.CancellationToken);
        Assert.Equal("content", File.ReadAllText(file));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task An_image_with_a_damaged_blob_is_gone_and_can_be_stored_again(int number)
    {
        var kept = await _images.ImportAsync("kept:v1", "kept");
        _images.Service.SyncPending();
        var before = _images.Blobs();
        var lost = await _images.ImportAsync("lost:v1", "lost");
        var blob = _images.Blobs().Except(before).Order(StringComparer.Ordinal).ElementAt(number);
        File.WriteAllText(Path.Combine(_images.DataRoot, "images/blobs/sha256", blob), "");
        FailPower();
        Assert.Equal([kept.ToString()], _images.Service.List(Filters.Parse(null)).Select(i => i.Id));
        await _images.Service.CollectAtStartAsync(TestContext.Current.CancellationToken);
        Assert.Equal(before.Order(StringComparer.Ordinal), _images.Blobs().Order(StringComparer.Ordinal));
        Assert.Single(_images.Layers());
        Assert.NotEqual(default, await _images.ImportAsync("lost:v1", "lost"));
        Assert.NotEqual(kept, lost);
        Assert.Equal(2, _images.Service.List(Filters.Parse(null)).Count);
    }

    [Fact]
    public async Task What_is_known_to_be_on_the_disk_is_not_read_again()
    {
        var id = await _images.ImportAsync("app:v1", "content");
        _images.Service.SyncPending();

        // Nothing but a look at the content could tell.
        var file = LayerFile();
        File.WriteAllText(file, "changed");
        FailPower();
        Assert.Equal(id, (await _images.Service.ResolveAsync("app:v1", TestContext.Current.CancellationToken)).Id);
        Assert.Equal("changed", File.ReadAllText(file));
    }

    [Fact]
    public async Task What_came_again_after_the_sync_is_checked_again()
    {
        await _images.ImportAsync("app:v1", "content");
        _images.Service.SyncPending();
        _images.Service.Remove("app:v1", force: false);
        await _images.ImportAsync("app:v1", "content");
        var file = LayerFile();
        File.WriteAllText(file, "torn");
        FailPower();
        await _images.Service.ResolveAsync("app:v1", TestContext.Current.CancellationToken);
        Assert.Equal("content", File.ReadAllText(file));
    }

    [Fact]
    public async Task A_torn_index_is_as_it_was_at_the_last_sync()
    {
        var kept = await _images.ImportAsync("kept:v1", "kept");
        _images.Service.SyncPending();
        await _images.ImportAsync("lost:v1", "lost");
        File.WriteAllText(Path.Combine(_images.DataRoot, "images/index.json"), "");
        FailPower();
        Assert.Equal([kept.ToString()], _images.Service.List(Filters.Parse(null)).Select(i => i.Id));
        await _images.Service.CollectAtStartAsync(TestContext.Current.CancellationToken);
        Assert.Single(_images.Layers());
    }

    [Fact]
    public async Task A_daemon_that_is_killed_has_nothing_to_check()
    {
        await _images.ImportAsync("app:v1", "content");
        var file = LayerFile();
        var made = Directory.GetCreationTimeUtc(Path.GetDirectoryName(file)!);
        _images.Restart();
        await _images.Service.CollectAtStartAsync(TestContext.Current.CancellationToken);
        Assert.Equal(made, Directory.GetCreationTimeUtc(Path.GetDirectoryName(file)!));
    }

    private string LayerFile() => Path.Combine(_images.DataRoot, "layers", Assert.Single(_images.Layers()), "diff/file");

    /// <summary>The next daemon finds the records of another boot.</summary>
    private void FailPower()
    {
        foreach (var record in (string[])["images/synced", "layers/synced"])
        {
            var path = Path.Combine(_images.DataRoot, record);
            File.WriteAllLines(path, ["boot 00000000-0000-0000-0000-000000000000", .. File.ReadAllLines(path).Skip(1)]);
        }

        _images.Restart();
    }
}
