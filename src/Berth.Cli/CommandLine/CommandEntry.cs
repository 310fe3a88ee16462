namespace Berth.Cli.CommandLine;

/// <summary>A line of the table of contents: the names of a command, its summary, and how to make it.</summary>
/// <param name="Path">Its place under a noun, such as <c>container ls</c>, or a word alone.</param>
/// <param name="Short">Its name without the noun, where it has one: <c>ps</c>.</param>
sealed record CommandEntry(string Path, string? Short, string Summary, Func<Command> Create)
{
    /// <summary>Other spellings of the path's last word.</summary>
    public string[] Aliases { get; init; } = [];

    /// <summary>What its own help says where the summary is not all.</summary>
    public string? Description { get; init; }

    /// <summary>Listed among the common commands in the main help.</summary>
    public bool Common { get; init; }

    public string? Group => Path.IndexOf(' ', StringComparison.Ordinal) is var space and >= 0 ? Path[..space] : null;

    public string Name => Group is { } group ? Path[(group.Length + 1)..] : Path;

    /// <summary>Every way to write the command, as its help lists them; one where there is no other.</summary>
    public IEnumerable<string> Spellings
    {
        get
        {
            yield return Path;
            foreach (var alias in Aliases)
            {
                yield return $"{Group} {alias}";
            }

            if (Short is not null)
            {
                yield return Short;
            }
        }
    }
}

/// <summary>A noun with verbs of its own.</summary>
sealed record CommandGroup(string Name, string Summary)
{
    /// <summary>What its own help says where the summary is not all.</summary>
    public string? Description { get; init; }
}
