using Berth.Engine.Containers.Creation;
using Berth.Engine.Containers.Users;
using Berth.Linux.Files;
using Berth.Oci.Runtime;

namespace Berth.Engine.Containers.Specs;

internal sealed partial class SpecBuilder
{
    private OciProcess Process(string hostname)
    {
        var (path, arguments) = CommandLine.Of(_config);
        IReadOnlyList<string> command = HasInit ? [InitProgram.Destination, "--", path, .. arguments] : [path, .. arguments];
        var user = ResolveUser();
        return new OciProcess
        {
            Terminal = _config.Tty,
            ConsoleSize = _host.ConsoleSize is [> 0 and var height, > 0 and var width] ? new OciBox { Height = height, Width = width } : null,
            User = user,
            Args = command,
            Env = ProcessEnvironment.Of(_config, hostname, links),
            Cwd = _config.WorkingDir.Length > 0 ? MountSpecs.CleanPath(_config.WorkingDir) : "/",
            Capabilities = ProcessLimits.Capabilities(CapabilityNames.Of(_host.Privileged, _host.CapAdd, _host.CapDrop), user.Uid),
            Rlimits = ProcessLimits.Rlimits(_host, options),
            NoNewPrivileges = _security.NoNewPrivileges ?? container.Record.NoNewPrivileges,
            OomScoreAdj = _host.OomScoreAdj,
        };
    }

    /// <summary>The user in the container's root as its program will find it: what an earlier run wrote counts.</summary>
    private OciUser ResolveUser()
    {
        using var root = MergedRoot.Open(container.State.StartedAt is null ? layers : [_paths.Upper, .. layers]);
        CheckWorkingDirectory(root);
        return UserLookup.Resolve(root.Directory, _config.User, _host.GroupAdd);
    }

    /// <summary>The runtime makes it where it is missing; what is no directory it cannot.</summary>
    private void CheckWorkingDirectory(MergedRoot root)
    {
        using var found = _config.WorkingDir.Length > 0 ? root.Directory.TryResolve(_config.WorkingDir) : null;
        if (found is not null && !FileStatus.Of(found).IsDirectory)
        {
            throw ContainerErrors.Invalid($"Cannot mkdir: {_config.WorkingDir} is not a directory");
        }
    }
}
