namespace Berth.Cli.Templates;

/// <summary>Cuts a template into tokens, by the rules of Go's text/template.</summary>
sealed class TemplateLexer(string name, string text)
{
    private const string Left = "{{";
    private const string Right = "}}";
    private const string Spaces = " \t\r\n";

    private readonly List<Token> _tokens = [];
    private int _position;
    private int _line = 1;
    private int _parentheses;

    public List<Token> Run()
    {
        var trimNext = false;
        while (true)
        {
            var open = text.IndexOf(Left, _position, StringComparison.Ordinal);
            var end = open < 0 ? text.Length : open;
            var trimsBefore = open >= 0 && HasLeftTrim(open);
            Text(_position, end, trimNext, trimsBefore);
            if (open < 0)
            {
                Add(TokenKind.End, "", text.Length, false);
                return _tokens;
            }

            _position = open + Left.Length + (trimsBefore ? 1 : 0);
            trimNext = TrySkipComment(open, out var commentTrims) ? commentTrims : Action(open);
        }
    }

    private void Text(int start, int end, bool trimStart, bool trimEnd)
    {
        var piece = text.AsSpan(start, end - start);
        var line = _line;
        _line += piece.Count('\n');
        if (trimStart)
        {
            var trimmed = piece.TrimStart(Spaces);
            start += piece.Length - trimmed.Length;
            piece = trimmed;
        }

        piece = trimEnd ? piece.TrimEnd(Spaces) : piece;
        if (piece.Length > 0)
        {
            _tokens.Add(new Token(TokenKind.Text, piece.ToString(), start, line, false));
        }
    }

    private bool HasLeftTrim(int open) =>
        open + 3 < text.Length && text[open + 2] == '-' && Spaces.Contains(text[open + 3], StringComparison.Ordinal);

    private bool HasRightTrim(int position) =>
        position + 3 < text.Length
        && Spaces.Contains(text[position], StringComparison.Ordinal)
        && string.CompareOrdinal(text, position + 1, "-}}", 0, 3) == 0;

    private bool TrySkipComment(int open, out bool trims)
    {
        trims = false;
        var start = _position;
        if (start > open + Left.Length)
        {
            start++; // "{{- /*": the space belongs to the trim marker
        }

        if (string.CompareOrdinal(text, start, "/*", 0, 2) != 0)
        {
            return false;
        }

        var close = text.IndexOf("*/", start, StringComparison.Ordinal);
        if (close < 0)
        {
            throw Error("unclosed comment");
        }

        var after = close + 2;
        trims = HasRightTrim(after);
        after += trims ? 2 : 0;
        if (string.CompareOrdinal(text, after, Right, 0, 2) != 0)
        {
            throw Error("comment ends before closing delimiter");
        }

        _line += text.AsSpan(open, after - open).Count('\n');
        _position = after + Right.Length;
        return true;
    }

    /// <summary>Reads tokens up to the closing delimiter; true where it trims the text after it.</summary>
    private bool Action(int open)
    {
        Add(TokenKind.LeftDelimiter, Left, open, false);
        _parentheses = 0;
        while (true)
        {
            var spaced = SkipSpace();
            if (spaced && HasRightTrim(_position - 1))
            {
                Close(_position + 1);
                return true;
            }

            if (_position >= text.Length)
            {
                throw Error("unclosed action");
            }

            if (string.CompareOrdinal(text, _position, Right, 0, 2) == 0)
            {
                Close(_position);
                return false;
            }

            Inside(spaced);
        }
    }

    private void Close(int delimiter)
    {
        if (_parentheses > 0)
        {
            throw Error("unclosed left paren");
        }

        Add(TokenKind.RightDelimiter, Right, delimiter, false);
        _position = delimiter + Right.Length;
    }

    /// <summary>Stops behind the space of a closing trim marker, where there is one.</summary>
    private bool SkipSpace()
    {
        var start = _position;
        while (_position < text.Length && Spaces.Contains(text[_position], StringComparison.Ordinal) && !HasRightTrim(_position))
        {
            if (text[_position] == '\n')
            {
                _line++;
            }

            _position++;
        }

        if (HasRightTrim(_position))
        {
            _position++;
        }

        return _position > start;
    }

