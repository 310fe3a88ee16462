using System.Globalization;
using System.Text;

namespace Berth.Cli.Templates;

/// <summary>Strings as Go's JSON encoder writes them.</summary>
static class GoJsonString
{
    /// <summary>With the escapes that Go makes unless it is told otherwise: &lt;, &gt; and &amp; as well.</summary>
    public static string HtmlSafe(string text)
    {
        var result = new StringBuilder(text.Length + 2);
        Write(result, text, escapeHtml: true);
        return result.ToString();
    }

    public static void Write(StringBuilder result, string text, bool escapeHtml)
    {
        result.Append('"');
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' => result.Append("\\\""),
                '\\' => result.Append("\\\\"),
                '\b' => result.Append("\\b"),
                '\f' => result.Append("\\f"),
                '\n' => result.Append("\\n"),
                '\r' => result.Append("\\r"),
                '\t' => result.Append("\\t"),
                < ' ' or '\u2028' or '\u2029' => result.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                '<' or '>' or '&' when escapeHtml => result.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => result.Append(c),
            };
        }

        result.Append('"');
    }
}
