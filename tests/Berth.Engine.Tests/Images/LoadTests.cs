using Berth.Engine.Images;

namespace Berth.Engine.Tests.Images;

public sealed class LoadTests : IDisposable
{
    private readonly TestImages _images = new();

    public void Dispose() => _images.Dispose();

    [Fact]
    public async Task What_was_saved_loads_into_another_store()
    {
        var id = await _images.ImportAsync("a:1", "a", "CMD x");
        _images.Service.Tag("a:1", "b", "2");
        using var archive = new MemoryStream();
        await _images.Service.SaveAsync(_images.Service.FindForSave(["a:1", "b"]), _ => Task.FromResult(System.IO.Pipelines.PipeWriter.Create(archive, new(leaveOpen: true))), TestContext.Current.CancellationToken);
        using var other = new TestImages();
        Assert.Equal(["Loaded image: a:1\n", "Loaded image: b:2\n"], await LoadAsync(other.Service, archive));
        Assert.Equal(id, (await other.Service.ResolveAsync("b:2", TestContext.Current.CancellationToken)).Id);
        Assert.Equal(_images.Blobs().Order(), other.Blobs().Order());
        Assert.Equal(["Loaded image: a:1\n", "Loaded image: b:2\n"], await LoadAsync(other.Service, archive));
    }

    [Fact]
    public async Task An_image_saved_by_id_loads_without_a_name()
    {
        var id = await _images.ImportAsync("a:1", "a");
        using var archive = new MemoryStream();
        await _images.Service.SaveAsync(_images.Service.FindForSave([id.Hex[..12]]), _ => Task.FromResult(System.IO.Pipelines.PipeWriter.Create(archive, new(leaveOpen: true))), TestContext.Current.CancellationToken);
        using var other = new TestImages();
        Assert.Equal([$"Loaded image ID: {id}\n"], await LoadAsync(other.Service, archive));
    }

    [Fact]
    public async Task A_name_that_is_taken_goes_to_the_loaded_image()
    {
        var saved = await _images.ImportAsync("a:1", "new");
        using var archive = new MemoryStream();
        await _images.Service.SaveAsync(_images.Service.FindForSave(["a:1"]), _ => Task.FromResult(System.IO.Pipelines.PipeWriter.Create(archive, new(leaveOpen: true))), TestContext.Current.CancellationToken);
        using var other = new TestImages();
        var old = await other.ImportAsync("a:1", "old");
        Assert.Equal(
            [$"The image a:1 already exists, renaming the old one with ID {old} to empty string\n", "Loaded image: a:1\n"],
            await LoadAsync(other.Service, archive));
        Assert.Equal(saved.ToString(), other.Service.Inspect("a:1").Id);
    }

    [Theory]
    [InlineData("not an archive at all, and long enough to be taken for a header: ", "archive/tar: invalid tar header")]
    [InlineData("short", "archive/tar: unexpected EOF")]
    public async Task Garbage_is_refused_and_leaves_nothing(string start, string message)
    {
        using var garbage = new MemoryStream(System.Text.Encoding.ASCII.GetBytes(start.Length < 10 ? start : string.Concat(Enumerable.Repeat(start, 20))));
        var error = await Assert.ThrowsAsync<EngineException>(() => LoadAsync(_images.Service, garbage));
        Assert.Equal(message, error.Message);
        Assert.Empty(_images.Blobs());
        Assert.Empty(_images.Layers());
    }

    [Theory]
    [InlineData("manifest.json", """[{"Config":"x.json","RepoTags":["a:1"],"Layers":[]}]""", "invalid archive: x.json is missing")]
    [InlineData("manifest.json", """[{"RepoTags":["a:1"]}]""", "invalid archive: an image without a configuration")]
    [InlineData("manifest.json", """{}""", null)]
    [InlineData("manifest.json", """[null]""", null)]
    [InlineData("index.json", """{"manifests":[null]}""", null)]
    [InlineData("index.json", """{"manifests":[{"digest":"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","size":0}]}""", "invalid archive: sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 is missing")]
    [InlineData("repositories", """{"a":{"1":"../../etc"}}""", "invalid archive: ../../etc/json is missing")]
    [InlineData("readme", "x", "invalid archive: does not contain a manifest.json, an index.json or a repositories file")]
    public async Task An_archive_that_contradicts_itself_is_refused(string name, string content, string? message)
    {
        using var archive = new MemoryStream();
        await using (var writer = new System.Formats.Tar.TarWriter(archive, leaveOpen: true))
        {
            writer.WriteEntry(new System.Formats.Tar.PaxTarEntry(System.Formats.Tar.TarEntryType.RegularFile, name)
            {
                DataStream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(content)),
            });
        }

        var error = await Assert.ThrowsAsync<EngineException>(() => LoadAsync(_images.Service, archive));
        Assert.Equal(ErrorKind.InvalidParameter, error.Kind);
        Assert.Equal(message ?? error.Message, error.Message);
        Assert.Empty(_images.Blobs());
    }

    private static async Task<List<string>> LoadAsync(ImageService images, MemoryStream archive)
    {
        archive.Position = 0;
        var messages = new List<string>();
        await images.LoadAsync(
            System.IO.Pipelines.PipeReader.Create(archive),
            quiet: true,
            message =>
            {
                messages.Add(message.Stream!);
                return Task.CompletedTask;
            },
            TestContext.Current.CancellationToken);
        return messages;
    }
}
