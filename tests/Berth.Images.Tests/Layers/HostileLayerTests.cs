using Berth.Images.Layers;
using Berth.Images.Tests.Tar;

namespace Berth.Images.Tests.Layers;

/// <summary>Whatever an archive says, nothing outside the layer's own directory is made, changed or read.</summary>
public sealed class HostileLayerTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly LayerStore _layers;

    public HostileLayerTests()
    {
        Directory.CreateDirectory(_scratch.Path("outside"));
        File.WriteAllText(_scratch.Path("outside/victim"), "untouched");
        _layers = new LayerStore(_scratch.Path("layers"));
    }

    private string Outside => _scratch.Path("outside");

    public void Dispose()
    {
        Assert.Equal("untouched", File.ReadAllText(_scratch.Path("outside/victim")));
        Assert.Single(Directory.EnumerateFileSystemEntries(Outside));
        _scratch.Dispose();
    }

    [Fact]
    public void A_link_to_outside_is_followed_inside()
    {
        Root.Require();
        using var layer = Unpack(new ArchiveBuilder()
            .Directory(Outside[1..])
            .SymbolicLink("link", Outside).File("link/victim", "hostile").File("link/new", "hostile")
            .SymbolicLink("up", "../../../../../../../../../.." + Outside).File("up/other", "hostile"));
        Assert.Equal("hostile", File.ReadAllText(Inside(layer, Outside[1..] + "/victim")));
        Assert.Equal("hostile", File.ReadAllText(Inside(layer, Outside[1..] + "/other")));
    }

    [Fact]
    public void A_link_to_what_the_layer_does_not_hold_is_refused()
    {
        Root.Require();
        Refused(new ArchiveBuilder().SymbolicLink("link", Outside).File("link/victim", "hostile"));
    }

    [Fact]
    public void A_magic_link_is_not_followed()
    {
        Root.Require();
        Refused(new ArchiveBuilder().SymbolicLink("link", "/proc/self/cwd").File("link/x", "hostile"));
        Refused(new ArchiveBuilder().SymbolicLink("link", "/proc/self/root").File($"link{Outside}/victim", "hostile"));
    }

    [Fact]
    public void A_hard_link_to_outside_is_refused()
    {
        Root.Require();
        Refused(new ArchiveBuilder().HardLink("link", $"{Outside}/victim"));
        Refused(new ArchiveBuilder().HardLink("link", $"../../../../../../..{Outside}/victim"));
        Refused(new ArchiveBuilder().SymbolicLink("way", Outside).HardLink("link", "way/victim"));
        Refused(new ArchiveBuilder().Directory("d").HardLink("link", "d"));
    }

    [Fact]
    public void A_file_in_place_of_a_link_does_not_write_through_it()
    {
        Root.Require();
        using var layer = Unpack(new ArchiveBuilder().SymbolicLink("a", $"{Outside}/victim").File("a", "hostile"));
        Assert.Equal("hostile", File.ReadAllText(Inside(layer, "a")));
        Assert.Null(File.ResolveLinkTarget(Inside(layer, "a"), returnFinalTarget: false));
    }

    [Fact]
    public void A_hard_link_to_a_link_is_not_followed()
    {
        Root.Require();
        using var layer = Unpack(new ArchiveBuilder().SymbolicLink("a", $"{Outside}/victim").HardLink("b", "a"));
        Assert.Equal($"{Outside}/victim", File.ResolveLinkTarget(Inside(layer, "b"), returnFinalTarget: false)!.FullName);
    }

    [Fact]
    public void Attributes_of_a_link_stay_with_the_link()
    {
        Root.Require();
        using var layer = Unpack(new ArchiveBuilder()
            .Pax(("SCHILY.xattr.trusted.note", "x"u8.ToArray())).SymbolicLink("a", Outside));
        using var directory = Linux.Files.TreeDirectory.Open(Outside);
        Assert.Empty(directory.AsFile().AttributeNames());
    }

    [Fact]
    public void Words_of_overlayfs_in_an_archive_are_ignored()
    {
        Root.Require();
        using var layer = Unpack(new ArchiveBuilder()
            .Pax(("SCHILY.xattr.trusted.overlay.redirect", "/etc"u8.ToArray()), ("SCHILY.xattr.trusted.overlay.opaque", "y"u8.ToArray()))
            .Directory("d"));
        using var made = Linux.Files.TreeDirectory.Open(Inside(layer, "d"));
        Assert.Empty(made.AsFile().AttributeNames());
    }

    [Fact]
    public void A_whiteout_removes_nothing_outside()
    {
        Root.Require();
        Refused(new ArchiveBuilder().File(".wh..."));
        Refused(new ArchiveBuilder().File(".wh."));
        Refused(new ArchiveBuilder().SymbolicLink("link", Outside).File("link/.wh.victim"));
    }

    [Fact]
    public void Names_that_no_file_system_takes_are_refused()
    {
        Root.Require();
        Refused(new ArchiveBuilder().Pax(("path", [.. Enumerable.Repeat((byte)'a', 300)])).File("x"));
        Refused(new ArchiveBuilder().Pax(("path", [.. Enumerable.Repeat("a/"u8.ToArray(), 5000).SelectMany(b => b)])).File("x"));
        Refused(new ArchiveBuilder().Pax(("path", "a\0b"u8.ToArray())).File("x"));
        Refused(new ArchiveBuilder().Pax(("linkpath", [.. Enumerable.Repeat((byte)'a', 10000)])).SymbolicLink("x", "y"));
    }

    [Fact]
    public void A_sparse_file_of_any_size_costs_nothing()
    {
        Root.Require();
        using var layer = Unpack(new ArchiveBuilder()
            .Pax(("GNU.sparse.map", "0,1"u8.ToArray()), ("GNU.sparse.size", "1099511627776"u8.ToArray())).File("tera", "x"));
        Assert.Equal(1L << 40, new FileInfo(Inside(layer, "tera")).Length);
    }

    [Fact]
    public void A_deep_tree_can_be_made_and_removed()
    {
        Root.Require();
        var archive = new ArchiveBuilder();
        var path = string.Concat(Enumerable.Repeat("d/", 1000));
        archive.Pax(("path", System.Text.Encoding.ASCII.GetBytes(path))).Directory("x");

        // A link to the bottom, and on from there: deeper than any path may be long.
        archive.Pax(("linkpath", System.Text.Encoding.ASCII.GetBytes(path))).SymbolicLink("s", "x");
        archive.Pax(("path", System.Text.Encoding.ASCII.GetBytes("s/" + path + "file"))).File("x", "deep");
        var layer = Unpack(archive);
        layer.Dispose();
        Assert.False(Directory.Exists(layer.Path));
    }

    [Fact]
    public void A_failed_layer_leaves_nothing()
    {
        Root.Require();
        Refused(new ArchiveBuilder().File("a", "a").File("../b"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Directory.EnumerateDirectories(_scratch.Path("layers/tmp")).Single()));
    }

    private static string Inside(StagedLayer layer, string name) => Path.Combine(layer.Path, "diff", name);

    private StagedLayer Unpack(ArchiveBuilder archive) => _layers.Unpack(archive.Open());

    private void Refused(ArchiveBuilder archive) => Assert.ThrowsAny<ImageStoreException>(() => Unpack(archive));
}
