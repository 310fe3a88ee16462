using System.Text;

namespace Berth.Cli.Commands;

/// <summary>Asks the user before something is destroyed.</summary>
static class Confirmation
{
    /// <returns>Whether the answer begins with y; no answer is a no.</returns>
    public static bool Ask(Session session, string question)
    {
        session.Out.Write($"{question} [y/N] ");
        session.Out.Flush();
        var answer = new StringBuilder();
        var letter = new byte[1];
        while (session.In.Read(letter) == 1 && letter[0] != (byte)'\n')
        {
            answer.Append((char)letter[0]);
        }

        return answer.ToString().Trim() is "y" or "Y";
    }
}
