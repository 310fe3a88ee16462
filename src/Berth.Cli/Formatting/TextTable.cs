using System.Text;

namespace Berth.Cli.Formatting;

/// <summary>Aligns tab-separated cells, as Go's text/tabwriter does with Docker's settings.</summary>
static class TextTable
{
    private const int NarrowestColumn = 10;
    private const int Padding = 3;

    /// <summary>A cell's column is as wide as the widest of the lines above and below that also have it; the last cell of a line is in no column.</summary>
    public static string Align(string text, int narrowest = NarrowestColumn, int padding = Padding)
    {
        var lines = text.Split('\n').Select(line => line.Split('\t')).ToList();
        var widths = lines.Select(cells => new int[cells.Length - 1]).ToList();
        for (var column = 0; column < lines.Max(cells => cells.Length) - 1; column++)
        {
            for (var line = 0; line < lines.Count; line++)
            {
                var start = line;
                var width = 0;
                while (line < lines.Count && lines[line].Length - 1 > column)
                {
                    width = Math.Max(width, Width(lines[line][column]));
                    line++;
                }

                for (var i = start; i < line; i++)
                {
                    widths[i][column] = Math.Max(narrowest, width + padding);
                }
            }
        }

        var result = new StringBuilder(text.Length * 2);
        for (var line = 0; line < lines.Count; line++)
        {
            for (var column = 0; column < lines[line].Length - 1; column++)
            {
                var cell = lines[line][column];
                result.Append(cell).Append(' ', widths[line][column] - Width(cell));
            }

            result.Append(lines[line][^1]).Append(line < lines.Count - 1 ? "\n" : "");
        }

        return result.ToString();
    }

    // What Go counts: characters, however wide they are drawn.
    private static int Width(string cell)
    {
        var width = 0;
        foreach (var unit in cell)
        {
            if (!char.IsLowSurrogate(unit))
            {
                width++;
            }
        }

        return width;
    }
}
