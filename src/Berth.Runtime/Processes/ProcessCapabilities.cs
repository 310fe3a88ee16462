using Berth.Linux.Capabilities;
using Berth.Oci.Runtime;

namespace Berth.Runtime.Processes;

/// <summary>The five sets of capabilities that a process gets.</summary>
internal sealed record ProcessCapabilities(
    CapabilitySet Bounding, CapabilitySet Effective, CapabilitySet Permitted, CapabilitySet Inheritable, CapabilitySet Ambient)
{
    /// <summary>
    /// Reads the specification's names. A name that nobody knows, and a capability that this process itself lacks and so cannot
    /// give, is left out with a warning: a container that was promised all gets all that there is.
    /// </summary>
    internal static ProcessCapabilities Of(OciCapabilities? capabilities, Action<string> warn)
    {
        var available = ThreadCapabilities.Read().Permitted;
        CapabilitySet Set(IReadOnlyList<string>? names)
        {
            var set = CapabilitySet.Empty;
            foreach (var name in names ?? [])
            {
                if (!Capability.TryParse(name, out var capability))
                {
                    warn($"ignoring unknown capability {name}");
                }
                else if (available.Contains(capability))
                {
                    set = set.With(capability);
                }
                else
                {
                    warn($"ignoring capability {name}, which this process does not have");
                }
            }

            return set;
        }

        var permitted = Set(capabilities?.Permitted);
        var inheritable = Set(capabilities?.Inheritable);

        // The kernel raises only what is both already (capabilities(7)); runc drops the others without a word, and so do we.
        var ambient = Set(capabilities?.Ambient).Intersect(permitted).Intersect(inheritable);
        return new ProcessCapabilities(Set(capabilities?.Bounding), Set(capabilities?.Effective), permitted, inheritable, ambient);
    }
}
