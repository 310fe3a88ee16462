using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Berth.Monitor;

/// <summary>A message as one frame: header and JSON document.</summary>
public static class MessageFrame
{
    public static byte[] Of(MonitorRequest request) => Write(request, MonitorJson.Default.MonitorRequest);

    public static byte[] Of(MonitorReply reply) => Write(reply, MonitorJson.Default.MonitorReply);

    /// <param name="payload">A frame's bytes after the header.</param>
    /// <exception cref="InvalidDataException">The bytes are no request.</exception>
    public static MonitorRequest ReadRequest(ReadOnlySpan<byte> payload) => Read(payload, MonitorJson.Default.MonitorRequest);

    /// <param name="payload">A frame's bytes after the header.</param>
    /// <exception cref="InvalidDataException">The bytes are no reply.</exception>
    public static MonitorReply ReadReply(ReadOnlySpan<byte> payload) => Read(payload, MonitorJson.Default.MonitorReply);

    private static byte[] Write<T>(T message, JsonTypeInfo<T> type)
    {
        var bytes = new ArrayBufferWriter<byte>(512);
        bytes.GetSpan(FrameHeader.Size);
        bytes.Advance(FrameHeader.Size);
        using (var json = new Utf8JsonWriter(bytes))
        {
            JsonSerializer.Serialize(json, message, type);
        }

        var frame = bytes.WrittenSpan.ToArray();
        new FrameHeader(FrameKind.Message, frame.Length - FrameHeader.Size).Write(frame);
        return frame;
    }

    private static T Read<T>(ReadOnlySpan<byte> payload, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(payload, type) ?? throw new InvalidDataException("A message of the monitor's socket is null.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException("A message of the monitor's socket cannot be read.", e);
        }
    }
}
