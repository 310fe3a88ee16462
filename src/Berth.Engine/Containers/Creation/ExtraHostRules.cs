using System.Net;

namespace Berth.Engine.Containers.Creation;

/// <summary>Refuses extra hosts that no hosts file could hold.</summary>
internal static class ExtraHostRules
{
    public static void Check(IReadOnlyList<string>? hosts)
    {
        foreach (var host in hosts ?? [])
        {
            var at = host.AsSpan().IndexOfAny(':', '=');
            if (at <= 0)
            {
                throw ContainerErrors.Invalid($"bad format for add-host: \"{host}\"");
            }

            var address = host[(at + 1)..];
            var bare = address is ['[', .. var inside, ']'] ? inside : address;
            if (address != "host-gateway" && !IPAddress.TryParse(bare, out _))
            {
                throw ContainerErrors.Invalid($"invalid IP address in add-host: \"{address}\"");
            }
        }
    }
}
