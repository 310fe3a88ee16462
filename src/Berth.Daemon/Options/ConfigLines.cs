using System.Text.Json;

namespace Berth.Daemon.Options;

/// <summary>In which lines of a JSON file its keys stand: an error in a long daemon.json is found sooner with its line.</summary>
static class ConfigLines
{
    /// <returns>Lines, counted from 1, by key; of keys within an object, by <c>OBJECT.KEY</c>.</returns>
    public static IReadOnlyDictionary<string, int> Of(ReadOnlySpan<byte> json)
    {
        var lines = new Dictionary<string, int>();
        var reader = new Utf8JsonReader(json);
        var outer = "";
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth > 2)
            {
                continue;
            }

            var name = reader.GetString()!;
            outer = reader.CurrentDepth == 1 ? name : outer;
            lines[reader.CurrentDepth == 1 ? name : $"{outer}.{name}"] = json[..(int)reader.TokenStartIndex].Count((byte)'\n') + 1;
        }

        return lines;
    }
}
