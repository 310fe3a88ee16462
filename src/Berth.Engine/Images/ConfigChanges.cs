using System.Text.Json;
using Berth.Oci.Images;

namespace Berth.Engine.Images;

/// <summary>
/// The Dockerfile instructions that <c>import --change</c> and <c>commit --change</c> take: those that change a configuration only,
/// one in each string.
/// </summary>
/// <remarks>No variables are substituted. When the Dockerfile frontend exists, it takes this over.</remarks>
internal static class ConfigChanges
{
    public static OciImageConfig Apply(OciImageConfig config, IReadOnlyList<string> changes)
    {
        foreach (var line in changes.SelectMany(c => c.Split('\n')).Select(c => c.Trim()).Where(c => c.Length > 0 && c[0] != '#'))
        {
            var end = line.AsSpan().IndexOfAny(' ', '\t');
            var instruction = (end < 0 ? line : line[..end]).ToUpperInvariant();
            var rest = end < 0 ? "" : line[(end + 1)..].Trim();
            if (rest.Length == 0 && instruction is not "CMD" and not "ENTRYPOINT")
            {
                throw ImageErrors.Invalid($"{instruction} requires at least one argument");
            }

            if (rest.Contains('\0', StringComparison.Ordinal))
            {
                throw ImageErrors.Invalid($"{instruction}: null characters are not accepted");
            }

            config = Apply(config, instruction, rest);
        }

        return config;
    }

    private static OciImageConfig Apply(OciImageConfig config, string instruction, string rest) => instruction switch
    {
        "CMD" => config with { Cmd = Command(rest) },
        "ENTRYPOINT" => config with { Entrypoint = Command(rest) },
        "ENV" => Pairs(rest).Aggregate(config, (c, p) => c with
        {
            Env = [.. (c.Env ?? []).Where(e => !e.StartsWith($"{p.Key}=", StringComparison.Ordinal)), $"{p.Key}={p.Value}"],
        }),
        "LABEL" => config with { Labels = Merge(config.Labels, Pairs(rest).Select(p => (p.Key, p.Value))) },
        "EXPOSE" => config with { ExposedPorts = Merge(config.ExposedPorts, Words(rest).Select(p => (Port(p), new OciEmpty()))) },
        "VOLUME" => config with { Volumes = Merge(config.Volumes, (Json(rest) ?? Words(rest)).Select(v => (v, new OciEmpty()))) },
        "USER" => config with { User = rest },
        "WORKDIR" => config with { WorkingDir = Path.GetFullPath(Path.Combine(config.WorkingDir is { Length: > 0 } w ? w : "/", rest)) },
        "STOPSIGNAL" => config with { StopSignal = rest },
        "ONBUILD" => config with { OnBuild = [.. config.OnBuild ?? [], rest] },
        "SHELL" => config with { Shell = Json(rest) ?? throw ImageErrors.Invalid("SHELL requires the arguments to be in JSON form") },
        "HEALTHCHECK" => config with { Healthcheck = Healthcheck(rest) },
        _ => throw ImageErrors.Invalid($"{instruction} is not a valid change command"),
    };

    private static List<string>? Command(string text) =>
        text.Length == 0 ? null : Json(text) ?? ["/bin/sh", "-c", text];

    private static OciHealthcheck Healthcheck(string text)
    {
        if (string.Equals(text, "NONE", StringComparison.OrdinalIgnoreCase))
        {
            return new OciHealthcheck { Test = ["NONE"] };
        }

        const string Prefix = "CMD ";
        if (!text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            throw ImageErrors.Invalid("HEALTHCHECK: only NONE and CMD without options are accepted here");
        }

        var command = text[Prefix.Length..].Trim();
        return new OciHealthcheck { Test = Json(command) is { } list ? ["CMD", .. list] : ["CMD-SHELL", command] };
    }

    private static List<string>? Json(string text)
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
                : null;
        }
        catch (JsonException)
        {
            // As in a Dockerfile: what is no list is a shell command.
            return null;
        }
    }

    private static string Port(string text) => text.Contains('/') ? text : $"{text}/tcp";

    // NAME=value NAME2="a b"; or the old form, NAME and the rest of the line.
    private static List<KeyValuePair<string, string>> Pairs(string text)
    {
        var words = Words(text);
        if (words is not [var first, ..])
        {
            throw ImageErrors.Invalid($"Syntax error - can't find = in \"{text}\". Must be of the form: name=value");
        }

        if (!first.Contains('='))
        {
            var end = text.AsSpan().IndexOfAny(' ', '\t');
            return end < 0
                ? throw ImageErrors.Invalid($"Syntax error - can't find = in \"{text}\". Must be of the form: name=value")
                : [new(text[..end], text[end..].Trim())];
        }

        return
        [
            .. words.Select(w => w.IndexOf('=') is > 0 and var at
                ? new KeyValuePair<string, string>(w[..at], w[(at + 1)..])
                : throw ImageErrors.Invalid($"Syntax error - can't find = in \"{w}\". Must be of the form: name=value")),
        ];
    }

    // Blanks separate; quotes and backslashes keep them, and are removed.
    private static List<string> Words(string text)
    {
        var words = new List<string>();
        var word = new System.Text.StringBuilder();
        var quote = '\0';
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\\' && quote != '\'' && i + 1 < text.Length)
            {
                word.Append(text[++i]);
            }
            else if (quote == '\0' && (c is '"' or '\''))
            {
                quote = c;
            }
            else if (c == quote)
            {
                quote = '\0';
            }
            else if (quote == '\0' && char.IsWhiteSpace(c))
            {
                Flush();
            }
            else
            {
                word.Append(c);
            }
        }

        Flush();
        return words;

        void Flush()
        {
            if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }
    }

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
