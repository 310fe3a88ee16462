using System.Globalization;
using System.Text;
using Berth.Cli.CommandLine;

namespace Berth.Cli.Templates;

/// <summary>Builds the tree of a template from its tokens: recursive descent over Go's grammar, with Go's errors.</summary>
sealed class TemplateParser(string name, string text, Func<string, bool> isFunction)
{
    private readonly Dictionary<string, IReadOnlyList<TemplateNode>> _definitions = [];
    private readonly List<Token> _tokens = new TemplateLexer(name, text).Run();
    private readonly List<string> _variables = ["$"];
    private int _next;
    private int _loops;

    /// <summary>The templates by name; the main one has the parser's own name.</summary>
    public Dictionary<string, IReadOnlyList<TemplateNode>> Run()
    {
        var (main, ending) = List();
        if (ending.Kind != TokenKind.End)
        {
            throw Unexpected(ending, "");
        }

        _definitions[name] = main;
        return _definitions;
    }

    private Token Peek => _tokens[_next];

    private Token Take() => _tokens[_next++];

    /// <summary>Nodes up to an else, an end or the end of the text; which of them it was is consumed and returned.</summary>
    private (List<TemplateNode> Nodes, Token Ending) List()
    {
        var nodes = new List<TemplateNode>();
        while (true)
        {
            var token = Take();
            switch (token.Kind)
            {
                case TokenKind.End:
                    return (nodes, token);
                case TokenKind.Text:
                    nodes.Add(new TextNode(token.Position, token.Text));
                    break;
                default:
                    if (Peek.Is("end") || Peek.Is("else"))
                    {
                        return (nodes, Take());
                    }

                    if (Action() is { } node)
                    {
                        nodes.Add(node);
                    }

                    break;
            }
        }
    }

    private TemplateNode? Action()
    {
        var token = Peek;
        if (token.Kind != TokenKind.Keyword)
        {
            var start = token.Position;
            return new ActionNode(start, Pipeline("command", TokenKind.RightDelimiter));
        }

        _next++;
        switch (token.Text)
        {
            case "if" or "with" or "range":
                return Branch(token);
            case "template":
                return Invoke(token);
            case "define":
                Define();
                return null;
            case "block":
                return Block(token);
            default:
                if (_loops == 0)
                {
                    throw Error(token, $"{{{{{token.Text}}}}} outside {{{{range}}}}");
                }

                Expect(TokenKind.RightDelimiter, $"{{{{{token.Text}}}}}");
                return new JumpNode(token.Position, token.Text);
        }
    }

    private BranchNode Branch(Token keyword)
    {
        var scope = _variables.Count;
        var pipeline = Pipeline(keyword.Text, TokenKind.RightDelimiter);
        _loops += keyword.Text == "range" ? 1 : 0;
        var (then, ending) = List();
        _loops -= keyword.Text == "range" ? 1 : 0;
        List<TemplateNode>? otherwise = null;
        if (ending.Is("else"))
        {
            // {{else if x}} is {{else}}{{if x}} with one {{end}} for both; likewise {{else with}}.
            if (Peek.Kind == TokenKind.Keyword && Peek.Text == keyword.Text && keyword.Text != "range")
            {
                otherwise = [Branch(Take())];
                _variables.RemoveRange(scope, _variables.Count - scope);
                return new BranchNode(keyword.Position, keyword.Text, pipeline, then, otherwise);
            }

            Expect(TokenKind.RightDelimiter, "else");
            (otherwise, ending) = List();
            if (ending.Is("else"))
            {
                throw Error(ending, "expected end; found {{else}}");
            }
        }

        if (ending.Kind == TokenKind.End)
        {
            throw Error(ending, "unexpected EOF");
        }

        Expect(TokenKind.RightDelimiter, "end");
        _variables.RemoveRange(scope, _variables.Count - scope);
        return new BranchNode(keyword.Position, keyword.Text, pipeline, then, otherwise);
    }

