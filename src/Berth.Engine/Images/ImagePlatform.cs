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
        [var architecture] => new OciPlatform { Os = "linux", Architecture = architecture },
        ["linux", var architecture] => new OciPlatform { Os = "linux", Architecture = architecture },
        ["linux", var architecture, var variant] => new OciPlatform { Os = "linux", Architecture = architecture, Variant = variant },
        _ => throw ImageErrors.Invalid($"\"{text}\": unknown operating system or architecture: invalid argument"),
    };
}
