namespace Berth.Daemon.Options;

/// <summary>How an option's value is written.</summary>
enum OptionKind
{
    Flag,
    Number,
    Text,

    /// <summary>May be given several times; an array in daemon.json.</summary>
    List,

    /// <summary>NAME=VALUE, may be given several times; an object in daemon.json.</summary>
    Map,

    /// <summary>Whatever JSON there is in daemon.json, as its text.</summary>
    Json,
}

/// <summary>One setting of the daemon: a flag, a key of daemon.json, or both.</summary>
/// <param name="Name">The flag without its dashes.</param>
/// <param name="Kind">How its value is written.</param>
/// <param name="Help">What it does, for the help page.</param>
sealed record DaemonOption(string Name, OptionKind Kind, string Help)
{
    /// <summary>The one-letter flag.</summary>
    public char? Letter { get; init; }

    /// <summary>The key in daemon.json, where it is not the flag's name; Docker's keys of lists are plurals.</summary>
    public string? Key { get; init; }

    /// <summary>A key of older releases, whose value is one text.</summary>
    public string? OldKey { get; init; }

    /// <summary>The object in daemon.json that holds the key; null: it stands at the top.</summary>
    public string? Group { get; init; }

    /// <summary>False for what only a flag can say.</summary>
    public bool InFile { get; init; } = true;

    /// <summary>False for what only daemon.json can say.</summary>
    public bool InFlags { get; init; } = true;

    /// <summary>Why dockerd's option changes nothing here; null: it does what it says.</summary>
    public string? NoEffect { get; init; }

    /// <summary>
    /// Of an option without effect: why a value cannot be passed over, because the user relies on it for what is safe; null: it can.
    /// </summary>
    public Func<string, string?>? Refusal { get; init; }

    /// <summary>What the help page calls the value.</summary>
    public string? Value { get; init; }

    /// <summary>What the help page tells of the default.</summary>
    public string? Default { get; init; }

    /// <summary>Refuses a value with the words that follow <c>invalid argument "x" for "--flag" flag:</c>; null: it is good.</summary>
    public Func<string, string?>? Check { get; init; }

    public string FileKey => Key ?? Name;
}
