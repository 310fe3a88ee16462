using System.Text.Json;
using Berth.Oci.Images;

namespace Berth.Oci.Tests.Images;

public sealed class OciImageJsonTests
{
    [Fact]
    public void Empty_lists_that_Go_writes_as_null_are_empty()
    {
        var image = JsonSerializer.Deserialize("""{"rootfs":{"type":"layers","diff_ids":null},"config":null}""", OciImageJson.Default.OciImage)!;
        Assert.Empty(image.Rootfs.DiffIds);
        Assert.Empty(JsonSerializer.Deserialize("""{"rootfs":null}""", OciImageJson.Default.OciImage)!.Rootfs.DiffIds);
    }

    [Fact]
    public void A_time_keeps_all_its_digits()
    {
        var image = JsonSerializer.Deserialize("""{"created":"2022-02-04T21:20:12.497794809Z"}""", OciImageJson.Default.OciImage)!;
        Assert.Equal("2022-02-04T21:20:12.497794809Z", image.Created);
        Assert.Equal(2022, image.CreatedAt.Year);
    }

    [Fact]
    public void A_malformed_digest_fails_the_document() => Assert.Throws<JsonException>(() =>
        JsonSerializer.Deserialize("""{"manifests":[{"digest":"sha256:../x","size":1}]}""", OciImageJson.Default.OciIndex));

    [Fact]
    public void A_configuration_is_written_in_Dockers_names()
    {
        var json = JsonSerializer.Serialize(
            new OciImage { Os = "linux", Architecture = "amd64", Config = new OciImageConfig { Cmd = ["sh"], StopSignal = "SIGINT" } },
            OciImageJson.Default.OciImage);
        Assert.Equal("""{"architecture":"amd64","os":"linux","config":{"Cmd":["sh"],"StopSignal":"SIGINT"},"rootfs":{"type":"layers","diff_ids":[]}}""", json);
    }
}
