using System.Globalization;
using System.Text.Json;

namespace Berth.Oci;

/// <summary>What is wrong with a JSON document, for those who wrote it: where and what, and nothing of the program that reads it.</summary>
public static class JsonFault
{
    private const string Missing = "missing required properties including:";

    /// <param name="failure">From the serializer, or the reader's about text that is no Unicode.</param>
    public static string Describe(Exception failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        var field = (failure as JsonException)?.Path is { Length: > 1 } path ? path[1..].TrimStart('.') : "";
        var text = failure.Message;

        // The reader counts lines and bytes from 0, and puts them and the path at the end of its text.
        foreach (var rest in (ReadOnlySpan<string>)[" Path: ", " LineNumber: "])
        {
            text = text.IndexOf(rest, StringComparison.Ordinal) is >= 0 and var end ? text[..end] : text;
        }

        if (text.IndexOf(Missing, StringComparison.Ordinal) is >= 0 and var at)
        {
            return $"{In(field)}missing {text[(at + Missing.Length)..].Trim(' ', '.').Replace("'", "\"", StringComparison.Ordinal)}";
        }

        if (text.Contains("could not be converted to", StringComparison.Ordinal))
        {
            return field.Length > 0 ? $"json: cannot unmarshal the value of field {field}" : "json: cannot unmarshal the value";
        }

        if (text.Contains(" on type '", StringComparison.Ordinal))
        {
            return field.Length > 0 ? $"json: field {field} is null" : "json: a field is null";
        }

        return In(field) + text + (failure is JsonException { LineNumber: { } line, BytePositionInLine: { } position }
            ? string.Create(CultureInfo.InvariantCulture, $" (line {line + 1}, byte {position + 1})")
            : "");
    }

    private static string In(string field) => field.Length > 0 ? $"json: field {field}: " : "";
}
