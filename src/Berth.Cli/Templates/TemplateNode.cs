using System.Globalization;
using Berth.Cli.CommandLine;

namespace Berth.Cli.Templates;

/// <summary>A part of a parsed template. Its text is what error messages quote.</summary>
abstract record TemplateNode(int Position);

sealed record TextNode(int Position, string Text) : TemplateNode(Position);

sealed record ActionNode(int Position, PipelineNode Pipeline) : TemplateNode(Position);

/// <summary>if, with or range.</summary>
sealed record BranchNode(int Position, string Keyword, PipelineNode Pipeline, IReadOnlyList<TemplateNode> Then, IReadOnlyList<TemplateNode>? Else)
    : TemplateNode(Position);

sealed record InvokeNode(int Position, string Name, PipelineNode? Pipeline) : TemplateNode(Position)
{
    public override string ToString() => $"{{{{template {GoText.Quote(Name)}{(Pipeline is null ? "" : $" {Pipeline}")}}}}}";
}

/// <summary>break or continue.</summary>
sealed record JumpNode(int Position, string Keyword) : TemplateNode(Position);

sealed record PipelineNode(int Position, IReadOnlyList<string> Variables, bool Assigns, IReadOnlyList<CommandNode> Commands) : TemplateNode(Position)
{
    public override string ToString()
    {
        var commands = string.Join(" | ", Commands);
        return Variables.Count == 0 ? commands : $"{string.Join(", ", Variables)} {(Assigns ? "=" : ":=")} {commands}";
    }
}

/// <summary>A function or a field with arguments, or one value.</summary>
sealed record CommandNode(int Position, IReadOnlyList<TemplateNode> Operands) : TemplateNode(Position)
{
    public override string ToString() =>
        string.Join(' ', Operands.Select(operand => operand is PipelineNode ? $"({operand})" : operand.ToString()));
}

sealed record DotNode(int Position) : TemplateNode(Position)
{
    public override string ToString() => ".";
}

sealed record NilNode(int Position) : TemplateNode(Position)
{
    public override string ToString() => "nil";
}

/// <summary>A boolean, number, character or string, with the text that it was written as.</summary>
sealed record LiteralNode(int Position, object Value, string Text) : TemplateNode(Position)
{
    public override string ToString() => Value is string value && Text.StartsWith('"') ? GoText.Quote(value) : Text;
}

sealed record FunctionNode(int Position, string Name) : TemplateNode(Position)
{
    public override string ToString() => Name;
}

/// <summary><c>.A.B</c>: fields of dot.</summary>
sealed record FieldNode(int Position, IReadOnlyList<string> Path) : TemplateNode(Position)
{
    public override string ToString() => string.Concat(Path.Select(field => $".{field}"));
}

/// <summary><c>$x.A.B</c>.</summary>
sealed record VariableNode(int Position, string Name, IReadOnlyList<string> Path) : TemplateNode(Position)
{
    public override string ToString() => Name + string.Concat(Path.Select(field => $".{field}"));
}

/// <summary><c>(pipeline).A.B</c>.</summary>
sealed record ChainNode(int Position, TemplateNode Target, IReadOnlyList<string> Path) : TemplateNode(Position)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(Target is PipelineNode ? $"({Target})" : Target.ToString())}{string.Concat(Path.Select(field => $".{field}"))}");
}
