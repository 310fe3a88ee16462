using System.Text.RegularExpressions;

namespace Berth.Cli.Options;

/// <summary>An image's name as a user writes it, for the messages and requests that need its parts.</summary>
/// <param name="Repository">Without tag and digest, in the short form.</param>
/// <param name="Tag">Empty where a digest stands alone.</param>
/// <param name="Digest">With its algorithm; mostly empty.</param>
readonly partial record struct ImageName(string Repository, string Tag, string Digest)
{
    /// <summary>What a name without tag and digest means is its tag "latest".</summary>
    public ImageName Tagged => Tag.Length == 0 && Digest.Length == 0 ? this with { Tag = "latest" } : this;

    /// <exception cref="CommandException">It is no name of an image.</exception>
    public static ImageName Parse(string text)
    {
        var match = Reference().Match(text);
        if (!match.Success)
        {
            throw new CommandException(Reference().IsMatch(text.ToLowerInvariant())
                ? $"invalid reference format: repository name ({Short(text)}) must be lowercase"
                : "invalid reference format");
        }

        return new ImageName(Short(match.Groups["name"].Value), match.Groups["tag"].Value, match.Groups["digest"].Value);
    }

    public override string ToString() => Repository + (Tag.Length > 0 ? $":{Tag}" : "") + (Digest.Length > 0 ? $"@{Digest}" : "");

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

    [GeneratedRegex(
        @"^(?<name>((?<host>[a-zA-Z0-9.-]+(:[0-9]+)?|\[[0-9a-fA-F:]+\](:[0-9]+)?)/)?[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*)(:(?<tag>[\w][\w.-]{0,127}))?(@(?<digest>[A-Za-z][A-Za-z0-9]*([-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}))?$",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Reference();
}
