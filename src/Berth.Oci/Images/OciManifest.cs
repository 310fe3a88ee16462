using System.Diagnostics.CodeAnalysis;

namespace Berth.Oci.Images;

/// <summary>An image: its configuration and its layers, bottom first.</summary>
public sealed record OciManifest
{
    public int SchemaVersion { get; init; } = 2;

    public string? MediaType { get; init; }

    public string? ArtifactType { get; init; }

    public required OciDescriptor Config { get; init; }

    [AllowNull]
    public required IReadOnlyList<OciDescriptor> Layers { get; init => field = NonNullList.Check(value) ?? []; }

    public OciDescriptor? Subject { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
}
