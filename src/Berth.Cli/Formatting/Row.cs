using System.Text;
using Berth.Cli.Templates;
using Berth.Cli.Templates.Types;

namespace Berth.Cli.Formatting;

/// <summary>One line of a listing: what <c>--format</c> can name, and the titles of the columns.</summary>
abstract class Row : TemplateObject
{
    /// <summary>The fields and their titles, in the order of their names.</summary>
    public abstract IReadOnlyList<(string Field, string Title)> Columns { get; }

    public abstract string Value(string field);

    public override GoFunction? Method(string name)
    {
        var columns = Columns;
        for (var i = 0; i < columns.Count; i++)
        {
            if (columns[i].Field == name)
            {
                return GoFunction.Getter(() => Get(name));
            }
        }

        return null;
    }

    public sealed override string ToJson()
    {
        var result = new StringBuilder("{");
        foreach (var (field, _) in Columns)
        {
            result.Append(result.Length > 1 ? "," : "").Append('"').Append(field).Append("\":");
            var value = Get(field);
            result.Append(value.Data is string text ? GoJsonString.HtmlSafe(text) : GoJson.Of(value));
        }

        return result.Append('}').ToString();
    }

    /// <summary>The titles of the columns, as values of the same template.</summary>
    public GoValue Header() => new(
        GoType.Of("formatter.SubHeaderContext"),
        GoJsonReader.Sorted(Columns.Select(column => KeyValuePair.Create(GoValue.Of(column.Field), GoValue.Of(column.Title)))));

    /// <summary>A field's value; few are no text.</summary>
    protected virtual GoValue Get(string field) => GoValue.Of(Value(field));
}
