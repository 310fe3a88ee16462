namespace Berth.Cli.CommandLine;

/// <summary>One option of a command: how it is written, how it is described, and where its value goes.</summary>
/// <remarks>The semantics are those of Go's pflag, which Docker's users know: <c>--name value</c>, <c>--name=value</c>, <c>-n value</c>, <c>-nvalue</c>, bundled booleans.</remarks>
abstract class Flag(string name, char? shorthand, string type, string usage)
{
    public string Name { get; } = name;

    public char? Shorthand { get; } = shorthand;

    /// <summary>The kind of value as help names it; empty for a boolean, which takes none.</summary>
    public string Type { get; } = type;

    public string Usage { get; } = usage;

    /// <summary>The default as help prints it in parentheses; null where the zero value goes without saying.</summary>
    public string? DefaultText { get; init; }

    /// <summary>The value that a flag without <c>=value</c> stands for; null for a flag that needs one.</summary>
    public string? ImpliedValue { get; init; }

    /// <summary>An old spelling: accepted, absent from help.</summary>
    public bool Hidden { get; init; }

    /// <summary>What to use in its place, told on standard error whenever the flag is used.</summary>
    public string? Deprecated { get; init; }

    /// <summary>What its user is told: no daemon that Berth talks to knows what it is for.</summary>
    public string? Refusal { get; init; }

    public bool IsSet { get; protected set; }

    /// <summary>Takes a value from the command line.</summary>
    /// <exception cref="FormatException">The value is not one for this flag; the message says why, in Docker's words.</exception>
    public abstract void Set(string text);
}

/// <summary>A flag of one value; the last one given counts.</summary>
sealed class Flag<T>(string name, char? shorthand, string type, string usage, T initial, Func<string, T> parse)
    : Flag(name, shorthand, type, usage)
{
    public T Value { get; private set; } = initial;

    public override void Set(string text)
    {
        Value = parse(text);
        IsSet = true;
    }
}

/// <summary>A flag that may be given many times; every value counts, in order.</summary>
sealed class ListFlag<T>(string name, char? shorthand, string type, string usage, Action<string, List<T>> add)
    : Flag(name, shorthand, type, usage)
{
    public List<T> Values { get; } = [];

    public override void Set(string text)
    {
        add(text, Values);
        IsSet = true;
    }
}

/// <summary>Another name for a flag, kept for command lines that were written long ago.</summary>
sealed class AliasFlag(string name, Flag target) : Flag(name, null, target.Type, target.Usage)
{
    public override void Set(string text)
    {
        target.Set(text);
        IsSet = true;
    }
}
