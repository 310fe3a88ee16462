namespace Berth.Linux.Cgroups;

/// <summary>One mounted hierarchy of cgroups.</summary>
/// <param name="MountPoint">Where its root is.</param>
/// <param name="IsUnified">It is the v2 hierarchy.</param>
/// <param name="Controllers">What it controls; a v1 hierarchy without a controller has its name here, such as name=systemd.</param>
public sealed record CgroupHierarchy(string MountPoint, bool IsUnified, IReadOnlyList<string> Controllers);
