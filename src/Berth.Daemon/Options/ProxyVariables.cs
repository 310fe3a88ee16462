using Berth.Images.Registry;

namespace Berth.Daemon.Options;

/// <summary>Proxies by the options, and by the well-known variables of the environment where an option says nothing.</summary>
static class ProxyVariables
{
    private static readonly string[] _names = ["http-proxy", "https-proxy", "no-proxy"];

    public static ProxySettings Resolve(OptionValues values, Func<string, string?> environment)
    {
        var texts = _names.Select(name => values.Text(name) ?? Variable(name, environment) ?? "").ToList();
        return new ProxySettings { Http = texts[0], Https = texts[1], Except = texts[2] };
    }

    /// <summary>What the environment says and an option says otherwise, and what cannot be followed.</summary>
    public static IEnumerable<string> Warnings(OptionValues values, Func<string, string?> environment)
    {
        foreach (var name in _names)
        {
            var variable = Variable(name, environment);
            if (variable is not null && values.Text(name) is { } text && text != variable)
            {
                yield return $"overriding existing proxy variable {VariableName(name)} with value from configuration";
            }
            else if (!values.Has(name) && variable is not null && name != "no-proxy" && ValueChecks.Proxy(variable) is { } problem)
            {
                yield return $"{VariableName(name)} is not followed: {problem}";
            }
        }
    }

    // Of both spellings the one in capitals counts, as in Go programs.
    private static string? Variable(string name, Func<string, string?> environment) =>
        new[] { VariableName(name), VariableName(name).ToLowerInvariant() }.Select(environment).FirstOrDefault(v => !string.IsNullOrEmpty(v));

    private static string VariableName(string name) => name.ToUpperInvariant().Replace('-', '_');
}
