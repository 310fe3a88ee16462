using System.Globalization;
using Berth.Cli.CommandLine;
using Berth.Cli.Templates.Types;

namespace Berth.Cli.Templates;

/// <summary>What commands and operands evaluate to.</summary>
sealed partial class TemplateEvaluator
{
    private GoValue Pipeline(PipelineNode pipeline, GoValue dot)
    {
        var value = Commands(pipeline, dot);
        foreach (var variable in pipeline.Variables)
        {
            Declare(variable, value, pipeline.Assigns);
        }

        return value;
    }

    private GoValue Commands(PipelineNode pipeline, GoValue dot)
    {
        _at = pipeline;
        var value = Command(pipeline.Commands[0], dot, null).Concrete();
        for (var i = 1; i < pipeline.Commands.Count; i++)
        {
            value = Command(pipeline.Commands[i], dot, value).Concrete();
        }

        return value;
    }

    /// <param name="command">A function or a field with its arguments, or one value.</param>
    /// <param name="dot">The dot.</param>
    /// <param name="piped">The value of the command before, which is the last argument.</param>
    private GoValue Command(CommandNode command, GoValue dot, GoValue? piped)
    {
        var head = command.Operands[0];
        switch (head)
        {
            case FieldNode field:
                _at = field;
                return Path(field.Path, dot, dot, command.Operands, piped);
            case ChainNode chain:
                return Chain(chain, dot, command.Operands, piped);
            case FunctionNode function:
                return Function(function, command, dot, command.Operands, piped);
            case VariableNode variable:
                return Variable(variable, dot, command.Operands, piped);
        }

        _at = head;
        RefuseArguments(command.Operands, piped);
        return head switch
        {
            PipelineNode pipeline => Pipeline(pipeline, dot),
            DotNode => dot,
            LiteralNode literal => Literal(literal),
            NilNode => throw Fail("nil is not a command"),
            _ => throw Fail($"can't evaluate command {GoText.Quote(head.ToString()!)}"),
        };
    }

    private void RefuseArguments(IReadOnlyList<TemplateNode>? operands, GoValue? piped)
    {
        if (operands is { Count: > 1 } || piped is not null)
        {
            throw Fail($"can't give argument to non-function {operands?[0]}");
        }
    }

    private GoValue Chain(ChainNode chain, GoValue dot, IReadOnlyList<TemplateNode>? operands, GoValue? piped)
    {
        _at = chain;
        if (chain.Target is NilNode)
        {
            throw Fail($"indirection through explicit nil in {chain}");
        }

        return Path(chain.Path, Operand(chain.Target, dot, null), dot, operands, piped);
    }

    private GoValue Variable(VariableNode variable, GoValue dot, IReadOnlyList<TemplateNode>? operands, GoValue? piped)
    {
        _at = variable;
        if (variable.Path.Count == 0)
        {
            RefuseArguments(operands, piped);
            return Variable(variable.Name);
        }

        return Path(variable.Path, Variable(variable.Name), dot, operands, piped);
    }

    private GoValue Path(IReadOnlyList<string> path, GoValue receiver, GoValue dot, IReadOnlyList<TemplateNode>? operands, GoValue? piped)
    {
        var node = _at;
        for (var i = 0; i < path.Count - 1; i++)
        {
            receiver = Field(path[i], receiver, node, dot, null, null);
        }

        return Field(path[^1], receiver, node, dot, operands, piped);
    }

    private GoValue Field(string field, GoValue receiver, TemplateNode node, GoValue dot, IReadOnlyList<TemplateNode>? operands, GoValue? piped)
    {
        if (!receiver.IsValid)
        {
            return missingKeysFail ? throw Fail($"nil data; no entry for key {GoText.Quote(field)}") : default;
        }

        var type = receiver.Type!;
        receiver = receiver.Indirect(out var isNil);
        if (receiver.Type!.Kind == GoKind.Interface && isNil)
        {
            throw Fail($"nil pointer evaluating {type.Name}.{field}");
        }

        if (GoMethods.Find(receiver, field) is { } method)
        {
            return Call(method, field, node, dot, operands, piped);
        }

        var takesArguments = operands is { Count: > 1 } || piped is not null;
        switch (receiver.Type.Kind)
        {
            case GoKind.Struct when receiver.Data is GoStructure structure && structure.Find(field, out var found) is { IsValid: true } value:
                return !found!.IsExported ? throw Fail($"{field} is an unexported field of struct type {type.Name}")
                    : takesArguments ? throw Fail($"{field} has arguments but cannot be invoked as function")
                    : value;
            case GoKind.Map when GoType.String.AssignableTo(receiver.Type.Key!):
                if (takesArguments)
                {
                    throw Fail($"{field} is not a method but has arguments");
                }

                var entry = receiver.Map.Find(field);
                return entry.IsValid || !missingKeysFail ? entry : throw Fail($"map has no entry for key {GoText.Quote(field)}");
            case GoKind.Pointer when isNil && (receiver.Type.Element!.Kind != GoKind.Struct || GoStructure.HasField(receiver.Type.Element, field)):
                throw Fail($"nil pointer evaluating {type.Name}.{field}");
        }

        throw Fail($"can't evaluate field {field} in type {type.Name}");
    }

