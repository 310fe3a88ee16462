using System.Globalization;
using System.Text;
using Berth.Cli.Templates.Types;

namespace Berth.Cli.Templates;

/// <summary>Values as Go's encoder writes them, without its HTML escapes: fields in the order of the type, maps sorted.</summary>
static class GoJson
{
    public static string Of(GoValue value)
    {
        var result = new StringBuilder();
        Write(result, value);
        return result.ToString();
    }

    private static void Write(StringBuilder result, GoValue value)
    {
        value = value.Indirect(out var isNil);
        if (!value.IsValid || isNil || value.IsNil)
        {
            result.Append("null");
            return;
        }

        switch (value.Data)
        {
            case TemplateObject row:
                result.Append(row.ToJson());
                break;
            case GoInstant time:
                result.Append('"').Append(time.ToJson()).Append('"');
                break;
            case string number when value.Type!.Name == "json.Number":
                result.Append(number);
                break;
            case string text:
                GoJsonString.Write(result, text, escapeHtml: false);
                break;
            case bool flag:
                result.Append(flag ? "true" : "false");
                break;
            case double number:
                result.Append(Float(number));
                break;
            case GoStructure structure when value.Type!.Name == "registry.NetIPNet":
                GoJsonString.Write(result, GoMethods.Text(GoValue.PointerTo(value with { Data = structure }))!, escapeHtml: false);
                break;
            case GoStructure structure:
                result.Append('{');
                WriteFields(result, value.Type!, structure);
                result.Append('}');
                break;
            case GoMap map:
                WriteMap(result, map);
                break;
            case GoValue[] bytes when value.Type!.Kind == GoKind.Slice && value.Type.Element == GoType.Uint8:
                result.Append('"').Append(Convert.ToBase64String([.. bytes.Select(item => (byte)(ulong)item.Data!)])).Append('"');
                break;
            case GoValue[] items:
                WriteList(result, items);
                break;
            default:
                result.Append(CultureInfo.InvariantCulture, $"{value.Data}");
                break;
        }
    }

    private static void WriteFields(StringBuilder result, GoType type, GoStructure structure)
    {
        IEnumerable<int> order = Enumerable.Range(0, type.Fields.Count);
        if (type.Name is "registry.ServiceConfig" or "registry.IndexInfo")
        {
            // Docker makes a map of it first.
            order = order.OrderBy(i => type.Fields[i].Json, StringComparer.Ordinal);
        }

        foreach (var i in order)
        {
            var field = type.Fields[i];
            var value = structure[i];
            if (field.Embedded)
            {
                if (value.Indirect(out var isNil) is { Data: GoStructure inner } embedded && !isNil)
                {
                    WriteFields(result, embedded.Type!, inner);
                }

                continue;
            }

            if (field.Json.Length == 0 || (field.OmitEmpty && value.IsZero))
            {
                continue;
            }

            Separate(result);
            GoJsonString.Write(result, field.Json, escapeHtml: false);
            result.Append(':');
            Write(result, value);
        }
    }

    private static void WriteMap(StringBuilder result, GoMap map)
    {
        result.Append('{');
        foreach (var entry in map.Entries)
        {
            Separate(result);
            GoJsonString.Write(result, (string)entry.Key.Data!, escapeHtml: false);
            result.Append(':');
            Write(result, entry.Value);
        }

        result.Append('}');
    }

    private static void WriteList(StringBuilder result, GoValue[] items)
    {
        result.Append('[');
        for (var i = 0; i < items.Length; i++)
        {
            result.Append(i > 0 ? "," : "");
            Write(result, items[i]);
        }

        result.Append(']');
    }

    private static void Separate(StringBuilder result)
    {
        if (result[^1] != '{')
        {
            result.Append(',');
        }
    }

    /// <summary>As ECMAScript prints numbers: an exponent below 1e-6, without zeroes before its digits.</summary>
    private static string Float(double number)
    {
        if (Math.Abs(number) is >= 1e-6 and < 1e21 or 0)
        {
            var text = GoFormat.Float(number);
            return text.Contains('e', StringComparison.Ordinal) ? ((decimal)number).ToString("0.###########################", CultureInfo.InvariantCulture) : text;
        }

        var plain = GoFormat.Float(number);
        return plain.Contains("e-0", StringComparison.Ordinal) ? plain.Replace("e-0", "e-", StringComparison.Ordinal) : plain;
    }
}
