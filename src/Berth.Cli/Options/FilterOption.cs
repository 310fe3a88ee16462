using System.Text;
using System.Text.Json;
using Berth.Cli.CommandLine;
using Berth.Cli.Connection;

namespace Berth.Cli.Options;

/// <summary>The values of <c>--filter</c>, as the API takes them: <c>{"status":{"running":true}}</c>.</summary>
static class FilterOption
{
    public static ListFlag<(string Name, string Value)> Declare(FlagSet flags) => Declare(flags, 'f', "Filter output based on conditions provided");

    /// <summary>Of a command that removes: there, -f forces.</summary>
    public static ListFlag<(string Name, string Value)> DeclareForPruning(FlagSet flags, string usage) => Declare(flags, null, usage);

    /// <summary>A path with the filters as its parameter.</summary>
    public static string Target(string path, IReadOnlyList<(string Name, string Value)> filters) =>
        new QueryString(path).AddNonEmpty("filters", ToJson(filters)).ToString();

    /// <returns>Empty where nothing is filtered.</returns>
    public static string ToJson(IReadOnlyList<(string Name, string Value)> filters)
    {
        if (filters.Count == 0)
        {
            return "";
        }

        using var memory = new MemoryStream();
        using (var writer = new Utf8JsonWriter(memory))
        {
            writer.WriteStartObject();
            foreach (var values in filters.GroupBy(filter => filter.Name))
            {
                writer.WriteStartObject(values.Key);
                foreach (var (_, value) in values.Distinct())
                {
                    writer.WriteBoolean(value, true);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(memory.GetBuffer(), 0, (int)memory.Length);
    }

    private static ListFlag<(string Name, string Value)> Declare(FlagSet flags, char? shorthand, string usage) =>
        flags.Add(new ListFlag<(string Name, string Value)>("filter", shorthand, "filter", usage, Add));

    private static void Add(string text, List<(string Name, string Value)> filters)
    {
        if (text.Length == 0)
        {
            return;
        }

        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
        {
            throw new FormatException("bad format of filter (expected name=value)");
        }

        filters.Add((text[..equals].Trim().ToLowerInvariant(), text[(equals + 1)..].Trim()));
    }
}
