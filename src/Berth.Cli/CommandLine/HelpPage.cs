using System.Text;

namespace Berth.Cli.CommandLine;

/// <summary>The pages that <c>--help</c> prints, laid out as Docker's.</summary>
/// <param name="columns">The width of the terminal.</param>
sealed class HelpPage(CommandTable table, int columns)
{
    public string Root(GlobalFlags flags)
    {
        var page = new StringBuilder("Usage:  berth [OPTIONS] COMMAND\n\nA container engine for Linux that speaks Docker's language\n");
        Section(page, "Common Commands:", table.Entries.Where(entry => entry.Common).Select(Line));
        Section(page, "Management Commands:", table.Groups.Select(group => (group.Name, group.Summary)));
        Section(
            page,
            "Commands:",
            table.Entries.Where(entry => !entry.Common && (entry.Group is null || entry.Short is not null))
                .Select(Line)
                .OrderBy(line => line.Name, StringComparer.Ordinal));
        page.Append("\nGlobal Options:\n").Append(FlagUsages.Layout(flags.Flags.All, columns - 1));
        return page.Append("\nRun 'berth COMMAND --help' for more information on a command.\n").ToString();
    }

    public string Group(CommandGroup group)
    {
        var page = new StringBuilder($"Usage:  berth {group.Name} COMMAND\n\n{group.Description ?? group.Summary}\n");
        Section(page, "Commands:", table.Of(group).Select(entry => (entry.Name, entry.Summary)));
        return page.Append($"\nRun 'berth {group.Name} COMMAND --help' for more information on a command.\n").ToString();
    }

    public string Command(CommandEntry entry, string invokedAs, Command command)
    {
        var page = new StringBuilder($"{Usage(invokedAs, command)}\n\n{entry.Description ?? entry.Summary}\n");
        var spellings = entry.Spellings.ToList();
        if (spellings.Count > 1)
        {
            page.Append("\nAliases:\n  ").AppendJoin(", ", spellings.Select(spelling => $"berth {spelling}")).Append('\n');
        }

        if (command.Flags.All.Any(flag => !flag.Hidden))
        {
            var flags = command.Flags.All;
            // Docker lists --help only where -h means something else, and its deprecated shorthand is therefore absent.
            if (flags.Any(flag => flag.Shorthand == 'h'))
            {
                flags = [.. flags, new Flag<bool>("help", null, "", "Print usage", false, GoNumber.Bool)];
            }

            page.Append("\nOptions:\n").Append(FlagUsages.Layout(flags, columns - 1));
        }

        return page.ToString();
    }

    public static string Usage(string invokedAs, Command command) => $"Usage:  berth {invokedAs} {command.Arguments}".TrimEnd();

    private static (string Name, string Summary) Line(CommandEntry entry) => (entry.Short ?? entry.Path, entry.Summary);

    private static void Section(StringBuilder page, string title, IEnumerable<(string Name, string Summary)> lines)
    {
        page.Append('\n').Append(title).Append('\n');
        foreach (var (name, summary) in lines)
        {
            page.Append("  ").Append(name.PadRight(11)).Append(' ').Append(summary).Append('\n');
        }
    }
}
