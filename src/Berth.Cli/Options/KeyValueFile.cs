using System.Text;

namespace Berth.Cli.Options;

/// <summary>Environment and label files: one NAME=value a line, # comments, no quoting.</summary>
static class KeyValueFile
{
    /// <param name="path">The file.</param>
    /// <param name="lookup">The value of a name that stands alone; null leaves it out.</param>
    /// <exception cref="CommandException">The file cannot be read, or a line is none.</exception>
    public static IEnumerable<string> Read(string path, Func<string, string?>? lookup)
    {
        var number = 0;
        foreach (var raw in Lines(path))
        {
            number++;
            var line = raw.TrimStart();
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            var equals = line.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? line : line[..equals];
            if (name.Length == 0)
            {
                throw new CommandException($"invalid env file ({path}): no variable name on line '{line}'");
            }

            if (name.AsSpan().IndexOfAny(" \t\n\v\f\r") >= 0)
            {
                throw new CommandException($"invalid env file ({path}): variable '{name}' contains whitespaces");
            }

            if (equals >= 0)
            {
                yield return line;
            }
            else if (lookup is null)
            {
                yield return name;
            }
            else if (lookup(name) is { } value)
            {
                yield return $"{name}={value}";
            }
        }
    }

    /// <summary>The text of a file that a flag names; it fails as Go's os.Open does.</summary>
    public static string ReadText(string path, Func<string, string> describe)
    {
        try
        {
            return File.ReadAllText(path, new UTF8Encoding(false, throwOnInvalidBytes: true));
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CommandException(describe($"open {path}: no such file or directory"));
        }
        catch (UnauthorizedAccessException)
        {
            throw new CommandException(describe(Directory.Exists(path) ? $"read {path}: is a directory" : $"open {path}: permission denied"));
        }
        catch (DecoderFallbackException)
        {
            throw new CommandException(describe($"invalid utf8 bytes in {path}"));
        }
    }

    private static IEnumerable<string> Lines(string path)
    {
        var text = ReadText(path, static problem => problem);
        var lines = text.Split('\n');
        return lines.Select(line => line.TrimEnd('\r')).Take(text.EndsWith('\n') ? lines.Length - 1 : lines.Length);
    }
}
