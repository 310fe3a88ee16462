using System.Text;

namespace Berth.Engine.Images.Changes;

/// <summary>Splits a line at blanks, but not at those in quotes or behind a backslash; the quotes stay.</summary>
internal static class QuotedWords
{
    public static List<string> Split(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var quote = '\0';
        for (var at = 0; at < text.Length; at++)
        {
            var c = text[at];
            if (c == '\\' && quote != '\'')
            {
                if (at + 1 < text.Length)
                {
                    word.Append(c).Append(text[++at]);
                }

                continue;
            }

            if (quote == '\0' && char.IsWhiteSpace(c))
            {
                Flush();
                continue;
            }

            quote = quote == '\0' ? (c is '"' or '\'' ? c : quote) : c == quote ? '\0' : quote;
            word.Append(c);
        }

        Flush();
        return words;

        void Flush()
        {
            if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }
    }
}
