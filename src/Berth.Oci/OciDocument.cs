using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Berth.Oci;

/// <summary>The bytes of documents that are written here, whose digests are their names.</summary>
public static class OciDocument
{
    // Media types have a plus sign, which the usual encoder takes for a danger to web pages.
    private static readonly JsonWriterOptions _options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The same document gives the same bytes.</summary>
    public static byte[] ToBytes<T>(T document, JsonTypeInfo<T> type)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, _options))
        {
            JsonSerializer.Serialize(writer, document, type);
        }

        return bytes.ToArray();
    }
}
