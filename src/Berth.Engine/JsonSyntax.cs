using System.Buffers;
using System.Globalization;
using System.Text;

namespace Berth.Engine;

/// <summary>What is wrong with a text that should be JSON.</summary>
/// <param name="Message">The words that Go has for it.</param>
/// <param name="Line">Where, counted from 1.</param>
public sealed record JsonSyntaxError(string Message, int Line);

/// <summary>
/// Finds the first error in a JSON text and names it as Docker's daemon does. Valid texts are not looked at by this: it is asked
/// only where the reader refused one, whose own words speak of .NET.
/// </summary>
public static class JsonSyntax
{
    private const int DeepestNesting = 10_000;

    private static readonly SearchValues<byte> _hexadecimal = SearchValues.Create("0123456789abcdefABCDEF"u8);

    /// <summary>Null: it is one JSON value, with nothing behind it.</summary>
    public static JsonSyntaxError? ErrorOf(ReadOnlySpan<byte> json)
    {
        var scanner = new Scanner(json);
        return scanner.Scan() is { } message ? new JsonSyntaxError(message, json[..Math.Min(scanner.At, json.Length)].Count((byte)'\n') + 1) : null;
    }

    private ref struct Scanner(ReadOnlySpan<byte> json)
    {
        private const string Ended = "unexpected EOF";

        private readonly ReadOnlySpan<byte> _json = json;

        public int At { get; private set; }

        private readonly int Next => At < _json.Length ? _json[At] : -1;

        public string? Scan()
        {
            SkipSpace();
            if (Next < 0)
            {
                return "got EOF while reading request body";
            }

            if (Value(0) is { } error)
            {
                return error;
            }

            SkipSpace();
            return Next < 0 ? null : Unexpected("after top-level value");
        }

        private string? Value(int depth)
        {
            if (depth > DeepestNesting)
            {
                return "exceeded max depth";
            }

            SkipSpace();
            switch (Next)
            {
                case '{':
                    return Object(depth);
                case '[':
                    return Array(depth);
                case '"':
                    return Text();
                case '-' or (>= '0' and <= '9'):
                    return Number();
                case 't':
                    return Literal("true");
                case 'f':
                    return Literal("false");
                case 'n':
                    return Literal("null");
                default:
                    return Unexpected("looking for beginning of value");
            }
        }

        private string? Object(int depth)
        {
            At++;
            SkipSpace();
            if (Next == '}')
            {
                At++;
                return null;
            }

            while (true)
            {
                SkipSpace();
                if (Next != '"')
                {
                    return Unexpected("looking for beginning of object key string");
                }

                if (Text() is { } inKey)
                {
                    return inKey;
                }

                SkipSpace();
                if (Next != ':')
                {
                    return Unexpected("after object key");
                }

                At++;
                if (Value(depth + 1) is { } inValue)
                {
                    return inValue;
                }

                SkipSpace();
                switch (Next)
                {
                    case ',':
                        At++;
                        continue;
                    case '}':
                        At++;
                        return null;
                    default:
                        return Unexpected("after object key:value pair");
                }
            }
        }

        private string? Array(int depth)
        {
            At++;
            SkipSpace();
            if (Next == ']')
            {
                At++;
                return null;
            }

            while (true)
            {
                if (Value(depth + 1) is { } error)
                {
                    return error;
                }

                SkipSpace();
                switch (Next)
                {
                    case ',':
                        At++;
                        continue;
                    case ']':
                        At++;
                        return null;
                    default:
                        return Unexpected("after array element");
                }
            }
        }

        private string? Text()
        {
            for (At++; Next != '"'; At++)
            {
                if (Next < ' ')
                {
                    return Unexpected("in string");
                }

                if (Next == '\\')
                {
                    At++;
                    if (Next < 0)
                    {
                        return Ended;
                    }

                    if (Next == 'u' ? !IsHexadecimal(_json[(At + 1)..]) : !"\"\\/bfnrt"u8.Contains((byte)Next))
                    {
                        var length = Next == 'u' ? Math.Min(5, _json.Length - At) : 1;
                        return $"invalid escape sequence `\\{Encoding.UTF8.GetString(_json.Slice(At, length))}` in string";
                    }
                }
            }

            At++;
            return null;
        }

        private string? Number()
        {
            const string Where = "in numeric literal";
            if (Next == '-')
            {
                At++;
            }

            if (Next == '0')
            {
                At++;
            }
            else if (!Digits())
            {
                return Unexpected(Where);
            }

            if (Next == '.')
            {
                At++;
                if (!Digits())
                {
                    return Unexpected(Where);
                }
            }

            if (Next is 'e' or 'E')
            {
                At++;
                if (Next is '+' or '-')
                {
                    At++;
                }

                if (!Digits())
                {
                    return Unexpected(Where);
                }
            }

            return null;
        }

        private string? Literal(string word)
        {
            foreach (var expected in word)
            {
                if (Next != expected)
                {
                    return Unexpected($"in literal {word} (expecting '{expected}')");
                }

                At++;
            }

            return null;
        }

        private bool Digits()
        {
            var first = At;
            while (Next is >= '0' and <= '9')
            {
                At++;
            }

            return At > first;
        }

        private void SkipSpace()
        {
            while (Next is ' ' or '\t' or '\r' or '\n')
            {
                At++;
            }
        }

        private static bool IsHexadecimal(ReadOnlySpan<byte> text) =>
            text.Length >= 4 && text[..4].IndexOfAnyExcept(_hexadecimal) < 0;

        private readonly string Unexpected(string where) => Next < 0 ? Ended : $"invalid character {Quoted()} {where}";

        /// <summary>The character as Go writes it between quotes.</summary>
        private readonly string Quoted()
        {
            Rune.DecodeFromUtf8(_json[At..], out var rune, out _);
            return rune.Value switch
            {
                '\'' => @"'\''",
                '"' => "'\"'",
                '\\' => @"'\\'",
                '\n' => @"'\n'",
                '\r' => @"'\r'",
                '\t' => @"'\t'",
                < ' ' or 0x7f => string.Create(CultureInfo.InvariantCulture, $"'\\x{rune.Value:x2}'"),
                0xfeff or 0xfffd => string.Create(CultureInfo.InvariantCulture, $"'\\u{rune.Value:x4}'"),
                _ => $"'{rune}'",
            };
        }
    }
}
