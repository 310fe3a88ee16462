using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Berth.Cli.Formatting;
using Berth.Linux.Terminals;

namespace Berth.Cli.Streams;

/// <summary>Prints the stream of JSON messages that tells how a pull, a load or an import goes.</summary>
/// <param name="output">Where to print.</param>
/// <param name="columns">How wide the terminal is, where each part of the work has a line of its own, which is rewritten; null: it is none.</param>
sealed class ProgressMessages(OutputWriter output, Func<int>? columns)
{
    private const int BarLength = 50;

    // In a narrower terminal the numbers must do.
    private const int BarWidthMin = 110;

    private const int UnknownWidth = 200;

    private readonly List<string> _lines = [];

    /// <summary>Prints to a standard stream, as it is fit for it.</summary>
    /// <param name="output">Writes to that stream, or nowhere.</param>
    public static ProgressMessages To(OutputWriter output, StandardDescriptor descriptor) =>
        new(output, StandardTerminal.Is(descriptor) ? () => StandardTerminal.TrySize(descriptor)?.Columns ?? UnknownWidth : null);

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
        if (message.TryGetProperty("aux", out _))
        {
            return; // for programs
        }

        var id = Text(message, "id");
        var hasProgress = message.TryGetProperty("progressDetail", out var detail) && detail.ValueKind == JsonValueKind.Object;
        if (id.Length == 0 || !hasProgress)
        {
            // What is not about a part of the work stays, and so do the lines before it.
            _lines.Clear();
        }

        var prefix = id.Length > 0 ? $"{id}: " : "";
        if (Text(message, "stream") is { Length: > 0 } plain)
        {
            output.Write(prefix + plain);
        }
        else if (!hasProgress)
        {
            output.WriteLine($"{prefix}{Text(message, "status")}");
        }
        else if (columns is not null)
        {
            Rewrite(id, $"{prefix}{Text(message, "status")} {Progress(detail, columns())}");
        }
        else if (Progress(detail, 0).Length == 0)
        {
            output.WriteLine($"{prefix}{Text(message, "status")}");
        }
    }

    // Up to the line, clear it, write, and down again.
    private void Rewrite(string id, string text)
    {
        var line = $"\u001b[2K\r{text}\r";
        if (id.Length == 0)
        {
            output.Write(line);
            return;
        }

        var index = _lines.IndexOf(id);
        if (index < 0)
        {
            index = _lines.Count;
            _lines.Add(id);
            output.WriteLine("");
        }

        var up = _lines.Count - index;
        output.Write(string.Create(CultureInfo.InvariantCulture, $"\u001b[{up}A{line}\u001b[{up}B"));
    }

    // As the docker command line draws it.
    private static string Progress(JsonElement detail, int width)
    {
        var done = Number(detail, "current");
        var total = Number(detail, "total");
        if (total <= 0)
        {
            return done <= 0 ? "" : $"{HumanSize.Of(done, 4),8}";
        }

        var filled = (int)Math.Clamp((int)(done / total * 100) / 2, 0, BarLength);
        var bar = width > BarWidthMin ? $"[{new string('=', filled)}>{new string(' ', BarLength - filled)}] " : "";
        return done > total ? $"{bar}{HumanSize.Of(done, 4),8}" : $"{bar}{HumanSize.Of(done, 4),8}/{HumanSize.Of(total, 4)}";
    }

    private static double Number(JsonElement detail, string name) =>
        detail.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : 0;

    private static string Text(JsonElement message, string name) =>
        message.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
