namespace Berth.Cli.Templates.Types;

/// <summary>What images are inspected as.</summary>
static class ImageTypes
{
    public const string Table = """
        type digest.Digest string
        type digest.Algorithm string
        type image.ManifestKind string
        struct v1.Descriptor
        MediaType string mediaType
        Digest digest.Digest digest
        Size int64 size
        URLs []string urls,omitempty
        Annotations map[string]string annotations,omitempty
        Data []uint8 data,omitempty
        Platform *v1.Platform platform,omitempty
        ArtifactType string artifactType,omitempty
        struct v1.Platform
        Architecture string architecture
        OS string os
        OSVersion string os.version,omitempty
        OSFeatures []string os.features,omitempty
        Variant string variant,omitempty
        struct formatter.Platform
        + v1.Platform
        struct image.InspectResponse
        ID string Id
        RepoTags []string
        RepoDigests []string
        Parent string
        Comment string
        Created string ,omitempty
        Container string ,omitempty
        ContainerConfig *container.Config ,omitempty
        DockerVersion string
        Author string
        Config *v1.DockerOCIImageConfig
        Architecture string
        Variant string ,omitempty
        Os string
        OsVersion string ,omitempty
        Size int64
        VirtualSize int64 ,omitempty
        GraphDriver storage.DriverData
        RootFS image.RootFS
        Metadata image.Metadata
        Descriptor *v1.Descriptor ,omitempty
        Manifests []image.ManifestSummary ,omitempty
        struct v1.DockerOCIImageConfig
        + v1.ImageConfig
        + v1.DockerOCIImageConfigExt
        struct v1.ImageConfig
        User string ,omitempty
        ExposedPorts map[string]struct{} ,omitempty
        Env []string ,omitempty
        Entrypoint []string ,omitempty
        Cmd []string ,omitempty
        Volumes map[string]struct{} ,omitempty
        WorkingDir string ,omitempty
        Labels map[string]string ,omitempty
        StopSignal string ,omitempty
        ArgsEscaped bool ,omitempty
        struct v1.DockerOCIImageConfigExt
        Healthcheck *v1.HealthcheckConfig ,omitempty
        OnBuild []string ,omitempty
        Shell []string ,omitempty
        struct image.RootFS
        Type string ,omitempty
        Layers []string ,omitempty
        struct image.Metadata
        LastTagTime time.Time ,omitempty
        struct image.ManifestSummary
        ID string
        Descriptor v1.Descriptor
        Available bool
        Size image.ManifestSize
        Kind image.ManifestKind
        ImageData *image.ImageProperties ,omitempty
        AttestationData *image.AttestationProperties ,omitempty
        struct image.ImageProperties
        Platform v1.Platform
        Size image.UnpackedSize
        Containers []string
        struct image.AttestationProperties
        For digest.Digest
        struct image.ManifestSize = struct { Content int64 "json:\"Content\""; Total int64 "json:\"Total\"" }
        Content int64
        Total int64
        struct image.UnpackedSize = struct { Unpacked int64 "json:\"Unpacked\"" }
        Unpacked int64
        """;
}
