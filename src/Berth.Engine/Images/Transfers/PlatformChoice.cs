using Berth.Oci.Images;

namespace Berth.Engine.Images.Transfers;

/// <summary>Finds the image for a machine among those of an index.</summary>
internal static class PlatformChoice
{
    /// <summary>The manifest or index to go on with; null where none fits.</summary>
    public static OciDescriptor? Find(OciIndex index, OciPlatform wanted)
    {
        var fitting = index.Manifests.Where(m => m.Platform is { } p && Fits(p, wanted)).ToList();

        // The same architecture may come in several variants: the one that was asked for, else the oldest runs everywhere.
        return fitting.Find(m => VariantOf(m.Platform!) == VariantOf(wanted))
            ?? fitting.MinBy(m => VariantOf(m.Platform!), StringComparer.Ordinal);
    }

    public static string Text(OciPlatform platform) =>
        $"{platform.Os}/{platform.Architecture}" + (platform.Variant is { Length: > 0 } variant ? $"/{variant}" : "");

    private static bool Fits(OciPlatform offered, OciPlatform wanted) =>
        offered.Os == wanted.Os && offered.Architecture == wanted.Architecture
        && (string.IsNullOrEmpty(wanted.Variant) || string.CompareOrdinal(VariantOf(offered), VariantOf(wanted)) <= 0);

    // What goes without saying.
    private static string VariantOf(OciPlatform platform) => (platform.Architecture, platform.Variant) switch
    {
        ("arm64", null or "") => "v8",
        ("arm", null or "") => "v7",
        ("amd64", null or "") => "v1",
        (_, var variant) => variant ?? "",
    };
}
