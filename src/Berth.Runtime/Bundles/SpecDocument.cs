using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Berth.Runtime.Processes;

namespace Berth.Runtime.Bundles;

/// <summary>Reads the documents that others write for this runtime: config.json, an exec's process, new resources.</summary>
internal static class SpecDocument
{
    private const string MissingMembers = "including: ";

    /// <param name="json">What is read.</param>
    /// <param name="type">What it should be.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="StartException">It is no JSON, or not of this type.</exception>
    internal static T Read<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type, string name)
        where T : class
    {
        try
        {
            CheckLists(json, name);
            return JsonSerializer.Deserialize(json, type) ?? throw StartException.Of("config", $"{name} is empty");
        }
        catch (JsonException e)
        {
            throw StartException.Of("config", $"{name}: {Describe(e)}");
        }
    }

    /// <summary>A null in a list stands for nothing that the specification knows, and the serializer lets it pass.</summary>
    private static void CheckLists(ReadOnlySpan<byte> json, string name)
    {
        var reader = new Utf8JsonReader(json);
        Span<bool> isList = stackalloc bool[reader.CurrentState.Options.MaxDepth is var depth and > 0 ? depth + 1 : 65];
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartArray or JsonTokenType.StartObject:
                    isList[reader.CurrentDepth + 1] = reader.TokenType is JsonTokenType.StartArray;
                    break;
                case JsonTokenType.Null when isList[reader.CurrentDepth]:
                    throw StartException.Of("config", string.Create(CultureInfo.InvariantCulture, $"{name}: null in a list, at byte {reader.TokenStartIndex}"));
            }
        }
    }

    // Not the serializer's own words, which are about types of this program.
    private static string Describe(JsonException e)
    {
        var place = string.Create(CultureInfo.InvariantCulture, $"line {(e.LineNumber ?? 0) + 1}, byte {e.BytePositionInLine ?? 0}");
        if (e.Path is null)
        {
            return $"invalid JSON at {place}";
        }

        var missing = e.Message.IndexOf(MissingMembers, StringComparison.Ordinal);
        return missing < 0
            ? $"invalid value of {e.Path} at {place}"
            : $"{e.Path} lacks {e.Message[(missing + MissingMembers.Length)..].Split('.')[0]}, at {place}";
    }
}
