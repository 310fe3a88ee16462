using Berth.Cli.CommandLine;
using Berth.Cli.Logins;

namespace Berth.Cli.Commands.Registry;

sealed class LogoutCommand() : Command("[SERVER]", ArgumentCount.AtMost(1))
{
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var server = RegistryServer.Named(arguments.Count > 0 ? arguments[0] : "");
        session.Out.WriteLine(CredentialFile.Open(session.Flags.Config.Value).Erase(server)
            ? $"Removing login credentials for {server}"
            : $"Not logged in to {server}");
        return 0;
    }
}
