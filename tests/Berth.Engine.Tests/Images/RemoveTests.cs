namespace Berth.Engine.Tests.Images;

public sealed class RemoveTests : IDisposable
{
    private const string Container = "0123456789abcdef0123456789abcdef";
    private readonly TestImages _images = new();

    public void Dispose() => _images.Dispose();

    [Fact]
    public async Task The_last_name_takes_the_image_with_it()
    {
        var id = await _images.ImportAsync("x", "a");
        _images.Service.Tag("x", "y", "1");
        Assert.Equal(["x:latest"], Untagged(_images.Service.Remove("x", force: false)));
        var items = _images.Service.Remove("y:1", force: false);
        Assert.Equal(["y:1"], Untagged(items));
        Assert.Equal(id.ToString(), items[1].Deleted);
        Assert.StartsWith("sha256:", items[2].Deleted, StringComparison.Ordinal);
        Assert.Empty(_images.Blobs());
        Assert.Empty(_images.Layers());
    }

    [Fact]
    public async Task A_layer_that_two_images_share_stays_for_the_other()
    {
        await _images.ImportAsync("x", "same", "CMD a");
        await _images.ImportAsync("y", "same", "CMD b");
        Assert.Single(_images.Layers());
        Assert.Equal(2, _images.Service.Remove("x", force: false).Count);
        Assert.Single(_images.Layers());
        Assert.Equal(3, _images.Service.Remove("y", force: false).Count);
        Assert.Empty(_images.Layers());
    }

    [Fact]
    public async Task An_image_is_removed_by_the_beginning_of_its_id_with_its_names()
    {
        var id = await _images.ImportAsync("x", "a");
        Assert.Equal(["x:latest"], Untagged(_images.Service.Remove(id.Hex[..12], force: false)));
        Assert.Empty(_images.Service.List(Filters.None));
    }

    [Fact]
    public async Task An_image_with_several_names_is_removed_by_id_only_with_force()
    {
        var id = await _images.ImportAsync("x", "a");
        _images.Service.Tag("x", "y", "");
        Conflict(
            $"conflict: unable to delete {id.Hex[..12]} (must be forced) - image is referenced in multiple repositories",
            () => _images.Service.Remove(id.ToString(), force: false));
        Assert.Equal(["x:latest", "y:latest"], Untagged(_images.Service.Remove(id.ToString(), force: true)));
    }

    [Fact]
    public async Task An_image_of_a_container_is_kept()
    {
        var id = await _images.ImportAsync("kept", "a");
        _images.Service.AddUse(id, Container, "c", running: false);
        Conflict(
            $"conflict: unable to remove repository reference \"kept\" (must force) - container {Container[..12]} is using its referenced image {id.Hex[..12]}",
            () => _images.Service.Remove("kept", force: false));
        Conflict(
            $"conflict: unable to delete {id.Hex[..12]} (must be forced) - image is being used by stopped container {Container[..12]}",
            () => _images.Service.Remove(id.Hex[..12], force: false));
        _images.Service.AddUse(id, Container, "c", running: true);
        Conflict(
            $"conflict: unable to delete {id.Hex[..12]} (cannot be forced) - image is being used by running container {Container[..12]}",
            () => _images.Service.Remove(id.Hex[..12], force: true));
        Assert.Equal(["kept:latest"], _images.Service.Inspect("kept").RepoTags);

        Assert.Equal("kept:latest", Assert.Single(_images.Service.Remove("kept", force: true)).Untagged);
        Assert.Empty(_images.Service.Inspect(id.ToString()).RepoTags!);
    }

    [Fact]
    public async Task An_image_removed_with_force_lasts_as_long_as_its_container()
    {
        var id = await _images.ImportAsync("x", "a");
        _images.Service.AddUse(id, Container, "c", running: false);
        _images.Service.Remove("x", force: true);
        Assert.Empty(_images.Service.List(Filters.None));
        Assert.Throws<EngineException>(() => _images.Service.Inspect(id.ToString()));

        _images.Restart();
        _images.Service.AddUse(id, Container, "c", running: false);
        await _images.Service.CollectAtStartAsync(TestContext.Current.CancellationToken);
        var image = await _images.Service.ResolveAsync(id, TestContext.Current.CancellationToken);
        Assert.Equal("a", File.ReadAllText(Path.Combine(image.LowerDirectories[0], "file")));

        _images.Service.RemoveUse(Container);
        Assert.Empty(_images.Blobs());
        Assert.Empty(_images.Layers());
    }

    [Fact]
    public async Task An_image_whose_container_is_gone_at_the_next_start_goes_too()
    {
        var id = await _images.ImportAsync("x", "a");
        _images.Service.AddUse(id, Container, "c", running: false);
        _images.Service.Remove("x", force: true);
        _images.Restart();
        await _images.Service.CollectAtStartAsync(TestContext.Current.CancellationToken);
        Assert.Empty(_images.Layers());
    }

    [Fact]
    public async Task Removing_tells_the_events_what_went()
    {
        var id = await _images.ImportAsync("x", "a", "LABEL x=y");
        var before = DateTimeOffset.UtcNow;
        _images.Service.Remove("x", force: false);
        var events = _images.Events.Past(before, DateTimeOffset.MaxValue).ToList();
        Assert.Equal(["untag", "delete"], events.Select(e => e.Action));
        Assert.All(events, e => Assert.Equal(id.ToString(), e.ActorId));
        Assert.All(events, e => Assert.Equal("y", e.Attributes["x"]));
    }

    [Fact]
    public void A_name_that_nobody_has_is_not_found()
    {
        var error = Assert.Throws<EngineException>(() => _images.Service.Remove("nope", force: true));
        Assert.Equal((ErrorKind.NotFound, "No such image: nope:latest"), (error.Kind, error.Message));
    }

    private static IEnumerable<string> Untagged(IEnumerable<Api.Images.ImageDeleteItem> items) =>
        items.Select(i => i.Untagged).OfType<string>();

    private static void Conflict(string message, Action act)
    {
        var error = Assert.Throws<EngineException>(act);
        Assert.Equal((ErrorKind.Conflict, message), (error.Kind, error.Message));
    }
}
