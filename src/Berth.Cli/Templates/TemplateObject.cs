using System.Text.Json;

namespace Berth.Cli.Templates;

/// <summary>A value with fields, as a template sees it: a row of a listing, or an object of the API's JSON.</summary>
/// <remarks>The other values are null, bool, long, double, string and lists of values.</remarks>
abstract class TemplateObject
{
    /// <summary>The type that Docker's error messages name.</summary>
    public abstract string GoType { get; }

    /// <summary>A map can be ranged over, counted and indexed; an object that is none is always true.</summary>
    public virtual bool IsMap => false;

    /// <summary>The entries of a map, in the order of their keys.</summary>
    public virtual IReadOnlyList<KeyValuePair<string, object?>> Entries => [];

    public abstract bool TryGet(string field, out object? value);

    /// <summary>Calls a method that takes arguments, such as <c>.Label "name"</c>; false where there is none of that name.</summary>
    public virtual bool TryCall(string method, IReadOnlyList<object?> arguments, out object? result)
    {
        result = null;
        return false;
    }

    public abstract void WriteJson(Utf8JsonWriter writer);
}
