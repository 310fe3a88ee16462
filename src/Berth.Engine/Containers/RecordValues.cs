using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Berth.Engine.Containers;

/// <summary>A text of a record; another release may have written a number or a boolean in its place.</summary>
internal sealed class RecordText : JsonConverter<string>
{
    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString()!,
        JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False => Encoding.UTF8.GetString(reader.ValueSpan),
        _ => throw new JsonException("it is no text"),
    };

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString()!;

    public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value);
}

/// <summary>A boolean of a record, also as a text; null is false.</summary>
internal sealed class RecordBoolean : JsonConverter<bool>
{
    public override bool HandleNull => true;

    public override bool Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Null => false,
        JsonTokenType.String => bool.TryParse(reader.GetString(), out var value) ? value : throw new JsonException("it is no boolean"),
        JsonTokenType.True or JsonTokenType.False => reader.GetBoolean(),
        _ => throw new JsonException("it is no boolean"),
    };

    public override void Write(Utf8JsonWriter writer, bool value, JsonSerializerOptions options) => writer.WriteBooleanValue(value);
}

/// <summary>A number of a record, also as a text; null is 0.</summary>
internal sealed class RecordInt32 : JsonConverter<int>
{
    public override bool HandleNull => true;

    public override int Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Null => 0,
        JsonTokenType.String => int.TryParse(reader.GetString(), NumberStyles.Integer, CultureInfo.InvariantCulture, out var value)
            ? value : throw new JsonException("it is no number"),
        JsonTokenType.Number when reader.TryGetInt32(out var number) => number,
        _ => throw new JsonException("it is no number"),
    };

    public override void Write(Utf8JsonWriter writer, int value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
}

/// <summary>A number of a record, also as a text; null is 0.</summary>
internal sealed class RecordInt64 : JsonConverter<long>
{
    public override bool HandleNull => true;

    public override long Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Null => 0,
        JsonTokenType.String => long.TryParse(reader.GetString(), NumberStyles.Integer, CultureInfo.InvariantCulture, out var value)
            ? value : throw new JsonException("it is no number"),
        JsonTokenType.Number when reader.TryGetInt64(out var number) => number,
        _ => throw new JsonException("it is no number"),
    };

    public override void Write(Utf8JsonWriter writer, long value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
}

/// <summary>
/// The status of a record. A word of another release is one that this one does not know: the container has ended, unless its monitor
/// says that it runs, which no record decides.
/// </summary>
internal sealed class RecordStatus : JsonConverter<ContainerStatus>
{
    public override ContainerStatus Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Enum.TryParse<ContainerStatus>(reader.GetString(), ignoreCase: true, out var named) && Enum.IsDefined(named)
            ? named
            : reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var number) && Enum.IsDefined((ContainerStatus)number)
                ? (ContainerStatus)number
                : reader.TokenType is JsonTokenType.String or JsonTokenType.Number ? ContainerStatus.Exited : throw new JsonException("it is no status");

    public override void Write(Utf8JsonWriter writer, ContainerStatus value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
