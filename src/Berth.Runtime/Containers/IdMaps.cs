using System.Globalization;
using System.Text;
using Berth.Linux.Mounts;
using Berth.Oci.Runtime;

namespace Berth.Runtime.Containers;

/// <summary>Writes which users and groups of the host a new user namespace's are (user_namespaces(7)).</summary>
internal static class IdMaps
{
    internal static void Write(int pid, OciLinux linux)
    {
        using var proc = ProcFileSystem.Open();
        proc.Write(string.Create(CultureInfo.InvariantCulture, $"{pid}/uid_map"), Lines(linux.UidMappings));
        proc.Write(string.Create(CultureInfo.InvariantCulture, $"{pid}/gid_map"), Lines(linux.GidMappings));
    }

    private static string Lines(IReadOnlyList<OciIdMapping>? mappings)
    {
        var text = new StringBuilder();
        foreach (var mapping in mappings ?? [])
        {
            text.Append(CultureInfo.InvariantCulture, $"{mapping.ContainerId} {mapping.HostId} {mapping.Size}\n");
        }

        return text.ToString();
    }
}
