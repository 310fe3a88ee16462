using System.Globalization;

namespace Berth.Runtime.Commands.Arguments;

/// <summary>A command line taken apart: options up to the first argument that is none, and the arguments from there on.</summary>
internal sealed class ParsedArguments
{
    private readonly Dictionary<string, List<string>> _options = [];

    private ParsedArguments(string[] rest) => Rest = rest;

    /// <summary>What follows the options.</summary>
    internal string[] Rest { get; private set; }

    /// <exception cref="UsageException">An option is unknown, or lacks its value.</exception>
    internal static ParsedArguments Parse(string[] arguments, IReadOnlyList<CommandOption> known)
    {
        var parsed = new ParsedArguments(arguments);
        var position = 0;
        while (position < arguments.Length && arguments[position] is ['-', _, ..] text)
        {
            position++;
            if (text == "--")
            {
                break;
            }

            // As Go's flag package, which runc's users type for: one dash or two, "=VALUE" or the next argument.
            var name = text.TrimStart('-');
            var equals = name.IndexOf('=', StringComparison.Ordinal);
            var value = equals < 0 ? null : name[(equals + 1)..];
            name = equals < 0 ? name : name[..equals];
            var option = known.FirstOrDefault(o => o.Name == name || (name.Length == 1 && o.Letter == name[0]))
                ?? throw new UsageException($"flag provided but not defined: -{name}");
            if (option.TakesValue && value is null)
            {
                value = position < arguments.Length ? arguments[position++] : throw new UsageException($"flag needs an argument: -{name}");
            }

            parsed.Add(option.Name, value ?? "true");
        }

        parsed.Rest = arguments[position..];
        return parsed;
    }

    internal bool Has(string name) => _options.TryGetValue(name, out var values) && values[^1] != "false";

    /// <returns>The last value that was given; null where none was.</returns>
    internal string? Value(string name) => _options.TryGetValue(name, out var values) ? values[^1] : null;

    internal IReadOnlyList<string> Values(string name) => _options.TryGetValue(name, out var values) ? values : [];

    /// <exception cref="UsageException">It is no number.</exception>
    internal int Number(string name) =>
        Value(name) is not { } text ? 0
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new UsageException($"invalid value \"{text}\" for flag -{name}");

    /// <summary>The arguments, which must be so many.</summary>
    internal string[] Exactly(string command, int count) =>
        Rest.Length == count
            ? Rest
            : throw new UsageException($"{command}: requires exactly {count} argument(s)");

    private void Add(string name, string value)
    {
        if (!_options.TryGetValue(name, out var values))
        {
            _options[name] = values = [];
        }

        values.Add(value);
    }
}
