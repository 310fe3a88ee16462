using System.Text;

namespace Berth.Daemon.Options;

/// <summary>The answer to --help, laid out as dockerd's: two columns, wrapped for a terminal of 80.</summary>
static class HelpPage
{
    private const int Width = 80;

    public static string Text()
    {
        var rows = DaemonOptionTable.All.Where(o => o.InFlags).Select(o => (Left: Left(o), Right: Right(o))).ToList();
        var indent = rows.Max(r => r.Left.Length) + 3;
        var page = new StringBuilder("\nUsage:  berthd [OPTIONS]\n\nA container engine that replaces Docker's.\n\nOptions:\n");
        foreach (var (left, right) in rows)
        {
            page.Append(left.PadRight(indent));
            var column = indent;
            foreach (var word in right.Split(' '))
            {
                if (column > indent && column + word.Length + 1 > Width)
                {
                    page.Append('\n').Append(' ', indent);
                    column = indent;
                }

                page.Append(column > indent ? " " : "").Append(word);
                column += word.Length + (column > indent ? 1 : 0);
            }

            page.Append('\n');
        }

        return page.ToString();
    }

    private static string Left(DaemonOption option)
    {
        var letter = option.Letter is { } c ? $"  -{c}, " : "      ";
        var value = option.Value ?? option.Kind switch
        {
            OptionKind.Number => "int",
            OptionKind.Text => "string",
            OptionKind.List => "list",
            OptionKind.Map => "map",
            _ => "",
        };
        return $"{letter}--{option.Name} {value}".TrimEnd();
    }

    private static string Right(DaemonOption option) =>
        option.Default is { } value ? $"{option.Help} (default {value})" : option.Help;
}
