using Berth.Api.Containers;
using Berth.Oci.Runtime;

namespace Berth.Engine.Containers.Creation;

/// <summary>Refuses kernel parameters that would be the host's: of no namespace, or of one that the container shares with it.</summary>
internal static class SysctlRules
{
    // Containers that share a namespace one after the other; more than anybody makes, and an end to a ring of them.
    private const int LongestChain = 32;

    /// <param name="host">With the engine's defaults.</param>
    /// <param name="find">Finds the containers whose namespaces are shared.</param>
    public static void Check(HostConfig host, Func<string, Container> find)
    {
        foreach (var name in host.Sysctls?.Keys ?? [])
        {
            if (KernelParameters.Refusal(name, type => HasOwn(host, type, find)) is { } refusal)
            {
                throw ContainerErrors.Invalid(refusal);
            }
        }
    }

    private static bool HasOwn(HostConfig host, string type, Func<string, Container> find)
    {
        var mode = ModeOf(host, type);
        for (var i = 0; i < LongestChain && NamespaceMode.ContainerOf(mode) is { } other; i++)
        {
            try
            {
                mode = ModeOf(find(other).HostConfig, type);
            }
            catch (EngineException e) when (e.Kind == ErrorKind.NotFound)
            {
                // The start's to refuse: here, clients would take "not found" for the image.
                return true;
            }
        }

        return mode != NamespaceMode.Host;
    }

    private static string ModeOf(HostConfig host, string type) => type switch
    {
        "ipc" => host.IpcMode,
        "network" => host.NetworkMode,
        "uts" => host.UTSMode,
        _ => NamespaceMode.Host, // No container has a user namespace of its own.
    };
}
