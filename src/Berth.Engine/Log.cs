using System.Globalization;
using System.Text;

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
    private readonly Lock _gate = new();
    private int _lost;

    /// <summary>Messages below this are dropped; a reload of daemon.json may change it.</summary>
    public LogLevel Level { get; set; } = level;

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

        var line = new StringBuilder();
        line.Append(CultureInfo.InvariantCulture, $"time=\"{time.GetUtcNow():yyyy-MM-ddTHH:mm:ss.ffffffZ}\" level=");
        line.Append(messageLevel switch
        {
            LogLevel.Debug => "debug",
            LogLevel.Info => "info",
            LogLevel.Warning => "warning",
            LogLevel.Error => "error",
            _ => "fatal",
        });
        line.Append(" msg=");
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

        line.Append('\n');
        lock (_gate)
        {
            try
            {
                if (_lost > 0)
                {
                    line.Insert(0, string.Create(
                        CultureInfo.InvariantCulture, $"time=\"{time.GetUtcNow():yyyy-MM-ddTHH:mm:ss.ffffffZ}\" level=warning msg=\"messages of this log were lost\" count=\"{_lost}\"\n"));
                }

                writer.Write(line);
                writer.Flush();
                _lost = 0;
            }
            catch (IOException)
            {
                // It lies on a full disk, or nobody reads it any more: no reason for what is told of to fail.
                _lost++;
            }
        }
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
