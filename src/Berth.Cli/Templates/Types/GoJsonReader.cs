using System.Net;
using System.Text.Json;

namespace Berth.Cli.Templates.Types;

/// <summary>Values of Go from JSON, as Go's decoder makes them: what is absent or null is zero.</summary>
static class GoJsonReader
{
    /// <summary>As one of the daemon's answers: a structure of this name.</summary>
    public static GoValue Read(JsonElement json, string type) => Read(json, GoType.Of(type));

    public static GoValue Read(JsonElement json, GoType type)
    {
        if (json.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            return GoValue.Zero(type);
        }

        return (type.Kind, json.ValueKind) switch
        {
            (GoKind.Bool, JsonValueKind.True) => new GoValue(type, true),
            (GoKind.Int, JsonValueKind.Number) when json.TryGetInt64(out var number) => new GoValue(type, number),
            (GoKind.Uint, JsonValueKind.Number) when json.TryGetUInt64(out var number) => new GoValue(type, number),
            (GoKind.Float, JsonValueKind.Number) => new GoValue(type, json.GetDouble()),
            (GoKind.String, JsonValueKind.String) => new GoValue(type, json.GetString()),
            (GoKind.Pointer, _) => new GoValue(type, Read(json, type.Element!)),
            (GoKind.Slice, JsonValueKind.Array) => new GoValue(type, json.EnumerateArray().Select(item => Read(item, type.Element!)).ToArray()),
            (GoKind.Array, JsonValueKind.Array) => new GoValue(type, json.EnumerateArray().Select(item => Read(item, type.Element!))
                .Concat(GoValue.Zero(type).Items).Take(type.Length).ToArray()),
            // Docker's own lists of words take one word as well.
            (GoKind.Slice, JsonValueKind.String) when type.Element == GoType.String => new GoValue(type, new[] { GoValue.Of(json.GetString()!) }),
            (GoKind.Slice, JsonValueKind.String) when type.Element == GoType.Uint8 => Bytes(type, Convert.FromBase64String(json.GetString()!)),
            (GoKind.Map, JsonValueKind.Object) => new GoValue(type, Map(json, type)),
            (GoKind.Struct, JsonValueKind.String) when type.Name == GoInstant.TypeName => new GoValue(type, GoInstant.Parse(json.GetString()!)),
            (GoKind.Struct, JsonValueKind.String) when type.Name == "registry.NetIPNet" => Subnet(type, json.GetString()!),
            (GoKind.Struct, JsonValueKind.Object) => new GoValue(type, new GoStructure(type, json)),
            (GoKind.Interface, _) => Untyped(json, exactNumbers: false).Boxed(),
            _ => GoValue.Zero(type),
        };
    }

    /// <summary>Without a type: objects are maps, numbers floats, or the digits as they stand where asked so.</summary>
    public static GoValue Untyped(JsonElement json, bool exactNumbers) => json.ValueKind switch
    {
        JsonValueKind.Object => new GoValue(GoType.AnyMap, Sorted(json.EnumerateObject()
            .Select(member => KeyValuePair.Create(GoValue.Of(member.Name), Untyped(member.Value, exactNumbers).Boxed())))),
        JsonValueKind.Array => new GoValue(GoType.AnyList, json.EnumerateArray().Select(item => Untyped(item, exactNumbers).Boxed()).ToArray()),
        JsonValueKind.String => GoValue.Of(json.GetString()!),
        JsonValueKind.Number => exactNumbers ? new GoValue(GoType.Of("json.Number"), json.GetRawText()) : new GoValue(GoType.Float64, json.GetDouble()),
        JsonValueKind.True => GoValue.Of(true),
        JsonValueKind.False => GoValue.Of(false),
        _ => default,
    };

    /// <summary>Go takes a member of another case where none has the name exactly.</summary>
    public static JsonElement Member(JsonElement json, string name)
    {
        if (json.ValueKind != JsonValueKind.Object || name.Length == 0)
        {
            return default;
        }

        if (json.TryGetProperty(name, out var exact))
        {
            return exact;
        }

        foreach (var member in json.EnumerateObject())
        {
            if (string.Equals(member.Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return member.Value;
            }
        }

        return default;
    }

    public static GoMap Sorted(IEnumerable<KeyValuePair<GoValue, GoValue>> entries) =>
        new([.. entries.OrderBy(entry => (string)entry.Key.Data!, StringComparer.Ordinal)]);

    private static GoMap Map(JsonElement json, GoType type) => Sorted(json.EnumerateObject()
        .Select(member => KeyValuePair.Create(new GoValue(type.Key, member.Name), Read(member.Value, type.Element!))));

    private static GoValue Subnet(GoType type, string text)
    {
        if (!IPNetwork.TryParse(text, out var network))
        {
            return GoValue.Zero(type);
        }

        var mask = new byte[network.BaseAddress.GetAddressBytes().Length];
        for (var bit = 0; bit < network.PrefixLength; bit++)
        {
            mask[bit / 8] |= (byte)(0x80 >> (bit % 8));
        }

        return new GoValue(type, new GoStructure(type, [Bytes(type.Fields[0].Type, network.BaseAddress.GetAddressBytes()), Bytes(type.Fields[1].Type, mask)]));
    }

    private static GoValue Bytes(GoType type, byte[] bytes) => new(type, bytes.Select(b => new GoValue(GoType.Uint8, (ulong)b)).ToArray());
}
