using Berth.Cli.Options;

namespace Berth.Cli.Configuration;

/// <summary>Headers for each request to the daemon, from DOCKER_CUSTOM_HEADERS: <c>name=value</c>, separated by commas.</summary>
static class CustomHeaders
{
    private const string Variable = "DOCKER_CUSTOM_HEADERS";

    /// <returns>Null where the variable is not set: then config.json's headers count.</returns>
    /// <exception cref="CommandException">It holds something else.</exception>
    public static IReadOnlyList<(string Name, string Value)>? Read()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } text)
        {
            return null;
        }

        var headers = new List<(string, string)>();
        foreach (var pair in CommaSeparated.Parse(text))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
            {
                throw Wrong($"missing \"=\" in key=value pair: '{pair}'");
            }

            var name = pair[..equals].Trim();
            if (name.Length == 0)
            {
                throw Wrong($"value contains a key=value pair with an empty key: '{pair}'");
            }

            if (pair.AsSpan().IndexOfAny('\r', '\n') >= 0)
            {
                throw Wrong($"a header holds a line end: '{name}'");
            }

            headers.Add((name, pair[(equals + 1)..]));
        }

        return headers;
    }

    private static CommandException Wrong(string why) =>
        new($"Failed to initialize: failed to set custom headers from {Variable} environment variable: {why}");
}
