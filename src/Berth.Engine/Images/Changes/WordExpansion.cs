using System.Text;
using System.Text.RegularExpressions;

namespace Berth.Engine.Images.Changes;

/// <summary>Removes quotes and backslashes from a word and puts in variables, as a Dockerfile's shell words have them.</summary>
/// <param name="environment">NAME=VALUE.</param>
internal sealed class WordExpansion(IReadOnlyList<string> environment)
{
    /// <summary>The word, with everything in its place.</summary>
    public string Word(string text) => new Reader(this, text).Run().Whole;

    /// <summary>The same, split at the blanks that are in no quotes: a variable may hold several words.</summary>
    public IReadOnlyList<string> Words(string text) => new Reader(this, text).Run().Parts;

    private string? ValueOf(string name) =>
        environment.Where(e => e.Length > name.Length && e[name.Length] == '=' && e.StartsWith(name, StringComparison.Ordinal)).Select(e => e[(name.Length + 1)..]).FirstOrDefault();

    private sealed class Reader(WordExpansion variables, string text)
    {
        private readonly StringBuilder _whole = new();
        private readonly StringBuilder _part = new();
        private readonly List<string> _parts = [];
        private bool _quoted;
        private int _at;

        private char? Next => _at < text.Length ? text[_at] : null;

        public (string Whole, IReadOnlyList<string> Parts) Run()
        {
            while (Next is { } c)
            {
                switch (c)
                {
                    case '\'':
                        ReadSingleQuoted();
                        break;
                    case '"':
                        ReadDoubleQuoted();
                        break;
                    case '$':
                        AddUnquoted(Variable());
                        break;
                    case '\\':
                        _at++;
                        if (Next is { } escaped)
                        {
                            Add(escaped.ToString());
                            _at++;
                        }

                        break;
                    default:
                        AddUnquoted(c.ToString());
                        _at++;
                        break;
                }
            }

            EndPart();
            return (_whole.ToString(), _parts);
        }

        private void ReadSingleQuoted()
        {
            _quoted = true;
            var end = text.IndexOf('\'', _at + 1);
            if (end < 0)
            {
                throw Failure("unexpected end of statement while looking for matching single-quote");
            }

            Add(text[(_at + 1)..end]);
            _at = end + 1;
        }

        private void ReadDoubleQuoted()
        {
            _quoted = true;
            for (_at++; ;)
            {
                switch (Next)
                {
                    case null:
                        throw Failure("unexpected end of statement while looking for matching double-quote");
                    case '"':
                        _at++;
                        return;
                    case '$':
                        Add(Variable());
                        break;
                    case '\\' when _at + 1 < text.Length && text[_at + 1] is '"' or '$' or '\\':
                        Add(text[_at + 1].ToString());
                        _at += 2;
                        break;
                    case { } other:
                        Add(other.ToString());
                        _at++;
                        break;
                }
            }
        }

        private string Variable()
        {
            _at++;
            if (Next != '{')
            {
                var name = Name();
                return name.Length == 0 ? "$" : variables.ValueOf(name) ?? "";
            }

            _at++;
            if (Next is null or '}' or ':')
            {
                throw Failure("bad substitution");
            }

            var named = Name();
            if (Next == '}')
            {
                _at++;
                return variables.ValueOf(named) ?? "";
            }

            return Modified(named, variables.ValueOf(named));
        }

        private string Modified(string name, string? value)
        {
            var start = _at;
            var colon = Next == ':';
            _at += colon ? 1 : 0;
            var modifier = Next;
            _at++;
            var isSet = colon ? !string.IsNullOrEmpty(value) : value is not null;
            switch (modifier)
            {
                case '-':
                    return Rest() is var otherwise && isSet ? value! : otherwise;
                case '+':
                    return Rest() is var instead && isSet ? instead : "";
                case '?':
                    var message = Rest();
                    return isSet ? value! : throw Failure($"{name}: {(message.Length > 0 ? message : colon ? "is not allowed to be empty" : "is not allowed to be unset")}");
                case '#' or '%' when !colon:
                    var greedy = Next == modifier;
                    _at += greedy ? 1 : 0;
                    return Trimmed(value ?? "", Rest(), modifier == '#', greedy);
                case '/' when !colon:
                    var all = Next == '/';
                    _at += all ? 1 : 0;
                    return Replaced(value ?? "", Rest(), all);
                default:
                    _at = start;
                    throw Failure($"unsupported modifier ({(colon ? ":" : "")}{modifier?.ToString() ?? "\uFFFD"}) in substitution");
            }
        }

        /// <summary>What stands before the closing brace, itself expanded.</summary>
        private string Rest()
        {
            var from = _at;
            for (var depth = 0; Next is { } c; _at++)
            {
                if (c == '}' && depth == 0)
                {
                    return variables.Word(text[from.._at++]);
                }

                depth += c == '{' && _at > 0 && text[_at - 1] == '$' ? 1 : c == '}' ? -1 : 0;
                _at += c == '\\' ? 1 : 0;
            }

            throw Failure("unexpected end of statement while looking for matching }");
        }

        private static string Trimmed(string value, string pattern, bool atBegin, bool greedy)
        {
            var ends = Enumerable.Range(0, value.Length + 1);
            var wanted = new Regex($"^{Glob(pattern)}\\z", RegexOptions.Singleline | RegexOptions.NonBacktracking);
            foreach (var length in greedy ? ends.Reverse() : ends)
            {
                if (wanted.IsMatch(atBegin ? value[..length] : value[^length..]))
                {
                    return atBegin ? value[length..] : value[..^length];
                }
            }

            return value;
        }

        private static string Replaced(string value, string rest, bool all)
        {
            var slash = rest.IndexOf('/', StringComparison.Ordinal);
            var (pattern, replacement) = slash < 0 ? (rest, "") : (rest[..slash], rest[(slash + 1)..]);
            return new Regex(Glob(pattern), RegexOptions.Singleline | RegexOptions.NonBacktracking).Replace(value, _ => replacement, all ? -1 : 1);
        }

        private static string Glob(string pattern) =>
            Regex.Escape(pattern).Replace(@"\*", ".*", StringComparison.Ordinal).Replace(@"\?", ".", StringComparison.Ordinal);

        /// <summary>Letters, digits and underlines; of digits alone a number, and the signs that a shell has names for.</summary>
        private string Name()
        {
            var from = _at;
            if (Next is '@' or '*' or '#' or '!' or '?' or '-' or '$')
            {
                _at++;
                return text[from.._at];
            }

            var digits = Next is { } first && char.IsAsciiDigit(first);
            while (Next is { } c && (digits ? char.IsAsciiDigit(c) : char.IsAsciiLetterOrDigit(c) || c == '_'))
            {
                _at++;
            }

            return text[from.._at];
        }

        private void Add(string value)
        {
            _whole.Append(value);
            _part.Append(value);
        }

        private void AddUnquoted(string value)
        {
            _whole.Append(value);
            foreach (var c in value)
            {
                if (char.IsWhiteSpace(c))
                {
                    EndPart();
                }
                else
                {
                    _part.Append(c);
                }
            }
        }

        private void EndPart()
        {
            if (_part.Length > 0 || _quoted)
            {
                _parts.Add(_part.ToString());
            }

            _part.Clear();
            _quoted = false;
        }

        private EngineException Failure(string why) =>
            ImageErrors.Invalid($"failed to process \"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\": {why}");
    }
}
