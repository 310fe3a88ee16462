using Berth.Cli.CommandLine;
using Berth.Cli.Logins;

namespace Berth.Cli.Commands.Registry;

sealed class LogoutCommand() : Command("[SERVER]", ArgumentCount.AtMost(1))
{
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var server = RegistryServer.Named(arguments.Count > 0 ? arguments[0] : "");
        session.Out.WriteLine($"Removing login credentials for {server}");
        CredentialFile.Open(session.Flags.Config.Value).Erase(server);
        return 0;
    }
}
