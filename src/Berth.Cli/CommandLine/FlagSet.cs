using System.Globalization;

namespace Berth.Cli.CommandLine;

/// <summary>The flags of one command, and the parser that fills them.</summary>
sealed class FlagSet
{
    private readonly List<Flag> _flags = [];

    /// <summary>Whether flags may follow the first positional argument. Off where the rest of the line belongs to somebody else: <c>run busybox ls -l</c>.</summary>
    public bool Interspersed { get; set; } = true;

    public IReadOnlyList<Flag> All => _flags;

    /// <summary>Set where <c>--help</c> (or the deprecated <c>-h</c>) was met.</summary>
    public bool HelpRequested { get; private set; }

    /// <summary>What the user should know but what stops nothing: uses of deprecated flags.</summary>
    public List<string> Warnings { get; } = [];

    public T Add<T>(T flag)
        where T : Flag
    {
        _flags.Add(flag);
        return flag;
    }

    public Flag<bool> Bool(string name, char? shorthand, string usage, bool initial = false, string? deprecated = null) =>
        Add(new Flag<bool>(name, shorthand, "", usage, initial, GoNumber.Bool)
        {
            ImpliedValue = "true",
            DefaultText = initial ? "true" : null,
            Deprecated = deprecated,
        });

    public Flag<string> String(string name, char? shorthand, string usage, string initial = "", string? refusal = null) =>
        Add(new Flag<string>(name, shorthand, "string", usage, initial, static text => text)
        {
            DefaultText = initial.Length == 0 ? null : $"\"{initial}\"",
            Refusal = refusal,
        });

    public Flag<long> Int(string name, char? shorthand, string usage, long initial = 0, bool hidden = false, string? refusal = null) =>
        Add(new Flag<long>(name, shorthand, "int", usage, initial, static text => GoNumber.Int(text, 64))
        {
            DefaultText = initial == 0 ? null : initial.ToString(CultureInfo.InvariantCulture),
            Hidden = hidden,
            Refusal = refusal,
        });

    /// <param name="check">Validates a value, and may rewrite it.</param>
    /// <param name="defaultText">Some of Docker's lists print an empty default, <c>[]</c>.</param>
    public ListFlag<string> List(
        string name, char? shorthand, string usage, Func<string, string>? check = null, string type = "list", string? defaultText = null) =>
        Add(new ListFlag<string>(name, shorthand, type, usage, (text, values) => values.Add(check is null ? text : check(text)))
        {
            DefaultText = defaultText,
        });

    public void Alias(string name, Flag target, bool hidden = true, string? deprecated = null) =>
        Add(new AliasFlag(name, target) { Hidden = hidden, Deprecated = deprecated, ImpliedValue = target.ImpliedValue });

    /// <summary>Fills the flags and returns what is not a flag.</summary>
    /// <exception cref="UsageException">The line is not one of this command.</exception>
    public List<string> Parse(ReadOnlySpan<string> arguments)
    {
        var positionals = new List<string>();
        for (var i = 0; i < arguments.Length; i++)
        {
            var argument = arguments[i];
            if (argument.Length < 2 || argument[0] != '-')
            {
                positionals.Add(argument);
                if (!Interspersed)
                {
                    positionals.AddRange(arguments[(i + 1)..]);
                    return positionals;
                }

                continue;
            }

            if (argument == "--")
            {
                positionals.AddRange(arguments[(i + 1)..]);
                return positionals;
            }

            if (argument[1] == '-')
            {
                ParseLong(argument, arguments, ref i);
            }
            else
            {
                ParseShort(argument, arguments, ref i);
            }

            if (HelpRequested)
            {
                return positionals;
            }
        }

        return positionals;
    }

    private void ParseLong(string argument, ReadOnlySpan<string> arguments, ref int index)
    {
        var name = argument[2..];
        if (name[0] is '-' or '=')
        {
            throw new UsageException($"bad flag syntax: {argument}");
        }

        string? value = null;
        var equals = name.IndexOf('=');
        if (equals >= 0)
        {
            value = name[(equals + 1)..];
            name = name[..equals];
        }

        var flag = _flags.Find(candidate => candidate.Name == name);
        if (flag is null)
        {
            if (name != "help")
            {
                throw new UsageException($"unknown flag: --{name}");
            }

            HelpRequested = value is null || Accept("\"--help\" flag", value, static text => GoNumber.Bool(text));
            return;
        }

        value ??= flag.ImpliedValue;
        if (value is null)
        {
            if (index + 1 >= arguments.Length)
            {
                throw new UsageException($"flag needs an argument: {argument}");
            }

            value = arguments[++index];
        }

        Set(flag, value);
    }

    private void ParseShort(string argument, ReadOnlySpan<string> arguments, ref int index)
    {
        for (var i = 1; i < argument.Length; i++)
        {
            var letter = argument[i];
            var flag = _flags.Find(candidate => candidate.Shorthand == letter);
            if (flag is null)
            {
                if (letter != 'h')
                {
                    throw new UsageException($"unknown shorthand flag: '{letter}' in -{argument[i..]}");
                }

                Warnings.Add("Flag shorthand -h has been deprecated, use --help");
                HelpRequested = true;
                return;
            }

            var rest = argument[(i + 1)..];
            if (rest.Length > 1 && rest[0] == '=')
            {
                Set(flag, rest[1..]);
                return;
            }

            if (flag.ImpliedValue is { } implied)
            {
                Set(flag, implied);
                continue;
            }

            if (rest.Length == 0 && index + 1 >= arguments.Length)
            {
                throw new UsageException($"flag needs an argument: '{letter}' in -{argument[i..]}");
            }

            Set(flag, rest.Length > 0 ? rest : arguments[++index]);
            return;
        }
    }

    private void Set(Flag flag, string value)
    {
        var spelled = flag.Shorthand is { } letter ? $"-{letter}, --{flag.Name}" : $"--{flag.Name}";
        Accept($"\"{spelled}\" flag", value, text =>
        {
            flag.Set(text);
            return true;
        });
        if (flag is { Deprecated: { } advice, Hidden: false })
        {
            Warnings.Add($"Flag --{flag.Name} has been deprecated, {advice}");
        }
    }

    private static bool Accept(string where, string value, Func<string, bool> set)
    {
        try
        {
            return set(value);
        }
        catch (FormatException wrong)
        {
            throw new UsageException($"invalid argument {GoText.Quote(value)} for {where}: {wrong.Message}");
        }
    }
}
