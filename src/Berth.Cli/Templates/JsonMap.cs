using System.Text.Json;

namespace Berth.Cli.Templates;

/// <summary>An object of the API's JSON, whatever its members: fields that Berth does not know are there as well.</summary>
/// <param name="zero">What a member that is absent or null stands for, by its name; null where that cannot be known.</param>
sealed class JsonMap(JsonElement element, Func<string, object?>? zero = null) : TemplateObject
{
    private IReadOnlyList<KeyValuePair<string, object?>>? _entries;

    /// <summary>A member of a Go structure that is left out of the JSON when it points nowhere.</summary>
    public static object Nothing { get; } = new();

    public override string GoType => "map[string]interface {}";

    public override bool IsMap => true;

    public override IReadOnlyList<KeyValuePair<string, object?>> Entries => _entries ??=
    [
        .. element.EnumerateObject()
            .OrderBy(member => member.Name, StringComparer.Ordinal)
            .Select(member => KeyValuePair.Create(member.Name, Member(member.Name, member.Value))),
    ];

    public override bool TryGet(string field, out object? value)
    {
        if (element.TryGetProperty(field, out var member))
        {
            value = Member(field, member);
            return true;
        }

        value = zero?.Invoke(field);
        if (value is null)
        {
            return false;
        }

        value = value == Nothing ? null : value;
        return true;
    }

    public override void WriteJson(Utf8JsonWriter writer) => element.WriteTo(writer);

    /// <summary>A JSON value as a template's value.</summary>
    public static object? From(JsonElement element, Func<string, object?>? zero = null) => element.ValueKind switch
    {
        JsonValueKind.Object => new JsonMap(element, zero),
        JsonValueKind.Array => element.EnumerateArray().Select(item => From(item, zero)).ToList(),
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number => element.TryGetInt64(out var integer) ? (object)integer : element.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    private object? Member(string name, JsonElement value) =>
        value.ValueKind == JsonValueKind.Null && zero?.Invoke(name) is { } known
            ? (known == Nothing ? null : known)
            : From(value, zero);
}
