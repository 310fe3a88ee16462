using System.Globalization;

namespace Berth.Daemon.Options;

/// <summary>Reads a command line as dockerd does: --name value, --name=value, -n value, -nvalue, several flags behind one dash.</summary>
sealed class FlagParser
{
    private readonly Queue<string> _arguments;
    private readonly OptionValues _values = new();

    private FlagParser(IEnumerable<string> arguments) => _arguments = new Queue<string>(arguments);

    public static OptionValues Parse(IEnumerable<string> arguments)
    {
        var parser = new FlagParser(arguments);
        while (parser._arguments.TryDequeue(out var argument))
        {
            if (argument.StartsWith("--", StringComparison.Ordinal) && argument.Length > 2)
            {
                parser.ReadName(argument[2..]);
            }
            else if (argument is ['-', not '-', ..])
            {
                parser.ReadLetters(argument);
            }
            else if (argument != "--" || parser._arguments.Count > 0)
            {
                throw OptionException.Usage("\"berthd\" accepts no argument(s).");
            }
        }

        return parser._values;
    }

    /// <summary>A value that a flag may have; the reason why it may not, otherwise.</summary>
    public static string? Refusal(DaemonOption option, ref string value)
    {
        switch (option.Kind)
        {
            case OptionKind.Flag:
                var truth = value switch
                {
                    "1" or "t" or "T" or "true" or "TRUE" or "True" => "true",
                    "0" or "f" or "F" or "false" or "FALSE" or "False" => "false",
                    _ => null,
                };
                if (truth is null)
                {
                    return $"strconv.ParseBool: parsing \"{value}\": invalid syntax";
                }

                value = truth;
                return null;
            case OptionKind.Number when !int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _):
                return $"strconv.ParseInt: parsing \"{value}\": invalid syntax";
            default:
                return option.Check?.Invoke(value);
        }
    }

    private void ReadName(string argument)
    {
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? argument : argument[..equals];
        var option = DaemonOptionTable.All.FirstOrDefault(o => o.InFlags && o.Name == name)
            ?? throw OptionException.Usage($"unknown flag: --{name}");
        if (equals >= 0)
        {
            Add(option, argument[(equals + 1)..]);
        }
        else if (option.Kind == OptionKind.Flag)
        {
            Add(option, "true");
        }
        else
        {
            Add(option, _arguments.TryDequeue(out var value)
                ? value
                : throw OptionException.Usage($"flag needs an argument: --{name}"));
        }
    }

    private void ReadLetters(string argument)
    {
        for (var at = 1; at < argument.Length; at++)
        {
            var letter = argument[at];
            var option = DaemonOptionTable.All.FirstOrDefault(o => o.Letter == letter)
                ?? throw OptionException.Usage($"unknown shorthand flag: '{letter}' in {argument}");
            var rest = argument[(at + 1)..];
            if (option.Kind == OptionKind.Flag && !rest.StartsWith('='))
            {
                Add(option, "true");
                continue;
            }

            if (rest.Length > 0)
            {
                Add(option, rest.StartsWith('=') ? rest[1..] : rest);
            }
            else
            {
                Add(option, _arguments.TryDequeue(out var value)
                    ? value
                    : throw OptionException.Usage($"flag needs an argument: '{letter}' in {argument}"));
            }

            return;
        }
    }

    private void Add(DaemonOption option, string value)
    {
        var given = value;
        if (Refusal(option, ref value) is { } reason)
        {
            var names = option.Letter is { } letter ? $"-{letter}, --{option.Name}" : $"--{option.Name}";
            throw OptionException.Usage($"invalid argument \"{given}\" for \"{names}\" flag: {reason}");
        }

        _values.Add(option, value);
    }
}
