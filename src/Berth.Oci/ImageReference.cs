using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Berth.Oci;

/// <summary>
/// The name of an image with its tag, its digest, both or neither, in Docker's grammar
/// (https://github.com/distribution/reference): <c>busybox</c> stands for <c>docker.io/library/busybox</c>.
/// </summary>
public sealed partial record ImageReference
{
    public const string DefaultDomain = "docker.io";
    public const string DefaultTag = "latest";

    private const string LegacyDefaultDomain = "index.docker.io";
    private const string OfficialPrefix = "library/";
    private const int NameLengthMax = 255;

    private ImageReference(string domain, string path, string? tag, Digest? digest)
    {
        Domain = domain;
        Path = path;
        Tag = tag;
        Digest = digest;
    }

    /// <summary>Host and port of the registry, such as <c>docker.io</c> or <c>localhost:5000</c>.</summary>
    public string Domain { get; }

    /// <summary>The repository on that registry, such as <c>library/busybox</c>.</summary>
    public string Path { get; }

    public string? Tag { get; private init; }

    public Digest? Digest { get; private init; }

    /// <summary>The complete name without tag and digest: <c>docker.io/library/busybox</c>.</summary>
    public string Name => $"{Domain}/{Path}";

    /// <summary>The name as people write it: <c>busybox</c>.</summary>
    public string FamiliarName =>
        Domain != DefaultDomain ? Name
        : Path.StartsWith(OfficialPrefix, StringComparison.Ordinal) && !Path.AsSpan(OfficialPrefix.Length).Contains('/')
            ? Path[OfficialPrefix.Length..]
            : Path;

    public bool IsNameOnly => Tag is null && Digest is null;

    /// <summary>The complete text: <c>docker.io/library/busybox:latest</c>.</summary>
    public string Canonical => Name + Suffix;

    /// <summary>The text as people write it: <c>busybox:latest</c>.</summary>
    public string Familiar => FamiliarName + Suffix;

    private string Suffix => (Tag is null ? "" : $":{Tag}") + (Digest is null ? "" : $"@{Digest}");

    /// <exception cref="FormatException">The message is Docker's.</exception>
    public static ImageReference Parse(string text) =>
        TryParse(text, out var reference, out var problem) ? reference : throw new FormatException(problem);

    public static bool TryParse(string text, [NotNullWhen(true)] out ImageReference? reference) => TryParse(text, out reference, out _);

    /// <summary>Parses or says in <paramref name="problem"/> what is wrong, in Docker's words.</summary>
    public static bool TryParse(
        string text,
        [NotNullWhen(true)] out ImageReference? reference,
        [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        reference = null;
        if (Identifier().IsMatch(text))
        {
            problem = $"invalid repository name ({text}), cannot specify 64-byte hexadecimal strings";
            return false;
        }

        var (domain, remainder) = SplitDomain(text);
        var digestAt = remainder.IndexOf('@');
        var name = digestAt < 0 ? remainder : remainder[..digestAt];
        var tagAt = name.IndexOf(':');
        name = tagAt < 0 ? name : name[..tagAt];
        if (name.Any(char.IsAsciiLetterUpper))
        {
            problem = $"invalid reference format: repository name ({name}) must be lowercase";
            return false;
        }

        var match = Grammar().Match($"{domain}/{remainder}");
        if (!match.Success)
        {
            problem = "invalid reference format";
            return false;
        }

        Digest? digest = null;
        if (match.Groups["digest"] is { Success: true, Value: var digestText })
        {
            if (!Oci.Digest.TryParse(digestText, out var parsed, out problem))
            {
                return false;
            }

            digest = parsed;
        }

        var path = match.Groups["path"].Value;
        if (path.Length > NameLengthMax)
        {
            problem = $"repository name must not be more than {NameLengthMax} characters";
            return false;
        }

        reference = new ImageReference(domain, path, match.Groups["tag"] is { Success: true, Value: var tag } ? tag : null, digest);
        problem = null;
        return true;
    }

    /// <summary>Whether this is what may stand after the colon of a name.</summary>
    public static bool IsTag(string text) => TagGrammar().IsMatch(text);

    /// <summary>The same with the tag <c>latest</c> where neither tag nor digest was given.</summary>
    public ImageReference WithDefaultTag() => IsNameOnly ? this with { Tag = DefaultTag } : this;

    /// <exception cref="FormatException">The tag is malformed.</exception>
    public ImageReference WithTag(string tag) =>
        IsTag(tag) ? this with { Tag = tag, Digest = null } : throw new FormatException("invalid tag format");

    public ImageReference WithDigest(Digest digest) => this with { Tag = null, Digest = digest };

    public override string ToString() => Canonical;

    // The first part is a registry where it looks like a host: a dot, a port, "localhost", or a letter that no repository may have.
    private static (string Domain, string Remainder) SplitDomain(string text)
    {
        var slash = text.IndexOf('/');
        var first = slash < 0 ? "" : text[..slash];
        var isDomain = slash >= 0 && (first == "localhost" || first.AsSpan().ContainsAny('.', ':') || first.Any(char.IsAsciiLetterUpper));
        var (domain, remainder) = isDomain ? (first, text[(slash + 1)..]) : (DefaultDomain, text);
        if (domain == LegacyDefaultDomain)
        {
            domain = DefaultDomain;
        }

        return domain == DefaultDomain && !remainder.Contains('/') ? (domain, OfficialPrefix + remainder) : (domain, remainder);
    }

    [GeneratedRegex("^[a-f0-9]{64}\\z")]
    private static partial Regex Identifier();

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}\z")]
    private static partial Regex TagGrammar();

    // The grammar of distribution/reference; the regular expression is written as there, part by part.
    [GeneratedRegex(
        @"^(?<domain>(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*" +
        @"|\[(?:[a-fA-F0-9:]+)\])(?::[0-9]+)?)" +
        @"/(?<path>[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*)" +
        @"(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?" +
        @"(?:@(?<digest>[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}))?\z",
        RegexOptions.NonBacktracking)]
    private static partial Regex Grammar();
}
