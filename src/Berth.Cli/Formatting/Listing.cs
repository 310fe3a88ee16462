using System.Text;
using Berth.Cli.Templates;

namespace Berth.Cli.Formatting;

/// <summary>Prints rows as the <c>--format</c> of a listing asks: a table, JSON, or a template.</summary>
static class Listing
{
    /// <param name="format">What the user gave; empty: the table.</param>
    /// <param name="table">The template of the command's own table.</param>
    /// <param name="example">Names the columns where there are no rows.</param>
    /// <param name="rows">What to print.</param>
    /// <exception cref="CommandException">The template cannot be parsed.</exception>
    public static string Print(string format, string table, Row example, IEnumerable<Row> rows)
    {
        var text = format switch
        {
            "" or "table" => $"table {table}",
            "json" => "{{json .}}",
            _ => format,
        };
        var isTable = text.StartsWith("table", StringComparison.Ordinal);
        text = (isTable ? text["table".Length..] : text).Trim(' ')
            .Replace("\\t", "\t", StringComparison.Ordinal)
            .Replace("\\n", "\n", StringComparison.Ordinal);
        var template = Parse(text, "failed to parse template");
        var body = new StringBuilder();
        try
        {
            foreach (var row in rows)
            {
                template.Execute(row, body);
                body.Append('\n');
            }
        }
        catch (TemplateException wrong)
        {
            throw new CommandException($"failed to execute template: {wrong.Message}");
        }

        return isTable
            ? TextTable.Align($"{Template.ParseForHeader(text).Execute(new HeaderRow(example))}\n{body}")
            : body.ToString();
    }

    public static Template Parse(string text, string complaint)
    {
        try
        {
            return Template.Parse(text);
        }
        catch (TemplateException wrong)
        {
            throw new CommandException($"{complaint}: {wrong.Message}");
        }
    }
}
