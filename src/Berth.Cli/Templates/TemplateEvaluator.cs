using System.Globalization;
using System.Text;
using Berth.Cli.CommandLine;

namespace Berth.Cli.Templates;

/// <summary>One execution of a template.</summary>
/// <remarks>Listings execute one for each row: what every row passes makes no enumerators.</remarks>
sealed class TemplateEvaluator(
    string text, Dictionary<string, TemplateFunction> functions, Dictionary<string, IReadOnlyList<TemplateNode>> definitions, StringBuilder output)
{
    /// <summary>Go's limit on templates that invoke each other; here it guards the stack.</summary>
    private const int DeepestInvocation = 1000;

    private List<(string Name, object? Value)> _variables = [];
    private string _template = Template.Name;
    private int _depth;

    private enum Flow
    {
        Next,
        Break,
        Continue,
    }

    public void Run(object? data)
    {
        _variables.Add(("$", data));
        Walk(definitions[Template.Name], data);
    }

    private Flow Walk(IReadOnlyList<TemplateNode> nodes, object? dot)
    {
        for (var i = 0; i < nodes.Count; i++)
        {
            var flow = Flow.Next;
            switch (nodes[i])
            {
                case TextNode plain:
                    output.Append(plain.Text);
                    break;
                case ActionNode action:
                    var value = Pipeline(action.Pipeline, dot);
                    if (action.Pipeline.Variables.Count == 0)
                    {
                        output.Append(GoFormat.Value(value));
                    }

                    break;
                case BranchNode { Keyword: "range" } range:
                    Range(range, dot);
                    break;
                case BranchNode branch:
                    flow = Branch(branch, dot);
                    break;
                case InvokeNode invoke:
                    Invoke(invoke, dot);
                    break;
                case JumpNode jump:
                    return jump.Keyword == "break" ? Flow.Break : Flow.Continue;
            }

            if (flow != Flow.Next)
            {
                return flow;
            }
        }

        return Flow.Next;
    }

    private Flow Branch(BranchNode branch, object? dot)
    {
        var scope = _variables.Count;
        var value = Pipeline(branch.Pipeline, dot);
        var flow = TemplateFunctions.Truth(value) ? Walk(branch.Then, branch.Keyword == "with" ? value : dot)
            : branch.Else is { } otherwise ? Walk(otherwise, dot)
            : Flow.Next;
        _variables.RemoveRange(scope, _variables.Count - scope);
        return flow;
    }

    private void Range(BranchNode range, object? dot)
    {
        var scope = _variables.Count;
        var names = range.Pipeline.Variables;
        var value = Commands(range.Pipeline, dot);
        var items = value switch
        {
            null => [],
            IReadOnlyList<object?> list => list.Select((item, index) => ((object?)(long)index, item)),
            TemplateObject { IsMap: true } map => map.Entries.Select(entry => ((object?)entry.Key, entry.Value)),
            long count => Enumerable.Range(0, (int)Math.Clamp(count, 0, int.MaxValue)).Select(i => ((object?)(long)i, (object?)(long)i)),
            _ => throw Fail(range.Pipeline, $"range can't iterate over {GoFormat.Value(value)}"),
        };
        var any = false;
        foreach (var (key, item) in items)
        {
            any = true;
            if (names.Count > 0)
            {
                _variables.Add((names[^1], item));
            }

            if (names.Count > 1)
            {
                _variables.Add((names[0], key));
            }

            var flow = Walk(range.Then, item);
            _variables.RemoveRange(scope, _variables.Count - scope);
            if (flow == Flow.Break)
            {
                break;
            }
        }

        if (!any && range.Else is { } otherwise)
        {
            Walk(otherwise, dot);
        }

        _variables.RemoveRange(scope, _variables.Count - scope);
    }

    private void Invoke(InvokeNode invoke, object? dot)
    {
        if (!definitions.TryGetValue(invoke.Name, out var body))
        {
            throw Fail(invoke, $"template {GoText.Quote(invoke.Name)} not defined");
        }

        if (++_depth > DeepestInvocation)
        {
            throw Fail(invoke, $"exceeded maximum template depth ({DeepestInvocation})");
        }

        var argument = invoke.Pipeline is null ? null : Pipeline(invoke.Pipeline, dot);
        var (caller, variables) = (_template, _variables);
        (_template, _variables) = (invoke.Name, [("$", argument)]);
        Walk(body, argument);
        (_template, _variables) = (caller, variables);
        _depth--;
    }

    private object? Pipeline(PipelineNode pipeline, object? dot)
    {
        var value = Commands(pipeline, dot);
        foreach (var name in pipeline.Variables)
        {
            if (pipeline.Assigns)
            {
                var index = _variables.FindLastIndex(variable => variable.Name == name);
                _variables[index] = (name, value);
            }
            else
            {
                _variables.Add((name, value));
            }
        }

        return value;
    }

    private object? Commands(PipelineNode pipeline, object? dot)
    {
        var value = Command(pipeline.Commands[0], dot, []);
        for (var i = 1; i < pipeline.Commands.Count; i++)
        {
            value = Command(pipeline.Commands[i], dot, [value]);
        }

        return value;
    }

    private object? Command(CommandNode command, object? dot, object?[] piped)
    {
        var head = command.Operands[0];
        var takesArguments = command.Operands.Count > 1 || piped.Length > 0;
        switch (head)
        {
            case FunctionNode function:
                return Function(command, function, dot, command.Operands.Skip(1), piped);
            case FieldNode field when takesArguments:
                return Method(field, dot, field.Path, Arguments(command, dot, piped));
            case VariableNode { Path.Count: > 0 } variable when takesArguments:
                return Method(variable, Variable(variable.Name), variable.Path, Arguments(command, dot, piped));
            case NilNode:
                throw Fail(head, "nil is not a command");
            default:
                return takesArguments ? throw Fail(head, $"can't give argument to non-function {head}") : Operand(head, dot);
        }
    }

    private List<object?> Arguments(CommandNode command, object? dot, object?[] piped) =>
        [.. command.Operands.Skip(1).Select(operand => Operand(operand, dot)), .. piped];

    private object? Function(CommandNode command, FunctionNode function, object? dot, IEnumerable<TemplateNode> operands, object?[] piped)
    {
        if (function.Name is "and" or "or")
        {
            return Deciding(command, function, dot, operands, piped);
        }

        List<object?> arguments = [.. operands.Select(operand => Operand(operand, dot)), .. piped];
        try
        {
            return functions[function.Name](arguments);
        }
        catch (FormatException refused)
        {
            throw Fail(command, $"error calling {function.Name}: {refused.Message}");
        }
        catch (WrongTypeException wrong)
        {
            throw Fail(command, wrong.Message);
        }
        catch (WrongCountException wrong)
        {
            throw Fail(function, $"wrong number of args for {function.Name}: {wrong.Message}");
        }
    }

    /// <summary>"and" and "or" evaluate no argument behind the one that decides.</summary>
    private object? Deciding(CommandNode command, FunctionNode function, object? dot, IEnumerable<TemplateNode> operands, object?[] piped)
    {
        object? value = null;
        var any = false;
        foreach (var operand in operands)
        {
            any = true;
            value = Operand(operand, dot);
            if (TemplateFunctions.Truth(value) == (function.Name == "or"))
            {
                return value;
            }
        }

        return piped.Length > 0 ? piped[0]
            : any ? value
            : throw Fail(command, $"wrong number of args for {function.Name}: want at least 1 got 0");
    }

    private object? Operand(TemplateNode node, object? dot) => node switch
    {
        DotNode => dot,
        NilNode => null,
        LiteralNode literal => literal.Value,
        FieldNode field => Path(field, dot, field.Path, field.Path.Count),
        VariableNode variable => Path(variable, Variable(variable.Name), variable.Path, variable.Path.Count),
        ChainNode chain => Path(chain, Operand(chain.Target, dot), chain.Path, chain.Path.Count),
        PipelineNode pipeline => Pipeline(pipeline, dot),
        FunctionNode function => Function(new CommandNode(function.Position, [function]), function, dot, [], []),
        _ => throw Fail(node, $"can't evaluate {node}"),
    };

    private object? Variable(string name) => _variables.FindLast(variable => variable.Name == name).Value;

    /// <summary>Follows so many of the path's first fields.</summary>
    private object? Path(TemplateNode node, object? value, IReadOnlyList<string> path, int count)
    {
        for (var i = 0; i < count; i++)
        {
            value = Field(node, value, path[i]);
        }

        return value;
    }

    private object? Field(TemplateNode node, object? target, string field)
    {
        switch (target)
        {
            case null:
                throw Fail(node, $"nil pointer evaluating interface {{}}.{field}");
            case TemplateObject known when known.TryGet(field, out var value):
                return value;
            case TemplateObject { IsMap: true }:
                throw Fail(node, $"map has no entry for key {GoText.Quote(field)}");
            default:
                throw Fail(node, $"can't evaluate field {field} in type {GoFormat.Type(target)}");
        }
    }

    private object? Method(TemplateNode node, object? target, IReadOnlyList<string> path, IReadOnlyList<object?> arguments)
    {
        var owner = Path(node, target, path, path.Count - 1);
        if (owner is TemplateObject known && known.TryCall(path[^1], arguments, out var result))
        {
            return result;
        }

        Field(node, owner, path[^1]);
        throw Fail(node, $"{path[^1]} has arguments but cannot be invoked as function");
    }

    private TemplateException Fail(TemplateNode node, string message)
    {
        var before = text.AsSpan(0, node.Position);
        var column = before.Length - (before.LastIndexOf('\n') + 1);
        var line = before.Count('\n') + 1;
        return new TemplateException(string.Create(
            CultureInfo.InvariantCulture,
            $"template: {Template.Name}:{line}:{column}: executing {GoText.Quote(_template)} at <{node}>: {message}"));
    }
}
