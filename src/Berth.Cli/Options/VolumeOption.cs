namespace Berth.Cli.Options;

/// <summary>The value of <c>--volume</c>: <c>[source:]target[:options]</c>.</summary>
readonly record struct VolumeOption(string Source, string Target)
{
    /// <exception cref="CommandException">A part is empty or there are too many.</exception>
    public static VolumeOption Parse(string text)
    {
        if (text.Length == 0)
        {
            throw new CommandException("invalid empty volume spec");
        }

        if (text.Length <= 2)
        {
            return new VolumeOption("", text);
        }

        var parts = Split(text);
        if (parts.Exists(part => part.Length == 0))
        {
            throw new CommandException($"invalid spec: {text}: empty section between colons");
        }

        return parts.Count switch
        {
            1 => new VolumeOption("", parts[0]),
            2 or 3 => new VolumeOption(parts[0], parts[1]),
            _ => throw new CommandException($"invalid spec: {text}: too many colons"),
        };
    }

    /// <summary>The bind as the daemon takes it: a source beginning with a dot is made absolute.</summary>
    public static string Absolute(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return text.StartsWith('.') && colon > 0 ? Path.GetFullPath(text[..colon]) + text[colon..] : text;
    }

    /// <summary>A single letter before a colon is a Windows drive, for Docker here as well.</summary>
    private static List<string> Split(string text)
    {
        var parts = new List<string>();
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == ':' && !(i - start == 1 && char.IsLetter(text[start])))
            {
                parts.Add(text[start..i]);
                start = i + 1;
            }
        }

        parts.Add(text[start..]);
        return parts;
    }
}
