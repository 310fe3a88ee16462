using System.Text.Json;
using Berth.Engine;

namespace Berth.Daemon.Options;

/// <summary>daemon.json: the same settings as the flags, under Docker's keys.</summary>
static class ConfigFile
{
    /// <summary>Reads the file and checks it against the flags: what both say is an error, as neither can be the right one.</summary>
    /// <param name="path">Where it lies.</param>
    /// <param name="mustExist">The user named it.</param>
    /// <param name="flags">What the command line says.</param>
    public static OptionValues Read(string path, bool mustExist, OptionValues flags)
    {
        if (!File.Exists(path))
        {
            return mustExist ? throw Refused(path, $"open {path}: no such file or directory") : new OptionValues();
        }

        try
        {
            return ReadValues(path, File.ReadAllBytes(path), flags);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Refused(path, e.Message);
        }
    }

    private static OptionValues ReadValues(string path, ReadOnlyMemory<byte> json, OptionValues flags)
    {
        json = json.Span.StartsWith("\uFEFF"u8) ? json[3..] : json;
        if (json.Span.Trim(" \t\r\n"u8).IsEmpty)
        {
            return new OptionValues();
        }

        if (JsonSyntax.ErrorOf(json.Span) is { } error)
        {
            throw Refused(path, $"line {error.Line}: invalid JSON: {error.Message}");
        }

        using var document = JsonDocument.Parse(json);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw Refused(path, "it does not hold an object");
        }

        var values = new OptionValues();
        var unknown = new List<string>();
        var lines = ConfigLines.Of(json.Span);
        ReadMembers(path, document.RootElement, group: null, lines, values, unknown);

        if (unknown.Count > 0)
        {
            throw Refused(path, $"the following directives don't match any configuration option: {string.Join(", ", unknown)}");
        }

