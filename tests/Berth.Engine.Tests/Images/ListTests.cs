namespace Berth.Engine.Tests.Images;

public sealed class ListTests : IDisposable
{
    private readonly TestImages _images = new();

    public void Dispose() => _images.Dispose();

    [Fact]
    public async Task Filters_narrow_the_list()
    {
        var a = await _images.ImportAsync("a:1", "a", "LABEL kind=x");
        _images.Service.Tag("a:1", "b", "2");
        var c = await _images.ImportAsync("team/c", "c", "LABEL kind=y");
        var none = await _images.ImportAsync(null, "none");
        Assert.Equal([none, c, a], Ids("{}"));
        Assert.Equal([none], Ids("""{"dangling":["true"]}"""));
        Assert.Equal([c, a], Ids("""{"dangling":["false"]}"""));
        Assert.Equal([a], Ids("""{"label":["kind=x"]}"""));
        Assert.Equal([c, a], Ids("""{"label":["kind"]}"""));
        Assert.Equal([a], Ids("""{"before":["team/c"]}"""));
        Assert.Equal([none, c], Ids("""{"since":["a:1"]}"""));
        Assert.Equal([a], Ids("""{"reference":["a"]}"""));
        Assert.Equal([a], Ids("""{"reference":["?:[12]"]}"""));
        Assert.Equal([c], Ids("""{"reference":["*/*"]}"""));
        Assert.Equal([c, a], Ids("""{"reference":["*","*/c"]}"""));
        Assert.Empty(Ids("""{"until":["24h"]}"""));
        Assert.Equal(["b:2"], Assert.Single(_images.Service.List(Filters.Parse("""{"reference":["b"]}"""))).RepoTags!);
        var error = Assert.Throws<EngineException>(() => Ids("""{"nope":["x"]}"""));
        Assert.Equal("invalid filter 'nope'", error.Message);
    }

    [Fact]
    public async Task Prune_removes_what_has_no_name_and_no_container()
    {
        var used = await _images.ImportAsync(null, "used");
        var unused = await _images.ImportAsync(null, "unused");
        var named = await _images.ImportAsync("named", "named");
        _images.Service.AddUse(used, "c", "c", running: false);
        var pruned = _images.Service.Prune(Filters.None);
        Assert.Contains(pruned.ImagesDeleted!, i => i.Deleted == unused.ToString());
        Assert.Equal("unused".Length, pruned.SpaceReclaimed);
        Assert.Equal([named, used], Ids("{}"));
        _images.Service.Prune(Filters.Parse("""{"dangling":["false"]}"""));
        Assert.Equal([used], Ids("{}"));
    }

    [Fact]
    public async Task A_tag_moves_from_one_image_to_the_other()
    {
        var a = await _images.ImportAsync("x", "a");
        var b = await _images.ImportAsync("x", "b");
        Assert.Equal(["x:latest"], _images.Service.Inspect(b.ToString()).RepoTags);
        Assert.Empty(_images.Service.Inspect(a.ToString()).RepoTags);
    }

    private IEnumerable<Oci.Digest> Ids(string filters) =>
        _images.Service.List(Filters.Parse(filters)).Select(i => Oci.Digest.Parse(i.Id));
}
