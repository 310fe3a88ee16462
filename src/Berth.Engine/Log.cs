using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Berth.Engine;

public enum LogLevel
{
    Debug,
    Info,
    Warning,
    Error,
    Fatal,
}

/// <summary>
/// The daemon's own log: one line a message, in the form of dockerd's: <c>time="…" level=info msg="…" key=value</c>.
/// Written at once, so that nothing is missing after a crash.
/// </summary>
public sealed class Log(TextWriter writer, LogLevel level, TimeProvider time)
{
    private const string Lost = "messages of this log were lost";

    private readonly Lock _gate = new();
    private int _lost;

    /// <summary>Messages below this are dropped; a reload of daemon.json may change it.</summary>
    public LogLevel Level { get; set; } = level;

    /// <summary>Each line is a JSON object, for programs that read the log.</summary>
    public bool Json { get; init; }

    public void Debug(string message, params ReadOnlySpan<(string Key, object? Value)> fields) =>
        Write(LogLevel.Debug, message, fields);

    public void Info(string message, params ReadOnlySpan<(string Key, object? Value)> fields) =>
        Write(LogLevel.Info, message, fields);

    public void Warning(string message, params ReadOnlySpan<(string Key, object? Value)> fields) =>
        Write(LogLevel.Warning, message, fields);

    public void Error(string message, params ReadOnlySpan<(string Key, object? Value)> fields) =>
        Write(LogLevel.Error, message, fields);

    public void Fatal(string message, params ReadOnlySpan<(string Key, object? Value)> fields) =>
        Write(LogLevel.Fatal, message, fields);

    private void Write(LogLevel messageLevel, string message, ReadOnlySpan<(string Key, object? Value)> fields)
    {
        if (messageLevel < Level)
        {
            return;
        }

        var line = Json ? JsonLine(messageLevel, message, fields) : TextLine(messageLevel, message, fields);
        lock (_gate)
        {
            try
            {
                if (_lost > 0)
                {
                    writer.Write(Json ? JsonLine(LogLevel.Warning, Lost, [("count", _lost)]) : TextLine(LogLevel.Warning, Lost, [("count", _lost)]));
                }

                writer.Write(line);
                writer.Flush();
                _lost = 0;
            }
            catch (IOException)
            {
                // It lies on a full disk, or nobody reads it any more: no reason for what is reported to fail.
                _lost++;
            }
        }
    }

    private string Now() => time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);

    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Debug => "debug",
        LogLevel.Info => "info",
        LogLevel.Warning => "warning",
        LogLevel.Error => "error",
        _ => "fatal",
    };

    private StringBuilder JsonLine(LogLevel messageLevel, string message, ReadOnlySpan<(string Key, object? Value)> fields)
    {
        var line = new StringBuilder("{");
        foreach (var (key, value) in fields)
        {
            if (value is not null)
            {
                Member(key, string.Create(CultureInfo.InvariantCulture, $"{value}"));
            }
        }

        Member("level", NameOf(messageLevel));
        Member("msg", message);
        Member("time", Now());
        return line.Append("}\n");

        void Member(string key, string value) => line.Append(line.Length > 1 ? "," : "").Append('"').Append(key).Append("\":\"")
            .Append(JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).Value).Append('"');
    }

    private StringBuilder TextLine(LogLevel messageLevel, string message, ReadOnlySpan<(string Key, object? Value)> fields)
    {
        var line = new StringBuilder();
        line.Append("time=\"").Append(Now()).Append("\" level=").Append(NameOf(messageLevel)).Append(" msg=");
        AppendQuoted(line, message);
        foreach (var (key, value) in fields)
        {
            if (value is null)
            {
                continue;
            }

            line.Append(' ').Append(key).Append('=');
            AppendQuoted(line, string.Create(CultureInfo.InvariantCulture, $"{value}"));
        }

        return line.Append('\n');
    }

    /// <summary>Escapes what would end the line or the value: a container's name or an error text must not forge a message.</summary>
    private static void AppendQuoted(StringBuilder line, string value)
    {
        line.Append('"');
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' => line.Append("\\\""),
                '\\' => line.Append("\\\\"),
                '\n' => line.Append("\\n"),
                _ when char.IsControl(c) => line.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => line.Append(c),
            };
        }

        line.Append('"');
    }
}
