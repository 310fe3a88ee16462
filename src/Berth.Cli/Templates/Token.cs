using Berth.Cli.CommandLine;

namespace Berth.Cli.Templates;

enum TokenKind
{
    End,
    Text,
    LeftDelimiter,
    RightDelimiter,
    Number,
    Character,
    String,
    RawString,
    Field,
    Variable,
    Identifier,
    Boolean,
    Dot,
    Nil,
    Keyword,
    Pipe,
    Declare,
    Assign,
    LeftParenthesis,
    RightParenthesis,
    Comma,
    Other,
}

/// <param name="Position">Offset in the template's text; error messages show it as a column.</param>
/// <param name="AfterSpace">Space separates arguments: <c>.A.B</c> is one operand, <c>.A .B</c> are two.</param>
readonly record struct Token(TokenKind Kind, string Text, int Position, int Line, bool AfterSpace)
{
    public bool Is(string keyword) => Kind == TokenKind.Keyword && Text == keyword;

    /// <summary>As Go's parser names an unexpected token.</summary>
    public override string ToString() => Kind switch
    {
        TokenKind.End => "EOF",
        TokenKind.Keyword => $"<{Text}>",
        _ when Text.Length > 10 => $"{GoText.Quote(Text[..10])}...",
        _ => GoText.Quote(Text),
    };
}
