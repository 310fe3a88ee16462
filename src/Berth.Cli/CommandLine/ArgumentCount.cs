namespace Berth.Cli.CommandLine;

/// <summary>How many positional arguments a command takes.</summary>
readonly record struct ArgumentCount(int Minimum, int Maximum)
{
    public static ArgumentCount None { get; } = new(0, 0);

    public static ArgumentCount Exactly(int count) => new(count, count);

    public static ArgumentCount AtLeast(int count) => new(count, int.MaxValue);

    public static ArgumentCount AtMost(int count) => new(0, count);

    public static ArgumentCount Between(int minimum, int maximum) => new(minimum, maximum);

    public bool Accepts(int count) => count >= Minimum && count <= Maximum;

    /// <summary>What is wrong with any other number, in Docker's words.</summary>
    public string Requirement => this switch
    {
        { Maximum: 0 } => "accepts no arguments",
        { Maximum: int.MaxValue } => $"requires at least {Minimum} {Noun(Minimum)}",
        { Minimum: 0 } => $"requires at most {Maximum} {Noun(Maximum)}",
        _ when Minimum == Maximum => $"requires {Minimum} {Noun(Minimum)}",
        _ => $"requires at least {Minimum} and at most {Maximum} {Noun(Maximum)}",
    };

    private static string Noun(int count) => count == 1 ? "argument" : "arguments";
}
