using Berth.Api.Containers;
using Berth.Engine.Containers.Specs;

namespace Berth.Engine.Containers.Creation;

/// <summary>Refuses a configuration that cannot work, in Docker's words.</summary>
internal static class ConfigRules
{
    public static void Check(ContainerConfig config, HostConfig host)
    {
        if (config.WorkingDir is [not '/', ..])
        {
            throw ContainerErrors.Invalid($"the working directory '{config.WorkingDir}' is invalid, it needs to be an absolute path");
        }

        foreach (var entry in config.Env ?? [])
        {
            if (entry is "" or ['=', ..])
            {
                throw ContainerErrors.Invalid($"invalid environment variable: {entry}");
            }
        }

        if (config.StopSignal is { } signal)
        {
            StopSignals.Parse(signal);
        }

        if (host.Annotations?.Keys.Any(string.IsNullOrWhiteSpace) == true)
        {
            throw ContainerErrors.Invalid("invalid Annotations: the empty string is not permitted as an annotation key");
        }

        CheckHealth(config.Healthcheck);
        CheckPaths(host);
        PortRules.Check(host.PortBindings);
        ExtraHostRules.Check(host.ExtraHosts);
        SecurityOptions.Parse(host.SecurityOpt);
        CheckRestartPolicy(host);
        CheckModes(config, host);
        CheckRanges(host);
        if (host.StorageOpt is { Count: > 0 })
        {
            throw ContainerErrors.Invalid("--storage-opt is supported only for overlay over xfs with 'pquota' mount option");
        }

        CapabilityNames.Normalize(host.CapAdd, "CapAdd");
        CapabilityNames.Normalize(host.CapDrop, "CapDrop");
        ResourceRules.Check(host);
    }

    private static void CheckHealth(HealthConfig? health)
    {
        const long Least = 1_000_000;
        foreach (var (name, value) in new[]
        {
            ("Interval", health?.Interval), ("Timeout", health?.Timeout),
            ("StartPeriod", health?.StartPeriod), ("StartInterval", health?.StartInterval),
        })
        {
            if (value is not (null or 0 or >= Least))
            {
                throw ContainerErrors.Invalid($"{name} in Healthcheck cannot be less than 1ms");
            }
        }

        if (health?.Retries < 0)
        {
            throw ContainerErrors.Invalid("Retries in Healthcheck cannot be negative");
        }
    }

