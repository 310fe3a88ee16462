using Berth.Runtime.Processes;

namespace Berth.Runtime.Init;

/// <summary>Writes sysctls of the container's namespaces.</summary>
internal static class KernelParameter
{
    internal static void Set(string name, string value)
    {
        // Names are written with dots, or with slashes where a part (an interface's name) has dots of its own.
        var path = name.Contains('/', StringComparison.Ordinal) ? name : name.Replace('.', '/');
        if (path.Split('/').Contains(".."))
        {
            throw StartException.Of("sysctl", $"sysctl \"{name}\" is not a kernel parameter");
        }

        try
        {
            File.WriteAllText($"/proc/sys/{path}", value);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StartException.Of("sysctl", $"sysctl \"{name}\": write /proc/sys/{path}: {e.Message}");
        }
    }
}
