using Berth.Api.Containers;
using Berth.Engine.Images;

namespace Berth.Engine.Containers.Creation;

/// <summary>What is done otherwise than a user may expect, in Docker's words.</summary>
internal static class CreationWarnings
{
    /// <param name="host">What was asked for.</param>
    /// <param name="image">The container's.</param>
    /// <param name="platform">What was asked for; null or empty: nothing.</param>
    public static IEnumerable<string> Of(HostConfig host, ResolvedImage image, string? platform)
    {
        if (string.IsNullOrEmpty(platform) && image.PlatformWarning is { } warning)
        {
            yield return warning;
        }

        if (host is { NetworkMode: NamespaceMode.Host, PortBindings.Count: > 0 })
        {
            yield return "Published ports are discarded when using host network mode";
        }
    }
}
