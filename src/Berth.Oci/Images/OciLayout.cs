namespace Berth.Oci.Images;

/// <summary>The file <c>oci-layout</c>, which says that a directory is an image layout.</summary>
public sealed record OciLayout
{
    public string ImageLayoutVersion { get; init; } = "1.0.0";
}
