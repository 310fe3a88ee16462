using System.Text;
using System.Text.Json;
using Berth.Cli.Connection;
using Berth.Cli.Templates;
using Berth.Cli.Templates.Types;

namespace Berth.Cli.Formatting;

/// <summary>Prints objects of the API as <c>inspect</c> does: the daemon's own JSON, indented, or a template over it.</summary>
static class Inspection
{
    /// <param name="session">Where to print.</param>
    /// <param name="names">What to inspect, in this order.</param>
    /// <param name="format">The user's template; empty or "json" for the JSON itself.</param>
    /// <param name="get">One of them: its JSON, and the type in Go that a template sees it by.</param>
    public static int Print(Session session, IReadOnlyList<string> names, string format, Func<string, (byte[] Json, string GoType)> get)
    {
        var template = format is "" or "json" ? null : Listing.Parse(format, "template parsing error");
        var text = new StringBuilder();
        var found = new List<byte[]>();
        var failures = new List<string>();
        foreach (var name in names)
        {
            try
            {
                var (json, type) = get(name);
                if (template is null)
                {
                    found.Add(json);
                }
                else
                {
                    text.Append(Execute(template, json, type)).Append('\n');
                }
            }
            catch (CommandException failure) when (failure is not ConnectionException)
            {
                failures.Add(failure.Message);
            }
        }

        // As Docker: no object, an empty line.
        session.Out.Write(template is null ? AsJson(found, format.Length == 0) : text.Length == 0 ? "\n" : text.ToString());
        return failures.Count == 0 ? 0 : throw new CommandException(string.Join('\n', failures));
    }

    private static string AsJson(List<byte[]> found, bool indented)
    {
        var text = $"[{string.Join(',', found.Select(json => Encoding.UTF8.GetString(json).Trim()))}]";
        return (indented ? JsonIndent.Apply(text) : text) + "\n";
    }

    /// <summary>A template is tried over Go's type first, and over the JSON as it came where that fails: fields that only the daemon knows are there.</summary>
    private static string Execute(Template template, byte[] json, string type)
    {
        using var document = JsonDocument.Parse(json);
        try
        {
            return template.Execute(GoJsonReader.Read(document.RootElement, type));
        }
        catch (TemplateException)
        {
            try
            {
                // Go's template keeps the option for what it is executed over next.
                template.MissingKeysFail = true;
                return template.Execute(GoJsonReader.Untyped(document.RootElement, exactNumbers: true));
            }
            catch (TemplateException wrong)
            {
                throw new CommandException($"template parsing error: {wrong.Message}");
            }
        }
    }
}
