using System.Text.Json;
using Berth.Engine.Containers;
using Berth.Oci.Images;

namespace Berth.Engine.Images.Changes;

/// <summary>
/// The Dockerfile instructions that <c>import --change</c> and <c>commit --change</c> take: those that change a configuration only.
/// Variables stand for what the configuration's environment has when the instruction is met.
/// </summary>
/// <remarks>When the Dockerfile frontend exists, it takes this over.</remarks>
internal static class ConfigChanges
{
    private static readonly string[] _shell = ["/bin/sh", "-c"];

    private static readonly string[] _instructions =
    [
        "CMD", "ENTRYPOINT", "HEALTHCHECK", "ENV", "EXPOSE", "LABEL", "ONBUILD", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR",
    ];

    public static OciImageConfig Apply(OciImageConfig config, IReadOnlyList<string> changes)
    {
        if (changes.Count == 0)
        {
            return config;
        }

        var lines = Lines(changes).ToList();
        if (lines.Count == 0)
        {
            throw ImageErrors.Invalid("file with no instructions");
        }

        var parsed = lines.Select(Split).ToList();
        if (parsed.Find(l => !_instructions.Contains(l.Instruction)) is { Given: not null } unknown)
        {
            throw ImageErrors.Invalid($"{unknown.Given} is not a valid change command");
        }

        var hasCommand = false;
        foreach (var (_, instruction, rest) in parsed)
        {
            config = Apply(config, instruction, rest, hasCommand);
            hasCommand |= instruction == "CMD";
        }

        return config;
    }

    /// <summary>Lines without comments; one that ends in a backslash goes on in the next.</summary>
    private static IEnumerable<string> Lines(IReadOnlyList<string> changes)
    {
        var whole = "";
        foreach (var line in changes.SelectMany(c => c.Split('\n')).Where(l => !l.TrimStart().StartsWith('#')))
        {
            if (line.Contains('\0', StringComparison.Ordinal))
            {
                throw ImageErrors.Invalid("null characters are not accepted");
            }

            if (line.TrimEnd() is [.. var begin, '\\'])
            {
                whole += begin;
                continue;
            }

            whole += line;
            if (whole.Trim() is { Length: > 0 } instruction)
            {
                yield return instruction;
            }

            whole = "";
        }

        if (whole.Trim() is { Length: > 0 } last)
        {
            yield return last;
        }
    }

    private static (string Given, string Instruction, string Arguments) Split(string line)
    {
        var end = line.AsSpan().IndexOfAny(' ', '\t');
        var given = end < 0 ? line : line[..end];
        return (given, given.ToUpperInvariant(), end < 0 ? "" : line[(end + 1)..].Trim());
    }

    private static OciImageConfig Apply(OciImageConfig config, string instruction, string rest, bool hasCommand)
    {
        if (rest.Length == 0 && instruction is not ("CMD" or "ENTRYPOINT"))
        {
            var count = instruction is "USER" or "WORKDIR" or "STOPSIGNAL" ? "exactly one argument" : "at least one argument";
            throw ImageErrors.Invalid($"{instruction} requires {count}");
        }

        var variables = new WordExpansion(config.Env ?? []);
        switch (instruction)
        {
            case "CMD":
                return config with { Cmd = Command(rest) };
            case "ENTRYPOINT":
                return config with { Entrypoint = rest.Length == 0 ? null : Command(rest), Cmd = hasCommand ? config.Cmd : null };
            case "ENV":
                return config with { Env = Environment(config.Env ?? [], Pairs("ENV", rest, variables)) };
            case "LABEL":
                return config with { Labels = Merge(config.Labels, Pairs("LABEL", rest, variables)) };
            case "EXPOSE":
                return config with { ExposedPorts = Merge(config.ExposedPorts, Set(Words(rest).SelectMany(variables.Words).SelectMany(ExposedPorts.Parse))) };
            case "VOLUME":
                return config with { Volumes = Merge(config.Volumes, Set(Volumes(rest, variables))) };
            case "USER":
                return config with { User = variables.Word(rest) };
            case "WORKDIR":
                return config with { WorkingDir = WorkingDirectory(config.WorkingDir, variables.Word(rest)) };
            case "STOPSIGNAL":
                var signal = variables.Word(rest);
                StopSignals.Parse(signal);
                return config with { StopSignal = signal };
            case "HEALTHCHECK":
                return config with { Healthcheck = HealthChange.Parse(rest) };
            default:
                return config with { OnBuild = [.. config.OnBuild ?? [], Trigger(rest)] };
        }
    }

