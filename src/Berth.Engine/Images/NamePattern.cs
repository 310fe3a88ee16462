using System.Text;
using System.Text.RegularExpressions;
using Berth.Oci;

namespace Berth.Engine.Images;

/// <summary>A shell pattern for names of images (Go's path.Match): * and ? do not match a slash.</summary>
internal sealed class NamePattern
{
    private readonly Regex _regex;

    public NamePattern(string pattern)
    {
        var regex = new StringBuilder("^");
        for (var i = 0; i < pattern.Length; i++)
        {
            var closing = pattern[i] == '[' ? pattern.IndexOf(']', i + 1) : -1;
            if (closing > i + 1)
            {
                var set = pattern[(i + 1)..closing];
                var negated = set[0] == '^';
                var members = Regex.Escape(negated ? set[1..] : set).Replace("]", "\\]", StringComparison.Ordinal);
                regex.Append('[').Append(negated ? "^" : "").Append(members).Append(']');
                i = closing;
                continue;
            }

            regex.Append(pattern[i] switch
            {
                '*' => "[^/]*",
                '?' => "[^/]",
                '[' => throw ImageErrors.Invalid("syntax error in pattern"),
                '\\' when i + 1 < pattern.Length => Regex.Escape(pattern[++i].ToString()),
                var c => Regex.Escape(c.ToString()),
            });
        }

        _regex = new Regex(regex.Append("\\z").ToString(), RegexOptions.NonBacktracking);
    }

    /// <summary>Whether the name matches as people write it, with its tag or without.</summary>
    public bool Matches(ImageReference name) => _regex.IsMatch(name.Familiar) || _regex.IsMatch(name.FamiliarName);
}
