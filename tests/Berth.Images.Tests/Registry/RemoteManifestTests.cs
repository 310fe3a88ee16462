using System.Text;
using Berth.Images.Registry;
using Berth.Oci;

namespace Berth.Images.Tests.Registry;

public sealed class RemoteManifestTests
{
    private const string Zeros = "sha256:0000000000000000000000000000000000000000000000000000000000000000";

    [Theory]
    [InlineData("""{"schemaVersion":2,"manifests":[]}""", MediaTypes.OciIndex, MediaTypes.OciIndex)]
    [InlineData("""{"schemaVersion":2,"manifests":[]}""", null, MediaTypes.OciIndex)]
    [InlineData("""{"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json","config":{},"layers":[]}""", "text/plain", MediaTypes.DockerManifest)]
    [InlineData("""{"schemaVersion":2,"config":{},"layers":[]}""", MediaTypes.OciManifest, MediaTypes.OciManifest)]
    public void A_document_is_what_it_says(string json, string? contentType, string expected) =>
        Assert.Equal(expected, RemoteManifest.Parse(contentType, Encoding.UTF8.GetBytes(json)).MediaType);

    [Theory]
    [InlineData("""{"manifests":[],"layers":[]}""", MediaTypes.OciIndex)]
    [InlineData("""{"manifests":[],"Config":{}}""", MediaTypes.OciIndex)]
    [InlineData("""{"layers":[],"LAYERS":[],"config":{}}""", MediaTypes.OciManifest)]
    [InlineData("""{"layers":[],"layers":[],"config":{}}""", MediaTypes.OciManifest)]
    [InlineData("""{"manifests":[]}""", MediaTypes.OciManifest)]
    [InlineData("""{"mediaType":"application/vnd.oci.image.index.v1+json","layers":[],"config":{}}""", MediaTypes.OciManifest)]
    [InlineData("""{"mediaType":"application/vnd.cncf.model","layers":[]}""", "application/json")]
    [InlineData("""{"mediaType":7,"layers":[]}""", MediaTypes.OciManifest)]
    [InlineData("""{"schemaVersion":1,"fsLayers":[]}""", "application/vnd.docker.distribution.manifest.v1+prettyjws")]
    [InlineData("{}", MediaTypes.OciManifest)]
    [InlineData("[]", MediaTypes.OciManifest)]
    [InlineData("null", MediaTypes.OciManifest)]
    [InlineData("<html>", "text/html")]
    [InlineData("", MediaTypes.OciManifest)]
    public void What_is_not_one_thing_is_refused(string json, string contentType) =>
        Assert.Throws<RegistryException>(() => RemoteManifest.Parse(contentType, Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("""{"config":null,"layers":[]}""")]
    [InlineData("""{"config":{"mediaType":"","size":1,"digest":"sha256:12"},"layers":[]}""")]
    [InlineData("""{"config":{"size":1,"digest":"../../x"},"layers":[]}""")]
    [InlineData("""{"config":{"size":1,"digest":"ZEROS"},"layers":[null]}""")]
    [InlineData("""{"config":{"size":"much","digest":"ZEROS"},"layers":[]}""")]
    public void Nulls_and_wrong_digests_fail_the_document(string json) => Assert.Throws<RegistryException>(() => RemoteManifest
        .Parse(MediaTypes.OciManifest, Encoding.UTF8.GetBytes(json.Replace("ZEROS", Zeros, StringComparison.Ordinal))).ReadManifest());

    [Fact]
    public void Depth_is_limited()
    {
        var deep = $$"""{"layers":[],"config":{{string.Concat(Enumerable.Repeat("[", 100_000))}}""";
        Assert.Throws<RegistryException>(() => RemoteManifest.Parse(MediaTypes.OciManifest, Encoding.UTF8.GetBytes(deep)));
    }
}
