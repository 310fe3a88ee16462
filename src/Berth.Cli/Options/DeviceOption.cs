using Berth.Api.Containers;

namespace Berth.Cli.Options;

/// <summary><c>/dev/sda:/dev/xvda:rwm</c>.</summary>
static class DeviceOption
{
    /// <exception cref="CommandException">It names no device.</exception>
    public static DeviceMapping Parse(string text)
    {
        var parts = text.Split(':');
        var (source, target, permissions) = (parts[0], "", "rwm");
        switch (parts.Length)
        {
            case 1:
                break;
            case 2 when IsMode(parts[1]):
                permissions = parts[1];
                break;
            case 2:
                target = parts[1];
                break;
            case 3:
                (target, permissions) = (parts[1], parts[2]);
                break;
            default:
                throw new CommandException($"bad format for path: {text}");
        }

        target = target.Length == 0 ? source : target;
        if (parts.Length == 3 && !IsMode(permissions))
        {
            throw new CommandException($"bad mode specified: {permissions}");
        }

        if (!target.StartsWith('/'))
        {
            throw new CommandException($"{target} is not an absolute path");
        }

        return new DeviceMapping { PathOnHost = source, PathInContainer = target, CgroupPermissions = permissions };
    }

    private static bool IsMode(string text) =>
        text.Length > 0 && text.All("rwm".Contains) && text.Distinct().Count() == text.Length;
}
