using System.Text;
using Berth.Linux.Terminals;

namespace Berth.Cli.Logins;

/// <summary>Asks a person at a terminal.</summary>
sealed class CredentialPrompt(Session session)
{
    private const byte Interrupt = 3;
    private const byte EndOfTransmission = 4;
    private const byte Backspace = 8;
    private const byte Delete = 127;

    /// <returns>The line that was typed.</returns>
    public string Ask(string question)
    {
        Show(question);
        var line = new List<byte>();
        while (Read() is { } key and not '\n')
        {
            line.Add((byte)key);
        }

        return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
    }

    /// <summary>Shows nothing of what is typed.</summary>
    public string AskSecret(string question)
    {
        Show(question);
        var line = new List<byte>();
        using (RawTerminal.TryEnter(StandardDescriptor.Input))
        {
            while (Read() is { } key and not ('\r' or '\n' or EndOfTransmission))
            {
                if (key == Interrupt)
                {
                    throw new CommandException("", 130);
                }

                if (key is Backspace or Delete)
                {
                    line.RemoveRange(Math.Max(0, line.Count - 1), Math.Min(1, line.Count));
                }
                else
                {
                    line.Add((byte)key);
                }
            }
        }

        Show("\n");
        return Encoding.UTF8.GetString([.. line]);
    }

    private void Show(string text)
    {
        session.Out.Write(text);
        session.Out.Flush();
    }

    private int? Read()
    {
        Span<byte> one = stackalloc byte[1];
        return session.In.Read(one) == 1 ? one[0] : null;
    }
}
