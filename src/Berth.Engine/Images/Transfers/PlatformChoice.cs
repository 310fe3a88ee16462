using System.Globalization;
using Berth.Oci.Images;

namespace Berth.Engine.Images.Transfers;

/// <summary>Finds the image for a machine among those of an index, as containerd's platforms package does, and so Docker.</summary>
internal static class PlatformChoice
{
    /// <summary>The manifest or index to go on with; null where none fits.</summary>
    public static OciDescriptor? Find(OciIndex index, OciPlatform wanted)
    {
        var preferred = Preferred(ImagePlatform.Normalize(wanted)).ToList();

        // What does not say for which machine it is may be for this one.
        return index.Manifests
            .Select(m => (Manifest: m, Rank: m.Platform is not { } p || (p.Os.Length == 0 && p.Architecture.Length == 0) ? preferred.Count : preferred.IndexOf(Key(p))))
            .Where(m => m.Rank >= 0)
            .OrderBy(m => m.Rank)
            .FirstOrDefault().Manifest;
    }

    /// <summary>Whether a machine runs what is made for another.</summary>
    public static bool Runs(OciPlatform machine, OciPlatform offered) => Preferred(ImagePlatform.Normalize(machine)).Contains(Key(offered));

    public static string Text(OciPlatform platform) =>
        string.Join('/', new[] { platform.Os, platform.Architecture, platform.Variant }.Where(part => !string.IsNullOrEmpty(part)));

    private static (string Os, string Architecture, string Variant) Key(OciPlatform platform)
    {
        var normal = ImagePlatform.Normalize(platform);
        return (normal.Os, normal.Architecture, normal.Variant ?? "");
    }

    // The best first: each variant runs what is made for the older ones, and some machines what is made for their predecessors.
    private static IEnumerable<(string Os, string Architecture, string Variant)> Preferred(OciPlatform machine)
    {
        yield return Key(machine);
        var (oldest, implied) = machine.Architecture switch
        {
            "amd64" => (1, 1),
            "arm" => (5, 7),
            _ => (int.MaxValue, 0),
        };
        for (var version = VersionOf(machine.Variant, implied) - 1; version >= oldest; version--)
        {
            yield return Key(machine with { Variant = string.Create(CultureInfo.InvariantCulture, $"v{version}") });
        }

        var predecessors = machine.Architecture switch
        {
            "amd64" => [Key(machine with { Architecture = "386", Variant = null })],
            "arm64" => Preferred(ImagePlatform.Normalize(machine with { Architecture = "arm", Variant = "v8" })),
            _ => [],
        };
        foreach (var platform in predecessors)
        {
            yield return platform;
        }
    }

    private static int VersionOf(string? variant, int implied) =>
        variant is ['v', .. var number] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version < 100 ? version : implied;
}
