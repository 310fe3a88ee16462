using System.Text;
using Berth.Cli.Templates;

namespace Berth.Cli.Formatting;

/// <summary>Prints rows as the <c>--format</c> of a listing asks: a table, JSON, or a template.</summary>
static class Listing
{
    /// <summary>The exit code of a template that does not parse, where the command prints objects.</summary>
    public const int WrongTemplate = 64;

    private const string WrongText = "template parsing error";

    /// <param name="format">What the user gave; empty: the table.</param>
    /// <param name="table">The template of the command's own table.</param>
    /// <param name="example">Names the columns where there are no rows.</param>
    /// <param name="rows">What to print.</param>
    /// <exception cref="CommandException">The template cannot be parsed.</exception>
    public static string Print(string format, string table, Row example, IEnumerable<Row> rows)
    {
        var isTable = format.Length == 0 || format.StartsWith("table", StringComparison.Ordinal);
        var text = TemplateOf(format, table);
        var template = Parse(text, WrongText, exitCode: 1);
        var body = new StringBuilder();
        try
        {
            foreach (var row in rows)
            {
                template.Execute(row.ToValue(), body);
                body.Append('\n');
            }
        }
        catch (TemplateException wrong)
        {
            throw new CommandException($"{WrongText}: {wrong.Message}");
        }

        return isTable ? TextTable.Align($"{Header(text, example)}\n{body}") : body.ToString();
    }

    /// <summary>The template that a format stands for.</summary>
    /// <param name="format">What the user gave.</param>
    /// <param name="table">The template of the command's own table.</param>
    public static string TemplateOf(string format, string table)
    {
        var text = format switch
        {
            "" or "table" => table,
            "json" => "{{json .}}",
            _ when format.StartsWith("table", StringComparison.Ordinal) => format["table".Length..],
            _ => format,
        };
        return text.Trim(' ').Replace("\\t", "\t", StringComparison.Ordinal).Replace("\\n", "\n", StringComparison.Ordinal);
    }

    /// <summary>Parses the template of a command that prints one object.</summary>
    /// <exception cref="CommandException">It is none; Docker's commands end with 64 then.</exception>
    public static Template Parse(string text, string complaint, string name = "", int exitCode = WrongTemplate)
    {
        try
        {
            return Template.Parse(text, name);
        }
        catch (TemplateException wrong)
        {
            throw new CommandException($"{complaint}: {wrong.Message}", exitCode);
        }
    }

    /// <summary>The titles, as far as the template goes with them.</summary>
    private static StringBuilder Header(string text, Row example)
    {
        var titles = new StringBuilder();
        try
        {
            Template.ParseForHeader(text).Execute(example.Header(), titles);
        }
        catch (TemplateException)
        {
            // Docker prints what came before.
        }

        return titles;
    }
}
