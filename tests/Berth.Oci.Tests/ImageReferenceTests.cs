namespace Berth.Oci.Tests;

public sealed class ImageReferenceTests
{
    private const string Hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [Theory]
    [InlineData("busybox", "docker.io/library/busybox", "busybox")]
    [InlineData("busybox:1.36", "docker.io/library/busybox:1.36", "busybox:1.36")]
    [InlineData("library/busybox", "docker.io/library/busybox", "busybox")]
    [InlineData("docker.io/busybox", "docker.io/library/busybox", "busybox")]
    [InlineData("index.docker.io/library/busybox:a", "docker.io/library/busybox:a", "busybox:a")]
    [InlineData("user/repo", "docker.io/user/repo", "user/repo")]
    [InlineData("user/a/b:t", "docker.io/user/a/b:t", "user/a/b:t")]
    [InlineData("localhost/repo", "localhost/repo", "localhost/repo")]
    [InlineData("localhost:5000/repo:tag", "localhost:5000/repo:tag", "localhost:5000/repo:tag")]
    [InlineData("127.0.0.1:5000/a/b", "127.0.0.1:5000/a/b", "127.0.0.1:5000/a/b")]
    [InlineData("[::1]:5000/repo", "[::1]:5000/repo", "[::1]:5000/repo")]
    [InlineData("Registry/repo", "Registry/repo", "Registry/repo")]
    [InlineData("quay.io/a__b/c-d.e---f:T_1.2-x", "quay.io/a__b/c-d.e---f:T_1.2-x", "quay.io/a__b/c-d.e---f:T_1.2-x")]
    [InlineData("busybox@sha256:" + Hex, "docker.io/library/busybox@sha256:" + Hex, "busybox@sha256:" + Hex)]
    [InlineData("busybox:x@sha256:" + Hex, "docker.io/library/busybox:x@sha256:" + Hex, "busybox:x@sha256:" + Hex)]
    [InlineData("docker.io/library/a/b", "docker.io/library/a/b", "library/a/b")]
    public void A_name_has_a_complete_form_and_a_familiar_one(string text, string canonical, string familiar)
    {
        var reference = ImageReference.Parse(text);
        Assert.Equal(canonical, reference.Canonical);
        Assert.Equal(familiar, reference.Familiar);
        Assert.Equal(reference, ImageReference.Parse(canonical));
        Assert.Equal(reference, ImageReference.Parse(familiar));
    }

    [Theory]
    [InlineData("")]
    [InlineData(":tag")]
    [InlineData("-a")]
    [InlineData("a-")]
    [InlineData("a..b")]
    [InlineData("a___b")]
    [InlineData("a/")]
    [InlineData("/a")]
    [InlineData("a//b")]
    [InlineData("a:")]
    [InlineData("a:-x")]
    [InlineData("a b")]
    [InlineData("a\n")]
    [InlineData("a:b:c")]
    [InlineData("a@sha256:xyz")]
    [InlineData("../a")]
    [InlineData("[fe80::1%eth0]:5000/a")]
    [InlineData("a@b@c")]
    public void What_is_no_name_is_an_invalid_reference_format(string text)
    {
        Assert.False(ImageReference.TryParse(text, out _, out var problem));
        Assert.Equal("invalid reference format", problem);
    }

    [Fact]
    public void Capitals_in_a_repository_are_told_apart()
    {
        Assert.False(ImageReference.TryParse("BusyBox", out _, out var problem));
        Assert.Equal("invalid reference format: repository name (library/BusyBox) must be lowercase", problem);
    }

    [Fact]
    public void A_name_of_64_hexadecimal_digits_would_be_taken_for_an_id()
    {
        Assert.False(ImageReference.TryParse(Hex, out _, out var problem));
        Assert.Equal($"invalid repository name ({Hex}), cannot specify 64-byte hexadecimal strings", problem);
    }

    [Fact]
    public void A_repository_has_at_most_255_characters()
    {
        Assert.True(ImageReference.TryParse("a.io/" + new string('a', 255), out _, out _));
        Assert.False(ImageReference.TryParse("a.io/" + new string('a', 256), out _, out var problem));
        Assert.Equal("repository name must not be more than 255 characters", problem);
    }

    [Fact]
    public void The_default_tag_is_given_only_to_a_bare_name()
    {
        Assert.Equal("busybox:latest", ImageReference.Parse("busybox").WithDefaultTag().Familiar);
        Assert.Equal("busybox:1", ImageReference.Parse("busybox:1").WithDefaultTag().Familiar);
        Assert.Equal($"busybox@sha256:{Hex}", ImageReference.Parse($"busybox@sha256:{Hex}").WithDefaultTag().Familiar);
        Assert.Throws<FormatException>(() => ImageReference.Parse("busybox").WithTag("no tag"));
    }

    [Fact]
    public void A_hostile_name_is_refused_in_time()
    {
        Assert.False(ImageReference.TryParse(new string('a', 1 << 20) + "!", out _));
        Assert.False(ImageReference.TryParse(string.Concat(Enumerable.Repeat("a.", 1 << 18)) + "!", out _));
    }
}
