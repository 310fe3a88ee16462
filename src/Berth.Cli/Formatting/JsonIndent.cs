using System.Text;

namespace Berth.Cli.Formatting;

/// <summary>Indents JSON, by four columns unless told otherwise, and changes nothing else: numbers and escapes stay as the daemon wrote them (Go's json.Indent).</summary>
static class JsonIndent
{
    public static string Apply(string json, string step = "    ")
    {
        var result = new StringBuilder(json.Length * 2);
        var depth = 0;
        var opened = false;
        for (var i = 0; i < json.Length; i++)
        {
            var c = json[i];
            if (char.IsWhiteSpace(c))
            {
                continue;
            }

            if (opened && c is not (']' or '}'))
            {
                Break(result, ++depth, step);
            }

            switch (c)
            {
                case '"':
                    var end = StringEnd(json, i);
                    result.Append(json, i, end - i);
                    i = end - 1;
                    break;
                case ',':
                    Break(result.Append(c), depth, step);
                    break;
                case ':':
                    result.Append(": ");
                    break;
                case '}' or ']':
                    if (!opened)
                    {
                        Break(result, --depth, step);
                    }

                    result.Append(c);
                    break;
                default:
                    result.Append(c);
                    break;
            }

            opened = c is '{' or '[';
        }

        return result.ToString();
    }

    private static void Break(StringBuilder result, int depth, string step) => result.Append('\n').Insert(result.Length, step, depth);

    private static int StringEnd(string json, int start)
    {
        var i = start + 1;
        while (i < json.Length && json[i] != '"')
        {
            i += json[i] == '\\' ? 2 : 1;
        }

        return Math.Min(i + 1, json.Length);
    }
}
