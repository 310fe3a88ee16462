using System.Text.Json;
using System.Text.Json.Serialization;

namespace Berth.Oci;

/// <summary>A digest is its text in JSON; a malformed one fails the document.</summary>
public sealed class DigestJsonConverter : JsonConverter<Digest>
{
    public override Digest Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Digest.TryParse(reader.GetString(), out var digest, out var problem) ? digest : throw new JsonException(problem);

    public override void Write(Utf8JsonWriter writer, Digest value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(value.ToString());
    }
}
