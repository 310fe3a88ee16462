using System.Globalization;
using System.Text.RegularExpressions;
using Berth.Api.Containers;
using Berth.Linux.Files;
using Berth.Oci.Runtime;

namespace Berth.Engine.Containers.Specs;

internal sealed partial class SpecBuilder
{
    private const string ReadWriteMake = "rwm";

    /// <summary>What every container may use: null, zero, full, random, urandom, tty, console, its terminals; and it may make any node.</summary>
    private static readonly OciDeviceRule[] _defaultRules =
    [
        new() { Allow = false, Access = ReadWriteMake },
        Allow("c", null, null, "m"), Allow("b", null, null, "m"),
        Allow("c", 1, 3), Allow("c", 1, 5), Allow("c", 1, 7), Allow("c", 1, 8), Allow("c", 1, 9),
        Allow("c", 5, 0), Allow("c", 5, 1), Allow("c", 5, 2), Allow("c", 136, null),
    ];

    /// <summary>Parts of /dev that are mounts of the container's own.</summary>
    private static readonly string[] _notDevices = ["/dev/pts", "/dev/shm", "/dev/mqueue", "/dev/fd", "/dev/console", "/dev/.lxc", "/dev/.udev"];

    private (IReadOnlyList<OciDevice> Devices, IReadOnlyList<OciDeviceRule> Rules) Devices()
    {
        if (_host.DeviceRequests is [var request, ..])
        {
            var capabilities = string.Join(' ', (request.Capabilities ?? []).Select(c => $"[{string.Join(' ', c)}]"));
            throw new EngineException(ErrorKind.InvalidParameter, $"could not select device driver \"{request.Driver}\" with capabilities: [{capabilities}]");
        }

        if (_host.Privileged)
        {
            return ([.. AllBelow("/dev", "/dev")], [new OciDeviceRule { Allow = true, Access = ReadWriteMake }]);
        }

        var devices = new List<OciDevice>();
        List<OciDeviceRule> rules = [.. _defaultRules];
        foreach (var mapping in _host.Devices ?? [])
        {
            foreach (var device in OfMapping(mapping))
            {
                devices.Add(device);
                rules.Add(Allow(device.Type, device.Major, device.Minor, mapping.CgroupPermissions is { Length: > 0 } given ? given : ReadWriteMake));
            }
        }

        rules.AddRange((_host.DeviceCgroupRules ?? []).Select(ParseRule));
        return (devices, rules);
    }

    /// <summary>A device, or all below a directory.</summary>
    private static IEnumerable<OciDevice> OfMapping(DeviceMapping mapping)
    {
        var target = mapping.PathInContainer.Length > 0 ? mapping.PathInContainer : mapping.PathOnHost;
        var status = FileStatus.TryOf(mapping.PathOnHost)
            ?? throw Failure(mapping.PathOnHost, "no such file or directory");
        if (status.IsDirectory)
        {
            return AllBelow(mapping.PathOnHost, target);
        }

        return [TryDevice(status, target) ?? throw Failure(mapping.PathOnHost, "not a device node")];

        static EngineException Failure(string path, string why) =>
            new(ErrorKind.InvalidParameter, $"error gathering device information while adding custom device \"{path}\": {why}");
    }

    private static IEnumerable<OciDevice> AllBelow(string directory, string target) =>
        Directory.EnumerateFileSystemEntries(directory)
            .Where(path => !_notDevices.Contains(path) && File.ResolveLinkTarget(path, returnFinalTarget: false) is null)
            .SelectMany(path => Directory.Exists(path)
                ? AllBelow(path, Path.Combine(target, Path.GetFileName(path)))
                : FileStatus.TryOf(path) is { } status && TryDevice(status, Path.Combine(target, Path.GetFileName(path))) is { } device
                    ? [device]
                    : Enumerable.Empty<OciDevice>());

    private static OciDevice? TryDevice(FileStatus status, string path) => status.IsCharacterDevice || status.IsBlockDevice
        ? new OciDevice
        {
            Type = status.IsCharacterDevice ? "c" : "b",
            Path = path,
            Major = status.Device.Major,
            Minor = status.Device.Minor,
            FileMode = status.Permissions,
            Uid = status.User,
            Gid = status.Group,
        }
        : null;

    private static OciDeviceRule ParseRule(string text)
    {
        var match = RuleGrammar().Match(text);
        return match.Success
            ? new OciDeviceRule
            {
                Allow = true,
                Type = match.Groups[1].Value,
                Major = Number(match.Groups[2].Value),
                Minor = Number(match.Groups[3].Value),
                Access = match.Groups[4].Value,
            }
            : throw ContainerErrors.Invalid($"invalid device cgroup rule format: '{text}'");

        static long? Number(string text) => text == "*" ? null : long.Parse(text, CultureInfo.InvariantCulture);
    }

    private static OciDeviceRule Allow(string type, long? major, long? minor, string access = ReadWriteMake) =>
        new() { Allow = true, Type = type, Major = major, Minor = minor, Access = access };

    [GeneratedRegex(@"^([acb]) ([0-9]{1,9}|\*):([0-9]{1,9}|\*) ([rwm]{1,3})\z")]
    private static partial Regex RuleGrammar();
}
