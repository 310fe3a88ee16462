using Berth.Images.Layers;

namespace Berth.Images.Tests.Layers;

/// <summary>Layers are compared with what GNU tar makes of the same archive.</summary>
public sealed class UnpackTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void A_tree_comes_out_as_GNU_tar_takes_it_out()
    {
        Root.Require();
        _scratch.Shell("""
            mkdir -p t/dir/sub t/empty && cd t
            echo hello > dir/file; printf '\xff\xfe' > $'dir/latin-\xe9'; ln dir/file dir/hard; ln -s ../dir/file dir/link; ln -s /etc/passwd dir/abs
            mknod dir/null c 1 3; mknod dir/loop b 7 0; mkfifo dir/pipe
            truncate -s 10M dir/sparse; printf tail | dd of=dir/sparse bs=1 seek=5000000 conv=notrunc status=none
            cp /bin/true dir/suid; chown 1000:1001 dir/suid; chmod 6755 dir/suid; chmod 1777 empty
            setcap cap_net_raw+ep dir/suid || true
            setfattr -n user.note -v 'a b' dir/file || true
            touch -d '1999-12-31 23:59:59.123456789 UTC' dir/file dir/sub; touch -h -d '2001-01-01 UTC' dir/link; touch -d '1969-06-01 UTC' dir/suid
            mkdir -p "$(printf 'long%.0s' $(seq 30))/$(printf 'name%.0s' $(seq 30))"; echo x > "$(printf 'long%.0s' $(seq 30))/$(printf 'name%.0s' $(seq 30))/$(printf 'f%.0s' $(seq 200))"
            touch -d '2010-10-10 UTC' dir .
            """);
        foreach (var (format, sparse) in new[] { ("gnu", ""), ("gnu", "-S"), ("pax", ""), ("pax", "-S --sparse-version=0.0"), ("pax", "-S --sparse-version=0.1"), ("pax", "-S --sparse-version=1.0") })
        {
            var attributes = format == "pax" ? "--xattrs --xattrs-include='*'" : "";
            _scratch.Shell($"rm -rf expected layers; mkdir expected; tar -C t --format={format} {sparse} {attributes} -cf t.tar .; tar -C expected --xattrs --xattrs-include='*' -xpf t.tar; cp -p --attributes-only expected/dir/sparse time; fallocate -d expected/dir/sparse; touch -r time expected/dir/sparse");
            var layers = new LayerStore(_scratch.Path("layers"));
            using (var archive = File.OpenRead(_scratch.Path("t.tar")))
            using (var layer = layers.Unpack(archive))
            {
                var staged = Directory.EnumerateDirectories(_scratch.Path("layers"), "diff", SearchOption.AllDirectories).Single();
                Assert.Equal(_scratch.Listing("expected"), _scratch.Listing(staged));
                _scratch.Shell($"diff -r --no-dereference expected {staged} 2>&1 | grep -v -e 'is a character' -e 'is a block' -e 'is a fifo' && exit 1 || true");
            }
        }
    }
}
