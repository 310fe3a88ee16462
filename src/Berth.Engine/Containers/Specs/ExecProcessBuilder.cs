using System.Globalization;
using Berth.Api.Containers;
using Berth.Engine.Containers.Creation;
using Berth.Engine.Containers.Users;
using Berth.Linux.Files;
using Berth.Oci.Runtime;

namespace Berth.Engine.Containers.Specs;

/// <summary>Makes the OCI process of an exec: the container's own, with what the request says otherwise.</summary>
internal static class ExecProcessBuilder
{
    /// <param name="container">A running one.</param>
    /// <param name="request">What is to run.</param>
    /// <param name="consoleSize">Height and width; null: what a terminal has.</param>
    /// <param name="links">Variables of the containers that it is linked to.</param>
    /// <param name="options">The daemon's, for what the container leaves open.</param>
    public static OciProcess Build(
        Container container, CreateExecRequest request, IReadOnlyList<uint>? consoleSize, IReadOnlyList<string> links, EngineOptions options)
    {
        var (config, host) = (container.Config, container.HostConfig);
        var user = ResolveUser(container, request.User.Length > 0 ? request.User : config.User);
        var environment = ProcessEnvironment.Of(config with { Tty = request.Tty }, config.Hostname, links);
        var privileged = request.Privileged || host.Privileged;
        return new OciProcess
        {
            Terminal = request.Tty,
            ConsoleSize = consoleSize is [> 0 and var height, > 0 and var width] ? new OciBox { Height = height, Width = width } : null,
            User = user,
            Args = request.Cmd,
            Env = ProcessEnvironment.Override(environment, request.Env),
            Cwd = request.WorkingDir.Length > 0 ? MountSpecs.CleanPath(request.WorkingDir)
                : config.WorkingDir.Length > 0 ? MountSpecs.CleanPath(config.WorkingDir)
                : "/",
            Capabilities = ProcessLimits.Capabilities(CapabilityNames.Of(privileged, host.CapAdd, host.CapDrop), user.Uid),
            Rlimits = ProcessLimits.Rlimits(host, options),
            NoNewPrivileges = SecurityOptions.Parse(host.SecurityOpt).NoNewPrivileges ?? container.Record.NoNewPrivileges,
            OomScoreAdj = host.OomScoreAdj,
        };
    }

    /// <summary>The container runs: its root is the one that its first process has.</summary>
    private static OciUser ResolveUser(Container container, string user)
    {
        var root = string.Create(CultureInfo.InvariantCulture, $"/proc/{container.State.Pid}/root");
        using var directory = RootDirectory.Open(root);
        return UserLookup.Resolve(directory, user, container.HostConfig.GroupAdd);
    }
}