    private void Inside(bool spaced)
    {
        var start = _position;
        var c = text[start];
        switch (c)
        {
            case '=':
                Take(TokenKind.Assign, 1, spaced);
                return;
            case ':':
                if (start + 1 >= text.Length || text[start + 1] != '=')
                {
                    throw Error("expected :=");
                }

                Take(TokenKind.Declare, 2, spaced);
                return;
            case '|':
                Take(TokenKind.Pipe, 1, spaced);
                return;
            case ',':
                Take(TokenKind.Comma, 1, spaced);
                return;
            case '(':
                _parentheses++;
                Take(TokenKind.LeftParenthesis, 1, spaced);
                return;
            case ')':
                if (--_parentheses < 0)
                {
                    throw Error("unexpected right paren");
                }

                Take(TokenKind.RightParenthesis, 1, spaced);
                return;
            case '"':
                Quoted(TokenKind.String, '"', "unterminated quoted string", spaced);
                return;
            case '\'':
                Quoted(TokenKind.Character, '\'', "unterminated character constant", spaced);
                return;
            case '`':
                var close = text.IndexOf('`', start + 1);
                if (close < 0)
                {
                    throw Error("unterminated raw quoted string");
                }

                Take(TokenKind.RawString, close + 1 - start, spaced);
                _line += text.AsSpan(start, close - start).Count('\n');
                return;
            case '.' when start + 1 >= text.Length || !char.IsAsciiDigit(text[start + 1]):
                var field = WordLength(start + 1);
                Take(field == 0 ? TokenKind.Dot : TokenKind.Field, 1 + field, spaced);
                return;
            case '$':
                Take(TokenKind.Variable, 1 + WordLength(start + 1), spaced);
                return;
            case '+' or '-' or '.' or (>= '0' and <= '9'):
                Number(spaced);
                return;
            default:
                Word(c, spaced);
                return;
        }
    }

    private void Word(char c, bool spaced)
    {
        var length = WordLength(_position);
        if (length == 0)
        {
            throw Error($"unexpected bad character U+{(int)c:X4}{(c > 0x20 ? $" '{c}'" : "")} in command");
        }

        Take(
            text.Substring(_position, length) switch
            {
                "true" or "false" => TokenKind.Boolean,
                "nil" => TokenKind.Nil,
                "block" or "break" or "continue" or "define" or "else" or "end" or "if" or "range" or "template" or "with" => TokenKind.Keyword,
                _ => TokenKind.Identifier,
            },
            length,
            spaced);
    }

    private void Number(bool spaced)
    {
        var end = _position + 1;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '.' or '_'
            || (text[end] is '+' or '-' && text[end - 1] is 'e' or 'E' or 'p' or 'P')))
        {
            end++;
        }

        Take(TokenKind.Number, end - _position, spaced);
    }

    private void Quoted(TokenKind kind, char quote, string unterminated, bool spaced)
    {
        var end = _position + 1;
        while (end < text.Length && text[end] != quote)
        {
            end += text[end] == '\\' ? 2 : 1;
            if (end < text.Length && text[end] == '\n')
            {
                throw Error(unterminated);
            }
        }

        if (end >= text.Length)
        {
            throw Error(unterminated);
        }

        Take(kind, end + 1 - _position, spaced);
    }

    private int WordLength(int start)
    {
        var end = start;
        while (end < text.Length && (text[end] == '_' || char.IsLetterOrDigit(text[end])))
        {
            end++;
        }

        return end - start;
    }

    private void Take(TokenKind kind, int length, bool spaced)
    {
        Add(kind, text.Substring(_position, length), _position, spaced);
        _position += length;
    }

    private void Add(TokenKind kind, string value, int position, bool spaced) =>
        _tokens.Add(new Token(kind, value, position, _line, spaced));

    private TemplateException Error(string message) => new($"template: {name}:{_line}: {message}");
}
