using Berth.Cli.Templates.Types;

namespace Berth.Cli.Templates;

/// <summary>A pointer of Go to a structure that templates see by its methods alone: a row of a listing.</summary>
abstract class TemplateObject
{
    /// <summary>The type that Docker's error messages name.</summary>
    public abstract string TypeName { get; }

    /// <returns>Null where there is no method of that name.</returns>
    public abstract GoFunction? Method(string name);

    public abstract string ToJson();

    /// <summary>As a value.</summary>
    public GoValue ToValue() => new(GoType.Opaque(TypeName), this);
}
