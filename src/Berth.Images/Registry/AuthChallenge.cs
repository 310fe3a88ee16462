using System.Diagnostics.CodeAnalysis;

namespace Berth.Images.Registry;

/// <summary>What a server asks for in WWW-Authenticate (RFC 9110, 11.6.1).</summary>
/// <param name="Scheme">In lower case: basic or bearer, where it can be answered.</param>
/// <param name="Parameters">By name in lower case.</param>
internal sealed record AuthChallenge(string Scheme, IReadOnlyDictionary<string, string> Parameters)
{
    // A header is at most as long as the connection allows; what it makes here should still be small.
    private const int ParametersMax = 32;

    public string Parameter(string name) => Parameters.GetValueOrDefault(name, "");

    /// <summary>The challenge to answer, of all that the headers hold: a token is preferred to a password.</summary>
    public static AuthChallenge? Choose(IEnumerable<string> headers)
    {
        var all = headers.SelectMany(Parse).ToList();
        return all.Find(c => c.Scheme == "bearer" && c.Parameter("realm").Length > 0) ?? all.Find(c => c.Scheme == "basic");
    }

    /// <summary>All challenges of a header; nothing of what follows the first mistake.</summary>
    public static IEnumerable<AuthChallenge> Parse(string header)
    {
        var at = 0;
        while (TryToken(header, ref at, out var scheme))
        {
            var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
            var next = at;
            while (parameters.Count < ParametersMax && TryParameter(header, ref next, out var name, out var value))
            {
                parameters.TryAdd(name, value);
                at = next;
            }

            yield return new AuthChallenge(scheme, parameters);
        }
    }

    private static bool TryParameter(string text, ref int at, [NotNullWhen(true)] out string? name, [NotNullWhen(true)] out string? value)
    {
        value = null;
        if (!TryToken(text, ref at, out name))
        {
            return false;
        }

        SkipBlanks(text, ref at);
        if (at >= text.Length || text[at] != '=')
        {
            return false;
        }

        at++;
        SkipBlanks(text, ref at);
        if (at < text.Length && text[at] == '"')
        {
            return TryQuoted(text, ref at, out value);
        }

        var start = at;
        while (at < text.Length && text[at] is not (',' or ' ' or '\t'))
        {
            at++;
        }

        value = text[start..at];
        return true;
    }

    private static bool TryQuoted(string text, ref int at, [NotNullWhen(true)] out string? value)
    {
        var unquoted = new System.Text.StringBuilder();
        for (at++; at < text.Length && text[at] != '"'; at++)
        {
            if (text[at] == '\\' && at + 1 < text.Length)
            {
                at++;
            }

            unquoted.Append(text[at]);
        }

        value = at < text.Length ? unquoted.ToString() : null;
        at++;
        return value is not null;
    }

    // Blanks and commas stand between the parts.
    private static bool TryToken(string text, ref int at, [NotNullWhen(true)] out string? token)
    {
        while (at < text.Length && text[at] is ' ' or '\t' or ',')
        {
            at++;
        }

        var start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || "!#$%&'*+-.^_`|~".Contains(text[at])))
        {
            at++;
        }

        token = at > start ? text[start..at].ToLowerInvariant() : null;
        return token is not null;
    }

    private static void SkipBlanks(string text, ref int at)
    {
        while (at < text.Length && text[at] is ' ' or '\t')
        {
            at++;
        }
    }
}
