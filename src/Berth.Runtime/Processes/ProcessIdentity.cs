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
    private readonly SchedulingPolicy? _scheduling = process.Scheduler is null ? null : SchedulerNames.Parse(process.Scheduler);
    private SeccompFilter? _filter;

    // Loading a filter without no_new_privs takes this capability, which the program itself may not have.
    private CapabilitySet _borrowed = seccomp is null || process.NoNewPrivileges ? CapabilitySet.Empty : CapabilitySet.Empty.With(Capability.SysAdmin);

    /// <summary>The program's, its own name first.</summary>
    internal string[] Arguments { get; } = [.. process.Args ?? []];

    /// <summary>The filter has the kernel ask about system calls: where from comes back from <see cref="Confine"/>.</summary>
    internal bool WantsListener => _filter is { WantsListener: true };

    /// <summary>Sets every limit.</summary>
    internal void SetLimits()
    {
        foreach (var limit in _limits)
        {
            SetLimit(limit, ResourceLimit.Set);
        }
    }

    /// <summary>Sets every limit in a process that has still to clone the one that they are for; the limit that could forbid it, only at <see cref="SetLastLimit"/>.</summary>
    internal void SetLimitsOfSibling()
    {
        foreach (var limit in _limits)
        {
            SetLimit(limit, limit.Type == ResourceLimit.OfProcesses ? (name, _, hard) => ResourceLimit.SetAtLeast(name, hard) : ResourceLimit.Set);
        }
    }

    /// <summary>Sets the limit that was left at <see cref="SetLimitsOfSibling"/>. That takes no privilege any more.</summary>
    internal void SetLastLimit()
    {
        foreach (var limit in _limits)
        {
            if (limit.Type == ResourceLimit.OfProcesses)
            {
                SetLimit(limit, ResourceLimit.Set);
            }
        }
    }

    /// <summary>Keeps the right to <see cref="SetScheduling"/> beyond <see cref="BecomeUser"/>: some policies do not go on to a clone.</summary>
    internal void KeepScheduling()
    {
        if (_scheduling is not null && ThreadCapabilities.Read().Permitted.Contains(Capability.SysNice))
        {
            _borrowed = _borrowed.With(Capability.SysNice);
        }
    }

    internal void SetScheduling()
    {
        if (_scheduling is { } policy)
        {
            if (_borrowed.Contains(Capability.SysNice))
            {
                UseBorrowed();
            }

            Scheduling.Set(policy);
        }
    }

    internal void SetIoPriority()
    {
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
        ThreadCapabilities.Set(capabilities.Effective, capabilities.Permitted.With(_borrowed), capabilities.Inheritable);

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
        if (_borrowed != CapabilitySet.Empty)
        {
            UseBorrowed();
            listener = _filter?.Load();
            ThreadCapabilities.Set(capabilities.Effective, capabilities.Permitted, capabilities.Inheritable);
        }
        else
        {
            listener = _filter?.Load();
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

    private static void SetLimit(OciRlimit limit, Action<string, ulong, ulong> set)
    {
        try
        {
            set(limit.Type, limit.Soft, limit.Hard);
        }
        catch (LinuxException e)
        {
            throw StartException.Of("rlimits", e, $"error setting rlimit type {limit.Type}: {e.Message}");
        }
    }

    private void UseBorrowed() =>
        ThreadCapabilities.Set(capabilities.Effective.With(_borrowed), capabilities.Permitted.With(_borrowed), capabilities.Inheritable);

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
