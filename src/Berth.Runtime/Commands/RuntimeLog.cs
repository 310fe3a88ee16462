using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Berth.Runtime.Commands;

/// <summary>Where warnings and errors go: standard error for people, and the file of --log for the engine that called.</summary>
internal sealed class RuntimeLog(string? path, bool isJson, bool isDebug)
{
    /// <summary>The log that a command line asks for, as far as it can be read: what is wrong with the rest of it is for this log.</summary>
    internal static RuntimeLog Of(ReadOnlySpan<string> arguments)
    {
        string? path = null;
        var (isJson, isDebug) = (false, false);
        for (var i = 0; i < arguments.Length && arguments[i] is ['-', _, ..] option; i++)
        {
            var (name, value) = option.TrimStart('-').Split('=', 2) is [var first, var second] ? (first, second) : (option.TrimStart('-'), null);
            isDebug |= name == "debug" && value is not "false";
            if (name is "log" or "log-format" or "root" or "rootless")
            {
                value ??= i + 1 < arguments.Length ? arguments[++i] : null;
                path = name == "log" ? value : path;
                isJson = name == "log-format" ? value == "json" : isJson;
            }
        }

        return new RuntimeLog(path, isJson, isDebug);
    }

    internal void Debug(string message)
    {
        if (isDebug)
        {
            Write("debug", message);
        }
    }

    internal void Warn(string message) => Write("warning", message);

    internal void Error(string message) => Write("error", message);

    private void Write(string level, string message)
    {
        var time = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        if (path is not null)
        {
            try
            {
                using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
                file.Write(isJson ? Json(level, message, time) : Text(level, message, time));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                StandardOutput.WriteError($"berth-runtime: log file {path}: {e.Message}\n");
            }
        }

        // An engine shows people what it read from the log; an error also goes to whoever called by hand.
        if (path is null || level == "error")
        {
            StandardOutput.WriteError(level == "error" ? $"{message}\n" : $"{level}: {message}\n");
        }
    }

    private static byte[] Text(string level, string message, string time) =>
        Encoding.UTF8.GetBytes($"time=\"{time}\" level={level} msg=\"{message.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"\n");

    private static byte[] Json(string level, string message, string time)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("level", level);
            writer.WriteString("msg", message);
            writer.WriteString("time", time);
            writer.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }
}
