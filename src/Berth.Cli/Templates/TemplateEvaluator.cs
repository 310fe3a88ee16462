using System.Globalization;
using System.Text;
using Berth.Cli.CommandLine;
using Berth.Cli.Templates.Types;

namespace Berth.Cli.Templates;

/// <summary>One execution of a template: its control structures. What commands and operands evaluate to is in the other part.</summary>
/// <remarks>Listings execute one for each row: what every row passes makes no enumerators.</remarks>
sealed partial class TemplateEvaluator(
    string name,
    string text,
    Dictionary<string, GoFunction> functions,
    Dictionary<string, IReadOnlyList<TemplateNode>> definitions,
    bool missingKeysFail,
    StringBuilder output)
{
    /// <summary>Go's limit is 100,000; here it guards the stack.</summary>
    private const int DeepestInvocation = 1000;

    private List<(string Name, GoValue Value)> _variables = [];
    private readonly string _name = name;
    private string _template = name;
    private int _depth;

    /// <summary>What is evaluated right now: messages quote it.</summary>
    private TemplateNode _at = new DotNode(0);

    private enum Flow
    {
        Next,
        Break,
        Continue,
    }

    public void Run(GoValue data)
    {
        _variables.Add(("$", data));
        Walk(definitions[_name], data);
    }

    private Flow Walk(IReadOnlyList<TemplateNode> nodes, GoValue dot)
    {
        for (var i = 0; i < nodes.Count; i++)
        {
            _at = nodes[i];
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
                        _at = action;
                        output.Append(Printable(value));
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

    /// <summary>As an action prints it: what pointers point to, and words where there is nothing.</summary>
    private static string Printable(GoValue value)
    {
        if (value.Type?.Kind == GoKind.Pointer && GoMethods.Text(value) is null)
        {
            value = value.Indirect(out var isNil);
            return isNil ? "<nil>" : GoFormat.Value(value);
        }

        return value.IsValid ? GoFormat.Value(value) : "<no value>";
    }

    private Flow Branch(BranchNode branch, GoValue dot)
    {
        var scope = _variables.Count;
        var value = Pipeline(branch.Pipeline, dot);
        var flow = TemplateFunctions.Truth(value) ? Walk(branch.Then, branch.Keyword == "with" ? value : dot)
            : branch.Else is { } otherwise ? Walk(otherwise, dot)
            : Flow.Next;
        _variables.RemoveRange(scope, _variables.Count - scope);
        return flow;
    }

    private void Range(BranchNode range, GoValue dot)
    {
        var scope = _variables.Count;
        var names = range.Pipeline.Variables;
        var value = Commands(range.Pipeline, dot).Indirect(out var isNil);
        IEnumerable<(GoValue Key, GoValue Item)> items = value.Type?.Kind switch
        {
            null => [],
            GoKind.Slice or GoKind.Array => value.Items.Select((item, index) => (GoValue.Of(index), item)),
            GoKind.Map => value.Map.Entries.Select(entry => (entry.Key, entry.Value)),
            GoKind.Int or GoKind.Uint when names.Count > 1 => throw Fail($"can't use {GoFormat.Value(value)} to iterate over more than one variable"),
            GoKind.Int => Count((long)value.Data!).Select(i => (GoValue.Of(i), value with { Data = i })),
            GoKind.Uint => Count((long)(ulong)value.Data!).Select(i => (GoValue.Of(i), value with { Data = (ulong)i })),
            _ => throw Fail($"range can't iterate over {GoFormat.Value(value)}"),
        };
        var any = false;
        foreach (var (key, item) in items)
        {
            any = true;
            if (names.Count > 0)
            {
                Declare(names[^1], item, range.Pipeline.Assigns);
            }

            if (names.Count > 1)
            {
                Declare(names[0], key, range.Pipeline.Assigns);
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

    private static IEnumerable<long> Count(long end)
    {
        for (var i = 0L; i < end; i++)
        {
            yield return i;
        }
    }

    private void Invoke(InvokeNode invoke, GoValue dot)
    {
        if (!definitions.TryGetValue(invoke.Name, out var body))
        {
            throw Fail($"template {GoText.Quote(invoke.Name)} not defined");
        }

        if (++_depth > DeepestInvocation)
        {
            throw Fail($"exceeded maximum template depth ({DeepestInvocation})");
        }

        var argument = invoke.Pipeline is null ? default : Pipeline(invoke.Pipeline, dot);
        var (caller, variables) = (_template, _variables);
        (_template, _variables) = (invoke.Name, [("$", argument)]);
        Walk(body, argument);
        (_template, _variables) = (caller, variables);
        _depth--;
    }

    private void Declare(string variable, GoValue value, bool assigns)
    {
        if (assigns)
        {
            var index = _variables.FindLastIndex(known => known.Name == variable);
            _variables[index] = (variable, value);
        }
        else
        {
            _variables.Add((variable, value));
        }
    }

    private GoValue Variable(string variable) => _variables.FindLast(known => known.Name == variable).Value;

    private TemplateException Fail(string message)
    {
        var before = text.AsSpan(0, _at.Position);
        var column = Encoding.UTF8.GetByteCount(before[(before.LastIndexOf('\n') + 1)..]);
        var line = before.Count('\n') + 1;
        return new TemplateException(string.Create(
            CultureInfo.InvariantCulture,
            $"template: {_name}:{line}:{column}: executing {GoText.Quote(_template)} at <{_at}>: {message}"));
    }
}
