using System.Text;

namespace Berth.Cli.Options;

/// <summary>One line of comma-separated values with quotes (RFC 4180), as <c>--mount</c> and <c>--network</c> take.</summary>
static class CommaSeparated
{
    public static List<string> Parse(string line)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            switch (line[i])
            {
                case '"' when quoted && i + 1 < line.Length && line[i + 1] == '"':
                    field.Append('"');
                    i++;
                    break;
                case '"' when quoted || field.Length == 0:
                    quoted = !quoted;
                    break;
                case '"':
                    throw new FormatException($"parse error on line 1, column {i + 1}: bare \" in non-quoted-field");
                case ',' when !quoted:
                    fields.Add(field.ToString());
                    field.Clear();
                    break;
                default:
                    field.Append(line[i]);
                    break;
            }
        }

        if (quoted)
        {
            throw new FormatException($"parse error on line 1, column {line.Length + 1}: extraneous or missing \" in quoted-field");
        }

        fields.Add(field.ToString());
        return fields;
    }
}
