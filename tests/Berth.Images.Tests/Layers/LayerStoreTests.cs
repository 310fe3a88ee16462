using Berth.Images.Layers;
using Berth.Images.Tests.Tar;
using Berth.Oci;

namespace Berth.Images.Tests.Layers;

public sealed class LayerStoreTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task A_layer_that_many_ask_for_at_once_is_unpacked_once()
    {
        Root.Require();
        var layers = new LayerStore(_scratch.Path("layers"));
        var archive = new ArchiveBuilder().File("a", "a").Finish();
        var id = Digest.OfContent(archive);
        var unpacked = 0;
        using var all = new Barrier(8);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            all.SignalAndWait();
            await layers.EnsureAsync(id, [], () =>
            {
                Interlocked.Increment(ref unpacked);
                return layers.Unpack(new MemoryStream(archive));
            });
            Assert.True(layers.Contains(id));
        })));
        Assert.Equal(1, unpacked);
        Assert.Equal("a", File.ReadAllText(Path.Combine(layers.DirectoryOf(id), "a")));
        Assert.Equal(1, layers.SizeOf(id));
    }

    [Fact]
    public async Task A_layer_whose_unpacking_failed_can_be_tried_again()
    {
        Root.Require();
        var layers = new LayerStore(_scratch.Path("layers"));
        var archive = new ArchiveBuilder().File("a", "a").Finish();
        var id = Digest.OfContent(archive);
        await Assert.ThrowsAsync<ImageStoreException>(() => layers.EnsureAsync(id, [], () => throw new ImageStoreException("no")));
        Assert.False(layers.Contains(id));
        await layers.EnsureAsync(id, [], () => layers.Unpack(new MemoryStream(archive)));
        Assert.Equal([id], layers.List());
    }

    [Fact]
    public void What_a_killed_process_left_behind_is_collected()
    {
        Root.Require();
        var archive = new ArchiveBuilder().File("a", "a").Open();
        var killed = new LayerStore(_scratch.Path("layers")).Unpack(archive);
        var layers = new LayerStore(_scratch.Path("layers"));
        using var ours = layers.Unpack(new ArchiveBuilder().File("b", "b").Open());
        layers.CollectTemporary();
        Assert.False(Directory.Exists(killed.Path));
        Assert.True(File.Exists(Path.Combine(ours.Path, "diff", "b")));
    }

    [Fact]
    public async Task A_removed_layer_is_out_of_sight_at_once()
    {
        Root.Require();
        var layers = new LayerStore(_scratch.Path("layers"));
        var archive = new ArchiveBuilder().File("a", "a").Finish();
        var id = Digest.OfContent(archive);
        await layers.EnsureAsync(id, [], () => layers.Unpack(new MemoryStream(archive)));
        var detached = layers.Detach(id);
        Assert.False(layers.Contains(id));
        LayerStore.Delete(detached!);
        Assert.Null(layers.Detach(id));
        Assert.False(Directory.Exists(detached));
    }

    [Fact]
    public void The_same_layer_has_the_same_digest_however_it_is_compressed()
    {
        Root.Require();
        var layers = new LayerStore(_scratch.Path("layers"));
        var archive = new ArchiveBuilder().File("a", new string('a', 500_000)).Finish();
        File.WriteAllBytes(_scratch.Path("a.tar"), archive);
        _scratch.Shell("""
            gzip -k a.tar; zstd -q a.tar
            { head -c 1000 a.tar | gzip; tail -c +1001 a.tar | gzip; } > members.gz
            { head -c 1000 a.tar | zstd -q; tail -c +1001 a.tar | zstd -q; } > frames.zst
            """);
        foreach (var name in new[] { "a.tar", "a.tar.gz", "a.tar.zst", "members.gz", "frames.zst" })
        {
            using var file = File.OpenRead(_scratch.Path(name));
            using var layer = layers.Unpack(file);
            Assert.Equal(Digest.OfContent(archive), layer.DiffId);
        }
    }

    [Theory]
    [InlineData("gzip -c")]
    [InlineData("zstd -q -c")]
    public void A_compressed_layer_that_is_cut_off_or_damaged_is_refused(string compress)
    {
        Root.Require();
        var layers = new LayerStore(_scratch.Path("layers"));
        File.WriteAllBytes(_scratch.Path("a.tar"), new ArchiveBuilder().File("a", string.Concat(Enumerable.Range(0, 100_000))).Finish());
        _scratch.Shell($"{compress} a.tar > whole; head -c $(( $(stat -c %s whole) / 2 )) whole > half; cp whole bad; printf XXXX | dd of=bad bs=1 seek=20000 conv=notrunc status=none");
        foreach (var name in new[] { "half", "bad" })
        {
            using var file = File.OpenRead(_scratch.Path(name));
            Assert.ThrowsAny<ImageStoreException>(() => layers.Unpack(file));
        }
    }

    [Theory]
    [InlineData("bzip2 -c", "Bzip2")]
    [InlineData("xz -c", "Xz")]
    public void A_compression_that_no_layer_can_have_is_named(string compress, string name)
    {
        var layers = new LayerStore(_scratch.Path("layers"));
        File.WriteAllBytes(_scratch.Path("a.tar"), new ArchiveBuilder().File("a", "a").Finish());
        _scratch.Shell($"{compress} a.tar > compressed");
        using var file = File.OpenRead(_scratch.Path("compressed"));
        var error = Assert.Throws<ImageStoreException>(() => layers.Unpack(file));
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }
}
