using Berth.Oci;

namespace Berth.Engine.Tests.Images;

public sealed class ResolveTests : IDisposable
{
    private readonly TestImages _images = new();

    public void Dispose() => _images.Dispose();

    [Fact]
    public async Task An_image_is_found_by_every_form_of_its_name()
    {
        var id = await _images.ImportAsync("a", "a", "CMD [\"/x\"]");
        foreach (var name in new[] { "a", "a:latest", "docker.io/library/a", id.ToString(), id.Hex, id.Hex[..8], $"sha256:{id.Hex[..8]}" })
        {
            var image = await _images.Service.ResolveAsync(name, TestContext.Current.CancellationToken);
            Assert.Equal(id, image.Id);
            Assert.Equal(["/x"], image.Config.Cmd!);
            Assert.Equal("a", File.ReadAllText(Path.Combine(Assert.Single(image.LowerDirectories), "file")));
        }
    }

    [Theory]
    [InlineData("nope", ErrorKind.NotFound, "No such image: nope:latest")]
    [InlineData("deadbeef", ErrorKind.NotFound, "No such image: deadbeef:latest")]
    [InlineData("a.io/x@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", ErrorKind.NotFound, "No such image: a.io/x@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", ErrorKind.NotFound, "No such image: sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("A", ErrorKind.InvalidParameter, "invalid reference format: repository name (library/A) must be lowercase")]
    [InlineData("", ErrorKind.InvalidParameter, "invalid reference format")]
    public async Task What_is_not_there_is_told_in_Dockers_words(string name, ErrorKind kind, string message)
    {
        var error = await Assert.ThrowsAsync<EngineException>(() => _images.Service.ResolveAsync(name, TestContext.Current.CancellationToken));
        Assert.Equal((kind, message), (error.Kind, error.Message));
    }

    [Fact]
    public async Task The_built_in_image_is_there_when_it_is_asked_for()
    {
        Assert.Equal(0, _images.Service.Count);
        var images = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ =>
            _images.Service.ResolveAsync("hello-berth", TestContext.Current.CancellationToken)));
        Assert.Single(images.Select(i => i.Id).Distinct());
        Assert.Equal(["/hello"], images[0].Config.Cmd!);
        Assert.True(File.Exists(Path.Combine(images[0].LowerDirectories[0], "hello")));
        _images.Service.Remove("hello-berth", force: false);
        Assert.Equal(images[0].Id, (await _images.Service.ResolveAsync("hello-berth:latest", TestContext.Current.CancellationToken)).Id);
    }

    [Fact]
    public async Task Layers_that_are_missing_are_unpacked_again()
    {
        await _images.ImportAsync("a", "a");
        Linux.Files.TreeRemoval.Remove(Path.Combine(_images.DataRoot, "layers", _images.Layers().Single()));
        var image = await _images.Service.ResolveAsync("a", TestContext.Current.CancellationToken);
        Assert.Equal("a", File.ReadAllText(Path.Combine(image.LowerDirectories[0], "file")));
    }

    [Fact]
    public async Task Names_survive_a_restart()
    {
        var a = await _images.ImportAsync("a", "a");
        var b = await _images.ImportAsync(null, "b");
        _images.Service.Tag("a", "localhost:5000/x/y", "1");
        _images.Restart();
        Assert.Equal(["a:latest", "localhost:5000/x/y:1"], _images.Service.Inspect(a.ToString()).RepoTags);
        Assert.Empty(_images.Service.Inspect(b.ToString()).RepoTags);
        Assert.Equal(2, _images.Service.Count);
    }

    [Fact]
    public async Task Blobs_and_layers_that_were_never_listed_are_collected_at_the_next_start()
    {
        await _images.ImportAsync("a", "a");
        var (blobs, layers) = (_images.Blobs(), _images.Layers());

        // As a daemon leaves them that is killed between the rename of a layer and the list of images.
        var orphan = Digest.OfContent("orphan"u8).Hex;
        File.WriteAllText(Path.Combine(_images.DataRoot, "images/blobs/sha256", orphan), "orphan");
        Directory.CreateDirectory(Path.Combine(_images.DataRoot, "layers", orphan, "diff"));
        _images.Restart();
        await _images.Service.CollectAtStartAsync(TestContext.Current.CancellationToken);
        Assert.Equal(blobs.Order(), _images.Blobs().Order());
        Assert.Equal(layers, _images.Layers());
    }

    [Fact]
    public void A_container_cannot_begin_to_use_an_image_that_is_gone() => Assert.Throws<EngineException>(() =>
        _images.Service.AddUse(Digest.OfContent([]), "c", "c", running: false));
}
