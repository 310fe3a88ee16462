using System.Diagnostics.CodeAnalysis;

namespace Berth.Oci.Images;

/// <summary>Several manifests: one image for several platforms, or all that an image layout holds.</summary>
public sealed record OciIndex
{
    public int SchemaVersion { get; init; } = 2;

    public string? MediaType { get; init; }

    [AllowNull]
    public required IReadOnlyList<OciDescriptor> Manifests { get; init => field = NonNullList.Check(value) ?? []; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
}
