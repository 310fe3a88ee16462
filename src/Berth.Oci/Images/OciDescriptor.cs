using System.Diagnostics.CodeAnalysis;

namespace Berth.Oci.Images;

/// <summary>Names a blob by digest, size and kind.</summary>
public sealed record OciDescriptor
{
    [AllowNull]
    public string MediaType { get; init => field = value ?? ""; } = "";

    public required Digest Digest { get; init; }

    public required long Size { get; init; }

    public IReadOnlyList<string>? Urls { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    public OciPlatform? Platform { get; init; }

    public string? ArtifactType { get; init; }
}
