using System.Text;
using Berth.Api.Registry;
using Berth.Cli.CommandLine;
using Berth.Cli.Logins;
using Berth.Linux.Terminals;

namespace Berth.Cli.Commands.Registry;

sealed class LoginCommand : Command
{
    private readonly Flag<string> _password;
    private readonly Flag<bool> _passwordStdin;
    private readonly Flag<string> _username;

    public LoginCommand()
        : base("[OPTIONS] [SERVER]", ArgumentCount.AtMost(1))
    {
        _password = Flags.String("password", 'p', "Password or Personal Access Token (PAT)");
        _passwordStdin = Flags.Bool("password-stdin", null, "Take the Password or Personal Access Token (PAT) from stdin");
        _username = Flags.String("username", 'u', "Username");
    }

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var server = RegistryServer.Named(arguments.Count > 0 ? arguments[0] : "");
        var file = CredentialFile.Open(session.Flags.Config.Value);
        var asked = Ask(session, file, server);
        var reply = session.Daemon.Read(
            session.Daemon.Post("/auth", asked, RegistryJson.Default.AuthConfig), RegistryJson.Default.AuthReply);
        var known = reply.IdentityToken.Length > 0 ? asked with { IdentityToken = reply.IdentityToken, Password = "" } : asked;
        if (file.Store(server, known))
        {
            session.Warn(
                $"\nWARNING! Your credentials are stored unencrypted in '{file.Path}'.\n"
                + "Configure a credential helper to remove this warning. See\nhttps://docs.docker.com/go/credential-store/\n");
        }

        session.Out.WriteLine(reply.Status);
        return 0;
    }

    private AuthConfig Ask(Session session, CredentialFile file, string server)
    {
        var (username, password) = (_username.Value, _password.Value);
        if (_passwordStdin.Value)
        {
            if (_password.IsSet)
            {
                throw new CommandException("conflicting options: cannot specify both --password and --password-stdin");
            }

            if (!_username.IsSet)
            {
                throw new CommandException("the --password-stdin option requires --username to be set");
            }
        }

        if (_username.IsSet && username.Length == 0)
        {
            throw new CommandException("username is empty");
        }

        if (_password.IsSet)
        {
            session.Warn(password.Length > 0
                ? "WARNING! Using --password via the CLI is insecure. Use --password-stdin."
                : throw new CommandException("password is empty"));
        }

        if (_passwordStdin.Value)
        {
            using var input = new StreamReader(session.In, Encoding.UTF8);
            password = WithoutLineEnd(input.ReadToEnd());
        }

        if (username.Length == 0 && password.Length == 0 && file.Get(server) is { } known)
        {
            session.Out.WriteLine($"Authenticating with existing credentials... [Username: {known.Username}]");
            session.Out.Flush();
            return known with { Auth = null };
        }

        if (username.Length == 0 || password.Length == 0)
        {
            if (!StandardTerminal.Is(StandardDescriptor.Input))
            {
                throw new CommandException("Error: Cannot perform an interactive login from a non TTY device");
            }

            var prompt = new CredentialPrompt(session);
            username = username.Length > 0 ? username : prompt.Ask("Username: ");
            password = password.Length > 0 ? password : prompt.AskSecret("Password: ");
        }

        return new AuthConfig
        {
            Username = username.Length > 0 ? username.Trim() : throw new CommandException("Error: Non-null Username Required"),
            Password = password.Length > 0 ? password : throw new CommandException("password is empty"),
            ServerAddress = server,
        };
    }

    // One line end; more of them may belong to the password.
    private static string WithoutLineEnd(string text)
    {
        text = text.EndsWith('\n') ? text[..^1] : text;
        return text.EndsWith('\r') ? text[..^1] : text;
    }
}
