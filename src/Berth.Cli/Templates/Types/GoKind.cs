namespace Berth.Cli.Templates.Types;

/// <summary>Go's kinds of types, as far as templates meet them.</summary>
enum GoKind
{
    Bool,
    Int,
    Uint,
    Float,
    String,
    Pointer,
    Slice,
    Array,
    Map,
    Struct,
    Interface,
}
