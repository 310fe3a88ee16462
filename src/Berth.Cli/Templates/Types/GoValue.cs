namespace Berth.Cli.Templates.Types;

/// <summary>A value of Go with its type, as Go's reflection sees it. The default is no value at all.</summary>
/// <remarks>
/// Data is a bool, a long, an ulong, a double or a string; a <see cref="GoStructure"/> or another object for a structure; an array of
/// values for a list; a <see cref="GoMap"/>; what a pointer or an interface holds as a boxed value. Null is nil.
/// </remarks>
readonly record struct GoValue(GoType? Type, object? Data)
{
    public bool IsValid => Type is not null;

    public bool IsNil => Type is { IsNillable: true } && Data is null;

    public GoValue[] Items => (GoValue[]?)Data ?? [];

    public GoMap Map => (GoMap?)Data ?? GoMap.Empty;

    /// <summary>What a pointer points to, or what an interface holds; no value where that is nil.</summary>
    public GoValue Pointee => Data switch
    {
        GoValue value => value,
        null => default,
        // A row of a listing is its own pointer.
        var opaque => new GoValue(Type!.Element, opaque),
    };

    public static GoValue Of(bool value) => new(GoType.Bool, value);

    public static GoValue Of(long value) => new(GoType.Int, value);

    public static GoValue Of(string value) => new(GoType.String, value);

    public static GoValue Of(IEnumerable<string> values) => new(GoType.Strings, values.Select(Of).ToArray());

    public static GoValue PointerTo(GoValue value) => new(GoType.PointerTo(value.Type!), value);

    /// <summary>The value of a type that nobody set.</summary>
    public static GoValue Zero(GoType type) => new(type, type.Kind switch
    {
        GoKind.Bool => false,
        GoKind.Int => 0L,
        GoKind.Uint => 0UL,
        GoKind.Float => 0.0,
        GoKind.String => "",
        GoKind.Array => Enumerable.Repeat(Zero(type.Element!), type.Length).ToArray(),
        GoKind.Struct when type.Name == GoInstant.TypeName => GoInstant.Zero,
        GoKind.Struct => new GoStructure(type, default(System.Text.Json.JsonElement)),
        _ => (object?)null,
    });

    public bool IsZero => Type!.Kind switch
    {
        GoKind.Bool => !(bool)Data!,
        GoKind.Int => (long)Data! == 0,
        GoKind.Uint => (ulong)Data! == 0,
        GoKind.Float => (double)Data! == 0,
        GoKind.String => ((string)Data!).Length == 0,
        GoKind.Slice or GoKind.Array => Items.Length == 0,
        GoKind.Map => Map.Entries.Count == 0,
        GoKind.Struct => false,
        _ => Data is null,
    };

    /// <summary>The value at the end of pointers and interfaces; the last of them where it is nil.</summary>
    public GoValue Indirect(out bool isNil)
    {
        var value = this;
        while (value.Type?.Kind is GoKind.Pointer or GoKind.Interface)
        {
            if (value.Data is null)
            {
                isNil = true;
                return value;
            }

            value = value.Pointee;
        }

        isNil = false;
        return value;
    }

    /// <summary>What an interface holds; any other value is itself.</summary>
    public GoValue Concrete() => Type?.Kind == GoKind.Interface ? Pointee : this;

    /// <summary>The value as an interface holds it.</summary>
    public GoValue Boxed() => Type is null ? new GoValue(GoType.Any, null) : Type == GoType.Any ? this : new GoValue(GoType.Any, this);
}

/// <summary>A map of Go, sorted as Go prints it.</summary>
sealed class GoMap(IReadOnlyList<KeyValuePair<GoValue, GoValue>> entries)
{
    public static GoMap Empty { get; } = new([]);

    public IReadOnlyList<KeyValuePair<GoValue, GoValue>> Entries { get; } = entries;

    /// <summary>No value where the key is absent.</summary>
    public GoValue Find(object? key)
    {
        foreach (var entry in Entries)
        {
            if (Equals(entry.Key.Data, key))
            {
                return entry.Value;
            }
        }

        return default;
    }
}
