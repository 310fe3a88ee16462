using System.Text.Json;

namespace Berth.Cli.Templates.Types;

/// <summary>A structure of Go. Its fields are read from JSON when a template first asks for one.</summary>
sealed class GoStructure
{
    private readonly GoType _type;
    private readonly JsonElement _json;
    private readonly GoValue[] _fields;

    /// <param name="type">The structure's type.</param>
    /// <param name="json">The object that it is read from; none: it is zero.</param>
    public GoStructure(GoType type, JsonElement json) => (_type, _json, _fields) = (type, json, new GoValue[type.Fields.Count]);

    /// <param name="type">The structure's type.</param>
    /// <param name="fields">A value for each of its fields.</param>
    public GoStructure(GoType type, GoValue[] fields) => (_type, _fields) = (type, fields);

    public GoValue this[int index]
    {
        get
        {
            if (!_fields[index].IsValid)
            {
                var field = _type.Fields[index];
                // The fields of what is embedded stand beside the structure's own.
                _fields[index] = GoJsonReader.Read(field.Embedded ? _json : GoJsonReader.Member(_json, field.Json), field.Type);
            }

            return _fields[index];
        }
    }

    /// <summary>A field of the structure or of one that it embeds; no value where there is none of that name.</summary>
    public GoValue Find(string name, out GoField? found)
    {
        var fields = _type.Fields;
        for (var i = 0; i < fields.Count; i++)
        {
            if (fields[i].Name == name)
            {
                found = fields[i];
                return this[i];
            }
        }

        for (var i = 0; i < fields.Count; i++)
        {
            if (fields[i].Embedded && this[i].Indirect(out var isNil) is { Data: GoStructure inner } && !isNil && inner.Find(name, out found) is { IsValid: true } value)
            {
                return value;
            }
        }

        found = null;
        return default;
    }

    /// <summary>Whether the type has a field of that name, its own or embedded.</summary>
    public static bool HasField(GoType type, string name) =>
        type.Fields.Any(field => field.Name == name
            || (field.Embedded && HasField(field.Type.Kind == GoKind.Pointer ? field.Type.Element! : field.Type, name)));
}
