using System.Text.Json;
using Berth.Cli.Templates;

namespace Berth.Cli.Formatting;

/// <summary>One line of a listing: what <c>--format</c> can name, and the titles of the columns.</summary>
abstract class Row : TemplateObject
{
    /// <summary>The fields and their titles, in the order of their names.</summary>
    public abstract IReadOnlyList<(string Field, string Title)> Columns { get; }

    public abstract string Value(string field);

    public sealed override bool TryGet(string field, out object? value)
    {
        var columns = Columns;
        for (var i = 0; i < columns.Count; i++)
        {
            if (columns[i].Field == field)
            {
                value = Value(field);
                return true;
            }
        }

        value = null;
        return false;
    }

    public sealed override void WriteJson(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        foreach (var (field, _) in Columns)
        {
            writer.WritePropertyName(field);
            writer.WriteRawValue(JsonText.HtmlSafe(Value(field)));
        }

        writer.WriteEndObject();
    }
}

/// <summary>The titles of the columns, as values of the same template.</summary>
sealed class HeaderRow(Row example) : TemplateObject
{
    public override string GoType => "formatter.SubHeaderContext";

    public override bool TryGet(string field, out object? value)
    {
        value = "<no value>";
        foreach (var column in example.Columns)
        {
            if (column.Field == field)
            {
                value = column.Title;
            }
        }

        return true;
    }

    public override bool TryCall(string method, IReadOnlyList<object?> arguments, out object? result)
    {
        // .Label "com.example.name" is titled by the end of the label's name.
        result = method == "Label" && arguments is [string label]
            ? label[(label.LastIndexOf('.') + 1)..].Replace('-', ' ').Replace('_', ' ')
            : null;
        return result is not null;
    }

    public override void WriteJson(Utf8JsonWriter writer) => writer.WriteStringValue("");
}