    /// <summary>A JSON list as it is; anything else by the shell.</summary>
    private static IReadOnlyList<string> Command(string text) => TryList(text) ?? [.. _shell, .. text.Length > 0 ? [text] : Array.Empty<string>()];

    /// <summary>Null: it is no JSON list.</summary>
    public static IReadOnlyList<string>? TryList(string text)
    {
        if (!text.StartsWith('['))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.EnumerateArray().All(e => e.ValueKind == JsonValueKind.String)
                ? [.. document.RootElement.EnumerateArray().Select(e => e.GetString()!)]
                : throw ImageErrors.Invalid("when using JSON array syntax, arrays must be comprised of strings only");
        }
        catch (JsonException)
        {
            // As in a Dockerfile: what is no list is a shell command.
            return null;
        }
    }

    private static string Trigger(string text) => Split(text).Instruction switch
    {
        "ONBUILD" => throw ImageErrors.Invalid("Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed"),
        "MAINTAINER" or "FROM" => throw ImageErrors.Invalid($"{Split(text).Instruction} isn't allowed as an ONBUILD trigger"),
        _ => text,
    };

    private static List<string> Volumes(string text, WordExpansion variables)
    {
        var volumes = (TryList(text) ?? Words(text)).Select(variables.Word).ToList();
        return volumes.Count == 0 ? throw ImageErrors.Invalid("VOLUME requires at least one argument")
            : volumes.Exists(string.IsNullOrWhiteSpace) ? throw ImageErrors.Invalid("VOLUME specified can not be an empty string")
            : volumes;
    }

    private static string WorkingDirectory(string? before, string wanted) => wanted.Length == 0
        ? throw ImageErrors.Invalid("cannot normalize nothing")
        : Path.TrimEndingDirectorySeparator(Path.GetFullPath(Path.Combine(before is { Length: > 0 } given ? given : "/", wanted)));

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>A variable that is there already keeps its place.</summary>
    private static List<string> Environment(IReadOnlyList<string> before, IEnumerable<(string Key, string Value)> changes)
    {
        var entries = before.ToList();
        foreach (var (key, value) in changes)
        {
            var at = entries.FindIndex(e => e.Split('=', 2)[0] == key);
            var entry = $"{key}={value}";
            if (at < 0)
            {
                entries.Add(entry);
            }
            else
            {
                entries[at] = entry;
            }
        }

        return entries;
    }

    /// <summary>NAME=value NAME2="a b"; or the old form, NAME and the rest of the line.</summary>
    private static List<(string Key, string Value)> Pairs(string instruction, string text, WordExpansion variables)
    {
        var words = QuotedWords.Split(text);
        if (!words[0].Contains('=', StringComparison.Ordinal))
        {
            var end = text.AsSpan().IndexOfAny(' ', '\t');
            return end < 0
                ? throw ImageErrors.Invalid($"{instruction} must have two arguments")
                : [(variables.Word(text[..end]), variables.Word(text[end..].Trim()))];
        }

        var pairs = new List<(string, string)>();
        foreach (var word in words)
        {
            var at = word.IndexOf('=', StringComparison.Ordinal);
            pairs.Add(at switch
            {
                < 0 => throw ImageErrors.Invalid($"Syntax error - can't find = in \"{word}\". Must be of the form: name=value"),
                0 => throw ImageErrors.Invalid($"{instruction} names can not be blank"),
                _ => (variables.Word(word[..at]), variables.Word(word[(at + 1)..])),
            });
        }

        return pairs;
    }

    private static IEnumerable<(string Key, OciEmpty Value)> Set(IEnumerable<string> keys) => keys.Select(k => (k, new OciEmpty()));

    private static Dictionary<string, T> Merge<T>(IReadOnlyDictionary<string, T>? before, IEnumerable<(string Key, T Value)> added)
    {
        var merged = new Dictionary<string, T>(before ?? new Dictionary<string, T>());
        foreach (var (key, value) in added)
        {
            merged[key] = value;
        }

        return merged;
    }
}
