using Berth.Linux;
using Berth.Linux.Capabilities;
using Berth.Linux.Processes;
using Berth.Linux.Seccomp;
using Berth.Oci.Runtime;
using Berth.Runtime.Seccomp;

namespace Berth.Runtime.Processes;

/// <summary>The last stretch of a new process before its program: limits, user, capabilities, seccomp, execve. The same for a container and for an exec.</summary>
/// <remarks>
/// Made before the clone, with all that can be known there in arrays: in a child every page that is touched is copied, and every
/// interface's method that is called is looked up as for the first time.
/// </remarks>
internal sealed class ProcessIdentity(OciProcess process, ProcessCapabilities capabilities, OciSeccomp? seccomp)
{
    private const string Home = "HOME=";

    private readonly OciRlimit[] _limits = [.. process.Rlimits ?? []];
    private readonly uint[] _groups = [.. process.User.AdditionalGids ?? []];
    private readonly string[] _environment = Environment(process.Env ?? []);
    private SeccompFilter? _filter;

    /// <summary>The program's, its own name first.</summary>
    internal string[] Arguments { get; } = [.. process.Args ?? []];

    // Loading a filter without no_new_privs takes this capability, which the program itself may not have.
    private bool NeedsPrivilegeForSeccomp => seccomp is not null && !process.NoNewPrivileges;

    internal void SetLimits()
    {
        foreach (var limit in _limits)
        {
            try
            {
                ResourceLimit.Set(limit.Type, limit.Soft, limit.Hard);
            }
            catch (LinuxException e)
            {
                throw StartException.Of("rlimits", e, $"error setting rlimit type {limit.Type}: {e.Message}");
            }
        }
    }

    internal void SetScheduling()
    {
        if (process.Scheduler is { } scheduler)
        {
            SchedulerNames.Apply(scheduler);
        }

        if (process.IoPriority is { } priority)
        {
            Scheduling.SetIoPriority(SchedulerNames.IoClass(priority.Class), priority.Priority);
        }
    }

    /// <summary>From here on the process is the container's user, with the capabilities that it will have.</summary>
    internal void BecomeUser()
    {
        // While still root: taking from the bounding set needs CAP_SETPCAP.
        ThreadCapabilities.KeepBounding(capabilities.Bounding);
        Credentials.KeepCapabilities(true);
        SetGroups();
        Credentials.SetGroup(process.User.Gid);
        Credentials.SetUser(process.User.Uid);
        Credentials.KeepCapabilities(false);
        var permitted = NeedsPrivilegeForSeccomp ? capabilities.Permitted.With(Capability.SysAdmin) : capabilities.Permitted;
        ThreadCapabilities.Set(capabilities.Effective, permitted, capabilities.Inheritable);

        // execve takes the mask on, and everything that the runtime makes is made by now.
        if (process.User.Umask is { } mask)
        {
            ProcessControl.SetUmask(mask);
        }
    }

    /// <summary>The directory may be open to root only, or to the user only (an NFS mount that squashes root): tried as both.</summary>
    /// <returns>False where this one may not enter it and the other one should try.</returns>
    internal bool TryEnterDirectory(bool isLastTry)
    {
        try
        {
            WorkingDirectory.Set(process.Cwd);
        }
        catch (LinuxException e) when (e.Errno is Errno.EACCES or Errno.EPERM && !isLastTry)
        {
            return false;
        }
        catch (LinuxException e)
        {
            throw StartException.Of("cwd", e, $"chdir to cwd (\"{process.Cwd}\") set in config.json failed: {ErrnoText.Of(e.Errno).ToLowerInvariant()}");
        }

        // A directory outside the root, kept open by whoever made this process, would be a way out of it (CVE-2024-21626).
        return WorkingDirectory.IsInsideRoot()
            ? true
            : throw StartException.Of("cwd", "current working directory is outside of container mount namespace root -- possible container breakout detected");
    }

    /// <summary>In the child and not before the clone: it takes a millisecond that the child has, waiting to be put into its cgroups.</summary>
    internal void CompileFilter()
    {
        try
        {
            _filter = seccomp is null ? null : FilterCache.Compile(seccomp);
        }
        catch (InvalidDataException e)
        {
            throw StartException.Of("seccomp", $"seccomp: {e.Message}");
        }
    }

    /// <summary>The filter is the last but what it must not forbid: the last capabilities and execve.</summary>
    /// <returns>Where the kernel asks about system calls that the filter wants others to judge; null where it wants none.</returns>
    internal FileDescriptor? Confine()
    {
        if (process.NoNewPrivileges)
        {
            ProcessControl.SetNoNewPrivileges();
        }

        FileDescriptor? listener = null;
        if (_filter is not null)
        {
            if (NeedsPrivilegeForSeccomp)
            {
                ThreadCapabilities.Set(
                    capabilities.Effective.With(Capability.SysAdmin), capabilities.Permitted.With(Capability.SysAdmin), capabilities.Inheritable);
            }

            listener = _filter.Load();
            if (NeedsPrivilegeForSeccomp)
            {
                ThreadCapabilities.Set(capabilities.Effective, capabilities.Permitted, capabilities.Inheritable);
            }
        }

        return listener;
    }

    /// <summary>Ambient capabilities are raised last, because every change of user or of the other sets takes from them.</summary>
    internal void RaiseAmbient() => ThreadCapabilities.SetAmbient(capabilities.Ambient);

    /// <summary>What the program gets as its environment: in the container's root, as the user's home is looked up there.</summary>
    internal string[] CompleteEnvironment()
    {
        if (_environment[^1] == Home)
        {
            _environment[^1] = Home + (PasswordFile.FindHome(process.User.Uid) ?? "/");
        }

        return _environment;
    }

    /// <summary>Of entries with one name the last, and a HOME as the last of all, without a value where none is given.</summary>
    private static string[] Environment(IReadOnlyList<string> entries)
    {
        var environment = new List<string>(entries.Count + 1);
        var home = Home;
        foreach (var entry in entries)
        {
            if (entry.StartsWith(Home, StringComparison.Ordinal))
            {
                home = entry;
                continue;
            }

            var name = entry.AsSpan(0, Math.Max(entry.IndexOf('=', StringComparison.Ordinal), 0));
            var earlier = name.Length == 0 ? -1 : IndexOf(environment, name);
            if (earlier >= 0)
            {
                environment.RemoveAt(earlier);
            }

            environment.Add(entry);
        }

        return [.. environment, home];
    }

    private static int IndexOf(List<string> environment, ReadOnlySpan<char> name)
    {
        for (var i = 0; i < environment.Count; i++)
        {
            if (environment[i].Length > name.Length && environment[i][name.Length] == '=' && environment[i].AsSpan().StartsWith(name))
            {
                return i;
            }
        }

        return -1;
    }

    private void SetGroups()
    {
        try
        {
            Credentials.SetGroups(_groups);
        }
        catch (LinuxException e) when (e.Errno is Errno.EPERM && _groups.Length == 0)
        {
            // A user namespace without privilege outside may forbid setgroups ("deny"); then there is nothing to drop either.
        }
    }
}
