using Berth.Cli.Logins;

namespace Berth.Cli.Options;

/// <summary>An image's name as a user writes it, for the messages and requests that need its parts.</summary>
/// <param name="Repository">Without tag and digest, in the short form.</param>
/// <param name="Tag">Empty where a digest stands alone.</param>
/// <param name="Digest">With its algorithm; mostly empty.</param>
/// <remarks>By hand and not by a regular expression: every <c>run</c> reads one, and building the expression takes longer than all of its start.</remarks>
readonly record struct ImageName(string Repository, string Tag, string Digest)
{
    private const int LongestTag = 128;
    private const int ShortestDigest = 32;

    /// <summary>What a name without tag and digest means is its tag "latest".</summary>
    public ImageName Tagged => Tag.Length == 0 && Digest.Length == 0 ? this with { Tag = "latest" } : this;

    /// <summary>With its registry, also where that is Docker Hub.</summary>
    public string Qualified =>
        RegistryServer.OfImage(Repository) != RegistryServer.Hub ? ToString()
        : Repository.Contains('/', StringComparison.Ordinal) ? $"docker.io/{this}"
        : $"docker.io/library/{this}";

    /// <exception cref="CommandException">It is no name of an image.</exception>
    public static ImageName Parse(string text)
    {
        var (name, digest) = Split(text, text.IndexOf('@', StringComparison.Ordinal));
        var colon = name.LastIndexOf(':');
        // A colon before the last slash is a registry's port.
        (name, var tag) = Split(name, colon > name.LastIndexOf('/') ? colon : -1);
        if ((tag is not null && !IsTag(tag)) || (digest is not null && !IsDigest(digest)) || !IsName(name.ToLowerInvariant()))
        {
            throw new CommandException("invalid reference format");
        }

        return IsName(name)
            ? new ImageName(Short(name), tag ?? "", digest ?? "")
            : throw new CommandException($"invalid reference format: repository name ({(name.Contains('/', StringComparison.Ordinal) ? name : $"library/{name}")}) must be lowercase");
    }

    public override string ToString() => Repository + (Tag.Length > 0 ? $":{Tag}" : "") + (Digest.Length > 0 ? $"@{Digest}" : "");

    private static (string Before, string? After) Split(string text, int at) => at < 0 ? (text, null) : (text[..at], text[(at + 1)..]);

    /// <summary>The distribution's grammar: <c>[host[:port]/]part[/part…]</c>.</summary>
    private static bool IsName(string name)
    {
        var parts = name.Split('/');
        var first = parts.Length > 1 && IsHost(parts[0]) ? 1 : 0;
        return parts.Skip(first).All(IsPart);
    }

    private static bool IsHost(string text)
    {
        var (host, port) = Split(text, text.EndsWith(']') ? -1 : text.LastIndexOf(':'));
        var named = host is ['[', .., ']']
            ? host[1..^1].All(c => char.IsAsciiHexDigit(c) || c == ':')
            : host.Split('.').All(label => label.Length > 0 && label[0] != '-' && label[^1] != '-' && label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'));
        return named && (port is null || (port.Length > 0 && port.All(char.IsAsciiDigit)));
    }

    /// <summary>Lower-case letters and digits, with one dot, one or two underscores or any number of dashes between them.</summary>
    private static bool IsPart(string part)
    {
        if (part.Length == 0 || !IsLowerOrDigit(part[0]) || !IsLowerOrDigit(part[^1]))
        {
            return false;
        }

        for (var i = 0; i < part.Length; i++)
        {
            if (IsLowerOrDigit(part[i]))
            {
                continue;
            }

            var start = i;
            while (!IsLowerOrDigit(part[i]))
            {
                i++;
            }

            var separator = part.AsSpan(start, i - start);
            if (separator is not ("." or "_" or "__") && separator.ContainsAnyExcept('-'))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsLowerOrDigit(char c) => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c);

    private static bool IsTag(string tag) =>
        tag.Length is > 0 and <= LongestTag && tag[0] is not ('.' or '-') && tag.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-');

    private static bool IsDigest(string digest)
    {
        var (algorithm, hex) = Split(digest, digest.IndexOf(':', StringComparison.Ordinal));
        return hex is { Length: >= ShortestDigest } && hex.All(char.IsAsciiHexDigit)
            && algorithm.Length > 0 && char.IsAsciiLetter(algorithm[0]) && algorithm.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '+' or '.');
    }

    private static string Short(string name)
    {
        foreach (var prefix in (string[])["docker.io/library/", "index.docker.io/library/", "docker.io/", "index.docker.io/"])
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
            {
                return name[prefix.Length..];
            }
        }

        return name;
    }
}
