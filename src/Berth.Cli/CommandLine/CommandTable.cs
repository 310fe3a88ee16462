namespace Berth.Cli.CommandLine;

/// <summary>All commands and nouns, and how a command line finds its own among them.</summary>
sealed class CommandTable(IReadOnlyList<CommandGroup> groups, IReadOnlyList<CommandEntry> entries)
{
    public IReadOnlyList<CommandGroup> Groups { get; } = groups;

    public IReadOnlyList<CommandEntry> Entries { get; } = entries;

    public CommandGroup? FindGroup(string word) => Groups.FirstOrDefault(group => group.Name == word);

    /// <summary>The command that is written as one word.</summary>
    public CommandEntry? Find(string word) => Entries.FirstOrDefault(entry => (entry.Short ?? entry.Path) == word);

    public CommandEntry? Find(CommandGroup group, string verb) =>
        Entries.FirstOrDefault(entry => entry.Group == group.Name && (entry.Name == verb || entry.Aliases.Contains(verb)));

    public IEnumerable<CommandEntry> Of(CommandGroup group) =>
        Entries.Where(entry => entry.Group == group.Name).OrderBy(entry => entry.Name, StringComparer.Ordinal);
}
