using Berth.Images.Layers;
using Berth.Images.Tests.Tar;

namespace Berth.Images.Tests.Layers;

/// <summary>What the kernel's overlay shows of unpacked layers is what the archives mean.</summary>
public sealed class WhiteoutTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly LayerStore _layers;
    private readonly List<StagedLayer> _stack = [];

    public WhiteoutTests() => _layers = new LayerStore(_scratch.Path("layers"));

    public void Dispose()
    {
        _stack.ForEach(l => l.Dispose());
        _scratch.Dispose();
    }

    [Fact]
    public void A_file_that_was_removed_is_gone()
    {
        Root.Require();
        Add(new ArchiveBuilder().Directory("d").File("d/a", "a").File("d/b", "b").Directory("e").File("e/x", "x"));
        Add(new ArchiveBuilder().Directory("d").File("d/.wh.a").File(".wh.e"));
        Assert.Equal("d d/b=b", Show());
    }

    [Fact]
    public void An_opaque_directory_shows_only_its_own_files()
    {
        Root.Require();
        Add(new ArchiveBuilder().Directory("d").File("d/a", "a").File("d/b", "b"));
        Add(new ArchiveBuilder().Directory("d").File("d/new", "n").File("d/.wh..wh..opq"));
        Assert.Equal("d d/new=n", Show());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_name_that_was_removed_and_made_anew_hides_what_was_below_it(bool removedFirst)
    {
        Root.Require();
        Add(new ArchiveBuilder().Directory("d").File("d/old", "o").File("f", "old"));
        Add(removedFirst
            ? new ArchiveBuilder().File(".wh.d").Directory("d").File("d/new", "n").File(".wh.f").File("f", "new")
            : new ArchiveBuilder().Directory("d").File("d/new", "n").File(".wh.d").File("f", "new").File(".wh.f"));
        Assert.Equal("d d/new=n f=new", Show());
    }

    [Fact]
    public void A_directory_that_is_only_implied_is_that_of_the_layer_below()
    {
        Root.Require();
        Add(new ArchiveBuilder().Directory("d", mode: 0x3C0 /* 01700 */).Directory("d/e", mode: 0x1C8 /* 0710 */).File("d/a", "a"));
        Add(new ArchiveBuilder().File("d/e/new", "n"));
        ImplicitDirectories.Complete(Diff(_stack[1]), _stack[1].ImplicitDirectories, [Diff(_stack[0])]);
        Assert.Equal("d d/a=a d/e d/e/new=n", Show());
        Assert.Equal((UnixFileMode)0x3C0, File.GetUnixFileMode(Diff(_stack[1]) + "/d"));
        Assert.Equal((UnixFileMode)0x1C8, File.GetUnixFileMode(Diff(_stack[1]) + "/d/e"));
        Assert.Equal(Directory.GetLastWriteTimeUtc(Diff(_stack[0]) + "/d"), Directory.GetLastWriteTimeUtc(Diff(_stack[1]) + "/d"));
    }

    [Fact]
    public void A_file_replaces_a_directory_of_the_same_layer_and_the_other_way_round()
    {
        Root.Require();
        Add(new ArchiveBuilder().Directory("a").File("a/x", "x").File("a", "file").File("b", "file").File("b/y", "y"));
        Assert.Equal("a=file b b/y=y", Show());
    }

    [Fact]
    public void What_AUFS_kept_for_itself_is_left_out()
    {
        Root.Require();
        Add(new ArchiveBuilder().File(".wh..wh.aufs").Directory(".wh..wh.plnk").File(".wh..wh.plnk/1.2", "x").File("a", "a"));
        Assert.Equal("a=a", Show());
    }

    private static string Diff(StagedLayer layer) => Path.Combine(layer.Path, "diff");

    private void Add(ArchiveBuilder archive) => _stack.Add(_layers.Unpack(archive.Open()));

    // In a mount namespace of the script's own, so that nothing is left mounted.
    private string Show()
    {
        Directory.CreateDirectory(_scratch.Path("empty"));
        var lower = string.Join(':', _stack.Select(Diff).Reverse().Append(_scratch.Path("empty")));
        return _scratch.Shell($$"""
            mkdir -p merged
            unshare -m bash -e -c '
                mount -t overlay overlay -o ro,lowerdir={{lower}} merged
                cd merged
                find . -mindepth 1 | LC_ALL=C sort | while read -r f; do f=${f#./}; if [ -d "$f" ]; then echo "$f"; else echo "$f=$(cat "$f")"; fi; done
            ' | paste -sd" "
            """).Trim();
    }
}
