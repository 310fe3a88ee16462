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
        if (_password.IsSet)
        {
            session.Warn("WARNING! Using --password via the CLI is insecure. Use --password-stdin.");
            if (_passwordStdin.Value)
            {
                throw new CommandException("--password and --password-stdin are mutually exclusive");
            }
        }

        var (username, password) = (_username.Value, _password.Value);
        if (_passwordStdin.Value)
        {
            using var input = new StreamReader(session.In, Encoding.UTF8);
            password = username.Length > 0
                ? input.ReadToEnd().TrimEnd('\n').TrimEnd('\r')
                : throw new CommandException("Must provide --username with --password-stdin");
        }

        if (username.Length == 0 && password.Length == 0 && file.Get(server) is { } known)
        {
            session.Out.WriteLine($"Authenticating with existing credentials... [Username: {known.Username}]");
            session.Out.Flush();
            return known with { Auth = null };
        }

        if ((username.Length == 0 || password.Length == 0) && !_passwordStdin.Value)
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
}
