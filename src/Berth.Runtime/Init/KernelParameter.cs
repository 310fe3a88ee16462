using Berth.Linux;
using Berth.Linux.Mounts;
using Berth.Runtime.Processes;

namespace Berth.Runtime.Init;

/// <summary>Writes sysctls of the container's namespaces.</summary>
internal static class KernelParameter
{
    /// <param name="proc">One that no image and no volume has a say in.</param>
    internal static void Set(ProcFileSystem proc, string name, string value)
    {
        // Names are written with dots, or with slashes where a part (an interface's name) has dots of its own.
        var path = name.Contains('/', StringComparison.Ordinal) ? name : name.Replace('.', '/');
        if (path.Split('/').Contains(".."))
        {
            throw StartException.Of("sysctl", $"sysctl \"{name}\" is not a kernel parameter");
        }

        try
        {
            proc.Write($"sys/{path}", value);
        }
        catch (LinuxException e)
        {
            throw StartException.Of("sysctl", e, $"sysctl \"{name}\": {e.Call} /proc/sys/{path}: {ErrnoText.Of(e.Errno)}");
        }
    }
}
