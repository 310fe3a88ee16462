using System.Text;
using System.Text.Json.Nodes;
using Berth.Api.Containers;
using Berth.Archives.Tar;
using Berth.Cli.Connection;
using Berth.Cli.Logins;

namespace Berth.Cli.Commands.Containers;

/// <summary><c>--use-api-socket</c>: a container gets the daemon's socket, and the logins that its user has.</summary>
sealed class ApiSocket(Session session)
{
    private const string Socket = "/var/run/docker.sock";
    private const string Directory = "/run/secrets/docker";
    private const string Variable = "DOCKER_CONFIG";
    private const uint FileMode = 0b110_000_000;

    private JsonObject? _logins;

    /// <summary>What the container needs in addition. One that brings its own configuration keeps it.</summary>
    public CreateContainerRequest Add(CreateContainerRequest request)
    {
        var source = session.Daemon.Address.SocketPath ?? Socket;
        var host = request.HostConfig!;
        request = request with
        {
            HostConfig = host with { Mounts = [.. host.Mounts ?? [], new Mount { Type = "bind", Source = source, Target = Socket, BindOptions = new BindOptions() }] },
        };
        if ((request.Env ?? []).Any(entry => entry.StartsWith($"{Variable}=", StringComparison.Ordinal))
            || CredentialFile.Open(session.Flags.Config.Value).Export() is not { Count: > 0 } logins)
        {
            return request;
        }

        _logins = logins;
        return request with { Env = [.. request.Env ?? [], $"{Variable}={Directory}"] };
    }

    /// <summary>Puts the logins into the new container.</summary>
    public void Complete(string container)
    {
        if (_logins is null)
        {
            return;
        }

        var content = Encoding.UTF8.GetBytes(new JsonObject { ["auths"] = _logins }.ToJsonString());
        var target = new QueryString(ContainerTargets.Path(container, "archive")).Add("path", "/");
        using var response = session.Daemon.Send(new HttpRequest("PUT", target.ToString())
        {
            ContentType = "application/x-tar",
            Produce = body =>
            {
                var tar = new TarWriter(body);
                tar.Write(new TarEntry { Name = Encoding.UTF8.GetBytes($"{Directory[1..]}/config.json"), Type = TarEntryType.File, Mode = FileMode, Size = content.Length });
                tar.WriteContent(content);
                tar.Finish();
            },
        });
        session.Daemon.Finish(response);
    }
}
