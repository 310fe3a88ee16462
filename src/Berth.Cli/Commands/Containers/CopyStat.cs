using System.Net;
using System.Text.Json;
using Berth.Api.Containers;
using Berth.Cli.Connection;

namespace Berth.Cli.Commands.Containers;

/// <summary>What is at a path of a container, as the daemon's headers tell it.</summary>
static class CopyStat
{
    public static string Target(string container, string path) =>
        new QueryString(ContainerTargets.Path(container, "archive")).Add("path", path).ToString();

    /// <returns>Null where nothing is there.</returns>
    public static ContainerPathStat? TryGet(Session session, string container, string path)
    {
        try
        {
            using var response = session.Daemon.Send(new HttpRequest("HEAD", Target(container, path)));
            var stat = Read(response);
            session.Daemon.Finish(response);
            return stat;
        }
        catch (DaemonException missing) when (missing.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    public static ContainerPathStat Read(HttpResponse response)
    {
        var header = response.Header("X-Docker-Container-Path-Stat")
            ?? throw new ConnectionException("the daemon's answer does not tell what was copied");
        return JsonSerializer.Deserialize(Convert.FromBase64String(header), ContainerJson.Default.ContainerPathStat)
            ?? throw new ConnectionException("the daemon's answer does not tell what was copied");
    }

    /// <summary>Where a link leads: absolute, or from the directory that it lies in.</summary>
    public static string Resolve(string path, string linkTarget) =>
        linkTarget.StartsWith('/') ? linkTarget : Path.Combine(CopyPath.Split("/" + path).Directory, linkTarget);
}