        var conflicts = values.Given
            .Where(o => flags.Has(o.Name))
            .Select(o => $"{o.FileKey}: (from flag: {flags.Shown(o)}, from file: {values.Shown(o)})")
            .ToList();
        return conflicts.Count == 0
            ? values
            : throw Refused(
                path,
                $"the following directives are specified both as a flag and in the configuration file: {string.Join(", ", conflicts)}");
    }

    private static void ReadMembers(
        string path, JsonElement members, string? group, IReadOnlyDictionary<string, int> lines, OptionValues values, List<string> unknown)
    {
        // Of a key that is there twice the last counts, as in Go.
        foreach (var property in members.EnumerateObject().GroupBy(p => p.Name).Select(same => same.Last()))
        {
            var line = lines[group is null ? property.Name : $"{group}.{property.Name}"];
            if (DaemonOptionTable.All.FirstOrDefault(o => o.InFile && o.Group == group && (o.FileKey == property.Name || o.OldKey == property.Name)) is { } option)
            {
                if (property.Value.ValueKind != JsonValueKind.Null)
                {
                    ReadValue($"{path}: line {line}", values, option, property.Value);
                    values.SetPlace(option, $"\"{property.Name}\" in {path}, line {line},");
                }
            }
            else if (group is null && property.Value.ValueKind == JsonValueKind.Object && DaemonOptionTable.All.Any(o => o.Group == property.Name))
            {
                ReadMembers(path, property.Value, property.Name, lines, values, unknown);
            }
            else
            {
                unknown.Add($"{property.Name} (line {line})");
            }
        }
    }

    private static void ReadValue(string path, OptionValues values, DaemonOption option, JsonElement value)
    {
        switch (option.Kind, value.ValueKind)
        {
            case (OptionKind.List, JsonValueKind.Array) when option.Name != "default-address-pool":
                values.AddNothing(option);
                foreach (var item in value.EnumerateArray())
                {
                    Add(path, values, option, Scalar(path, option, item, JsonValueKind.String));
                }

                break;

            // Docker's one irregular key: "default-ulimits": {"nofile": {"Name": "nofile", "Soft": 1024, "Hard": 2048}}.
            case (OptionKind.List, JsonValueKind.Object) when option.Name == "default-ulimit":
                values.AddNothing(option);
                foreach (var limit in value.EnumerateObject())
                {
                    Add(path, values, option, UlimitText(path, limit));
                }

                break;
            case (OptionKind.List, JsonValueKind.Array):
                values.AddNothing(option);
                foreach (var pool in value.EnumerateArray())
                {
                    Add(path, values, option, PoolText(path, pool));
                }

                break;
            case (OptionKind.List, JsonValueKind.String) when option.OldKey is not null:
                Add(path, values, option, value.GetString()!);
                break;
            case (OptionKind.Json, _):
                Add(path, values, option, value.GetRawText());
                break;

            // Ours: the values of "registries" are objects themselves.
            case (OptionKind.Map, JsonValueKind.Object) when option.Name == "registry":
                values.AddNothing(option);
                foreach (var rule in value.EnumerateObject())
                {
                    Add(path, values, option, $"{rule.Name}={rule.Value.GetRawText()}");
                }

                break;
            case (OptionKind.Map, JsonValueKind.Object):
                values.AddNothing(option);
                foreach (var entry in value.EnumerateObject())
                {
                    Add(path, values, option, $"{entry.Name}={Scalar(path, option, entry.Value, JsonValueKind.String)}");
                }

                break;
            case (OptionKind.Flag, JsonValueKind.True or JsonValueKind.False):
                Add(path, values, option, value.GetBoolean() ? "true" : "false");
                break;
            case (OptionKind.Number, _):
                Add(path, values, option, Scalar(path, option, value, JsonValueKind.Number));
                break;
            case (OptionKind.Text, _):
                Add(path, values, option, Scalar(path, option, value, JsonValueKind.String));
                break;
            default:
                throw WrongType(path, option, value);
        }
    }

    private static string UlimitText(string path, JsonProperty limit)
    {
        if (limit.Value.ValueKind != JsonValueKind.Object
            || !limit.Value.TryGetProperty("Soft", out var soft) || !soft.TryGetInt64(out var softLimit)
            || !limit.Value.TryGetProperty("Hard", out var hard) || !hard.TryGetInt64(out var hardLimit))
        {
            throw Refused(path, $"default-ulimits: {limit.Name} must have the numbers Soft and Hard");
        }

        return FormattableString.Invariant($"{limit.Name}={softLimit}:{hardLimit}");
    }

    private static string PoolText(string path, JsonElement pool) =>
        pool.ValueKind == JsonValueKind.Object
        && pool.TryGetProperty("base", out var range) && range.ValueKind == JsonValueKind.String
        && pool.TryGetProperty("size", out var size) && size.ValueKind == JsonValueKind.Number
            ? $"base={range.GetString()},size={size.GetRawText()}"
            : throw Refused(path, "default-address-pools: each has a base, such as \"10.10.0.0/16\", and a size, such as 24");

    private static string Scalar(string path, DaemonOption option, JsonElement value, JsonValueKind kind) =>
        value.ValueKind != kind ? throw WrongType(path, option, value)
        : kind == JsonValueKind.String ? value.GetString()!
        : value.GetRawText();

    private static void Add(string path, OptionValues values, DaemonOption option, string value)
    {
        if (FlagParser.Refusal(option, ref value) is { } reason)
        {
            throw Refused(path, $"invalid value for {option.FileKey}: {reason}");
        }

        values.Add(option, value);
    }

    private static OptionException WrongType(string path, DaemonOption option, JsonElement value)
    {
        var expected = option.Kind switch
        {
            OptionKind.Flag => "bool",
            OptionKind.Number => "int",
            OptionKind.List => "[]string",
            OptionKind.Map => "map[string]string",
            _ => "string",
        };
        var found = value.ValueKind switch
        {
            JsonValueKind.True or JsonValueKind.False => "bool",
            var kind => kind.ToString().ToLowerInvariant(),
        };
        return Refused(path, $"json: cannot unmarshal {found} into Go struct field Config.{option.FileKey} of type {expected}");
    }

    private static OptionException Refused(string path, string reason) =>
        new($"unable to configure the Berth daemon with file {path}: {reason}");
}