    private InvokeNode Invoke(Token keyword)
    {
        keyword = keyword with { Position = Peek.Position };
        var target = StringLiteral("template clause");
        if (Peek.Kind == TokenKind.RightDelimiter)
        {
            _next++;
            return new InvokeNode(keyword.Position, target, null);
        }

        return new InvokeNode(keyword.Position, target, Pipeline("template clause", TokenKind.RightDelimiter));
    }

    private void Define()
    {
        var defined = StringLiteral("define clause");
        Expect(TokenKind.RightDelimiter, "define clause");
        _definitions[defined] = Body("define clause");
    }

    private InvokeNode Block(Token keyword)
    {
        var defined = StringLiteral("block clause");
        var pipeline = Pipeline("block clause", TokenKind.RightDelimiter);
        _definitions[defined] = Body("block clause");
        return new InvokeNode(keyword.Position, defined, pipeline);
    }

    private List<TemplateNode> Body(string context)
    {
        var (body, ending) = List();
        if (!ending.Is("end"))
        {
            throw Unexpected(ending, $" in {context}");
        }

        Expect(TokenKind.RightDelimiter, context);
        return body;
    }

    private string StringLiteral(string context)
    {
        var token = Take();
        return token.Kind is TokenKind.String or TokenKind.RawString ? Unquote(token) : throw Unexpected(token, $" in {context}");
    }

    private PipelineNode Pipeline(string context, TokenKind end)
    {
        var start = Peek.Position;
        var (variables, assigns) = Declarations(context);
        var commands = new List<CommandNode>();
        while (true)
        {
            var token = Peek;
            if (token.Kind == end)
            {
                _next++;
                if (commands.Count == 0)
                {
                    throw Error(token, $"missing value for {context}");
                }

                if (commands.Skip(1).FirstOrDefault(command => command.Operands[0] is LiteralNode or DotNode or NilNode) is { } constant)
                {
                    throw Error(token, $"non executable command in pipeline stage {commands.IndexOf(constant) + 1}");
                }

                return new PipelineNode(start, variables, assigns, commands);
            }

            if (token.Kind is TokenKind.End or TokenKind.RightDelimiter or TokenKind.RightParenthesis or TokenKind.Pipe or TokenKind.Keyword
                or TokenKind.Comma or TokenKind.Declare or TokenKind.Assign)
            {
                throw Unexpected(token, $" in {context}");
            }

            commands.Add(Command());
        }
    }

    private (List<string> Variables, bool Assigns) Declarations(string context)
    {
        var variables = new List<string>();
        var start = _next;
        while (Peek.Kind == TokenKind.Variable)
        {
            variables.Add(Take().Text);
            var token = Peek;
            if (token.Kind is TokenKind.Declare or TokenKind.Assign)
            {
                _next++;
                var assigns = token.Kind == TokenKind.Assign;
                if (!assigns)
                {
                    _variables.AddRange(variables);
                }

                return (variables, assigns);
            }

            if (token.Kind != TokenKind.Comma || context != "range" || variables.Count > 1)
            {
                break;
            }

            _next++;
        }

        _next = start;
        return ([], false);
    }

    private CommandNode Command()
    {
        var start = Peek.Position;
        var operands = new List<TemplateNode> { Operand() };
        while (true)
        {
            var token = Peek;
            switch (token.Kind)
            {
                case TokenKind.RightDelimiter or TokenKind.RightParenthesis:
                    return new CommandNode(start, operands);
                case TokenKind.Pipe:
                    _next++;
                    return new CommandNode(start, operands);
                default:
                    if (!token.AfterSpace)
                    {
                        throw Unexpected(token, " in operand");
                    }

                    operands.Add(Operand());
                    break;
            }
        }
    }

