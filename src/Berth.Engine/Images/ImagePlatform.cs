using System.Runtime.InteropServices;
using Berth.Oci.Images;

namespace Berth.Engine.Images;

/// <summary>Platforms as people write them: <c>os</c>, <c>arch</c>, <c>os/arch</c>, <c>os/arch/variant</c>.</summary>
internal static class ImagePlatform
{
    public static OciPlatform Ours { get; } = new()
    {
        Os = "linux",
        Architecture = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "amd64",
    };

    public static OciPlatform Parse(string? text) => text?.Split('/') switch
    {
        null or [""] => Ours,
        ["linux"] => Ours,
        [{ Length: > 0 } architecture] => Linux(architecture, null),
        ["linux", { Length: > 0 } architecture] => Linux(architecture, null),
        ["linux", { Length: > 0 } architecture, { Length: > 0 } variant] => Linux(architecture, variant),
        _ => throw ImageErrors.Invalid($"\"{text}\": unknown operating system or architecture: invalid argument"),
    };

    /// <summary>What an image is made for.</summary>
    public static OciPlatform Of(OciImage image) => new() { Os = image.Os, Architecture = image.Architecture, Variant = image.Variant };

    /// <summary>One spelling for what has several, without the variant that goes without saying.</summary>
    public static OciPlatform Normalize(OciPlatform platform)
    {
        var (architecture, variant) = (platform.Architecture.ToLowerInvariant(), platform.Variant?.ToLowerInvariant() ?? "") switch
        {
            ("i386", _) => ("386", ""),
            ("x86_64" or "x86-64" or "amd64", "v1") => ("amd64", ""),
            ("x86_64" or "x86-64", var v) => ("amd64", v),
            ("aarch64" or "arm64", "8" or "v8") => ("arm64", ""),
            ("aarch64", var v) => ("arm64", v),
            ("armhf", _) => ("arm", "v7"),
            ("armel", _) => ("arm", "v6"),
            ("arm", "" or "7") => ("arm", "v7"),
            ("arm", "5" or "6" or "8") => ("arm", $"v{platform.Variant}"),
            var (a, v) => (a, v),
        };
        return platform with { Os = platform.Os.ToLowerInvariant(), Architecture = architecture, Variant = variant.Length > 0 ? variant : null };
    }

    // Aliases are resolved; a variant is shown as it was given.
    private static OciPlatform Linux(string architecture, string? variant)
    {
        var normal = Normalize(new OciPlatform { Os = "linux", Architecture = architecture, Variant = variant });
        return normal with { Variant = variant ?? (normal.Architecture == architecture ? null : normal.Variant) };
    }
}
