using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Berth.Cli.Streams;

/// <summary>Prints the stream of JSON messages that tells how a pull, a load or an import goes.</summary>
/// <param name="output">Where to print.</param>
/// <param name="terminal">Each part of the work has a line of its own there, which is rewritten.</param>
sealed class ProgressMessages(OutputWriter output, bool terminal)
{
    private readonly List<string> _lines = [];

    /// <exception cref="CommandException">The stream ends with an error.</exception>
    public void Print(Stream stream)
    {
        foreach (var message in Read(stream))
        {
            if (message.TryGetProperty("errorDetail", out var detail) || message.TryGetProperty("error", out detail))
            {
                throw new CommandException(detail.ValueKind == JsonValueKind.Object ? Text(detail, "message") : detail.GetString() ?? "");
            }

            Print(message);
            output.Flush();
        }
    }

    /// <summary>The documents of a stream, one after the other, with or without line ends between them.</summary>
    public static IEnumerable<JsonElement> Read(Stream stream)
    {
        var pending = new ArrayBufferWriter<byte>(16 * 1024);
        while (true)
        {
            var count = stream.Read(pending.GetSpan(16 * 1024));
            if (count == 0)
            {
                break;
            }

            pending.Advance(count);
            var used = 0;
            while (Next(pending.WrittenSpan[used..], out var length) is { } document)
            {
                used += length;
                yield return document;
            }

            if (used > 0)
            {
                var rest = pending.WrittenSpan[used..].ToArray();
                pending.ResetWrittenCount();
                pending.Write(rest);
            }
        }
    }

    private static JsonElement? Next(ReadOnlySpan<byte> bytes, out int length)
    {
        length = 0;
        var start = bytes.IndexOfAnyExcept(" \r\n\t"u8);
        if (start < 0)
        {
            return null;
        }

        var reader = new Utf8JsonReader(bytes[start..], isFinalBlock: false, default);
        if (!JsonDocument.TryParseValue(ref reader, out var document))
        {
            return null;
        }

        length = start + (int)reader.BytesConsumed;
        return document.RootElement;
    }

    private void Print(JsonElement message)
    {
        if (Text(message, "stream") is { Length: > 0 } plain)
        {
            output.Write(plain);
            return;
        }

        if (message.TryGetProperty("aux", out _))
        {
            return; // for programs
        }

        var progress = Progress(message);
        if (progress.Length > 0 && !terminal)
        {
            return;
        }

        var id = Text(message, "id");
        var line = $"{(id.Length > 0 ? $"{id}: " : "")}{Text(message, "status")}{(progress.Length > 0 ? $" {progress}" : "")}";
        if (!terminal || id.Length == 0)
        {
            output.WriteLine(line);
            return;
        }

        var index = _lines.IndexOf(id);
        if (index < 0)
        {
            _lines.Add(id);
            output.WriteLine(line);
            return;
        }

        // Up to the line, clear it, write, and down again.
        var up = _lines.Count - index;
        output.Write(string.Create(CultureInfo.InvariantCulture, $"\u001b[{up}A\u001b[2K\r{line}\u001b[{up}B\r"));
    }

    private static string Progress(JsonElement message)
    {
        if (!message.TryGetProperty("progressDetail", out var detail) || detail.ValueKind != JsonValueKind.Object
            || !detail.TryGetProperty("current", out var current))
        {
            return "";
        }

        var done = current.GetDouble();
        var total = detail.TryGetProperty("total", out var all) ? all.GetDouble() : 0;
        if (total <= 0)
        {
            return Formatting.HumanSize.Of(done, 4);
        }

        var filled = (int)Math.Clamp(done / total * 50, 0, 50);
        var bar = new StringBuilder("[").Append('=', filled).Append(filled < 50 ? ">" : "").Append(' ', Math.Max(0, 49 - filled)).Append(']');
        return $"{bar}  {Formatting.HumanSize.Of(done, 4)}/{Formatting.HumanSize.Of(total, 4)}";
    }

    private static string Text(JsonElement message, string name) =>
        message.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
