using System.Text.Encodings.Web;
using System.Text.Json;

namespace Berth.Cli.Templates;

/// <summary>Values of templates as JSON.</summary>
static class JsonText
{
    /// <summary>Only what JSON demands is escaped, as Go's encoder does with SetEscapeHTML(false).</summary>
    public static JsonWriterOptions Compact { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>A string as JSON with &lt;, &gt; and &amp; escaped, as Go's encoder does where it is not told otherwise.</summary>
    public static string HtmlSafe(string text) =>
        $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\""
            .Replace("<", "\\u003c", StringComparison.Ordinal)
            .Replace(">", "\\u003e", StringComparison.Ordinal)
            .Replace("&", "\\u0026", StringComparison.Ordinal);

    public static void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case long number:
                writer.WriteNumberValue(number);
                break;
            case double number:
                writer.WriteNumberValue(number);
                break;
            case IReadOnlyList<object?> list:
                writer.WriteStartArray();
                foreach (var item in list)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case TemplateObject known:
                known.WriteJson(writer);
                break;
            default:
                writer.WriteStringValue(value.ToString());
                break;
        }
    }
}
