using Berth.Images.Content;
using Berth.Oci;
using Berth.Oci.Images;

namespace Berth.Images.Tests.Content;

public sealed class ContentStoreTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void A_blob_is_seen_only_after_its_commit()
    {
        var store = new ContentStore(_scratch.Path("images"));
        using var writer = store.Write();
        writer.Append("hello"u8);
        using var blob = writer.Finish();
        Assert.Equal(Digest.OfContent("hello"u8), blob.Digest);
        Assert.False(store.Exists(blob.Digest));
        blob.Commit();
        Assert.True(store.Exists(blob.Digest));
        Assert.Equal([blob.Digest], store.List());
        using var content = new StreamReader(store.Open(blob.Digest));
        Assert.Equal("hello", content.ReadToEnd());
    }

    [Fact]
    public void A_blob_that_is_not_committed_leaves_nothing()
    {
        var store = new ContentStore(_scratch.Path("images"));
        using (var writer = store.Write())
        {
            writer.Append("a"u8);
        }

        using (var writer = store.Write())
        {
            writer.Append("b"u8);
            writer.Finish().Dispose();
        }

        Assert.Empty(Directory.EnumerateFiles(_scratch.Path("images/tmp"), "*", SearchOption.AllDirectories));
        Assert.Empty(store.List());
    }

    [Fact]
    public void What_a_killed_process_left_behind_is_collected()
    {
        var killed = new ContentStore(_scratch.Path("images")).Write();
        killed.Append("a"u8);
        var store = new ContentStore(_scratch.Path("images"));
        store.CollectTemporary();
        Assert.Empty(Directory.EnumerateFiles(_scratch.Path("images/tmp"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_document_that_would_fill_the_memory_is_not_read()
    {
        var store = new ContentStore(_scratch.Path("images"));
        using var writer = store.Write();
        writer.Append(new byte[5 << 20]);
        using var blob = writer.Finish();
        blob.Commit();
        Assert.Throws<ImageStoreException>(() => store.Read(blob.Digest, OciImageJson.Default.OciImage));
    }

    [Fact]
    public void A_missing_blob_is_named()
    {
        var store = new ContentStore(_scratch.Path("images"));
        var digest = Digest.OfContent([]);
        Assert.Equal($"blob {digest} is not in the store", Assert.Throws<ImageStoreException>(() => store.Open(digest)).Message);
    }
}
