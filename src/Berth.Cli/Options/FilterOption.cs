using System.Text;
using System.Text.Json;
using Berth.Cli.CommandLine;

namespace Berth.Cli.Options;

/// <summary>The values of <c>--filter</c>, as the API takes them: <c>{"status":{"running":true}}</c>.</summary>
static class FilterOption
{
    public static ListFlag<(string Name, string Value)> Declare(FlagSet flags) =>
        flags.Add(new ListFlag<(string Name, string Value)>("filter", 'f', "filter", "Filter output based on conditions provided", Add));

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
