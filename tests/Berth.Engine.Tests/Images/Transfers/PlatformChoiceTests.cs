using Berth.Engine.Images;
using Berth.Engine.Images.Transfers;
using Berth.Oci;
using Berth.Oci.Images;

namespace Berth.Engine.Tests.Images.Transfers;

public sealed class PlatformChoiceTests
{
    [Theory]
    [InlineData("linux/amd64", "linux/s390x linux/amd64 linux/arm64", 1)]
    [InlineData("linux/amd64", "windows/amd64 linux/amd64/v2 linux/amd64", 2)]
    [InlineData("linux/arm64", "linux/amd64 linux/arm64/v8", 1)]
    [InlineData("linux/arm64/v8", "linux/amd64 linux/arm64", 1)]
    [InlineData("linux/arm/v7", "linux/arm/v6 linux/arm/v7 linux/arm/v8", 1)]
    [InlineData("linux/arm/v7", "linux/arm/v5 linux/arm/v8", 0)]
    [InlineData("linux/arm/v6", "linux/arm/v7", -1)]
    [InlineData("linux/amd64", "unknown/unknown", -1)]
    [InlineData("linux/amd64", "", -1)]
    [InlineData("linux/arm/v7", "linux/arm/v5 linux/arm/v6", 1)]
    [InlineData("linux/arm", "linux/arm/v6 linux/arm/v7", 1)]
    [InlineData("linux/arm", "linux/arm64", -1)]
    [InlineData("linux/arm64", "linux/arm/v6 linux/arm/v7", 1)]
    [InlineData("linux/arm64/v8", "linux/arm64/v9", -1)]
    [InlineData("aarch64", "linux/amd64 linux/arm64", 1)]
    [InlineData("linux/x86_64", "linux/arm64 linux/amd64", 1)]
    [InlineData("linux/armhf", "linux/arm/v6 linux/arm/v7", 1)]
    [InlineData("linux/amd64", "linux/386", 0)]
    [InlineData("linux/amd64", "linux/386 linux/amd64", 1)]
    [InlineData("linux/amd64", "linux/amd64/v3", -1)]
    [InlineData("linux/amd64/v3", "linux/amd64 linux/amd64/v2 linux/amd64/v4", 1)]
    [InlineData("linux/amd64/v999999999", "linux/amd64", -1)]
    [InlineData("linux/amd64", "any linux/amd64", 1)]
    [InlineData("linux/amd64", "linux/arm64 any", 1)]
    public void The_fitting_one_is_found(string wanted, string offered, int expected)
    {
        var entries = offered.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select((text, i) => new OciDescriptor
        {
            Digest = Digest.OfContent([(byte)i]),
            Size = i,
            Platform = text.Split('/') is [var os, var architecture, .. var rest]
                ? new OciPlatform { Os = os, Architecture = architecture, Variant = rest.FirstOrDefault() }
                : null,
        }).ToList();
        var found = PlatformChoice.Find(new OciIndex { Manifests = entries }, ImagePlatform.Parse(wanted));
        Assert.Equal(expected, found is null ? -1 : entries.IndexOf(found));
    }
}