    private TemplateNode Operand()
    {
        var token = Take();
        var node = Term(token);
        var path = new List<string>();
        var chained = Peek.Position; // where Go's messages place an operand with several fields
        while (Peek is { Kind: TokenKind.Field, AfterSpace: false })
        {
            path.Add(Take().Text[1..]);
        }

        if (path.Count == 0)
        {
            return node;
        }

        return node switch
        {
            FieldNode field => field with { Position = chained, Path = [.. field.Path, .. path] },
            VariableNode variable => variable with { Position = chained, Path = [.. variable.Path, .. path] },
            LiteralNode or NilNode => throw Error(token, $"unexpected . after term {GoText.Quote(node.ToString()!)}"),
            _ => new ChainNode(chained, node, path),
        };
    }

    private TemplateNode Term(Token token)
    {
        switch (token.Kind)
        {
            case TokenKind.Identifier:
                return isFunction(token.Text)
                    ? new FunctionNode(token.Position, token.Text)
                    : throw Error(token, $"function {GoText.Quote(token.Text)} not defined");
            case TokenKind.Dot:
                return new DotNode(token.Position);
            case TokenKind.Nil:
                return new NilNode(token.Position);
            case TokenKind.Variable:
                return _variables.Contains(token.Text)
                    ? new VariableNode(token.Position, token.Text, [])
                    : throw Error(token, $"undefined variable {GoText.Quote(token.Text)}");
            case TokenKind.Field:
                return new FieldNode(token.Position, [token.Text[1..]]);
            case TokenKind.Boolean:
                return new LiteralNode(token.Position, token.Text == "true", token.Text);
            case TokenKind.Number:
                return new LiteralNode(token.Position, Number(token), token.Text);
            case TokenKind.Character:
                return new LiteralNode(token.Position, (long)Unquote(token).EnumerateRunes().First().Value, token.Text);
            case TokenKind.String or TokenKind.RawString:
                return new LiteralNode(token.Position, Unquote(token), token.Text);
            case TokenKind.LeftParenthesis:
                return Pipeline("parenthesized pipeline", TokenKind.RightParenthesis);
            default:
                throw Unexpected(token, " in operand");
        }
    }

    private object Number(Token token)
    {
        try
        {
            return GoNumber.Int(token.Text, 64);
        }
        catch (FormatException)
        {
            return double.TryParse(token.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                ? value
                : throw Error(token, $"bad number syntax: {GoText.Quote(token.Text)}");
        }
    }

    private string Unquote(Token token)
    {
        var inner = token.Text[1..^1];
        if (token.Kind == TokenKind.RawString || !inner.Contains('\\', StringComparison.Ordinal))
        {
            return inner;
        }

        var result = new StringBuilder();
        for (var i = 0; i < inner.Length; i++)
        {
            if (inner[i] != '\\')
            {
                result.Append(inner[i]);
                continue;
            }

            var digits = inner[++i] switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
            if (digits > 0)
            {
                if (i + digits >= inner.Length
                    || !int.TryParse(inner.AsSpan(i + 1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
                    || !Rune.IsValid(code))
                {
                    throw Error(token, "invalid syntax");
                }

                result.Append(new Rune(code));
                i += digits;
                continue;
            }

            result.Append(inner[i] switch
            {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                'a' => '\a',
                'b' => '\b',
                'f' => '\f',
                'v' => '\v',
                '0' => '\0',
                '\\' or '"' or '\'' => inner[i],
                _ => throw Error(token, "invalid syntax"),
            });
        }

        return result.ToString();
    }

    private void Expect(TokenKind kind, string context)
    {
        var token = Take();
        if (token.Kind != kind)
        {
            throw Unexpected(token, $" in {context}");
        }
    }

    private TemplateException Unexpected(Token token, string where) =>
        token.Is("end") || token.Is("else")
            ? Error(token, $"unexpected {{{{{token.Text}}}}}{where}")
            : Error(token, $"unexpected {token}{where}");

    private TemplateException Error(Token token, string message) => new($"template: {name}:{token.Line}: {message}");
}
