using System.Text.Json;
using System.Text.Json.Serialization;

namespace Berth.Oci.Images;

/// <summary>A command line as images have it: a list of words, or one word as a text; a null among them is an empty word (Docker's StrSlice).</summary>
public sealed class WordListJsonConverter : JsonConverter<IReadOnlyList<string>>
{
    public override IReadOnlyList<string>? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return [reader.GetString()!];
            case JsonTokenType.StartArray:
                var words = new List<string>();
                while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
                {
                    words.Add(reader.TokenType switch
                    {
                        JsonTokenType.String => reader.GetString()!,
                        JsonTokenType.Null => "",
                        _ => throw new JsonException("a list of words holds something else"),
                    });
                }

                return words;
            default:
                throw new JsonException("neither a list of words nor a word");
        }
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<string> value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        writer.WriteStartArray();
        foreach (var word in value)
        {
            writer.WriteStringValue(word);
        }

        writer.WriteEndArray();
    }
}
