using System.Globalization;
using System.Text.Json;
using Berth.Engine;

namespace Berth.Daemon.Server;

/// <summary>What is wrong with a JSON text, in the words of Docker's daemon: those of the reader here speak of .NET and its types.</summary>
static class JsonProblem
{
    public const string MoreContent = "unexpected content after JSON";

    /// <param name="json">The text.</param>
    /// <param name="error">What the reader said of it.</param>
    /// <param name="whole">Go's name of what the whole text should be.</param>
    /// <param name="root">Go's name of what a field belongs to.</param>
    public static string Of(ReadOnlySpan<byte> json, Exception error, string whole, string root)
    {
        if (JsonSyntax.ErrorOf(json) is { } syntax)
        {
            return syntax.Message.EndsWith("after top-level value", StringComparison.Ordinal) ? MoreContent : syntax.Message;
        }

        // Rules of our own, which the reader does not know.
        if (error is not JsonException { Path: { } path } || !error.Message.Contains("could not be converted", StringComparison.Ordinal))
        {
            return error switch
            {
                JsonException { Path: null, LineNumber: null } => error.Message,
                JsonException { Path: null } => "exceeded max depth",
                _ => "json: invalid value",
            };
        }

        using var document = JsonDocument.Parse(json.ToArray());
        var names = Names(path);
        var found = Describe(ValueAt(document.RootElement, names), out var number);
        var wanted = WantedType(error.Message);
        found += wanted is "int" or "int64" or "uint" or "uint16" or "uint64" && number is not null ? $" {number}" : "";
        return names.Count == 0
            ? $"json: cannot unmarshal {found} into Go value of type {whole}"
            : $"json: cannot unmarshal {found} into Go struct field {root}.{string.Join('.', names)} of type {wanted}";
    }

    /// <summary>Go's names for a body of ours: of the whole, and of what its fields belong to.</summary>
    public static (string Whole, string Root) NamesOf(Type body) => body.Name switch
    {
        "CreateContainerRequest" => ("container.CreateRequest", ""),
        "ContainerConfig" => ("container.Config", ""),
        "UpdateContainerRequest" => ("container.UpdateConfig", "UpdateConfig"),
        "CreateExecRequest" => ("container.ExecOptions", "ExecOptions"),
        "StartExecRequest" => ("container.ExecStartOptions", "ExecStartOptions"),
        "AuthConfig" => ("registry.AuthConfig", "AuthConfig"),
        var name => (name, name),
    };

    /// <summary>Reads $.HostConfig.PortBindings['80/tcp'][0].</summary>
    private static List<string> Names(string path)
    {
        var names = new List<string>();
        for (var at = 1; at < path.Length;)
        {
            var (begin, end, next) = path[at] switch
            {
                '[' when path.AsSpan(at).StartsWith("['") && path.IndexOf("']", at, StringComparison.Ordinal) is > 0 and var quote => (at + 2, quote, quote + 2),
                '[' when path.IndexOf(']', at) is > 0 and var bracket => (at + 1, bracket, bracket + 1),
                _ when path.IndexOfAny(['.', '['], at + 1) is > 0 and var stop => (at + 1, stop, stop),
                _ => (at + 1, path.Length, path.Length),
            };
            names.Add(path[begin..end]);
            at = next;
        }

        return names;
    }

    private static JsonElement? ValueAt(JsonElement element, List<string> names)
    {
        foreach (var name in names)
        {
            if (element.ValueKind == JsonValueKind.Array && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < element.GetArrayLength())
            {
                element = element[index];
                continue;
            }

            if (element.ValueKind != JsonValueKind.Object)
            {
                // The path names what should be here, and is not.
                return element;
            }

            var members = element.EnumerateObject().Where(m => m.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).ToList();
            if (members.Count == 0)
            {
                return null;
            }

            element = members[^1].Value;
        }

        return element;
    }

    private static string Describe(JsonElement? value, out string? number)
    {
        number = value is { ValueKind: JsonValueKind.Number } ? value.Value.GetRawText() : null;
        return value?.ValueKind switch
        {
            JsonValueKind.True or JsonValueKind.False => "bool",
            { } kind => kind.ToString().ToLowerInvariant(),
            null => "value",
        };
    }

    /// <summary>Go's type for the one that the reader names at the end of its first sentence.</summary>
    private static string WantedType(string message)
    {
        const string Before = "could not be converted to ";
        var begin = message.IndexOf(Before, StringComparison.Ordinal) + Before.Length;
        var end = message.IndexOf(". Path", begin, StringComparison.Ordinal);
        var name = message[begin..(end < 0 ? message.Length : end)].TrimEnd('.');
        if (name.Contains("List", StringComparison.Ordinal) || name.EndsWith("[]", StringComparison.Ordinal))
        {
            return "[]" + Simple(Argument(name, last: true));
        }

        return name.Contains("Dictionary", StringComparison.Ordinal) ? $"map[string]{Simple(Argument(name, last: true))}" : Simple(name);
    }

    private static string Argument(string name, bool last)
    {
        var open = name.IndexOf('[', StringComparison.Ordinal);
        if (open < 0)
        {
            return last ? "System.String" : "";
        }

        var arguments = name[(open + 1)..].TrimEnd(']').Split(',');
        return arguments[^1];
    }

    private static string Simple(string name) => name[(name.LastIndexOf('.') + 1)..].TrimEnd(']') switch
    {
        "String" => "string",
        "Boolean" => "bool",
        "Int32" => "int",
        "Int64" => "int64",
        "UInt16" => "uint16",
        "UInt32" => "uint",
        "UInt64" => "uint64",
        "Empty" => "struct {}",
        var other when other.Contains('`') => "value",
        var other => $"container.{other}",
    };
}
