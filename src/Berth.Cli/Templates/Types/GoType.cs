using System.Globalization;

namespace Berth.Cli.Templates.Types;

/// <summary>A type of Go: what a template can ask of a value, and how the value prints.</summary>
/// <remarks>Types are made once for each name, so that two of them are the same where the references are.</remarks>
sealed class GoType
{
    private static readonly Dictionary<string, GoType> _known = [];

    private IReadOnlyList<GoField>? _fields;

    private GoType(string name, GoKind kind) => (Name, Kind, Underlying) = (name, kind, name);

    public static GoType Bool { get; } = Of("bool");

    public static GoType Int { get; } = Of("int");

    public static GoType Uint8 { get; } = Of("uint8");

    public static GoType Float64 { get; } = Of("float64");

    public static GoType String { get; } = Of("string");

    public static GoType Strings { get; } = Of("[]string");

    /// <summary>Any value; JSON without a type is made of it.</summary>
    public static GoType Any { get; } = Of("any");

    public static GoType AnyMap { get; } = Of("map[string]any");

    public static GoType AnyList { get; } = Of("[]any");

    /// <summary>As %T and messages name it.</summary>
    public string Name { get; }

    public GoKind Kind { get; }

    /// <summary>Of a pointer, a list or a map.</summary>
    public GoType? Element { get; private init; }

    /// <summary>Of a map.</summary>
    public GoType? Key { get; private init; }

    /// <summary>Of an array.</summary>
    public int Length { get; private init; }

    /// <summary>The structure of a named type: types with a name and without are assignable where it is the same.</summary>
    public string Underlying { get; private init; }

    /// <summary>The type has a name of its own, as <c>nat.PortMap</c> has and <c>[]string</c> has not.</summary>
    public bool IsNamed { get; private init; }

    /// <summary>Of a structure: its own, in their order, those that are embedded as one.</summary>
    public IReadOnlyList<GoField> Fields => _fields ??= Kind == GoKind.Struct ? GoTypeTable.Fields(Declared ?? Name) : [];

    /// <summary>The table's name of a structure without a name in Go.</summary>
    private string? Declared { get; init; }

    public bool IsNillable => Kind is GoKind.Pointer or GoKind.Slice or GoKind.Map or GoKind.Interface;

    /// <summary>The type of this text: Go's own notation.</summary>
    public static GoType Of(string text)
    {
        if (!_known.TryGetValue(text, out var type))
        {
            type = Make(text);
            _known[text] = type;
        }

        return type;
    }

    public static GoType PointerTo(GoType type) => Of("*" + type.Name);

    /// <summary>A structure without fields, whose methods are all that a template sees: a row of a listing.</summary>
    public static GoType Opaque(string name)
    {
        if (!_known.TryGetValue(name, out var type))
        {
            type = name.StartsWith('*')
                ? new GoType(name, GoKind.Pointer) { Element = Opaque(name[1..]) }
                : new GoType(name, GoKind.Struct) { IsNamed = true, _fields = [] };
            _known[name] = type;
        }

        return type;
    }

    public bool AssignableTo(GoType other) =>
        ReferenceEquals(this, other) || other == Any || (Underlying == other.Underlying && (!IsNamed || !other.IsNamed));

    public override string ToString() => Name;

    private static GoType Make(string text)
    {
        switch (text)
        {
            case "bool":
                return Basic(text, GoKind.Bool);
            case "string":
                return Basic(text, GoKind.String);
            case "int" or "int64" or "int32":
                return Basic(text, GoKind.Int);
            case "uint" or "uint8" or "uint16" or "uint32" or "uint64":
                return Basic(text, GoKind.Uint);
            case "float64":
                return Basic(text, GoKind.Float);
            case "any":
                return new GoType("interface {}", GoKind.Interface);
            case "struct{}":
                return new GoType("struct {}", GoKind.Struct) { _fields = [] };
        }

        if (text.StartsWith('*'))
        {
            var pointee = Of(text[1..]);
            return new GoType("*" + pointee.Name, GoKind.Pointer) { Element = pointee };
        }

        if (text.StartsWith("map[", StringComparison.Ordinal))
        {
            var end = text.IndexOf(']', StringComparison.Ordinal);
            var (key, value) = (Of(text[4..end]), Of(text[(end + 1)..]));
            return new GoType($"map[{key.Name}]{value.Name}", GoKind.Map) { Key = key, Element = value };
        }

        if (text.StartsWith('['))
        {
            var end = text.IndexOf(']', StringComparison.Ordinal);
            var element = Of(text[(end + 1)..]);
            return end == 1
                ? new GoType("[]" + element.Name, GoKind.Slice) { Element = element }
                : new GoType($"{text[..(end + 1)]}{element.Name}", GoKind.Array) { Element = element, Length = int.Parse(text.AsSpan(1, end - 1), CultureInfo.InvariantCulture) };
        }

        if (GoTypeTable.Definition(text) is { } definition)
        {
            var basis = Of(definition);
            return new GoType(text, basis.Kind) { Element = basis.Element, Key = basis.Key, Length = basis.Length, Underlying = basis.Underlying, IsNamed = true };
        }

        return GoTypeTable.Anonymous(text) is { } written
            ? new GoType(written, GoKind.Struct) { Declared = text }
            : new GoType(text, GoKind.Struct) { IsNamed = true };
    }

    private static GoType Basic(string name, GoKind kind) => new(name, kind) { IsNamed = true };
}

/// <summary>A field of a structure of Go.</summary>
/// <param name="Name">As a template names it.</param>
/// <param name="Type">What it holds.</param>
/// <param name="Json">Its name in JSON; empty: it is not there.</param>
/// <param name="OmitEmpty">Left out of the JSON where it is zero.</param>
/// <param name="Embedded">Its own fields count as the structure's.</param>
sealed record GoField(string Name, GoType Type, string Json, bool OmitEmpty, bool Embedded)
{
    /// <summary>Templates see no field that begins with a small letter; those of one that is embedded they do.</summary>
    public bool IsExported => char.IsUpper(Name[0]);
}
