using System.Text.Json;
using Berth.Oci.Images;

namespace Berth.Oci.Tests;

public sealed class JsonFaultTests
{
    [Theory]
    [InlineData("{", "(line 1, byte 2)")]
    [InlineData("[]", "json: cannot unmarshal the value")]
    [InlineData("{\"config\":{\"StopTimeout\":\"x\"}}", "json: cannot unmarshal the value of field config.StopTimeout")]
    [InlineData("{\"config\":{\"Cmd\":5}}", "json: field config.Cmd: neither a list of words nor a word")]
    [InlineData("{\"rootfs\":{\"diff_ids\":[\"x\"]}}", "rootfs.diff_ids[0]")]
    [InlineData("{\"history\":[{\"created\":\"yesterday\"}]}", "json: cannot unmarshal the value of field history[0].created")]
    public void An_image_that_cannot_be_read_is_described_by_its_own_words(string json, string expected) =>
        Expect(Assert.ThrowsAny<JsonException>(() => JsonSerializer.Deserialize(json, OciImageJson.Default.OciImage)), expected);

    [Theory]
    [InlineData("{\"layers\":[]}", "missing \"config\"")]
    [InlineData("{\"config\":{\"digest\":\"sha256:0\",\"size\":1},\"layers\":[]}", "config.digest")]
    [InlineData("{\"config\":null,\"layers\":[]}", "config")]
    public void So_is_a_manifest(string json, string expected) =>
        Expect(Assert.ThrowsAny<JsonException>(() => JsonSerializer.Deserialize(json, OciImageJson.Default.OciManifest)), expected);

    private static void Expect(JsonException failure, string expected)
    {
        var text = JsonFault.Describe(failure);
        Assert.Contains(expected, text, StringComparison.Ordinal);
        Assert.DoesNotMatch("Berth|System|LineNumber|Path:", text);
    }
}
