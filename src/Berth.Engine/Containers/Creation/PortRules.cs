using System.Globalization;
using Berth.Api.Containers;

namespace Berth.Engine.Containers.Creation;

/// <summary>Refuses ports that there cannot be: a container that could never be started is not made.</summary>
internal static class PortRules
{
    public static void Check(IReadOnlyDictionary<string, IReadOnlyList<PortBinding>?>? bindings)
    {
        foreach (var (port, places) in bindings ?? new Dictionary<string, IReadOnlyList<PortBinding>?>())
        {
            CheckRange(WithoutProtocol(port), isRange: false);
            foreach (var place in places ?? [])
            {
                CheckRange(WithoutProtocol(place.HostPort), isRange: true);
            }
        }
    }

    /// <summary>Nothing at all stands for any port.</summary>
    private static void CheckRange(string text, bool isRange)
    {
        var dash = isRange ? text.IndexOf('-', StringComparison.Ordinal) : -1;
        var isGood = text.Length == 0
            || (TryNumber(dash < 0 ? text : text[..dash], out var first) && TryNumber(text[(dash + 1)..], out var last) && first <= last);
        if (!isGood)
        {
            throw ContainerErrors.Invalid($"invalid port specification: \"{text}\"");
        }
    }

    private static string WithoutProtocol(string text) => text.Split('/')[0];

    private static bool TryNumber(string text, out ushort number) => ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
