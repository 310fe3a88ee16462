using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Berth.Oci.Images;

/// <summary>The configuration document of an image, OCI's and Docker's; its digest is the image's id.</summary>
/// <remarks>An empty list may come as null: Go programs write it so.</remarks>
public sealed record OciImage
{
    /// <summary>RFC 3339; as text, because it has more digits than .NET keeps.</summary>
    public string? Created { get; init; }

    [JsonIgnore]
    public DateTimeOffset CreatedAt =>
        DateTimeOffset.TryParse(Created, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : DateTimeOffset.MinValue;

    public string? Author { get; init; }

    [AllowNull]
    public string Architecture { get; init => field = value ?? ""; } = "";

    [AllowNull]
    public string Os { get; init => field = value ?? ""; } = "";

    [JsonPropertyName("os.version")]
    public string? OsVersion { get; init; }

    [JsonPropertyName("os.features")]
    public IReadOnlyList<string>? OsFeatures { get; init; }

    public string? Variant { get; init; }

    public OciImageConfig? Config { get; init; }

    [AllowNull]
    public OciRootFs Rootfs { get; init => field = value ?? new(); } = new();

    public IReadOnlyList<OciHistory>? History { get; init => field = value?.Select(h => h ?? new OciHistory()).ToList(); }

    /// <summary>Docker's: the comment of a commit or import.</summary>
    public string? Comment { get; init; }

    /// <summary>Docker's: the container that was committed.</summary>
    public string? Container { get; init; }

    [JsonPropertyName("docker_version")]
    public string? DockerVersion { get; init; }
}

/// <summary>The layers of an image by the digests of their uncompressed archives, bottom first.</summary>
public sealed record OciRootFs
{
    [AllowNull]
    public string Type { get; init => field = value ?? "layers"; } = "layers";

    [AllowNull]
    [JsonPropertyName("diff_ids")]
    public IReadOnlyList<Digest> DiffIds { get; init => field = value ?? []; } = [];
}

/// <summary>How one layer, or a change of the configuration only, came to be.</summary>
public sealed record OciHistory
{
    public DateTimeOffset? Created { get; init; }

    [JsonPropertyName("created_by")]
    public string? CreatedBy { get; init; }

    public string? Author { get; init; }

    public string? Comment { get; init; }

    [JsonPropertyName("empty_layer")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool EmptyLayer { get; init; }
}
