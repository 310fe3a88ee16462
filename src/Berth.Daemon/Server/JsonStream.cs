using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Berth.Daemon.Server;

/// <summary>A reply of JSON values, one a line, each a chunk of its own that is sent at once. One writer at a time.</summary>
sealed class JsonStream(Stream body, CancellationToken aborted)
{
    private readonly ArrayBufferWriter<byte> _line = new();

    public async Task WriteAsync<T>(T value, JsonTypeInfo<T> type)
    {
        _line.ResetWrittenCount();
        using (var writer = new Utf8JsonWriter(_line, ApiRequest.JsonText))
        {
            JsonSerializer.Serialize(writer, value, type);
        }

        // Docker ends a value so in its progress streams; in the others a lone newline, which no parser tells apart.
        _line.Write("\r\n"u8);
        await body.WriteAsync(_line.WrittenMemory, aborted);
        await body.FlushAsync(aborted);
    }
}
