using System.Diagnostics.CodeAnalysis;

namespace Berth.Engine;

/// <summary>Maps as Docker's answers have them: sorted by the bytes of their keys, so that two answers can be compared.</summary>
internal static class WireMap
{
    [return: NotNullIfNotNull(nameof(map))]
    public static IReadOnlyDictionary<string, T>? Sorted<T>(IReadOnlyDictionary<string, T>? map) =>
        map is null or { Count: < 2 } ? map : map.OrderBy(e => e.Key, StringComparer.Ordinal).ToDictionary();
}