    private GoValue Function(FunctionNode function, TemplateNode command, GoValue dot, IReadOnlyList<TemplateNode>? operands, GoValue? piped)
    {
        _at = function;
        if (function.Name == "call" && operands is { Count: > 1 })
        {
            // No type here has functions as fields.
            var value = Operand(operands[1], dot, null).Concrete();
            _at = command;
            throw Fail(value.IsValid
                ? $"error calling call: non-function {operands[1]} of type {value.Type!.Name}"
                : "error calling call: call of nil");
        }

        return Call(functions[function.Name], function.Name, command, dot, operands, piped);
    }

    private GoValue Call(GoFunction function, string called, TemplateNode node, GoValue dot, IReadOnlyList<TemplateNode>? operands, GoValue? piped)
    {
        var given = Math.Max(0, (operands?.Count ?? 0) - 1);
        var count = given + (piped is null ? 0 : 1);
        var parameters = function.Parameters;
        var required = function.IsVariadic ? parameters.Count - 1 : parameters.Count;
        if (function.IsVariadic ? count < required : count != required)
        {
            throw Fail(string.Create(
                CultureInfo.InvariantCulture,
                $"wrong number of args for {called}: want {(function.IsVariadic ? "at least " : "")}{required} got {(function.IsVariadic ? given : count)}"));
        }

        // "and" and "or" evaluate no argument behind the one that decides.
        var decides = called is "and" or "or" && node is CommandNode or FunctionNode && ReferenceEquals(functions.GetValueOrDefault(called), function);
        var arguments = new GoValue[count];
        for (var i = 0; i < given; i++)
        {
            arguments[i] = Operand(operands![i + 1], dot, parameters[Math.Min(i, parameters.Count - 1)]);
            if (decides && TemplateFunctions.Truth(arguments[i]) == (called == "or"))
            {
                return arguments[i];
            }
        }

        if (piped is { } final)
        {
            arguments[given] = Assignable(final, parameters[Math.Min(given, parameters.Count - 1)]);
        }

        try
        {
            return function.Call(arguments);
        }
        catch (FormatException refused)
        {
            _at = node;
            throw Fail($"error calling {called}: {refused.Message}");
        }
    }

    /// <summary>An argument.</summary>
    /// <param name="node">As it is written.</param>
    /// <param name="dot">The dot.</param>
    /// <param name="type">Of the parameter; null for any.</param>
    private GoValue Operand(TemplateNode node, GoValue dot, GoType? type)
    {
        _at = node;
        switch (node)
        {
            case DotNode:
                return Assignable(dot, type);
            case NilNode:
                return type is null ? default : type.IsNillable ? GoValue.Zero(type) : throw Fail($"cannot assign nil to {type.Name}");
            case FieldNode field:
                return Assignable(Path(field.Path, dot, dot, null, null), type);
            case VariableNode variable:
                return Assignable(Variable(variable, dot, null, null), type);
            case PipelineNode pipeline:
                return Assignable(Pipeline(pipeline, dot), type);
            case FunctionNode function:
                return Assignable(Function(function, function, dot, null, null), type);
            case ChainNode chain:
                return Assignable(Chain(chain, dot, null, null), type);
            case LiteralNode literal when type is null || type == GoType.Any:
                return Literal(literal);
            case LiteralNode literal:
                return Constant(literal, type);
            default:
                throw Fail($"can't evaluate {node}");
        }
    }

    /// <summary>A constant has the type that the parameter has, where it can.</summary>
    private GoValue Constant(LiteralNode literal, GoType type) => (type.Kind, literal.Value) switch
    {
        (GoKind.Bool, bool) or (GoKind.String, string) or (GoKind.Int, long) => new GoValue(type, literal.Value),
        (GoKind.Int, double number) when number == Math.Truncate(number) => new GoValue(type, (long)number),
        (GoKind.Bool, _) => throw Fail($"expected bool; found {literal}"),
        (GoKind.String, _) => throw Fail($"expected string; found {literal}"),
        (GoKind.Int, _) => throw Fail($"expected integer; found {literal}"),
        _ => throw Fail($"can't handle {literal} for arg of type {type.Name}"),
    };

    private static GoValue Literal(LiteralNode literal) => literal.Value switch
    {
        bool flag => GoValue.Of(flag),
        long number => GoValue.Of(number),
        string characters => GoValue.Of(characters),
        var real => new GoValue(GoType.Float64, real),
    };

    private GoValue Assignable(GoValue value, GoType? type)
    {
        if (type is null)
        {
            return value;
        }

        if (!value.IsValid)
        {
            return type.IsNillable ? GoValue.Zero(type) : throw Fail($"invalid value; expected {type.Name}");
        }

        if (value.Type!.AssignableTo(type))
        {
            return value;
        }

        if (value.Type.Kind == GoKind.Interface && value.Data is not null)
        {
            value = value.Pointee;
            if (value.Type!.AssignableTo(type))
            {
                return value;
            }
        }

        if (value.Type.Kind == GoKind.Pointer && value.Type.Element!.AssignableTo(type))
        {
            return value.Data is null ? throw Fail($"dereference of nil pointer of type {type.Name}") : value.Pointee;
        }

        throw Fail($"wrong type for value; expected {type.Name}; got {value.Type.Name}");
    }
}
