namespace Berth.Cli.Templates.Types;

/// <summary>What volumes are inspected as.</summary>
static class VolumeTypes
{
    public const string Table = """
        struct volume.Volume
        ClusterVolume *volume.ClusterVolume ,omitempty
        CreatedAt string ,omitempty
        Driver string
        Labels map[string]string
        Mountpoint string
        Name string
        Options map[string]string
        Scope string
        Status map[string]any ,omitempty
        UsageData *volume.UsageData ,omitempty
        struct volume.ClusterVolume
        ID string
        struct volume.UsageData
        RefCount int64
        Size int64
        """;
}
