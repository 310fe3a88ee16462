using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Berth.Oci.Images;

namespace Berth.Engine.Images;

/// <summary>Platforms as people write them: <c>os</c>, <c>arch</c>, <c>os/arch</c>, <c>os/arch/variant</c>.</summary>
internal static partial class ImagePlatform
{
    /// <summary>As Docker's messages show it.</summary>
    private const string SystemPattern = @"^([A-Za-z0-9_-]+)(?:\\(([A-Za-z0-9_.%-]*)((?:\\+[A-Za-z0-9_.%-]+)*)\\))?$";

    private static readonly string[] _systems =
    [
        "aix", "android", "darwin", "dragonfly", "freebsd", "hurd", "illumos", "ios", "js", "linux", "nacl", "netbsd", "openbsd", "plan9", "solaris",
        "windows", "zos",
    ];

    private static readonly string[] _architectures =
    [
        "386", "amd64", "amd64p32", "arm", "armbe", "arm64", "arm64be", "ppc64", "ppc64le", "loong64", "mips", "mipsle", "mips64", "mips64le", "mips64p32",
        "mips64p32le", "ppc", "riscv", "riscv64", "s390", "s390x", "sparc", "sparc64", "wasm",
    ];

    public static OciPlatform Ours { get; } = new()
    {
        Os = "linux",
        Architecture = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "amd64",
    };

    /// <exception cref="EngineException">It is no platform, in the words of containerd's package.</exception>
    public static OciPlatform Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return Ours;
        }

        var parts = text.Split('/');
        var system = SystemGrammar().Match(parts[0]);
        if (!system.Success)
        {
            throw ImageErrors.Invalid(
                $"\"{parts[0]}\" is an invalid OS component of \"{text}\": OSAndVersion specifier component must match \"{SystemPattern}\": invalid argument");
        }

        if (parts.Skip(1).FirstOrDefault(p => !PartGrammar().IsMatch(p)) is { } part)
        {
            throw ImageErrors.Invalid($"\"{part}\" is an invalid component of \"{text}\": platform specifier component must match \"^[A-Za-z0-9_.-]+$\": invalid argument");
        }

        var name = SystemOf(system.Groups[1].Value);
        return parts switch
        {
            [_] when _systems.Contains(name) => Ours with { Os = name },
            [_] when IsArchitecture(parts[0]) => Machine("linux", parts[0], null),
            [_] => throw ImageErrors.Invalid($"\"{text}\": unknown operating system or architecture: invalid argument"),
            [_, var architecture] => Machine(name, architecture, null),
            [_, var architecture, var variant] => Machine(name, architecture, variant),
            _ => throw ImageErrors.Invalid($"\"{text}\": cannot parse platform specifier: invalid argument"),
        };
    }

    /// <summary>The platform of an image that is to be made: only those that containers here can be of.</summary>
    public static OciPlatform ParseForNew(string? text) => Parse(text) is { Os: "linux" } platform
        ? platform
        : throw ImageErrors.Invalid("operating system is not supported");

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

    private static string SystemOf(string text) => text.ToLowerInvariant() switch
    {
        "" => Ours.Os,
        "macos" => "darwin",
        var name => name,
    };

    private static bool IsArchitecture(string text) =>
        _architectures.Contains(Normalize(new OciPlatform { Os = "linux", Architecture = text, Variant = null }).Architecture);

    // Aliases are resolved; a variant is shown as it was given.
    private static OciPlatform Machine(string system, string architecture, string? variant)
    {
        var normal = Normalize(new OciPlatform { Os = system, Architecture = architecture, Variant = variant });
        return normal with { Variant = variant ?? (normal.Architecture == architecture ? null : normal.Variant) };
    }

    [GeneratedRegex(@"^([A-Za-z0-9_-]+)(?:\(([A-Za-z0-9_.%-]*)((?:\+[A-Za-z0-9_.%-]+)*)\))?\z")]
    private static partial Regex SystemGrammar();

    [GeneratedRegex(@"^[A-Za-z0-9_.-]+\z")]
    private static partial Regex PartGrammar();
}
