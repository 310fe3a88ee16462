using System.Text.Json;

namespace Berth.Oci.Images;

/// <summary>Lists in documents that others wrote: the whole may be null, as Go writes an empty one; a null among the members is an error.</summary>
public static class NonNullList
{
    /// <exception cref="JsonException">A member is null.</exception>
    public static IReadOnlyList<T>? Check<T>(IReadOnlyList<T>? list)
        where T : class =>
        list is not null && list.Contains(null!) ? throw new JsonException("a list holds null") : list;

    /// <summary>The list without its nulls, for lists whose members mean nothing to us where they are empty.</summary>
    public static IReadOnlyList<T>? Without<T>(IReadOnlyList<T>? list)
        where T : class =>
        list is not null && list.Contains(null!) ? [.. list.OfType<T>()] : list;
}
