using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;

namespace Berth.Api;

/// <summary>A command on the wire: a list of strings, or one string that is a list of one (Docker's StrSlice).</summary>
[CollectionBuilder(typeof(StringList), nameof(Create))]
[JsonConverter(typeof(StringListConverter))]
public sealed class StringList : IReadOnlyList<string>
{
    private readonly IReadOnlyList<string> _items;

    private StringList(IReadOnlyList<string> items) => _items = items;

    public int Count => _items.Count;

    public string this[int index] => _items[index];

    public static StringList Create(ReadOnlySpan<string> items) => new(items.ToArray());

    [return: NotNullIfNotNull(nameof(items))]
    public static StringList? Of(IReadOnlyList<string>? items) => items is null ? null : items as StringList ?? new StringList(items);

    public IEnumerator<string> GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
