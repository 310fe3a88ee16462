namespace Berth.Cli.Templates.Types;

/// <summary>Reads the tables of Go's types.</summary>
/// <remarks>
/// The tables are text in Go's notation, a line for each field: its name, its type, and its JSON tag where that is not the name.
/// <c>type NAME TYPE</c> names a type, <c>struct NAME [= TEXT]</c> begins a structure (that Go itself writes as TEXT, where it has
/// no name), <c>+ TYPE</c> embeds one. They are read when the first template asks for a type: no other command pays for them.
/// </remarks>
static class GoTypeTable
{
    private static readonly Dictionary<string, string> _definitions = [];
    private static readonly Dictionary<string, string> _anonymous = [];
    private static readonly Dictionary<string, List<string>> _structures = Read();

    /// <returns>What a named type is made of; null where it is a structure.</returns>
    public static string? Definition(string name) => _definitions.GetValueOrDefault(name);

    /// <returns>How Go writes a structure that has no name there; null where it has one.</returns>
    public static string? Anonymous(string name) => _anonymous.GetValueOrDefault(name);

    public static IReadOnlyList<GoField> Fields(string structure) =>
        _structures.TryGetValue(structure, out var lines) ? [.. lines.Select(Field)] : [];

    private static GoField Field(string line)
    {
        var words = line.Split(' ');
        if (words[0] == "+")
        {
            var type = words[1];
            return new GoField(type[(type.LastIndexOf('.') + 1)..].TrimStart('*'), GoType.Of(type), "", OmitEmpty: false, Embedded: true);
        }

        var tag = words.Length > 2 ? words[2].Split(',') : [""];
        return new GoField(words[0], GoType.Of(words[1]), tag[0] switch { "" => words[0], "-" => "", var name => name }, tag.Length > 1, Embedded: false);
    }

    private static Dictionary<string, List<string>> Read()
    {
        var structures = new Dictionary<string, List<string>>();
        List<string> current = [];
        foreach (var table in (ReadOnlySpan<string>)[ContainerTypes.Table, ImageTypes.Table, NetworkTypes.Table, VolumeTypes.Table, SystemTypes.Table])
        {
            foreach (var line in table.Split('\n'))
            {
                var words = line.Split(' ', 4);
                switch (words)
                {
                    case ["type", var name, var definition]:
                        _definitions[name] = definition;
                        break;
                    case ["struct", var name, "=", var written]:
                        _anonymous[name] = written;
                        structures[name] = current = [];
                        break;
                    case ["struct", var name]:
                        structures[name] = current = [];
                        break;
                    default:
                        current.Add(line);
                        break;
                }
            }
        }

        return structures;
    }
}