    /// <summary>What names places in the host or in the container must name them.</summary>
    private static void CheckPaths(HostConfig host)
    {
        if (host.CgroupParent.Split('/').Contains("..") || host.CgroupParent.Any(char.IsControl))
        {
            throw ContainerErrors.Invalid($"invalid cgroup parent: {host.CgroupParent}");
        }

        if ((host.MaskedPaths ?? []).Concat(host.ReadonlyPaths ?? []).FirstOrDefault(p => p is not ['/', ..]) is { } relative)
        {
            throw ContainerErrors.Invalid($"invalid masked or read-only path: '{relative}', it needs to be an absolute path");
        }

        foreach (var name in host.Sysctls?.Keys ?? [])
        {
            if (name.Length == 0 || name.Split('.', '/').Contains("") || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '/' or '_' or '-')))
            {
                throw ContainerErrors.Invalid($"invalid sysctl '{name}'");
            }
        }

        foreach (var device in host.Devices ?? [])
        {
            if (device.CgroupPermissions.Any(c => c is not ('r' or 'w' or 'm')))
            {
                throw ContainerErrors.Invalid($"invalid device mode: {device.CgroupPermissions}");
            }

            if (device.PathInContainer is { Length: > 0 } target && (target[0] != '/' || target.Split('/').Contains("..")))
            {
                throw ContainerErrors.Invalid($"invalid device path in the container: {target}");
            }
        }
    }

    public static void CheckRestartPolicy(HostConfig host)
    {
        var (name, retries) = (host.RestartPolicy.Name, host.RestartPolicy.MaximumRetryCount);
        if (name is not ("" or "no" or "always" or "unless-stopped" or "on-failure" or RestartRule.OnUnhealthy))
        {
            throw ContainerErrors.Invalid(
                $"invalid restart policy: unknown policy '{name}'; use one of 'no', 'always', 'on-failure', 'on-unhealthy', or 'unless-stopped'");
        }

        if (name is not ("on-failure" or RestartRule.OnUnhealthy) && retries != 0)
        {
            throw ContainerErrors.Invalid("invalid restart policy: maximum retry count can only be used with 'on-failure'");
        }

        if (retries < 0)
        {
            throw ContainerErrors.Invalid("invalid restart policy: maximum retry count cannot be negative");
        }

        if (host.AutoRemove && name is not ("" or "no"))
        {
            throw ContainerErrors.Invalid("can't create 'AutoRemove' container with restart policy");
        }
    }

    private static void CheckModes(ContainerConfig config, HostConfig host)
    {
        if (config.Hostname.Length > 0 && host.UTSMode == "host")
        {
            throw ContainerErrors.Invalid("conflicting options: hostname and the UTS mode");
        }

        CheckMode("IPC", host.IpcMode, "none", "private", "shareable", "host");
        CheckMode("PID", host.PidMode, "host");
        CheckMode("UTS", host.UTSMode, "host");
        CheckMode("cgroup namespace", host.CgroupnsMode, "private", "host");
        CheckMode("userns", host.UsernsMode, "host");
        if (host.Isolation is not ("" or "default"))
        {
            throw ContainerErrors.Invalid($"invalid isolation ({host.Isolation}): linux only supports 'default'");
        }

        if (!host.NetworkMode.StartsWith(NamespaceMode.ContainerPrefix, StringComparison.Ordinal))
        {
            return;
        }

        var conflict =
            config.Hostname.Length > 0 ? "hostname and the network mode"
            : host.Links?.Count > 0 ? "container type network can't be used with links. This would result in undefined behavior"
            : host.Dns?.Count > 0 ? "dns and the network mode"
            : host.ExtraHosts?.Count > 0 ? "custom host-to-IP mapping and the network mode"
            : config.MacAddress is { Length: > 0 } ? "mac-address and the network mode"
            : host.PortBindings?.Count > 0 || host.PublishAllPorts ? "port publishing and the container type network mode"
            : config.ExposedPorts?.Count > 0 ? "port exposing and the container type network mode"
            : null;
        if (conflict is not null)
        {
            throw ContainerErrors.Invalid($"conflicting options: {conflict}");
        }
    }

    private static void CheckMode(string what, string mode, params ReadOnlySpan<string> known)
    {
        var sharesContainer = what is "IPC" or "PID" && mode.Length > NamespaceMode.ContainerPrefix.Length
            && mode.StartsWith(NamespaceMode.ContainerPrefix, StringComparison.Ordinal);
        if (mode.Length > 0 && !sharesContainer && !known.Contains(mode))
        {
            throw ContainerErrors.Invalid($"invalid {what} mode: {mode}");
        }
    }

    private static void CheckRanges(HostConfig host)
    {
        if (host.ShmSize < 0)
        {
            throw ContainerErrors.Invalid("SHM size can not be less than 0");
        }

        if (host.OomScoreAdj is < -1000 or > 1000)
        {
            throw ContainerErrors.Invalid($"Invalid value {host.OomScoreAdj}, range for oom score adj is [-1000, 1000]");
        }

        if (host.Runtime is not ("" or "berth" or "runc" or "io.containerd.runc.v2"))
        {
            throw ContainerErrors.Invalid($"unknown or invalid runtime name: {host.Runtime}");
        }

        if (host.ConsoleSize is not (null or [] or [_, _]))
        {
            throw ContainerErrors.Invalid("invalid console size: it has a height and a width");
        }
    }
}
