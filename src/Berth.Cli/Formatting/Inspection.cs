using System.Text;
using System.Text.Json;
using Berth.Cli.Connection;
using Berth.Cli.Templates;

namespace Berth.Cli.Formatting;

/// <summary>Prints objects of the API as <c>inspect</c> does: the daemon's own JSON, indented, or a template over it.</summary>
static class Inspection
{
    /// <param name="session">Where to print.</param>
    /// <param name="names">What to inspect, in this order.</param>
    /// <param name="format">The user's template; empty or "json" for the JSON itself.</param>
    /// <param name="get">The JSON of one of them.</param>
    public static int Print(Session session, IReadOnlyList<string> names, string format, Func<string, byte[]> get)
    {
        var found = new List<byte[]>();
        var failures = new List<string>();
        foreach (var name in names)
        {
            try
            {
                found.Add(get(name));
            }
            catch (CommandException failure) when (failure is not ConnectionException)
            {
                failures.Add(failure.Message);
            }
        }

        session.Out.Write(format is "" or "json" ? AsJson(found, format.Length == 0) : AsTemplate(found, format));
        return failures.Count == 0 ? 0 : throw new CommandException(string.Join('\n', failures));
    }

    private static string AsJson(List<byte[]> found, bool indented)
    {
        var text = $"[{string.Join(',', found.Select(json => Encoding.UTF8.GetString(json).Trim()))}]";
        return (indented ? JsonIndent.Apply(text) : text) + "\n";
    }

    private static string AsTemplate(List<byte[]> found, string format)
    {
        var template = Listing.Parse(format, "template parsing error");
        var result = new StringBuilder();
        foreach (var json in found)
        {
            try
            {
                result.Append(template.Execute(JsonMap.From(JsonDocument.Parse(json).RootElement, GoZero.Of))).Append('\n');
            }
            catch (TemplateException wrong)
            {
                throw new CommandException($"{result}template parsing error: {wrong.Message}");
            }
        }

        // As Docker: no object, an empty line.
        return found.Count == 0 ? "\n" : result.ToString();
    }
}
