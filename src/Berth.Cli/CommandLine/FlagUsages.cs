using System.Text;

namespace Berth.Cli.CommandLine;

/// <summary>Lays out a flag table for help: names aligned, descriptions wrapped, as pflag's FlagUsagesWrapped does.</summary>
static class FlagUsages
{
    /// <summary>A last line of up to this many columns more is not broken off as an orphan.</summary>
    private const int Slop = 5;

    /// <summary>Below this many columns a description moves to a line of its own, and is not wrapped if that does not help.</summary>
    private const int NarrowestColumn = 24;

    public static string Layout(IEnumerable<Flag> flags, int columns)
    {
        var lines = flags.Where(flag => !flag.Hidden)
            .OrderBy(flag => flag.Name, StringComparer.Ordinal)
            .Select(flag => (Left: Left(flag), Right: Right(flag)))
            .ToList();
        var width = lines.Count == 0 ? 0 : lines.Max(line => line.Left.Length);
        var result = new StringBuilder();
        foreach (var (left, right) in lines)
        {
            result.Append(left.PadRight(width)).Append("   ").Append(Wrap(right, width + 3, columns)).Append('\n');
        }

        return result.ToString();
    }

    private static string Left(Flag flag)
    {
        var name = flag.Shorthand is { } letter ? $"  -{letter}, --{flag.Name}" : $"      --{flag.Name}";
        return flag.Type.Length == 0 ? name : $"{name} {flag.Type}";
    }

    private static string Right(Flag flag)
    {
        var text = flag.DefaultText is { } initial ? $"{flag.Usage} (default {initial})" : flag.Usage;
        return flag.Deprecated is { } advice ? $"{text} (DEPRECATED: {advice})" : text;
    }

    private static string Wrap(string text, int indent, int columns)
    {
        var room = columns - indent;
        var result = new StringBuilder();
        if (room < NarrowestColumn)
        {
            indent = 16;
            room = columns - indent;
            result.Append('\n').Append(' ', indent);
            if (room < NarrowestColumn)
            {
                return text.Replace("\n", result.ToString(), StringComparison.Ordinal);
            }
        }

        var newLine = "\n" + new string(' ', indent);
        room -= Slop;
        for (var first = true; first || text.Length > 0; first = false)
        {
            (var line, text) = Split(text, room);
            result.Append(first ? "" : newLine).Append(line.Replace("\n", newLine, StringComparison.Ordinal));
        }

        return result.ToString();
    }

    private static (string Line, string Remainder) Split(string text, int room)
    {
        if (room + Slop > text.Length)
        {
            return (text, "");
        }

        var space = text.AsSpan(0, room).LastIndexOfAny(' ', '\t', '\n');
        if (space <= 0)
        {
            return (text, "");
        }

        var newLine = text.AsSpan(0, room).LastIndexOf('\n');
        var end = newLine > 0 && newLine < space ? newLine : space;
        return (text[..end], text[(end + 1)..]);
    }
}
